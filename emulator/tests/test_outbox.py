"""Events are delivered in order, and not while the emulator is locked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from emulator_support.codeartifact_calls import copy, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import listen
from moto_codeartifact.outbox import BackendLock, Outbox
from moto_codeartifact.server import Server


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def lock(outbox: Outbox) -> BackendLock:
    return BackendLock(outbox)


def test_events_are_delivered_when_the_lock_is_free(
    outbox: Outbox, lock: BackendLock
) -> None:
    seen: list[str] = []
    with lock:
        with lock:
            outbox.add(lambda: seen.append("first"))
        outbox.add(lambda: seen.append("second"))
        assert seen == []

    assert seen == ["first", "second"]


def test_events_are_delivered_after_a_failure_too(
    outbox: Outbox, lock: BackendLock
) -> None:
    seen: list[str] = []

    def change() -> None:
        with lock:
            outbox.add(lambda: seen.append("event"))
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        change()

    assert seen == ["event"]


def test_an_event_that_causes_an_event_is_delivered_before_it(
    outbox: Outbox, lock: BackendLock
) -> None:
    seen: list[str] = []

    def call_back() -> None:
        with lock:
            outbox.add(lambda: seen.append("second"))
        seen.append("first")

    with lock:
        outbox.add(call_back)

    assert seen == ["first", "second"]


def test_a_thread_does_not_wait_for_the_deliveries_of_another(
    outbox: Outbox, lock: BackendLock
) -> None:
    seen: list[str] = []
    started, released = Event(), Event()

    def wait() -> None:
        started.set()
        assert released.wait(10)
        seen.append("slow")

    def change(delivery: Any) -> None:
        with lock:
            outbox.add(delivery)

    slow = Thread(target=change, args=(wait,))
    slow.start()
    assert started.wait(10)
    change(lambda: seen.append("after the slow one"))
    assert seen == []
    released.set()
    slow.join(10)

    assert seen == ["slow", "after the slow one"]


@contextmanager
def destination(server: Server) -> Iterator[tuple[str, list[str]]]:
    """Serve a target that calls CodeArtifact before it answers. Yield its URL, and what it saw."""
    seen: list[str] = []

    class Target(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            client = Aws(server.url).client(
                "codeartifact", read_timeout=5, retries={"total_max_attempts": 1}
            )
            response = copy(client, "1.0") if not seen else client.list_domains()
            seen.append(str(response["ResponseMetadata"]["HTTPStatusCode"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Target)
    Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/", seen
    finally:
        http.shutdown()
        http.server_close()


def test_a_target_can_call_back(
    server: Server, server_ca: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "MOTO_EVENTS_INVOKE_HTTP", "true")
    aws = Aws(server.url)
    events = aws.client("events")
    receive_events = listen(aws.client("sqs"), events)
    with destination(server) as (url, seen):
        connection = events.create_connection(
            Name="c",
            AuthorizationType="API_KEY",
            AuthParameters={
                "ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}
            },
        )["ConnectionArn"]
        target = events.create_api_destination(
            Name="d",
            ConnectionArn=connection,
            InvocationEndpoint=url,
            HttpMethod="POST",
        )["ApiDestinationArn"]
        events.put_targets(Rule="all", Targets=[{"Id": "http", "Arn": target}])

        publish_generic(server_ca, "1.0")

        assert seen == ["200", "200"]
    assert [event["detail"]["repositoryName"] for event in receive_events()] == [
        "dev",
        "staging",
    ]
