"""Lambda's poller of an SQS queue: receives batches, invokes the function, deletes what succeeded.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

from local.lambda_runtime.process import FunctionError
from local.lambda_runtime.sqs_records import Message, failed_message_ids, to_record

MAXIMUM_BATCH = 10  # SQS allows this many messages per receive, delete and change call
MESSAGE_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)

Invoke = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSourceMapping:
    """An event source mapping of a queue. `batching_window` is in seconds."""

    queue_arn: str
    queue_url: str
    batch_size: int = 10
    batching_window: int = 0
    maximum_concurrency: int = 2
    reports_failures: bool = False
    """True if the function's answer names the failed messages (ReportBatchItemFailures)."""

    @classmethod
    def from_lambda(cls, reply: Mapping[str, Any], queue_url: str) -> Self:
        """Read one mapping in the reply of ListEventSourceMappings."""
        return cls(
            queue_arn=reply["EventSourceArn"],
            queue_url=queue_url,
            batch_size=int(reply["BatchSize"]),
            batching_window=int(reply.get("MaximumBatchingWindowInSeconds", 0)),
            maximum_concurrency=int(reply.get("ScalingConfig", {}).get("MaximumConcurrency", 2)),
            reports_failures="ReportBatchItemFailures" in reply.get("FunctionResponseTypes", ()),
        )


class SqsPoller:
    """Polls one queue and passes its batches to `invoke`, at most `maximum_concurrency` at a time.

    `retry_after` is the number of seconds until a failed message is visible again; None means the queue's
    own visibility time-out, as on AWS.
    """

    def __init__(
        self, mapping: EventSourceMapping, sqs: Any, invoke: Invoke, *, retry_after: int | None = None
    ) -> None:
        self._mapping = mapping
        self._sqs = sqs
        self._invoke = invoke
        self._retry_after = retry_after
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._idle_workers = threading.Semaphore(mapping.maximum_concurrency)
        self._workers = ThreadPoolExecutor(mapping.maximum_concurrency, thread_name_prefix="invoke")
        self._thread = threading.Thread(target=self._poll, name="poll", daemon=True)
        self._error: Exception | None = None

    def start(self) -> None:
        """Start to poll, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop polling, and wait until no batch is being served."""
        self._stopping.set()
        self._thread.join()
        self._workers.shutdown()

    def wait_until_empty(self, timeout: float) -> None:
        """Wait until the queue has no messages: none is visible, delayed or in flight.

        Raises:
            TimeoutError: the queue still has messages after this many seconds; the error counts them.

        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._error or self._is_empty(), timeout):
                raise TimeoutError(f"after {timeout} s the queue still has {self._message_counts()}")
        if self._error:
            raise self._error

    def _poll(self) -> None:
        try:
            while not self._stopping.is_set():
                self._poll_once()
        except Exception as error:  # a thread cannot raise to its starter; wait_until_empty raises it
            self._announce_change(error)

    def _poll_once(self) -> None:
        self._idle_workers.acquire()
        batch = self._receive_batch()
        if batch:
            self._workers.submit(self._serve, batch)
        else:
            self._idle_workers.release()
            self._announce_change()

    def _receive_batch(self) -> list[Message]:
        """Receive messages until the batch is full or the batching window is over."""
        batch = self._receive(self._mapping.batch_size)
        deadline = time.monotonic() + self._mapping.batching_window
        while batch and len(batch) < self._mapping.batch_size:
            more = self._receive(self._mapping.batch_size - len(batch), wait=time.monotonic() < deadline)
            batch += more
            if not more and time.monotonic() >= deadline:
                break
        return batch

    def _receive(self, count: int, *, wait: bool = True) -> list[Message]:
        reply = self._sqs.receive_message(
            QueueUrl=self._mapping.queue_url,
            MaxNumberOfMessages=min(count, MAXIMUM_BATCH),
            WaitTimeSeconds=1 if wait else 0,  # `stop` waits for this call, so keep it short
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        received: list[Message] = reply.get("Messages", [])
        return received

    def _serve(self, batch: Sequence[Message]) -> None:
        try:
            failed = self._invoke_with(batch)
            self._delete(message for message in batch if message["MessageId"] not in failed)
            self._delay_retry(message for message in batch if message["MessageId"] in failed)
        except Exception as error:  # as in _poll
            self._announce_change(error)
        finally:
            self._idle_workers.release()
        self._announce_change()

    def _invoke_with(self, batch: Sequence[Message]) -> frozenset[str]:
        """Invoke the function with a batch. Return the ids of the failed messages."""
        all_ids = frozenset(message["MessageId"] for message in batch)
        event = {"Records": [to_record(message, self._mapping.queue_arn) for message in batch]}
        try:
            answer = self._invoke(event)
        except FunctionError:  # the function has logged it
            return all_ids
        return failed_message_ids(answer, all_ids) if self._mapping.reports_failures else frozenset()

    def _delete(self, messages: Iterable[Message]) -> None:
        for entries in _batch_entries(messages):
            self._sqs.delete_message_batch(QueueUrl=self._mapping.queue_url, Entries=entries)

    def _delay_retry(self, messages: Iterable[Message]) -> None:
        if self._retry_after is None or self._stopping.is_set():
            return
        for entries in _batch_entries(messages, VisibilityTimeout=self._retry_after):
            self._sqs.change_message_visibility_batch(QueueUrl=self._mapping.queue_url, Entries=entries)

    def _message_counts(self) -> dict[str, int]:
        reply = self._sqs.get_queue_attributes(
            QueueUrl=self._mapping.queue_url, AttributeNames=list(MESSAGE_COUNTS)
        )
        return {name: int(reply["Attributes"][name]) for name in MESSAGE_COUNTS}

    def _is_empty(self) -> bool:
        return not any(self._message_counts().values())

    def _announce_change(self, error: Exception | None = None) -> None:
        with self._changed:
            self._error = self._error or (None if self._stopping.is_set() else error)
            self._changed.notify_all()


def _batch_entries(messages: Iterable[Message], **more: Any) -> Iterator[list[dict[str, Any]]]:
    entries = [
        {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], **more}
        for number, message in enumerate(messages)
    ]
    for start in range(0, len(entries), MAXIMUM_BATCH):
        yield entries[start : start + MAXIMUM_BATCH]
