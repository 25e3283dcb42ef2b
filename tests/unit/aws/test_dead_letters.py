"""dead_letters: the body that a redrive sends, and the order of the calls."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from promoter.aws.dead_letters import DeadLetterQueueRef, DeadLetters, Moved, redriven_body
from promoter.copying.ports import ApiError

PROMOTION = DeadLetterQueueRef("PromotionDeadLetterQueue", "https://sqs/dead")
SCHEDULE = DeadLetterQueueRef("ScheduleDeadLetterQueue", "https://sqs/schedule-dead")
MARKED = {"reason": {"StringValue": "not JSON", "DataType": "String"}}


def message(body: str, name: str = "m1", **more: Any) -> dict[str, Any]:
    return {"Body": body, "MessageId": name, "ReceiptHandle": f"handle of {name}", **more}


@dataclass
class StubbedSqs:
    """A queue with these messages. `calls` are the calls in order; a second receive gets what is still there."""

    messages: list[dict[str, Any]]
    refuses: str = ""
    calls: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    shown_again: list[str] = field(default_factory=list)

    def receive_message(self, **_: Any) -> dict[str, Any]:
        self._call("receive")
        return {"Messages": self.messages[:10]} if self.messages else {}

    def send_message(self, *, MessageBody: str, **_: Any) -> None:  # noqa: N803  the SDK's name
        self._call("send")
        self.sent.append(MessageBody)

    def delete_message(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803
        self._call("delete")
        self.messages = [each for each in self.messages if each["ReceiptHandle"] != ReceiptHandle]

    def change_message_visibility(self, *, ReceiptHandle: str, VisibilityTimeout: int, **_: Any) -> None:  # noqa: N803
        assert VisibilityTimeout == 0
        self.shown_again.append(ReceiptHandle)

    def _call(self, operation: str) -> None:
        self.calls.append(operation)
        if operation == self.refuses:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, operation)


class FunctionThatSendsBack(StubbedSqs):
    """The function reads each message at once, and sends back those that it cannot read."""

    def send_message(self, *, MessageBody: str, **more: Any) -> None:  # noqa: N803
        super().send_message(MessageBody=MessageBody, **more)
        if MessageBody == "bad":
            self.messages.append(message("bad", f"back {len(self.sent)}", MessageAttributes=MARKED))


def move(sqs: StubbedSqs, queue: DeadLetterQueueRef = PROMOTION, *, malformed: bool = False) -> Moved:
    return DeadLetters(sqs, "https://sqs/promotion").move(queue, malformed=malformed)


class TestBody:
    def test_of_a_dead_letter_is_sent_as_it_is(self) -> None:
        assert redriven_body(PROMOTION.name, message("body")) == "body"

    def test_of_scheduler_is_the_message_that_it_could_not_send(self) -> None:
        body = json.dumps({"MessageBody": "the event", "QueueUrl": "https://sqs/promotion"})
        assert redriven_body(SCHEDULE.name, message(body)) == "the event"
        assert redriven_body(PROMOTION.name, message(body)) == body

    @pytest.mark.parametrize(
        "body", ["", "text", "[]", "{}", '{"MessageBody": 1}', '{"MessageBody": ""}', "[" * 100_000]
    )
    def test_of_scheduler_without_a_message_is_malformed(self, body: str) -> None:
        assert redriven_body(SCHEDULE.name, message(body)) is None

    def test_with_a_reason_is_malformed(self) -> None:
        marked = message("text", MessageAttributes=MARKED)
        assert redriven_body(PROMOTION.name, marked) is None

    def test_with_the_attributes_of_a_service_is_not_malformed(self) -> None:
        attributes = {"ERROR_CODE": {"StringValue": "x", "DataType": "String"}}
        assert redriven_body(PROMOTION.name, message("event", MessageAttributes=attributes))


class TestMove:
    def test_sends_each_message_before_it_deletes_it(self) -> None:
        sqs = StubbedSqs([message("a"), message("b", "m2")])
        assert move(sqs) == Moved(2, 0)
        assert sqs.calls == ["receive", "send", "delete", "send", "delete", "receive"]
        assert (sqs.sent, sqs.messages) == (["a", "b"], [])

    def test_goes_on_until_the_queue_is_empty(self) -> None:
        sqs = StubbedSqs([message(str(number), f"m{number}") for number in range(25)])
        assert move(sqs) == Moved(25, 0)
        assert sqs.messages == []

    def test_keeps_malformed_messages_and_shows_them_again(self) -> None:
        sqs = StubbedSqs([message("bad", "m1", MessageAttributes=MARKED), message("good", "m2")])
        assert move(sqs) == Moved(1, 1)
        assert (sqs.sent, sqs.shown_again) == (["good"], ["handle of m1"])

    def test_a_malformed_message_that_the_function_sends_back_at_once_is_moved_only_once(self) -> None:
        sqs = FunctionThatSendsBack([message("bad", "m1", MessageAttributes=MARKED), message("good", "m2")])
        assert move(sqs, malformed=True) == Moved(2, 0)
        assert sqs.sent == ["good", "bad"]
        assert [each["Body"] for each in sqs.messages] == ["bad"]

    @pytest.mark.parametrize("body", ["text", "{}"])
    def test_malformed_messages_are_moved_as_they_are_if_they_are_asked_for(self, body: str) -> None:
        sqs = StubbedSqs([message(body)])
        assert move(sqs, SCHEDULE, malformed=True) == Moved(1, 0)
        assert (sqs.sent, sqs.messages) == ([body], [])

    def test_a_message_that_cannot_be_deleted_is_sent_and_stays(self) -> None:
        sqs = StubbedSqs([message("a")], refuses="delete")
        with pytest.raises(ApiError, match="no"):
            move(sqs)
        assert (sqs.sent, len(sqs.messages)) == (["a"], 1)

    def test_a_message_that_cannot_be_sent_stays(self) -> None:
        sqs = StubbedSqs([message("a")], refuses="send")
        with pytest.raises(ApiError, match="no"):
            move(sqs)
        assert (sqs.calls, len(sqs.messages)) == (["receive", "send"], 1)
