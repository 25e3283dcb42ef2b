"""Faults in properties that no other test names. The comparison of whole properties must find them."""

from __future__ import annotations

import pytest

from tests.integration import test_template as template
from tests.integration import test_template_faults as template_faults
from tests.integration import test_template_properties as whole
from tests.integration import test_template_queues as queues
from tests.integration.test_template_faults import Fault, names, plant

ADMINISTRATOR = (
    "      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']\n"
    "      Policies:\n"
)
FAULTS = [
    Fault(
        "SAM reads the resources before the loops are expanded",
        "",
        "  - AWS::LanguageExtensions\n  - AWS::Serverless-2016-10-31\n",
        "  - AWS::Serverless-2016-10-31\n  - AWS::LanguageExtensions\n",
        whole.TestTransforms.test_expand_the_loops_before_sam_reads_the_resources,
    ),
    Fault(
        "an ARN in a loop is substituted",
        "Fn::ForEach::Sources",
        'PolicyName: !Join ["", [promote-from-, !Ref Repository]]',
        "PolicyName: !Sub ['promote-from-${Name}', { Name: !Ref Repository }]",
        whole.TestLoops.test_make_names_and_arns_without_substitution,
    ),
    Fault(
        "one policy for the domain covers other domains",
        "DomainPolicy",
        '":repository/", !Ref Domain, "/*"',
        '":repository/*"',
        template.TestResources.test_one_policy_for_the_domain_replaces_those_of_the_repositories,
        template_faults.SHAPE,
    ),
    Fault(
        "the redrive role may not ask for the source of dead letters",
        "RedriveRole",
        "                  - sqs:ListDeadLetterSourceQueues\n",
        "",
        queues.TestRedriveRole.test_may_only_move_dead_letters_to_the_promotion_queue,
    ),
    Fault(
        "a second stack shares the metrics",
        "PromoteFunction",
        "POWERTOOLS_SERVICE_NAME: !Ref AWS::StackName",
        "POWERTOOLS_SERVICE_NAME: promoter",
        template.TestFunction.test_has_exactly_these_variables,
    ),
    Fault(
        "an output names a role that does not exist",
        "",
        "  RedriveRoleArn:\n    Condition: MayRedrive\n",
        "  RedriveRoleArn:\n",
        whole.TestReferences.test_name_only_what_exists_with_these_parameters,
        {"parameters": {}},
    ),
    Fault(
        "a pipeline is deployed as a pause",
        "Serving",
        'Default: "true"',
        'Default: "false"',
        whole.TestParameters.test_have_exactly_these_defaults_and_limits,
    ),
    Fault(
        "a KMS alias is taken for a key",
        "KmsKeyArn",
        ":key/[A-Za-z0-9-]+)?",
        ":.+)?",
        whole.TestParameters.test_take_what_is_right_and_refuse_what_is_not,
        {"name": "KmsKeyArn"},
    ),
    Fault(
        "an assumed role may be named as the operator",
        "RedrivePrincipalArn",
        ":iam::[0-9]{12}:(root|role/.+|user/.+))?",
        ":.+)?",
        whole.TestParameters.test_take_what_is_right_and_refuse_what_is_not,
        {"name": "RedrivePrincipalArn"},
    ),
    Fault(
        "several repositories may be named as the one of answers",
        "EvidenceRepository",
        "[A-Za-z0-9._-]{1,99}",
        "[A-Za-z0-9.,_-]{1,99}",
        whole.TestParameters.test_take_what_is_right_and_refuse_what_is_not,
        {"name": "EvidenceRepository"},
    ),
    Fault(
        "an entry may fire at once",
        "MinimumWaitSeconds",
        "MinValue: 2",
        "MinValue: 0",
        whole.TestParameters.test_have_exactly_these_defaults_and_limits,
    ),
    Fault(
        "a parameter is not shown in a group",
        "",
        "Parameters: [Serving, SettleSeconds,",
        "Parameters: [Serving,",
        whole.TestParameters.test_are_described_and_shown_in_a_group,
    ),
    Fault(
        "a rate has no share",
        "PromoteCopiesPerSecond",
        '["1", "2", "3", "4", "5", "10"]',
        '["1", "2", "3", "4", "5", "6", "10"]',
        whole.TestParameters.test_of_copies_per_second_are_the_keys_of_the_mapping,
    ),
    Fault(
        "the function never runs",
        "PromoteFunction",
        "Timeout: 60",
        "Timeout: 60\n      ReservedConcurrentExecutions: 0",
        whole.TestFunction.test_has_exactly_these_properties,
    ),
    Fault(
        "the handler is misspelt",
        "PromoteFunction",
        "promoter.handlers.promote",
        "promoter.handlers.promotes",
        whole.TestFunction.test_has_the_code_of_the_folder_that_has_its_handler_and_its_rules,
    ),
    Fault(
        "the code of another folder is deployed",
        "PromoteFunction",
        "CodeUri: functions/",
        "CodeUri: functions/promoter/",
        whole.TestFunction.test_has_the_code_of_the_folder_that_has_its_handler_and_its_rules,
    ),
    Fault(
        "the function is an administrator",
        "PromoteRole",
        "      Policies:\n",
        ADMINISTRATOR,
        whole.TestRoles.test_have_only_the_permissions_that_the_template_shows,
        {"role": "PromoteRole"},
    ),
    Fault(
        "the redrive role is an administrator",
        "RedriveRole",
        "      Policies:\n",
        ADMINISTRATOR,
        whole.TestRoles.test_have_only_the_permissions_that_the_template_shows,
        {"role": "RedriveRole"},
    ),
    Fault(
        "the role of Scheduler is an administrator",
        "SchedulerRole",
        "      Policies:\n",
        ADMINISTRATOR,
        whole.TestRoles.test_have_only_the_permissions_that_the_template_shows,
        {"role": "SchedulerRole"},
    ),
    Fault(
        "Scheduler may read answers",
        "EvidencePolicy",
        "Roles: [!Ref PromoteRole]",
        "Roles: [!Ref PromoteRole, !Ref SchedulerRole]",
        whole.TestRoles.test_share_no_policy_except_that_of_the_key,
    ),
    Fault(
        "the redrive role may copy",
        "Fn::ForEach::Destinations",
        "Roles: [!Ref PromoteRole]",
        "Roles: [!Ref PromoteRole, !If [MayRedrive, !Ref RedriveRole, !Ref AWS::NoValue]]",
        whole.TestRoles.test_share_no_policy_except_that_of_the_key,
    ),
    Fault(
        "a queue takes only small messages",
        "PromotionQueue",
        "VisibilityTimeout: 360",
        "MaximumMessageSize: 1024\n      VisibilityTimeout: 360",
        whole.TestQueues.test_have_exactly_these_properties,
        {"queue": "PromotionQueue"},
    ),
    Fault(
        "another account may read dead letters",
        "PromotionDeadLetterQueuePolicy",
        "        Statement:\n",
        "        Statement:\n"
        "          - { Sid: Read, Effect: Allow, Principal: '*', Action: sqs:ReceiveMessage, "
        "Resource: !GetAtt PromotionDeadLetterQueue.Arn }\n",
        whole.TestQueues.test_have_exactly_these_statements,
    ),
    Fault(
        "other accounts may send to the dead letters of Scheduler",
        "ScheduleDeadLetterQueuePolicy",
        "        Statement:\n",
        "        Statement:\n"
        "          - { Sid: Send, Effect: Allow, Principal: '*', Action: sqs:SendMessage, "
        "Resource: !GetAtt ScheduleDeadLetterQueue.Arn }\n",
        whole.TestQueues.test_have_exactly_these_statements,
    ),
    Fault(
        "nobody may take messages",
        "PromotionQueuePolicy",
        "        Statement:\n",
        "        Statement:\n"
        "          - { Sid: Stop, Effect: Deny, Principal: '*', Action: sqs:ReceiveMessage, "
        "Resource: !GetAtt PromotionQueue.Arn }\n",
        whole.TestQueues.test_have_exactly_these_statements,
    ),
    Fault(
        "a policy is of another queue",
        "RuleDeadLetterQueuePolicy",
        "Queues: [!Ref RuleDeadLetterQueue]",
        "Queues: [!Ref PromotionDeadLetterQueue]",
        whole.TestQueues.test_have_one_policy_each,
    ),
    Fault(
        "the log is of another function",
        "PromoteLogGroup",
        "${AWS::StackName}-promote",
        "${AWS::StackName}",
        whole.TestTopicAndLog.test_have_exactly_these_properties,
    ),
    Fault(
        "an alarm watches a unit that the metric does not have",
        "FailedVersionsAlarm",
        "Statistic: Sum",
        "Unit: Seconds\n      Statistic: Sum",
        whole.TestAlarms.test_have_no_other_properties,
    ),
    Fault(
        "an alarm fires before most of its datapoints breach",
        "BacklogAlarm",
        "Threshold: 3600",
        "Threshold: 3600\n      DatapointsToAlarm: 1",
        whole.TestAlarms.test_have_no_other_properties,
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=names(FAULTS))
def test_the_named_test_finds_the_fault(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.find()  # passes: the fault is not planted yet
    plant(fault, monkeypatch)
    with pytest.raises(AssertionError):
        fault.find()
