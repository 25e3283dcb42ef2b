"""Faults planted in the template one by one: each is found, by the test that is named beside it."""

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
from tests.integration import test_template_run as against_a_run
from tests.support import translated_template
from tests.support.recorded_run import Run, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.account import Account
    from tests.support.printed import Printed

SHAPE = dict(zip(("sources", "destinations"), template.SHAPES[1], strict=True))


@dataclass(frozen=True)
class Fault:
    """In the block of one resource, the one text is replaced by the other."""

    name: str
    block: str
    sound: str
    faulty: str
    found_by: Callable[..., None]
    arguments: dict[str, Any] = field(default_factory=dict)

    def plant(self) -> str:
        """The template with the fault."""
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
        """Call the test that has to fail."""
        module, (cls, _) = sys.modules[self.found_by.__module__], self.found_by.__qualname__.split(".")
        self.found_by(getattr(module, cls)(), **self.arguments, **fixtures)


FAULTS = [
    Fault(
        "a message is visible again while it is still served",
        "PromotionQueue",
        "VisibilityTimeout: 721",
        "VisibilityTimeout: 120",
        queues.TestMessages.test_stay_invisible_for_six_time_outs_and_the_window,
    ),
    Fault(
        "throttling is taken for poison",
        "PromotionQueue",
        "maxReceiveCount: 10",
        "maxReceiveCount: 3",
        queues.TestMessages.test_are_given_up_after_ten_receipts,
    ),
    Fault(
        "dead letters expire before anybody saw them",
        "RuleDeadLetterQueue",
        "1209600",
        "345600",
        queues.TestMessages.test_outlive_the_queue_when_they_are_dead,
    ),
    Fault(
        "what waits is deleted with the stack",
        "PromotionQueue",
        "DeletionPolicy: Retain",
        "DeletionPolicy: Delete",
        queues.TestMessages.test_survive_the_stack,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "a queue is not encrypted under the key",
        "PromotionDeadLetterQueue",
        "KmsMasterKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "DelaySeconds: 0",
        queues.TestEveryQueue.test_is_encrypted_by_sqs_or_by_the_key_that_is_given,
        {"queue": "PromotionDeadLetterQueue"},
    ),
    Fault(
        "a queue takes plain HTTP",
        "RuleDeadLetterQueuePolicy",
        'aws:SecureTransport: "false"',
        'aws:SecureTransport: "true"',
        queues.TestEveryQueue.test_refuses_plain_http,
        {"queue": "RuleDeadLetterQueue"},
    ),
    Fault(
        "the account's own people may forge events",
        "PromotionQueuePolicy",
        'Effect: Deny\n            Principal: "*"\n            Action: sqs:SendMessage',
        'Effect: Allow\n            Principal: "*"\n            Action: sqs:SendMessage',
        queues.TestSending.test_is_the_rules_right,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "a service is let through whose source is not known",
        "PromotionQueuePolicy",
        "ArnNotEquals:",
        "ArnNotEqualsIfExists:",
        queues.TestSending.test_to_the_promotion_queue_is_denied_to_all_but_the_rule,
    ),
    Fault(
        "the redrive role is denied what it is for",
        "PromotionQueuePolicy",
        "aws:PrincipalArn:",
        "aws:PrincipalAccount:",
        queues.TestSending.test_to_the_promotion_queue_is_denied_to_all_but_the_rule_and_the_redrive_role,
    ),
    Fault(
        "anybody of the account may redrive",
        "RedriveRole",
        "Principal: { AWS: !Ref RedrivePrincipalArn }",
        "Principal: { AWS: !Ref AWS::AccountId }",
        queues.TestRedriveRole.test_is_assumed_by_whom_the_parameter_names,
    ),
    Fault(
        "the redrive role may empty the promotion queue",
        "RedriveRole",
        "Action: sqs:SendMessage",
        "Action: [sqs:SendMessage, sqs:PurgeQueue]",
        queues.TestRedriveRole.test_may_move_dead_letters_to_the_promotion_queue_and_nothing_else,
    ),
    Fault(
        "the end of a Maven deployment is not heard of",
        "PublishRule",
        "[Created, Updated]",
        "[Created]",
        template.TestPublishRule.test_selects_what_is_published_in_a_source,
    ),
    Fault(
        "what EventBridge cannot deliver is dropped",
        "PublishRule",
        "DeadLetterConfig:\n            Arn: !GetAtt RuleDeadLetterQueue.Arn",
        "RetryPolicy: { MaximumRetryAttempts: 185 }",
        template.TestPublishRule.test_sends_to_the_queue_and_what_cannot_be_sent_to_its_own,
    ),
    Fault(
        "one bad message brings the whole batch back",
        "PromoteFunction",
        "FunctionResponseTypes: [ReportBatchItemFailures]",
        "Enabled: true",
        template.TestFunction.test_answers_for_each_message_and_runs_twice_at_most,
    ),
    Fault(
        "more workers than share the pace",
        "PromoteFunction",
        "MaximumConcurrency: 2",
        "MaximumConcurrency: 10",
        template.TestFunction.test_workers_share_the_pace,
        {"rate": "3"},
    ),
    Fault(
        "a batch that cannot be served in time",
        "",
        "BatchSize: 45",
        "BatchSize: 100",
        template.TestFunction.test_can_serve_a_whole_batch_one_by_one_before_its_time_is_up,
        {"rate": "1"},
    ),
    Fault(
        "no traces",
        "PromoteFunction",
        "Tracing: Active",
        "Tracing: PassThrough",
        template.TestFunction.test_is_traced_and_logs_to_its_own_group,
    ),
    Fault(
        "a role of SAM's own, with a wildcard",
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
        against_a_run.TestEnvironment.test_has_every_variable_that_the_function_reads_and_none_in_vain,
    ),
    Fault(
        "a variable that nobody reads",
        "PromoteFunction",
        "COPIES_PER_SECOND:",
        "POWERTOOLS_SERVICE_NAME: promoter\n          COPIES_PER_SECOND:",
        against_a_run.TestEnvironment.test_has_every_variable_that_the_function_reads_and_none_in_vain,
    ),
    Fault(
        "a copy is granted on the repository alone",
        "Fn::ForEach::Destinations",
        ":package/${Domain}/${Repository}/*",
        ":repository/${Domain}/${Repository}",
        template.TestResources.test_each_destination_and_its_packages_may_be_copied_to,
        SHAPE,
    ),
    Fault(
        "every repository of the domain may be read",
        "Fn::ForEach::Sources",
        ":repository/${Domain}/${Repository}",
        ":repository/${Domain}/*",
        template.TestResources.test_each_source_may_be_read_and_compared,
        SHAPE,
    ),
    Fault(
        "packages are described though no rule asks for it",
        "Fn::ForEach::Sources",
        "!If [AsksForOrigin, codeartifact:DescribePackageVersion, !Ref AWS::NoValue]",
        "codeartifact:DescribePackageVersion",
        template.TestResources.test_only_packages_of_a_source_are_described_and_only_where_a_rule_asks_for_their_origin,
        {**SHAPE, "asks": "false"},
    ),
    Fault(
        "a right on everything",
        "PromoteRole",
        "Resource: !Ref NotificationTopic",
        'Resource: "*"',
        template.TestResources.test_no_action_is_a_wildcard_and_resources_are_only_where_the_api_forces_it,
        SHAPE,
    ),
    Fault(
        "a right on another queue than the function's",
        "PromoteRole",
        "Resource: !GetAtt PromotionDeadLetterQueue.Arn",
        "Resource: !GetAtt PromotionQueue.Arn",
        against_a_run.TestPermissions.test_each_is_for_the_one_thing_that_it_is_used_on,
    ),
    Fault(
        "the domain of another account is forgotten",
        "Fn::ForEach::Sources",
        "Owner: !If [OwnsDomain, !Ref AWS::AccountId, !Ref DomainOwner]",
        "Owner: !Ref AWS::AccountId",
        template.TestDomainOwner.test_may_be_another_account,
    ),
    Fault(
        "one partition only",
        "Fn::ForEach::Destinations",
        "arn:${AWS::Partition}:",
        "arn:aws:",
        template.TestPartition.test_is_that_of_the_stack,
    ),
    Fault(
        "a logical id that schedules and dashboards know is another",
        "",
        "PublishRule",
        "PublishedRule",
        template.TestResources.test_logical_ids_are_those_pinned,
        SHAPE,
    ),
    Fault(
        "a topic that alarms cannot publish to",
        "NotificationTopic",
        "KmsMasterKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "KmsMasterKeyId: alias/aws/sns",
        alarms.TestTopic.test_is_encrypted_only_by_a_key_that_alarms_may_use,
    ),
    Fault(
        "a topic that everybody's alarms may publish to",
        "NotificationTopicPolicy",
        "alarm:${AWS::StackName}-*",
        "alarm:*",
        alarms.TestTopic.test_takes_what_the_alarms_of_this_stack_say,
    ),
    Fault(
        "the log is not encrypted under the key",
        "PromoteLogGroup",
        "KmsKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "LogGroupClass: STANDARD",
        alarms.TestLog.test_is_encrypted_by_the_key_that_is_given,
    ),
    Fault(
        "an alarm that rings at night because nothing was published",
        "FailedVersionsAlarm",
        "notBreaching",
        "breaching",
        alarms.TestAlarms.test_are_quiet_where_nothing_is_measured,
    ),
    Fault(
        "an alarm that nobody hears",
        "DeadLettersAlarm",
        "AlarmActions: [!Ref NotificationTopic]",
        "AlarmActions: []",
        alarms.TestAlarms.test_ring_from_the_threshold_up_and_tell_the_topic,
    ),
    Fault(
        "an alarm that leads to another's paragraph",
        "MalformedAlarm",
        "docs/operating.md#malformed",
        "docs/operating.md#retried",
        alarms.TestAlarms.test_name_their_own_paragraph_of_the_runbook,
    ),
    Fault(
        "an alarm without a paragraph",
        "ThrottlesAlarm",
        "${AWS::StackName}-throttles",
        "${AWS::StackName}-throttled",
        alarms.TestAlarms.test_have_a_heading_each_in_the_runbook_and_it_has_no_other,
    ),
    Fault(
        "an alarm whose periods are too short to see two tries",
        "RetriedAlarm",
        "Period: 900",
        "Period: 300",
        alarms.TestAlarms.test_on_what_is_tried_again_see_a_lasting_cause_in_each_period,
    ),
    Fault(
        "an alarm that the dashboard does not show",
        "Dashboard",
        '"${FailedVersionsAlarm.Arn}", ',
        "",
        alarms.TestDashboard.test_shows_every_alarm,
    ),
    Fault(
        "an output that the command line asks for is gone",
        "",
        "  PromotionDeadLetterQueueArn:\n",
        "  DeadLetterQueueArn:\n",
        alarms.TestOutputs.test_lead_to_what_an_operator_looks_for,
    ),
]
FOUND_BY_A_RUN = [
    Fault(
        "an alarm on a metric that nobody emits",
        "FailedVersionsAlarm",
        "MetricName: Failed",
        "MetricName: Failures",
        against_a_run.TestMetrics.test_every_alarm_watches_one_that_there_is,
    ),
    Fault(
        "an alarm on a metric under dimensions that it does not have",
        "RetriedAlarm",
        "{ Name: service, Value: promoter }",
        "{ Name: Promotion, Value: promoter }",
        against_a_run.TestMetrics.test_every_alarm_watches_one_that_there_is,
    ),
    Fault(
        "an alarm on a metric that the service does not know",
        "ThrottlesAlarm",
        "MetricName: Throttles",
        "MetricName: ThrottledInvocations",
        against_a_run.TestMetrics.test_every_alarm_watches_one_that_there_is,
    ),
    Fault(
        "a widget that stays empty",
        "Dashboard",
        '"PublishToPromote", "service"',
        '"PublishToPromote", "Promotion"',
        against_a_run.TestMetrics.test_every_widget_shows_one_that_there_is,
    ),
    Fault(
        "a search that finds nothing",
        "Dashboard",
        "{PackagePromoter,service,ErrorCode}",
        "{PackagePromoter,service,Code}",
        against_a_run.TestMetrics.test_every_widget_shows_one_that_there_is,
    ),
    Fault(
        "a metric that is paid for and never seen",
        "Dashboard",
        '["PackagePromoter", "Ignored", "service", "promoter", {"stat": "Sum"}],',
        "",
        against_a_run.TestMetrics.test_every_one_that_is_emitted_is_shown,
    ),
    Fault(
        "a right too many",
        "Fn::ForEach::Destinations",
        "Action: codeartifact:CopyPackageVersions",
        "Action: [codeartifact:CopyPackageVersions, codeartifact:DeletePackageVersions]",
        against_a_run.TestPermissions.test_every_action_that_the_run_made_is_granted_and_no_other,
    ),
    Fault(
        "a right too few",
        "Fn::ForEach::Destinations",
        "Action: codeartifact:ListPackageVersionAssets",
        "Action: codeartifact:ListPackageVersions",
        against_a_run.TestPermissions.test_every_action_that_the_run_made_is_granted_and_no_other,
    ),
]


def names(faults: list[Fault]) -> list[str]:
    return [fault.name.replace(" ", "-") for fault in faults]


@pytest.mark.parametrize("fault", FAULTS, ids=names(FAULTS))
def test_is_found(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.find()  # sound, it is not found
    plant(fault, monkeypatch)
    with pytest.raises((AssertionError, KeyError, ValueError, SettingsError)):
        fault.find()


@pytest.mark.parametrize("fault", FOUND_BY_A_RUN, ids=names(FOUND_BY_A_RUN))
def test_is_found_by_a_recorded_run(
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
    translated_template.translated()  # it is still a template
