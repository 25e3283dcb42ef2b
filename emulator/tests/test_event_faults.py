"""Faults of events on request."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents, listen
from moto_codeartifact.event_faults import EventFault

Summary = list[tuple[str, str]]


@pytest.fixture
def receive(aws: Aws, ca: Any) -> Callable[[], Summary]:
    """A function that returns versions and operations of the new events, as they were delivered."""
    received = listen(aws.client("sqs"), aws.client("events"), sort=False)
    return lambda: [
        (each["detail"]["packageVersion"], each["detail"]["operationType"])
        for each in received()
    ]


def test_one_event_of_a_package_is_lost_and_no_other(
    aws: Aws, ca: Any, receive: Callable[[], Summary]
) -> None:
    aws.backend.faults.events.add(EventFault("lose", where={"packageVersion": "2"}))

    for version in ("1", "2", "3"):
        publish_generic(ca, version)
    ca.delete_package_versions(
        domain="acme",
        repository="dev",
        format="generic",
        namespace="acme",
        package="model",
        versions=["2"],
    )

    assert receive() == [("1", "Created"), ("3", "Created"), ("2", "Deleted")]


def test_a_fault_without_an_end_occurs_always(
    aws: Aws, ca: Any, receive: Callable[[], Summary]
) -> None:
    aws.backend.faults.events.add(EventFault("lose", times=None))
    for version in ("1", "2"):
        publish_generic(ca, version)
    aws.backend.faults.events.clear()
    publish_generic(ca, "3")

    assert receive() == [("3", "Created")]


def test_a_duplicate_has_the_same_deduplication_id(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    aws.backend.faults.events.add(EventFault("duplicate", 3))

    publish_generic(ca, "1")
    publish_generic(ca, "2")

    ids = [each["detail"]["eventDeduplicationId"] for each in receive_events()]
    assert len(ids) == 4
    assert len(set(ids)) == 2
    assert ids[0] == ids[1] == ids[2]


def test_events_come_in_the_reverse_order_once(
    aws: Aws, ca: Any, receive: Callable[[], Summary]
) -> None:
    aws.backend.faults.events.add(EventFault("reorder", 3))

    publish_generic(ca, "1")
    publish_generic(ca, "2")
    assert receive() == []
    publish_generic(ca, "3")
    publish_generic(ca, "4")

    assert [version for version, _ in receive()] == ["3", "2", "1", "4"]


def test_a_delayed_event_is_overtaken(
    aws: Aws, ca: Any, receive: Callable[[], Summary]
) -> None:
    aws.backend.faults.events.add(EventFault("delay", 0.2))

    publish_generic(ca, "1")
    publish_generic(ca, "2")

    versions = [version for version, _ in receive()]
    deadline = time.monotonic() + 10
    while len(versions) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
        versions += [version for version, _ in receive()]
    assert versions == ["2", "1"]


def test_an_event_has_no_namespace(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    aws.backend.faults.events.add(EventFault("no-namespace"))

    publish_generic(ca, "1")
    publish_generic(ca, "2")

    first, second = (each["detail"] for each in receive_events())
    assert "packageNamespace" not in first
    assert second["packageNamespace"] == "acme"


def test_an_event_has_texts_instead_of_booleans(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    aws.backend.faults.events.add(EventFault("string-booleans"))

    publish_generic(ca, "1")
    publish_generic(ca, "2")

    first, second = (each["detail"]["changes"] for each in receive_events())
    assert (first["statusChanged"], first["assetsAdded"]) == ("true", 1)
    assert second["statusChanged"] is True


def test_faults_add_up(aws: Aws, ca: Any, receive_events: ReceiveEvents) -> None:
    aws.backend.faults.events.add(EventFault("duplicate"))
    aws.backend.faults.events.add(EventFault("no-namespace", times=None))

    publish_generic(ca, "1")

    details = [each["detail"] for each in receive_events()]
    assert ["packageNamespace" in detail for detail in details] == [False, False]


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no fault 'loose'"):
        EventFault("loose")  # type: ignore[arg-type]
