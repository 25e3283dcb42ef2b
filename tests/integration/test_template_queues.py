"""The template's queues: what they keep, for how long, and who may send to them."""

import pytest

from tests.support.translated_template import (
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

QUEUES = ["PromotionQueue", "PromotionDeadLetterQueue", "RuleDeadLetterQueue"]
DEAD_LETTERS = QUEUES[1:]
DAY = 86400


class TestMessages:
    def test_stay_invisible_for_six_time_outs_and_the_window(self) -> None:
        window = properties("PromoteFunctionPublished")["MaximumBatchingWindowInSeconds"]
        timeout = properties("PromoteFunction")["Timeout"]
        assert properties("PromotionQueue")["VisibilityTimeout"] >= 6 * timeout + window

    def test_are_given_up_after_ten_receipts(self) -> None:
        assert properties("PromotionQueue")["RedrivePolicy"] == {
            "deadLetterTargetArn": arn_of("PromotionDeadLetterQueue"),
            "maxReceiveCount": 10,
        }

    def test_rest_as_long_as_is_asked(self) -> None:
        assert properties("PromotionQueue")["DelaySeconds"] == 30
        assert int(properties("PromotionQueue", SettleSeconds="5")["DelaySeconds"]) == 5

    def test_outlive_the_queue_when_they_are_dead(self) -> None:
        assert properties("PromotionQueue")["MessageRetentionPeriod"] == 10 * DAY
        for queue in DEAD_LETTERS:
            assert properties(queue)["MessageRetentionPeriod"] == 14 * DAY

    @pytest.mark.parametrize("queue", QUEUES)
    def test_survive_the_stack(self, queue: str) -> None:
        found = resources()[queue]
        assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")

    def test_are_kept_by_no_queue_that_is_not_looked_at_here(self) -> None:
        assert sorted(of_type("AWS::SQS::Queue", **EVERYTHING)) == sorted(QUEUES)


@pytest.mark.parametrize("queue", QUEUES)
class TestEveryQueue:
    def test_is_encrypted_by_sqs_or_by_the_key_that_is_given(self, queue: str) -> None:
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
    def test_is_the_rules_right(self, queue: str) -> None:
        (allowed,) = [each for each in statements(f"{queue}Policy") if each["Effect"] == "Allow"]
        assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
        assert allowed["Action"] == "sqs:SendMessage"
        assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": arn_of("PublishRule")}}

    def test_to_the_promotion_queue_is_denied_to_all_but_the_rule(self) -> None:
        assert self._let_through() == {"aws:SourceArn": arn_of("PublishRule")}

    def test_to_the_promotion_queue_is_denied_to_all_but_the_rule_and_the_redrive_role(self) -> None:
        assert self._let_through(RedrivePrincipalArn=OPERATORS) == {
            "aws:SourceArn": arn_of("PublishRule"),
            "aws:PrincipalArn": arn_of("RedriveRole"),
        }

    @staticmethod
    def _let_through(**parameters: str) -> object:
        (denied,) = [
            each
            for each in statements("PromotionQueuePolicy", **parameters)
            if each["Effect"] == "Deny" and each["Action"] == "sqs:SendMessage"
        ]
        assert (denied["Principal"], denied["Resource"]) == ("*", arn_of("PromotionQueue"))
        assert list(denied["Condition"]) == ["ArnNotEquals"]
        return denied["Condition"]["ArnNotEquals"]


class TestRedriveRole:
    def test_is_not_there_unless_somebody_may_assume_it(self) -> None:
        assert "RedriveRole" not in resources()

    def test_is_assumed_by_whom_the_parameter_names(self) -> None:
        (trust,) = properties("RedriveRole", **EVERYTHING)["AssumeRolePolicyDocument"]["Statement"]
        assert (trust["Effect"], trust["Principal"]) == ("Allow", {"AWS": OPERATORS})

    def test_may_move_dead_letters_to_the_promotion_queue_and_nothing_else(self) -> None:
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
            "sqs:GetQueueAttributes": dead_letters,
            "sqs:SendMessage": [arn_of("PromotionQueue")],
            "kms:Decrypt": [KEY],
            "kms:GenerateDataKey": [KEY],
        }

    def test_uses_no_key_where_there_is_none(self) -> None:
        found = granted(resources(RedrivePrincipalArn=OPERATORS), "RedriveRole")
        assert not [each for each in found if "kms:" in str(each["Action"])]
