"""Lambda's side of an SQS queue: takes batches off it, calls the function, deletes what it has done.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import base64
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

from local.lambda_runtime.process import FunctionError

RECEIVE_AT_MOST = 10  # SQS' own limit for one call, for receiving, deleting and changing alike
COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)

Message = Mapping[str, Any]
Invoke = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """An event-source mapping of a queue. Window in seconds; `partial` is ReportBatchItemFailures."""

    queue_arn: str
    queue_url: str
    batch_size: int = 10
    window: int = 0
    concurrency: int = 2
    partial: bool = False

    @classmethod
    def from_lambda(cls, reply: Mapping[str, Any], queue_url: str) -> Self:
        """Read one mapping of the reply of ListEventSourceMappings."""
        return cls(
            queue_arn=reply["EventSourceArn"],
            queue_url=queue_url,
            batch_size=int(reply["BatchSize"]),
            window=int(reply.get("MaximumBatchingWindowInSeconds", 0)),
            concurrency=int(reply.get("ScalingConfig", {}).get("MaximumConcurrency", 2)),
            partial="ReportBatchItemFailures" in reply.get("FunctionResponseTypes", ()),
        )


class Poller:
    """Polls one queue and hands its batches to `invoke`, at most `source.concurrency` at a time.

    `retry_after` is how many seconds a failed message stays invisible; None leaves it the queue's own
    visibility time-out, as AWS does.
    """

    def __init__(
        self, source: EventSource, sqs: Any, invoke: Invoke, *, retry_after: int | None = None
    ) -> None:
        self._source = source
        self._sqs = sqs
        self._invoke = invoke
        self._retry_after = retry_after
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._free = threading.Semaphore(source.concurrency)
        self._workers = ThreadPoolExecutor(source.concurrency, thread_name_prefix="invoke")
        self._thread = threading.Thread(target=self._poll, name="poll", daemon=True)
        self._broke: Exception | None = None

    def start(self) -> None:
        """Begin to poll, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Poll no more, and return when no batch is being served."""
        self._stopping.set()
        self._thread.join()
        self._workers.shutdown()

    def settle(self, timeout: float) -> None:
        """Wait until the queue is empty: nothing waits, is delayed or is being served.

        Raises:
            TimeoutError: that was not so within this many seconds.

        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._broke or self._is_empty(), timeout):
                raise TimeoutError(f"after {timeout} s the queue still holds {self._held()}")
        if self._broke:
            raise self._broke

    def _poll(self) -> None:
        try:
            while not self._stopping.is_set():
                self._poll_once()
        except Exception as error:  # told to whoever waits, since a thread has nobody to raise to
            self._tell(error)

    def _poll_once(self) -> None:
        self._free.acquire()
        batch = self._gather()
        if batch:
            self._workers.submit(self._serve, batch)
        else:
            self._free.release()
            self._tell()

    def _gather(self) -> list[Message]:
        """A batch: what there is when the first messages come, and what comes within the window."""
        batch = self._receive(self._source.batch_size)
        deadline = time.monotonic() + self._source.window
        while batch and len(batch) < self._source.batch_size:
            more = self._receive(self._source.batch_size - len(batch), wait=time.monotonic() < deadline)
            batch += more
            if not more and time.monotonic() >= deadline:
                break
        return batch

    def _receive(self, count: int, *, wait: bool = True) -> list[Message]:
        reply = self._sqs.receive_message(
            QueueUrl=self._source.queue_url,
            MaxNumberOfMessages=min(count, RECEIVE_AT_MOST),
            WaitTimeSeconds=1 if wait else 0,  # no longer, so that a stop need not wait
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        received: list[Message] = reply.get("Messages", [])
        return received

    def _serve(self, batch: Sequence[Message]) -> None:
        try:
            failed = self._call(batch)
            self._delete(message for message in batch if message["MessageId"] not in failed)
            self._return(message for message in batch if message["MessageId"] in failed)
        except Exception as error:  # as in _poll
            self._tell(error)
        finally:
            self._free.release()
        self._tell()

    def _call(self, batch: Sequence[Message]) -> frozenset[str]:
        asked = frozenset(message["MessageId"] for message in batch)
        event = {"Records": [record(message, self._source.queue_arn) for message in batch]}
        try:
            answer = self._invoke(event)
        except FunctionError:  # the function has logged it
            return asked
        return failures(answer, asked) if self._source.partial else frozenset()

    def _delete(self, messages: Iterable[Message]) -> None:
        for entries in _entries(messages):
            self._sqs.delete_message_batch(QueueUrl=self._source.queue_url, Entries=entries)

    def _return(self, messages: Iterable[Message]) -> None:
        if self._retry_after is None or self._stopping.is_set():
            return
        for entries in _entries(messages, VisibilityTimeout=self._retry_after):
            self._sqs.change_message_visibility_batch(QueueUrl=self._source.queue_url, Entries=entries)

    def _held(self) -> dict[str, int]:
        reply = self._sqs.get_queue_attributes(QueueUrl=self._source.queue_url, AttributeNames=list(COUNTS))
        return {name: int(reply["Attributes"][name]) for name in COUNTS}

    def _is_empty(self) -> bool:
        return not any(self._held().values())

    def _tell(self, error: Exception | None = None) -> None:
        with self._changed:
            self._broke = self._broke or (None if self._stopping.is_set() else error)
            self._changed.notify_all()


def record(message: Message, queue_arn: str) -> dict[str, Any]:
    """A message as Lambda hands it to a function, from what ReceiveMessage says of it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def failures(answer: Any, asked: frozenset[str]) -> frozenset[str]:
    """The message ids of a partial batch response that failed; all of them where the answer is broken.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    if answer is None or answer == {}:
        return frozenset()
    try:
        named = frozenset(item["itemIdentifier"] for item in answer["batchItemFailures"] or ())
    except (KeyError, TypeError):
        return asked
    return named if named <= asked else asked


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute


def _entries(messages: Iterable[Message], **more: Any) -> Iterator[list[dict[str, Any]]]:
    every = [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], **more}
        for number, message in enumerate(messages)
    ]
    for start in range(0, len(every), RECEIVE_AT_MOST):
        yield every[start : start + RECEIVE_AT_MOST]
