"""batch: the queue's records, sorted into candidates and the rest."""

from typing import Any

from promoter.intake.event import Scope, parse_event
from promoter.intake.sqs_batch import Batch, MalformedRecord, parse_batch
from promoter.packages.candidate import Arrival
from tests.support.samples import DOMAIN, MORNING, OWNER, QUEUE, event, record


def opened(*records: dict[str, Any]) -> Batch:
    return parse_batch(records, queue_arn=QUEUE, scope=Scope(DOMAIN, OWNER))


def test_an_event_becomes_a_candidate_that_knows_its_message() -> None:
    [arrival] = opened(record(event(), "m7", receive_count=3)).arrivals

    assert (arrival.delivery.message_id, arrival.delivery.number) == ("m7", 3)
    assert arrival.candidate.purl == "pkg:npm/%40acme/widget@1.0.0"


def test_what_cannot_be_read_is_kept_as_it_came_with_its_reason() -> None:
    assert opened(record("not JSON", "m1")).malformed == [
        MalformedRecord("m1", "not JSON", "JSON is malformed: invalid character (byte 4)")
    ]


def test_what_is_none_of_our_business_is_counted_by_reason() -> None:
    batch = opened(
        record(event(operationType="Deleted"), "m1"),
        record(event(packageVersionState="Unfinished"), "m2"),
        record(event(domainName="other"), "m3"),
        record(event(packageVersionState="Archived"), "m4"),
    )

    assert batch == Batch([], [], [], {"deleted": 1, "not-published": 2, "other-domain": 1})


def test_neighbours_of_the_unreadable_are_served_in_their_order() -> None:
    batch = opened(record(event("1"), "m1"), record("", "m2"), record(event("2"), "m3"), record([], "m4"))

    assert [each.delivery.message_id for each in batch.arrivals] == ["m1", "m3"]
    assert [each.message_id for each in batch.malformed] == ["m2", "m4"]


def test_a_record_of_another_queue_is_not_believed_whatever_its_body_says() -> None:
    other = QUEUE.replace("promotion", "other")

    assert opened(record(event(), "m1", queue=other)).malformed == [
        MalformedRecord(
            "m1",
            record(event())["body"],
            f"a record of '{other}', which this function does not serve",
        )
    ]


def test_a_record_without_a_count_of_receipts_is_received_for_the_first_time() -> None:
    bare = {key: value for key, value in record(event(), "m1").items() if key != "attributes"}
    expected = parse_event(record(event())["body"], Scope(DOMAIN, OWNER))

    [arrival] = opened(bare).arrivals

    assert isinstance(expected, Arrival)
    assert (arrival.delivery.number, arrival.candidate) == (1, expected.candidate)


def test_a_message_that_is_in_the_batch_twice_is_read_once() -> None:
    batch = opened(record(event(), "m1"), record(event(), "m1"), record("", "m2"), record("", "m2"))

    assert [each.delivery.message_id for each in batch.arrivals] == ["m1"]
    assert [each.message_id for each in batch.malformed] == ["m2"]


def test_a_delivery_has_its_receipt_handle_and_the_time_of_the_first_one() -> None:
    [arrival] = opened(record(event(), "m1", receive_count=2, first_received=MORNING + 7)).arrivals

    assert (arrival.delivery.receipt_handle, arrival.delivery.first_received) == ("handle of m1", MORNING + 7)
