"""Faults are planted in the template one by one. The test that is named with a fault must find it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from promoter.settings import SettingsError
from tests.integration import test_template as template
from tests.integration import test_template_alarms as alarms
from tests.integration import test_template_queues as queues
from tests.integration import test_template_run as template_run
from tests.support import translated_template
from tests.support.recorded_run import Run, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.account import Account
    from tests.support.printed import Printed

SHAPE = dict(zip(("sources", "destinations"), template.SHAPES[1], strict=True))


@dataclass(frozen=True)
class Fault:
    """A fault: in the block of one resource, `faulty` replaces `sound`."""

    name: str
    block: str
    sound: str
    faulty: str
    found_by: Callable[..., None]
    arguments: dict[str, Any] = field(default_factory=dict)

    def plant(self) -> str:
        """Return the template with the fault."""
        text = translated_template.TEMPLATE.read_text("utf-8")
        if not self.block:
            assert self.sound in text
            return text.replace(self.sound, self.faulty)
        found = re.search(rf"^  {self.block}:.*?(?=^  \S|^\S)", text, re.MULTILINE | re.DOTALL)
        assert found
        assert self.sound in found.group()
        block = found.group().replace(self.sound, self.faulty)
        return text[: found.start()] + block + text[found.end() :]

    def find(self, **fixtures: Any) -> None:
        """Call the test that must fail."""
        module, (cls, _) = sys.modules[self.found_by.__module__], self.found_by.__qualname__.split(".")
        self.found_by(getattr(module, cls)(), **self.arguments, **fixtures)


FAULTS = [
    Fault(
        "a message is delivered again while it is still processed",
        "PromotionQueue",
        "VisibilityTimeout: 721",
        "VisibilityTimeout: 120",
        queues.TestMessages.test_stay_invisible_for_six_time_outs_and_the_window,
    ),
    Fault(
        "throttling sends messages to the dead-letter queue",
        "PromotionQueue",
        "maxReceiveCount: 10",
        "maxReceiveCount: 3",
        queues.TestMessages.test_are_dead_letters_after_ten_deliveries,
    ),
    Fault(
        "dead letters expire too early",
        "RuleDeadLetterQueue",
        "1209600",
        "345600",
        queues.TestMessages.test_are_kept_longer_on_dead_letter_queues,
    ),
    Fault(
        "waiting messages are deleted with the stack",
        "PromotionQueue",
        "DeletionPolicy: Retain",
        "DeletionPolicy: Delete",
        queues.TestMessages.test_are_kept_when_the_stack_is_deleted,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "a queue is not encrypted with the key",
        "PromotionDeadLetterQueue",
        "KmsMasterKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "DelaySeconds: 0",
        queues.TestEveryQueue.test_is_encrypted_by_sqs_or_with_the_given_key,
        {"queue": "PromotionDeadLetterQueue"},
    ),
    Fault(
        "a queue accepts plain HTTP",
        "RuleDeadLetterQueuePolicy",
        'aws:SecureTransport: "false"',
        'aws:SecureTransport: "true"',
        queues.TestEveryQueue.test_refuses_plain_http,
        {"queue": "RuleDeadLetterQueue"},
    ),
    Fault(
        "users of the account may forge events",
        "PromotionQueuePolicy",
        'Effect: Deny\n            Principal: "*"\n            Action: sqs:SendMessage',
        'Effect: Allow\n            Principal: "*"\n            Action: sqs:SendMessage',
        queues.TestSending.test_is_allowed_for_the_event_rule,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "a service with an unknown source may send",
        "PromotionQueuePolicy",
        "ArnNotEquals:",
        "ArnNotEqualsIfExists:",
        queues.TestSending.test_to_the_promotion_queue_is_denied_except_for_the_rule,
    ),
    Fault(
        "the redrive role is denied to redrive",
        "PromotionQueuePolicy",
        "aws:PrincipalArn:",
        "aws:PrincipalAccount:",
        queues.TestSending.test_to_the_promotion_queue_is_denied_except_for_the_rule_and_the_redrive_role,
    ),
    Fault(
        "everybody in the account may redrive",
        "RedriveRole",
        "Principal: { AWS: !Ref RedrivePrincipalArn }",
        "Principal: { AWS: !Ref AWS::AccountId }",
        queues.TestRedriveRole.test_only_the_principal_of_the_parameter_may_assume_it,
    ),
    Fault(
        "the redrive role may empty the promotion queue",
        "RedriveRole",
        "Action: sqs:SendMessage",
        "Action: [sqs:SendMessage, sqs:PurgeQueue]",
        queues.TestRedriveRole.test_may_only_move_dead_letters_to_the_promotion_queue,
    ),
    Fault(
        "the last event of a Maven deployment is not matched",
        "PublishRule",
        "[Created, Updated]",
        "[Created]",
        template.TestPublishRule.test_selects_published_versions_in_sources,
    ),
    Fault(
        "undelivered events are lost",
        "PublishRule",
        "DeadLetterConfig:\n            Arn: !GetAtt RuleDeadLetterQueue.Arn",
        "RetryPolicy: { MaximumRetryAttempts: 185 }",
        template.TestPublishRule.test_sends_to_the_queue_or_to_its_own_dead_letter_queue,
    ),
    Fault(
        "one bad message returns the whole batch",
        "PromoteFunction",
        "FunctionResponseTypes: [ReportBatchItemFailures]",
        "Enabled: true",
        template.TestFunction.test_reports_each_failed_message_and_has_at_most_two_workers,
    ),
    Fault(
        "more workers than share the copies per second",
        "PromoteFunction",
        "MaximumConcurrency: 2",
        "MaximumConcurrency: 10",
        template.TestFunction.test_the_workers_share_the_copies_per_second,
        {"rate": "3"},
    ),
    Fault(
        "a batch is too large for the time out",
        "",
        "BatchSize: 45",
        "BatchSize: 100",
        template.TestFunction.test_can_copy_a_whole_batch_one_by_one_before_its_time_out,
        {"rate": "1"},
    ),
    Fault(
        "tracing is off",
        "PromoteFunction",
        "Tracing: Active",
        "Tracing: PassThrough",
        template.TestFunction.test_is_traced_and_logs_to_its_own_group,
    ),
    Fault(
        "the function has the default role of SAM",
        "PromoteFunction",
        "Role: !GetAtt PromoteRole.Arn",
        "Policies: [AmazonSQSFullAccess]",
        template.TestFunction.test_has_the_role_of_the_template,
    ),
    Fault(
        "a variable that the function needs is missing",
        "PromoteFunction",
        "DOMAIN_OWNER: !If [OwnsDomain, !Ref AWS::AccountId, !Ref DomainOwner]",
        "OWNER_OF_DOMAIN: !If [OwnsDomain, !Ref AWS::AccountId, !Ref DomainOwner]",
        template_run.TestEnvironment.test_has_exactly_the_variables_that_are_read,
    ),
    Fault(
        "a variable is not read",
        "PromoteFunction",
        "COPIES_PER_SECOND:",
        "POWERTOOLS_SERVICE_NAME: promoter\n          COPIES_PER_SECOND:",
        template_run.TestEnvironment.test_has_exactly_the_variables_that_are_read,
    ),
    Fault(
        "a copy is allowed only on the repository",
        "Fn::ForEach::Destinations",
        ":package/${Domain}/${Repository}/*",
        ":repository/${Domain}/${Repository}",
        template.TestResources.test_the_function_may_copy_to_each_destination_and_its_packages,
        SHAPE,
    ),
    Fault(
        "every repository of the domain may be read",
        "Fn::ForEach::Sources",
        ":repository/${Domain}/${Repository}",
        ":repository/${Domain}/*",
        template.TestResources.test_the_function_may_read_each_source,
        SHAPE,
    ),
    Fault(
        "packages may be described although no rule needs it",
        "Fn::ForEach::Sources",
        "!If [AsksForOrigin, codeartifact:DescribePackageVersion, !Ref AWS::NoValue]",
        "codeartifact:DescribePackageVersion",
        template.TestResources.test_the_function_may_describe_packages_only_in_sources_and_only_if_a_rule_needs_the_origin,
        {**SHAPE, "asks": "false"},
    ),
    Fault(
        "a permission on all resources",
        "PromoteRole",
        "Resource: !Ref NotificationTopic",
        'Resource: "*"',
        template.TestResources.test_no_action_is_a_wildcard_and_resources_only_if_the_api_requires_it,
        SHAPE,
    ),
    Fault(
        "a permission on the wrong queue",
        "PromoteRole",
        "Resource: !GetAtt PromotionDeadLetterQueue.Arn",
        "Resource: !GetAtt PromotionQueue.Arn",
        template_run.TestPermissions.test_are_limited_to_the_resources_that_are_used,
    ),
    Fault(
        "the domain of another account is not supported",
        "Fn::ForEach::Sources",
        "Owner: !If [OwnsDomain, !Ref AWS::AccountId, !Ref DomainOwner]",
        "Owner: !Ref AWS::AccountId",
        template.TestDomainOwner.test_may_be_another_account,
    ),
    Fault(
        "only one partition is supported",
        "Fn::ForEach::Destinations",
        "arn:${AWS::Partition}:",
        "arn:aws:",
        template.TestPartition.test_is_the_partition_of_the_stack,
    ),
    Fault(
        "a logical id changes",
        "",
        "PublishRule",
        "PublishedRule",
        template.TestResources.test_logical_ids_do_not_change,
        SHAPE,
    ),
    Fault(
        "alarms cannot publish to the topic",
        "NotificationTopic",
        "KmsMasterKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "KmsMasterKeyId: alias/aws/sns",
        alarms.TestTopic.test_is_encrypted_only_by_a_key_that_alarms_may_use,
    ),
    Fault(
        "alarms of other stacks may publish to the topic",
        "NotificationTopicPolicy",
        "alarm:${AWS::StackName}-*",
        "alarm:*",
        alarms.TestTopic.test_allows_only_the_alarms_of_this_stack_to_publish,
    ),
    Fault(
        "the log is not encrypted with the key",
        "PromoteLogGroup",
        "KmsKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "LogGroupClass: STANDARD",
        alarms.TestLog.test_is_encrypted_with_the_given_key,
    ),
    Fault(
        "an alarm fires without data",
        "FailedVersionsAlarm",
        "notBreaching",
        "breaching",
        alarms.TestAlarms.test_do_not_fire_without_data,
    ),
    Fault(
        "an alarm notifies nobody",
        "DeadLettersAlarm",
        "AlarmActions: [!Ref NotificationTopic]",
        "AlarmActions: []",
        alarms.TestAlarms.test_fire_at_the_threshold_and_notify_the_topic,
    ),
    Fault(
        "an alarm names the section of another alarm",
        "MalformedAlarm",
        "docs/operating.md#malformed",
        "docs/operating.md#retried",
        alarms.TestAlarms.test_name_their_own_section_of_the_runbook,
    ),
    Fault(
        "an alarm has no section",
        "ThrottlesAlarm",
        "${AWS::StackName}-throttles",
        "${AWS::StackName}-throttled",
        alarms.TestAlarms.test_have_one_heading_each_in_the_runbook_and_it_has_no_others,
    ),
    Fault(
        "an alarm has periods that are too short for a retry",
        "RetriedAlarm",
        "Period: 900",
        "Period: 300",
        alarms.TestAlarms.test_the_retried_alarm_has_a_retry_in_each_period,
    ),
    Fault(
        "the dashboard does not show an alarm",
        "Dashboard",
        '"${FailedVersionsAlarm.Arn}", ',
        "",
        alarms.TestDashboard.test_shows_every_alarm,
    ),
    Fault(
        "an output that the command line needs is missing",
        "",
        "  PromotionDeadLetterQueueArn:\n",
        "  DeadLetterQueueArn:\n",
        alarms.TestOutputs.test_have_the_values_that_operators_need,
    ),
]
FOUND_BY_A_RUN = [
    Fault(
        "an alarm watches a metric that is not emitted",
        "FailedVersionsAlarm",
        "MetricName: Failed",
        "MetricName: Failures",
        template_run.TestMetrics.test_every_alarm_watches_an_existing_metric,
    ),
    Fault(
        "an alarm watches a metric with wrong dimensions",
        "RetriedAlarm",
        "{ Name: service, Value: promoter }",
        "{ Name: Promotion, Value: promoter }",
        template_run.TestMetrics.test_every_alarm_watches_an_existing_metric,
    ),
    Fault(
        "an alarm watches a metric that the service does not have",
        "ThrottlesAlarm",
        "MetricName: Throttles",
        "MetricName: ThrottledInvocations",
        template_run.TestMetrics.test_every_alarm_watches_an_existing_metric,
    ),
    Fault(
        "a widget has no data",
        "Dashboard",
        '"PublishToPromote", "service"',
        '"PublishToPromote", "Promotion"',
        template_run.TestMetrics.test_every_widget_shows_existing_metrics,
    ),
    Fault(
        "a search that finds nothing",
        "Dashboard",
        "{PackagePromoter,service,ErrorCode}",
        "{PackagePromoter,service,Code}",
        template_run.TestMetrics.test_every_widget_shows_existing_metrics,
    ),
    Fault(
        "a metric is emitted and not shown",
        "Dashboard",
        '["PackagePromoter", "Ignored", "service", "promoter", {"stat": "Sum"}],',
        "",
        template_run.TestMetrics.test_the_dashboard_shows_every_emitted_metric,
    ),
    Fault(
        "a permission is not needed",
        "Fn::ForEach::Destinations",
        "Action: codeartifact:CopyPackageVersions",
        "Action: [codeartifact:CopyPackageVersions, codeartifact:DeletePackageVersions]",
        template_run.TestPermissions.test_are_exactly_the_actions_that_the_run_uses,
    ),
    Fault(
        "a permission is missing",
        "Fn::ForEach::Destinations",
        "Action: codeartifact:ListPackageVersionAssets",
        "Action: codeartifact:ListPackageVersions",
        template_run.TestPermissions.test_are_exactly_the_actions_that_the_run_uses,
    ),
]


def names(faults: list[Fault]) -> list[str]:
    return [fault.name.replace(" ", "-") for fault in faults]


@pytest.mark.parametrize("fault", FAULTS, ids=names(FAULTS))
def test_the_named_test_finds_the_fault(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.find()  # passes: the fault is not planted yet
    plant(fault, monkeypatch)
    with pytest.raises((AssertionError, KeyError, ValueError, SettingsError)):
        fault.find()


@pytest.mark.parametrize("fault", FOUND_BY_A_RUN, ids=names(FOUND_BY_A_RUN))
def test_a_recorded_run_finds_the_fault(
    fault: Fault, account: Account, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: Run = run(account, printed)
    fault.find(recorded=recorded)
    plant(fault, monkeypatch)
    with pytest.raises(AssertionError):
        fault.find(recorded=recorded)


def plant(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    text = fault.plant()
    monkeypatch.setattr(translated_template, "text", lambda: text)
    translated_template.translated()  # the template can still be translated
