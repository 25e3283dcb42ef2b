"""The dead-letter queues of a deployed stack: their messages go back to the promotion queue."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from promoter.aws.errors import api_errors
from promoter.inspection.ports import QueueDepth

SCHEDULE_DEAD_LETTERS = "ScheduleDeadLetterQueue"  # a logical id of the template
_BATCH = 10  # SQS API reference: ReceiveMessage
_HIDDEN_SECONDS = 300  # two redrives at a time do not take the same message
_WAIT_SECONDS = 2  # a long poll asks all servers of SQS, so that an empty answer means an empty queue


class DeadLetterQueueRef(Struct, frozen=True):
    """A dead-letter queue: its logical id in the template, and its URL."""

    name: str
    url: str


class Moved(Struct, frozen=True):
    """The messages of one queue that were moved, and those that were kept because a redrive does not help them."""

    moved: int = 0
    kept: int = 0


class DeadLetters:
    """Moves dead letters. Every method raises ApiError."""

    def __init__(self, client: Any, promotion_queue_url: str) -> None:
        """`client` is the SDK's client of SQS."""
        self._client = client
        self._to = promotion_queue_url

    def depth(self, queue: DeadLetterQueueRef) -> QueueDepth:
        """Count the messages approximately. Source: SQS API reference, GetQueueAttributes."""
        names = [f"ApproximateNumberOfMessages{suffix}" for suffix in ("", "NotVisible", "Delayed")]
        with api_errors():
            answer = self._client.get_queue_attributes(QueueUrl=queue.url, AttributeNames=names)
        return QueueDepth(*(int(answer["Attributes"].get(name, 0)) for name in names))

    def move(self, queue: DeadLetterQueueRef, *, malformed: bool) -> Moved:
        """Send every message of a queue to the promotion queue, then delete it there.

        A message is never lost: it is sent before it is deleted. One that is malformed is kept, unless `malformed`
        is True. Source: SQS API reference, ReceiveMessage, SendMessage, DeleteMessage, ChangeMessageVisibility.
        """
        moved, unreadable = 0, {}
        for message in self._receive_all(queue.url):
            body = redriven_body(queue.name, message)
            if body is None:
                unreadable[message["MessageId"]] = message
            else:
                self._transfer(queue.url, message, body)
                moved += 1
        if not malformed:
            self._show_again(queue.url, unreadable.values())
            return Moved(moved, len(unreadable))
        for message in unreadable.values():  # last: the function sends them back at once, as new messages
            self._transfer(queue.url, message, message["Body"])
        return Moved(moved + len(unreadable), 0)

    def _transfer(self, url: str, message: Mapping[str, Any], body: str) -> None:
        with api_errors():
            self._client.send_message(QueueUrl=self._to, MessageBody=body)
            self._client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _receive_all(self, url: str) -> Iterator[Mapping[str, Any]]:
        """The messages of a queue. Ends when the queue is empty, or when a message is received a second time."""
        seen: set[str] = set()
        while True:
            with api_errors():
                answer = self._client.receive_message(
                    QueueUrl=url,
                    MaxNumberOfMessages=_BATCH,
                    VisibilityTimeout=_HIDDEN_SECONDS,
                    WaitTimeSeconds=_WAIT_SECONDS,
                    MessageAttributeNames=["All"],
                )
            new = [each for each in answer.get("Messages", ()) if each["MessageId"] not in seen]
            if not new:
                return
            seen |= {each["MessageId"] for each in new}
            yield from new

    def _show_again(self, url: str, messages: Iterable[Mapping[str, Any]]) -> None:
        for message in messages:
            with api_errors():
                self._client.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )


def redriven_body(queue: str, message: Mapping[str, Any]) -> str | None:
    """The body to send for a dead letter of a queue (a logical id), or None if the message is malformed.

    The function marks a message that it could not read with the attribute `reason`. A dead letter of Scheduler is
    the call that failed, as `{"MessageBody": …, "QueueUrl": …}`.
    """
    if "reason" in message.get("MessageAttributes", {}):
        return None
    body: str = message["Body"]
    return _message_of_call(body) if queue == SCHEDULE_DEAD_LETTERS else body


def _message_of_call(body: str) -> str | None:
    """The message in a failed call of Scheduler; None if there is none.

    Source: Scheduler user guide, configuring-schedule-dlq.
    """
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = call.get("MessageBody") if isinstance(call, dict) else None
    return found if isinstance(found, str) and found else None
