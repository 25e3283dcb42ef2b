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
        "VisibilityTimeout: 360",
        "VisibilityTimeout: 60",
        queues.TestMessages.test_stay_invisible_for_six_time_outs,
    ),
    Fault(
        "throttling sends messages to the dead-letter queue",
        "PromotionQueue",
        "maxReceiveCount: 20",
        "maxReceiveCount: 3",
        queues.TestMessages.test_are_dead_letters_after_twenty_deliveries,
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
        queues.TestSending.test_to_the_promotion_queue_is_denied_except_for_the_rule_and_scheduler,
    ),
    Fault(
        "the redrive role is denied to redrive",
        "PromotionQueuePolicy",
        "aws:PrincipalArn:",
        "aws:PrincipalAccount:",
        queues.TestSending.test_to_the_promotion_queue_is_also_open_for_the_redrive_role,
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
        "FunctionResponseTypes: []",
        template.TestFunction.test_its_mapping_has_exactly_these_properties,
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
        "PromoteFunction",
        "BatchSize: 10 ",
        "BatchSize: 100 ",
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
        template.TestFunction.test_has_the_role_of_the_template_which_only_lambda_assumes,
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
        "CODEARTIFACT_DOMAIN: acme\n          COPIES_PER_SECOND:",
        template_run.TestEnvironment.test_has_exactly_the_variables_that_are_read,
    ),
    Fault(
        "a copy is allowed only on the repository",
        "Fn::ForEach::Destinations",
        '":package/", !Ref Domain, "/", !Ref Repository, "/*"',
        '":repository/", !Ref Domain, "/", !Ref Repository',
        template.TestResources.test_the_function_may_copy_to_each_destination_and_its_packages,
        SHAPE,
    ),
    Fault(
        "every repository of the domain may be read",
        "Fn::ForEach::Sources",
        '":repository/", !Ref Domain, "/", !Ref Repository',
        '":repository/", !Ref Domain, "/*"',
        template.TestResources.test_the_function_may_read_each_source,
        SHAPE,
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
        "!If [OwnsDomain, !Ref AWS::AccountId, !Ref DomainOwner]",
        "!Ref AWS::AccountId",
        template.TestDomainOwner.test_may_be_another_account,
    ),
    Fault(
        "only one partition is supported",
        "Fn::ForEach::Destinations",
        '"arn:", !Ref AWS::Partition, ":codeartifact:"',
        '"arn:aws:codeartifact:"',
        template.TestPartition.test_is_the_partition_of_the_stack,
    ),
    Fault(
        "a logical id changes",
        "",
        "BacklogAlarm",
        "BackLogAlarm",
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
        alarms.TestAlarms.test_do_not_fire_without_data_and_dead_letters_stay_dead_letters,
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
        "${DocsUrl}/operating/#malformed",
        "${DocsUrl}/operating/#retried",
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
        "Period: 1800",
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
    Fault(
        "the rule is disabled",
        "PublishRule",
        "      EventPattern:",
        "      State: DISABLED\n      EventPattern:",
        template.TestPublishRule.test_is_enabled_by_default_and_only_after_what_it_needs,
    ),
    Fault(
        "the rule is live before its queue accepts its events",
        "PublishRule",
        "PromotionQueuePolicy, ",
        "",
        template.TestPublishRule.test_is_enabled_by_default_and_only_after_what_it_needs,
    ),
    Fault(
        "the rule sends something else than the event",
        "PublishRule",
        "Arn: !GetAtt PromotionQueue.Arn",
        "Arn: !GetAtt PromotionQueue.Arn\n          InputPath: $.detail",
        template.TestPublishRule.test_sends_to_the_queue_or_to_its_own_dead_letter_queue,
    ),
    Fault(
        "the queue policy knows another rule",
        "PromotionQueuePolicy",
        "rule/${AWS::StackName}-publish",
        "rule/${AWS::StackName}-publishes",
        queues.TestSending.test_is_allowed_for_the_event_rule,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "the mapping drops updates",
        "PromoteFunction",
        "BatchSize: 10 ",
        "FilterCriteria: { Filters: [{ Pattern: '{}' }] }\n            BatchSize: 10 ",
        template.TestFunction.test_its_mapping_has_exactly_these_properties,
    ),
    Fault(
        "a batch waits for a window",
        "PromoteFunction",
        "BatchSize: 10 ",
        "MaximumBatchingWindowInSeconds: 1\n            BatchSize: 10 ",
        template.TestFunction.test_its_mapping_has_exactly_these_properties,
    ),
    Fault(
        "a pause does not pause",
        "PromoteFunction",
        "Enabled: !If [ServesQueue, true, false]",
        "Enabled: true",
        template.TestFunction.test_a_pause_disables_its_mapping,
    ),
    Fault(
        "the handler does not exist",
        "PromoteFunction",
        "promoter.handlers.promote",
        "promoter.handler.promote",
        template.TestFunction.test_runs_the_handler_of_the_code_with_the_given_memory,
    ),
    Fault(
        "another service may assume the role",
        "PromoteRole",
        "lambda.amazonaws.com",
        "ec2.amazonaws.com",
        template.TestFunction.test_has_the_role_of_the_template_which_only_lambda_assumes,
    ),
    Fault(
        "a role has no boundary",
        "RedriveRole",
        "PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundaryArn, !Ref AWS::NoValue]",
        "MaxSessionDuration: 3600",
        template.TestPermissionsBoundary.test_is_on_every_role,
    ),
    Fault(
        "a version may not be described in a destination",
        "Fn::ForEach::Destinations",
        "Action: [codeartifact:DescribePackageVersion, codeartifact:ListPackageVersionAssets]",
        "Action: codeartifact:ListPackageVersionAssets",
        template.TestResources.test_the_function_may_describe_packages_on_both_sides,
        SHAPE,
    ),
    Fault(
        "two policies of a role have one name",
        "Fn::ForEach::Destinations",
        "[promote-to-, !Ref Repository]",
        "[promote-to-all]",
        template.TestResources.test_every_statement_allows_and_every_policy_has_its_own_name,
        SHAPE,
    ),
    Fault(
        "messages are delayed",
        "PromotionQueue",
        "VisibilityTimeout: 360",
        "DelaySeconds: 30\n      VisibilityTimeout: 360",
        queues.TestMessages.test_are_not_delayed,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "any queue may send its dead letters here",
        "RuleDeadLetterQueue",
        "redrivePermission: denyAll",
        "redrivePermission: allowAll",
        queues.TestRedriving.test_to_the_work_queue_and_to_dead_letter_queues_of_services_is_denied_for_queues,
    ),
    Fault(
        "any queue may send its dead letters to those of Scheduler",
        "ScheduleDeadLetterQueue",
        "redrivePermission: denyAll",
        "redrivePermission: allowAll",
        queues.TestRedriving.test_to_the_work_queue_and_to_dead_letter_queues_of_services_is_denied_for_queues,
    ),
    Fault(
        "entries that cannot be delivered are deleted with the stack",
        "ScheduleDeadLetterQueue",
        "DeletionPolicy: Retain",
        "DeletionPolicy: Delete",
        queues.TestMessages.test_are_kept_when_the_stack_is_deleted,
        {"queue": "ScheduleDeadLetterQueue"},
    ),
    Fault(
        "the dead letters of Scheduler are not encrypted with the key",
        "ScheduleDeadLetterQueue",
        "KmsMasterKeyId: !If [HasKey, !Ref KmsKeyArn, !Ref AWS::NoValue]",
        "DelaySeconds: 0",
        queues.TestEveryQueue.test_is_encrypted_by_sqs_or_with_the_given_key,
        {"queue": "ScheduleDeadLetterQueue"},
    ),
    Fault(
        "the queue of Scheduler's dead letters accepts plain HTTP",
        "ScheduleDeadLetterQueuePolicy",
        'aws:SecureTransport: "false"',
        'aws:SecureTransport: "true"',
        queues.TestEveryQueue.test_refuses_plain_http,
        {"queue": "ScheduleDeadLetterQueue"},
    ),
    Fault(
        "the redrive role may not take Scheduler's dead letters",
        "RedriveRole",
        ", !GetAtt ScheduleDeadLetterQueue.Arn]",
        "]",
        queues.TestRedriveRole.test_may_only_move_dead_letters_to_the_promotion_queue,
    ),
    Fault(
        "Scheduler is denied to send its entries",
        "PromotionQueuePolicy",
        "[!GetAtt SchedulerRole.Arn, ",
        "[",
        queues.TestSending.test_to_the_promotion_queue_is_denied_except_for_the_rule_and_scheduler,
    ),
    Fault(
        "the entries of other stacks are in the same group",
        "ScheduleGroup",
        "Name: !Ref AWS::StackName",
        "Name: promoter",
        template.TestPendingEntries.test_are_in_a_group_with_the_name_of_the_stack,
    ),
    Fault(
        "entries outlive the stack",
        "ScheduleGroup",
        "    Properties:",
        "    DeletionPolicy: Retain\n    Properties:",
        template.TestPendingEntries.test_go_with_the_stack,
    ),
    Fault(
        "schedules of other groups may use the role",
        "SchedulerRole",
        "ArnEquals: { aws:SourceArn: !GetAtt ScheduleGroup.Arn }",
        "ArnLike: { aws:SourceArn: !Sub 'arn:${AWS::Partition}:scheduler:*:*:schedule-group/*' }",
        template.TestPendingEntries.test_only_scheduler_assumes_the_role_and_only_for_this_group,
    ),
    Fault(
        "schedules of other accounts may use the role",
        "SchedulerRole",
        "StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }\n              ",
        "",
        template.TestPendingEntries.test_only_scheduler_assumes_the_role_and_only_for_this_group,
    ),
    Fault(
        "another service may send entries",
        "SchedulerRole",
        "Principal: { Service: scheduler.amazonaws.com }",
        "Principal: { Service: events.amazonaws.com }",
        template.TestPendingEntries.test_only_scheduler_assumes_the_role_and_only_for_this_group,
    ),
    Fault(
        "Scheduler may also take messages",
        "SchedulerRole",
        "Action: sqs:SendMessage",
        "Action: [sqs:SendMessage, sqs:ReceiveMessage]",
        template.TestPendingEntries.test_the_role_may_only_send_to_the_queue_and_the_dead_letter_queue,
    ),
    Fault(
        "Scheduler may send to every queue",
        "SchedulerRole",
        "Resource: [!GetAtt PromotionQueue.Arn, !GetAtt ScheduleDeadLetterQueue.Arn]",
        'Resource: "*"',
        template.TestResources.test_no_action_is_a_wildcard_and_resources_only_if_the_api_requires_it,
        SHAPE,
    ),
    Fault(
        "the role of Scheduler has no boundary",
        "SchedulerRole",
        "PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundaryArn, !Ref AWS::NoValue]",
        "MaxSessionDuration: 3600",
        template.TestPermissionsBoundary.test_is_on_every_role,
    ),
    Fault(
        "entries that cannot be delivered are lost",
        "SchedulerRole",
        ", !GetAtt ScheduleDeadLetterQueue.Arn]",
        "]",
        template.TestPendingEntries.test_the_role_may_only_send_to_the_queue_and_the_dead_letter_queue,
    ),
    Fault(
        "Scheduler may not use the key",
        "KeyPolicy",
        "!Ref SchedulerRole, ",
        "",
        template.TestPendingEntries.test_the_role_may_only_send_to_the_queue_and_the_dead_letter_queue,
    ),
    Fault(
        "the function may keep entries in every group",
        "PromoteRole",
        "schedule/${AWS::StackName}/*",
        "schedule/*/*",
        template.TestPendingEntries.test_the_function_may_keep_entries_of_this_group_only,
    ),
    Fault(
        "the function may pass the role to any service",
        "PromoteRole",
        "iam:PassedToService: scheduler.amazonaws.com",
        "aws:PrincipalIsAWSService: 'false'",
        template.TestPendingEntries.test_the_function_may_pass_the_role_to_scheduler_only,
    ),
    Fault(
        "the function may pass any role",
        "PromoteRole",
        "Resource: !GetAtt SchedulerRole.Arn",
        "Resource: !GetAtt PromoteRole.Arn",
        template.TestPendingEntries.test_the_function_may_pass_the_role_to_scheduler_only,
    ),
    Fault(
        "answers do not reach the function",
        "PublishRule",
        "- HasEvidence #",
        "- SendsMail #",
        template.TestPublishRule.test_selects_answers_too_if_there_is_a_repository_of_them,
    ),
    Fault(
        "answers of every repository may be read",
        "EvidencePolicy",
        '"/", !Ref EvidenceRepository, "/generic/*"',
        '"/*"',
        template.TestResources.test_the_function_may_read_answers_only_in_their_repository,
        SHAPE,
    ),
    Fault(
        "answers may be read in a domain whose rules ask for none",
        "EvidencePolicy",
        "Condition: HasEvidence",
        "Condition: OwnsDomain",
        template.TestResources.test_the_function_may_not_read_answers_or_move_tags_without_the_parameters,
        SHAPE,
    ),
    Fault(
        "the one policy for the domain reads files of every repository",
        "DomainPolicy",
        "codeartifact:ListPackageVersionAssets]",
        "codeartifact:ListPackageVersionAssets, codeartifact:GetPackageVersionAsset]",
        template.TestResources.test_the_function_may_not_read_answers_or_move_tags_without_the_parameters,
        SHAPE,
    ),
    Fault(
        "the function gets tokens where no tag is moved",
        "NpmTokenPolicy",
        "Condition: MovesNpmLatest",
        "Condition: OwnsDomain",
        template.TestResources.test_the_function_may_not_read_answers_or_move_tags_without_the_parameters,
        SHAPE,
    ),
    Fault(
        "tags may be moved in destinations that keep theirs",
        "Fn::ForEach::NpmLatest",
        "- !Ref NpmLatestRepositories",
        "- !Ref DestinationRepositories",
        template.TestResources.test_the_function_may_move_npm_tags_only_where_the_parameter_says_so,
        SHAPE,
    ),
    Fault(
        "npm's tags of every repository may be moved",
        "Fn::ForEach::NpmLatest",
        '!Ref Repository, "/npm/*"',
        '"*/npm/*"',
        template.TestResources.test_the_function_may_move_npm_tags_only_where_the_parameter_says_so,
        SHAPE,
    ),
    Fault(
        "the function gets tokens of every service",
        "NpmTokenPolicy",
        "sts:AWSServiceName: codeartifact.amazonaws.com",
        "aws:RequestedRegion: us-east-1",
        template.TestResources.test_the_function_gets_tokens_of_codeartifact_only,
        SHAPE,
    ),
    Fault(
        "an entry fires before Scheduler is exact",
        "MinimumWaitSeconds",
        "Default: 120",
        "Default: 30",
        template.TestFunction.test_can_read_its_settings,
    ),
    Fault(
        "direct invocation is denied to services too",
        "InvocationPolicy",
        'aws:PrincipalIsAWSService: "false"',
        'aws:PrincipalIsAWSService: "true"',
        template.TestFunction.test_denies_direct_invocation_only_if_the_parameter_says_so,
    ),
    Fault(
        "dead letters are forgotten when SQS stops reporting",
        "DeadLettersAlarm",
        "TreatMissingData: ignore",
        "TreatMissingData: notBreaching",
        alarms.TestAlarms.test_do_not_fire_without_data_and_dead_letters_stay_dead_letters,
    ),
    Fault(
        "nobody hears that a state has ended",
        "BacklogAlarm",
        "OKActions: [!Ref NotificationTopic]",
        "InsufficientDataActions: []",
        alarms.TestAlarms.test_notify_of_the_end_of_a_state,
    ),
    Fault(
        "an alarm fires when dead letters have expired",
        "ExpiringDeadLettersAlarm",
        "518400",
        "1296000",
        alarms.TestAlarms.test_fire_eight_days_before_dead_letters_expire,
    ),
    Fault(
        "an alarm waits for fewer datapoints than it looks at",
        "BacklogAlarm",
        "Threshold: 3600",
        "Threshold: 3600\n      DatapointsToAlarm: 1",
        alarms.TestAlarms.test_wait_for_the_same_number_of_periods_that_they_look_at,
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
        "{ Name: service, Value: !Ref AWS::StackName }",
        "{ Name: Promotion, Value: !Ref AWS::StackName }",
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
        "{PackagePromoter,service,Promotion}",
        "{PackagePromoter,service,Name}",
        template_run.TestMetrics.test_every_widget_shows_existing_metrics,
    ),
    Fault(
        "a metric is emitted and not shown",
        "Dashboard",
        '["PackagePromoter", "Malformed", "service", "${AWS::StackName}", {"stat": "Sum"}],',
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
        "EvidencePolicy",
        ", codeartifact:GetPackageVersionAsset]",
        "]",
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
