"""sqs: the exact parameters of each call, and failures inside an answer that says 200."""

import pytest

from promoter.aws.sqs import DeadLetterQueue, PromotionQueue
from tests.support.stubbed import stubbed

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/queue"
SENT = {"MessageId": "m9", "MD5OfMessageBody": "x"}


@pytest.mark.parametrize(
    ("reason", "kept"), [("no JSON", "no JSON"), ("x" * 1000, "x" * 1000), ("x" * 1001, "x" * 1000)]
)
def test_a_dead_letter_has_the_whole_body_and_a_reason_that_is_never_too_long(reason: str, kept: str) -> None:
    with stubbed("sqs") as (client, stubber):
        stubber.add_response(
            "send_message",
            SENT,
            {
                "QueueUrl": URL,
                "MessageBody": "y" * 2000,
                "MessageAttributes": {"reason": {"DataType": "String", "StringValue": kept}},
            },
        )

        DeadLetterQueue(client, URL).send("y" * 2000, reason)


def entries(numbers: range) -> list[dict[str, object]]:
    return [
        {"Id": str(number), "ReceiptHandle": f"handle {number}", "VisibilityTimeout": 20 * number}
        for number in numbers
    ]


def test_messages_are_returned_ten_at_a_time_each_after_its_own_delay() -> None:
    delays = {f"handle {number}": 20 * number for number in range(11)}
    with stubbed("sqs") as (client, stubber):
        for numbers in (range(10), range(10, 11)):
            stubber.add_response(
                "change_message_visibility_batch",
                {"Successful": [], "Failed": []},
                {"QueueUrl": URL, "Entries": entries(numbers)},
            )

        assert PromotionQueue(client, URL).return_later(delays) == []


def test_a_message_that_could_not_be_returned_is_named_although_the_call_succeeded() -> None:
    failed = {"Id": "1", "SenderFault": True, "Code": "ReceiptHandleIsInvalid", "Message": "expired"}
    with stubbed("sqs") as (client, stubber):
        stubber.add_response(
            "change_message_visibility_batch", {"Successful": [{"Id": "0"}], "Failed": [failed]}
        )

        assert PromotionQueue(client, URL).return_later({"a": 1, "b": 2}) == [
            "ReceiptHandleIsInvalid: expired"
        ]


def test_nothing_to_return_is_no_call() -> None:
    with stubbed("sqs") as (client, _):
        assert PromotionQueue(client, URL).return_later({}) == []
