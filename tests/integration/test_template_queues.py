"""The queues of the template: retention, encryption, and who may send to them."""

import pytest

from tests.support.translated_template import (
    ACCOUNT,
    EVERYTHING,
    KEY,
    OPERATORS,
    arn_of,
    granted,
    listed,
    of_type,
    properties,
    resources,
    statements,
)

QUEUES = ["PromotionQueue", "PromotionDeadLetterQueue", "RuleDeadLetterQueue", "ScheduleDeadLetterQueue"]
DEAD_LETTERS = QUEUES[1:]
DAY = 86400
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/s-publish"


class TestMessages:
    def test_stay_invisible_for_six_time_outs(self) -> None:
        assert (
            properties("PromotionQueue")["VisibilityTimeout"] == 6 * properties("PromoteFunction")["Timeout"]
        )

    def test_are_dead_letters_after_twenty_deliveries(self) -> None:
        assert properties("PromotionQueue")["RedrivePolicy"] == {
            "deadLetterTargetArn": arn_of("PromotionDeadLetterQueue"),
            "maxReceiveCount": 20,
        }

    @pytest.mark.parametrize("queue", QUEUES)
    def test_are_not_delayed(self, queue: str) -> None:
        assert "DelaySeconds" not in properties(queue)

    def test_are_kept_longer_on_dead_letter_queues(self) -> None:
        assert properties("PromotionQueue")["MessageRetentionPeriod"] == 10 * DAY
        for queue in DEAD_LETTERS:
            assert properties(queue)["MessageRetentionPeriod"] == 14 * DAY

    @pytest.mark.parametrize("queue", QUEUES)
    def test_are_kept_when_the_stack_is_deleted(self, queue: str) -> None:
        found = resources()[queue]
        assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")

    def test_are_only_on_queues_that_are_tested_here(self) -> None:
        assert sorted(of_type("AWS::SQS::Queue", **EVERYTHING)) == sorted(QUEUES)


class TestRedriving:
    def test_to_the_work_queue_and_to_dead_letter_queues_of_services_is_denied_for_queues(self) -> None:
        for queue in ("PromotionQueue", "RuleDeadLetterQueue", "ScheduleDeadLetterQueue"):
            assert properties(queue)["RedriveAllowPolicy"] == {"redrivePermission": "denyAll"}

    def test_has_no_policy_on_the_promotion_dead_letter_queue(self) -> None:
        """It would refer to the promotion queue, which refers to it."""
        assert "RedriveAllowPolicy" not in properties("PromotionDeadLetterQueue")


@pytest.mark.parametrize("queue", QUEUES)
class TestEveryQueue:
    def test_is_encrypted_by_sqs_or_with_the_given_key(self, queue: str) -> None:
        found = properties(queue)
        assert found["SqsManagedSseEnabled"] is True
        assert "KmsMasterKeyId" not in found
        found = properties(queue, KmsKeyArn=KEY)
        assert found["KmsMasterKeyId"] == KEY
        assert "SqsManagedSseEnabled" not in found

    def test_refuses_plain_http(self, queue: str) -> None:
        refused = [
            statement
            for statement in statements(f"{queue}Policy")
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        ]
        assert [
            (each["Effect"], each["Principal"], each["Action"], each["Resource"]) for each in refused
        ] == [("Deny", "*", "sqs:*", arn_of(queue))]
        assert properties(f"{queue}Policy")["Queues"] == [{"Ref": queue}]


class TestSending:
    @pytest.mark.parametrize("queue", ["PromotionQueue", "RuleDeadLetterQueue"])
    def test_is_allowed_for_the_event_rule(self, queue: str) -> None:
        (allowed,) = [each for each in statements(f"{queue}Policy") if each["Effect"] == "Allow"]
        assert allowed == {
            "Sid": "RuleSends",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn_of(queue),
            "Condition": {"ArnEquals": {"aws:SourceArn": RULE}},
        }

    def test_to_the_promotion_queue_is_denied_except_for_the_rule_and_scheduler(self) -> None:
        assert self._exempt() == {"aws:SourceArn": RULE, "aws:PrincipalArn": [arn_of("SchedulerRole")]}

    def test_to_the_promotion_queue_is_also_open_for_the_redrive_role(self) -> None:
        assert self._exempt(RedrivePrincipalArn=OPERATORS) == {
            "aws:SourceArn": RULE,
            "aws:PrincipalArn": [arn_of("SchedulerRole"), arn_of("RedriveRole")],
        }

    @staticmethod
    def _exempt(**parameters: str) -> object:
        (denied,) = [
            each
            for each in statements("PromotionQueuePolicy", **parameters)
            if each["Effect"] == "Deny" and each["Action"] == "sqs:SendMessage"
        ]
        assert (denied["Principal"], denied["Resource"]) == ("*", arn_of("PromotionQueue"))
        assert list(denied["Condition"]) == ["ArnNotEquals"]
        return denied["Condition"]["ArnNotEquals"]


class TestRedriveRole:
    def test_does_not_exist_without_the_parameter(self) -> None:
        assert "RedriveRole" not in resources()

    def test_only_the_principal_of_the_parameter_may_assume_it(self) -> None:
        (trust,) = properties("RedriveRole", **EVERYTHING)["AssumeRolePolicyDocument"]["Statement"]
        assert trust == {"Effect": "Allow", "Principal": {"AWS": OPERATORS}, "Action": "sts:AssumeRole"}

    def test_may_only_move_dead_letters_to_the_promotion_queue(self) -> None:
        found = {
            action: listed(statement["Resource"])
            for statement in granted(resources(**EVERYTHING), "RedriveRole")
            for action in listed(statement["Action"])
        }
        dead_letters = [arn_of(queue) for queue in DEAD_LETTERS]
        assert found == {
            "sqs:StartMessageMoveTask": dead_letters,
            "sqs:ListMessageMoveTasks": dead_letters,
            "sqs:CancelMessageMoveTask": dead_letters,
            "sqs:ReceiveMessage": dead_letters,
            "sqs:DeleteMessage": dead_letters,
            "sqs:ChangeMessageVisibility": dead_letters,
            "sqs:GetQueueAttributes": dead_letters,
            "sqs:ListDeadLetterSourceQueues": dead_letters,
            "sqs:SendMessage": [arn_of("PromotionQueue")],
            "kms:Decrypt": [KEY],
            "kms:GenerateDataKey": [KEY],
        }

    def test_has_no_permission_on_a_key_without_the_parameter(self) -> None:
        found = granted(resources(RedrivePrincipalArn=OPERATORS), "RedriveRole")
        assert not [each for each in found if "kms:" in str(each["Action"])]
