"""The poller, with moto's SQS and a Python callable as the function."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from emulator_support.queues import create_queue
from local.clients import make_client
from local.lambda_runtime.process import FunctionError
from local.lambda_runtime.sqs_poller import EventSourceMapping, SqsPoller
from local.lambda_runtime.sqs_records import failed_message_ids
from local.moto_patches.sqs import patch_queues
from moto_codeartifact.server import start_server

ARN = "arn:aws:sqs:us-east-1:123456789012:"
StartPoller = Callable[..., SqsPoller]
Event = dict[str, Any]


@pytest.fixture
def sqs() -> Iterator[Any]:
    BackendDict.reset()
    patch_queues()
    with start_server() as server:
        yield make_client("sqs", server.url)
    BackendDict.reset()


@pytest.fixture
def dead(sqs: Any) -> str:
    url, _ = create_queue(sqs, "dead")
    return url


@pytest.fixture
def queue(sqs: Any, dead: str) -> str:
    redrive = {"deadLetterTargetArn": ARN + "dead", "maxReceiveCount": 3}
    url, _ = create_queue(sqs, "queue", VisibilityTimeout="60", RedrivePolicy=json.dumps(redrive))
    return url


@pytest.fixture
def poll(sqs: Any, queue: str) -> Iterator[StartPoller]:
    """A function that starts a poller of the queue with a callable."""
    with ExitStack() as undo:

        def poll(
            invoke: Callable[[Event], Any], *, retry_after: int | None = 0, **settings: Any
        ) -> SqsPoller:
            mapping = EventSourceMapping(
                queue_arn=ARN + "queue", queue_url=queue, **({"reports_failures": True} | settings)
            )
            poller = SqsPoller(mapping, sqs, invoke, retry_after=retry_after)
            poller.start()
            undo.callback(poller.stop)
            return poller

        yield poll


def send(sqs: Any, queue: str, *bodies: str) -> None:
    for start in range(0, len(bodies), 10):
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies[start : start + 10])]
        assert not sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed")


def bodies(event: Event) -> list[str]:
    return [record["body"] for record in event["Records"]]


def refusing(*refused: str, seen: Counter[str]) -> Callable[[Event], Any]:
    """Return a function that reports the messages with these bodies as failed."""

    def invoke(event: Event) -> Any:
        seen.update(bodies(event))
        failed = [record for record in event["Records"] if record["body"] in refused]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}

    return invoke


def dead_letters(sqs: Any, dead: str) -> list[str]:
    reply = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)
    return sorted(message["Body"] for message in reply.get("Messages", ()))


class TestBatch:
    def test_successful_messages_are_deleted_and_failed_ones_are_retried(
        self, sqs: Any, queue: str, dead: str, poll: StartPoller
    ) -> None:
        seen: Counter[str] = Counter()
        send(sqs, queue, "good", "bad", "fine")
        poll(refusing("bad", seen=seen)).wait_until_empty(20)
        assert seen == {"good": 1, "bad": 3, "fine": 1}
        assert dead_letters(sqs, dead) == ["bad"]

    def test_all_messages_are_retried_when_the_function_fails(
        self, sqs: Any, queue: str, dead: str, poll: StartPoller
    ) -> None:
        def raises(event: Event) -> Any:
            raise FunctionError("failed")

        send(sqs, queue, "one", "two")
        poll(raises).wait_until_empty(20)
        assert dead_letters(sqs, dead) == ["one", "two"]

    def test_all_messages_are_deleted_when_the_mapping_expects_no_report(
        self, sqs: Any, queue: str, dead: str, poll: StartPoller
    ) -> None:
        seen: Counter[str] = Counter()
        send(sqs, queue, "bad")
        poll(refusing("bad", seen=seen), reports_failures=False).wait_until_empty(20)
        assert (seen, dead_letters(sqs, dead)) == ({"bad": 1}, [])

    def test_a_record_has_the_receive_count(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        counts: list[str] = []

        def invoke(event: Event) -> Any:
            (record,) = event["Records"]
            counts.append(record["attributes"]["ApproximateReceiveCount"])
            return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}

        send(sqs, queue, "bad")
        poll(invoke).wait_until_empty(20)
        assert counts == ["1", "2", "3"]

    def test_a_failed_message_stays_invisible_for_the_queues_time_out(
        self, sqs: Any, queue: str, poll: StartPoller
    ) -> None:
        served = threading.Event()

        def raises(event: Event) -> Any:
            served.set()
            raise FunctionError("failed")

        send(sqs, queue, "bad")
        poller = poll(raises, retry_after=None)
        assert served.wait(10)
        with pytest.raises(TimeoutError, match="'ApproximateNumberOfMessagesNotVisible': 1"):
            poller.wait_until_empty(2)

    def test_a_batch_can_need_several_receive_calls(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        sizes: list[int] = []
        send(sqs, queue, *(str(n) for n in range(25)))
        poll(
            lambda event: sizes.append(len(event["Records"])), batch_size=20, batching_window=1
        ).wait_until_empty(20)
        assert sizes == [20, 5]

    def test_a_batching_window_waits_for_more_messages(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        batches: list[list[str]] = []
        send(sqs, queue, "first")
        sqs.send_message(QueueUrl=queue, MessageBody="second", DelaySeconds=1)
        poll(lambda event: batches.append(bodies(event)), batching_window=3).wait_until_empty(20)
        assert batches == [["first", "second"]]

    def test_the_maximum_concurrency_is_respected(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        both = threading.Barrier(2, timeout=10)
        running, most = 0, 0
        lock = threading.Lock()

        def invoke(event: Event) -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            both.wait()
            with lock:
                running -= 1

        send(sqs, queue, *"abcd")
        poll(invoke, batch_size=1, maximum_concurrency=2).wait_until_empty(20)
        assert most == 2

    def test_each_message_is_served_once_under_load(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        seen: Counter[str] = Counter()
        poller = poll(refusing(seen=seen))
        names = [f"{n}" for n in range(300)]
        threads = [threading.Thread(target=send, args=(sqs, queue, *names[n::6])) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        poller.wait_until_empty(30)
        assert seen == dict.fromkeys(names, 1)


class TestRecord:
    def test_has_the_shape_of_lambdas_event(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        events: list[Event] = []
        attribute = {"DataType": "String", "StringValue": "why"}
        sqs.send_message(QueueUrl=queue, MessageBody="{}", MessageAttributes={"reason": attribute})
        poll(events.append).wait_until_empty(20)
        ((record,),) = [event["Records"] for event in events]
        assert record.keys() == {
            "messageId",
            "receiptHandle",
            "body",
            "attributes",
            "messageAttributes",
            "md5OfBody",
            "eventSource",
            "eventSourceARN",
            "awsRegion",
        }
        assert record["attributes"].keys() >= {
            "ApproximateReceiveCount",
            "SentTimestamp",
            "SenderId",
            "ApproximateFirstReceiveTimestamp",
        }
        assert (record["eventSource"], record["eventSourceARN"]) == ("aws:sqs", ARN + "queue")
        assert record["awsRegion"] == "us-east-1"
        assert record["md5OfBody"] == hashlib.md5(b"{}", usedforsecurity=False).hexdigest()
        assert record["messageAttributes"] == {
            "reason": {
                "dataType": "String",
                "stringValue": "why",
                "stringListValues": [],
                "binaryListValues": [],
            }
        }


class TestWaitUntilEmpty:
    def test_waits_for_delayed_messages(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        seen: Counter[str] = Counter()
        poller = poll(refusing(seen=seen))
        sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=1)
        poller.wait_until_empty(20)
        assert seen == {"later": 1}

    def test_raises_an_error_of_the_poller(self, sqs: Any, queue: str, poll: StartPoller) -> None:
        def breaks(event: Event) -> Any:
            raise RuntimeError("not the function's failure")

        send(sqs, queue, "one")
        with pytest.raises(RuntimeError, match="not the function's failure"):
            poll(breaks).wait_until_empty(20)


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, ""),
        ({}, ""),
        ({"batchItemFailures": []}, ""),
        ({"batchItemFailures": None}, ""),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, "a"),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "a"}]}, "a"),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, "ab"),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, "ab"),
        ({"batchItemFailures": [{"itemIdentifier": "x"}]}, "ab"),
        ({"batchItemFailures": [{"itemIdentifier": ["a"]}]}, "ab"),
        ({"batchItemFailures": [{"id": "a"}]}, "ab"),
        ({"batchItemFailures": 1}, "ab"),
        ({"batchItemFailure": []}, "ab"),
        ("ok", "ab"),
        (1, "ab"),
    ],
)
def test_a_malformed_answer_fails_the_whole_batch(answer: Any, failed: str) -> None:
    assert failed_message_ids(answer, frozenset("ab")) == frozenset(failed)
