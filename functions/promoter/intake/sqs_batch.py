"""Records of an SQS batch -> arrivals, answers, malformed records, and counts of what is ignored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from promoter.intake.event import AnswerEvent, MalformedEvent, Parsed, Scope, parse_event
from promoter.packages.candidate import Arrival


class MalformedRecord(Struct, frozen=True):
    """A record that cannot be understood, with the id and the body of its message."""

    message_id: str
    body: str
    reason: str


class Batch(Struct, frozen=True):
    """The sorted records of one invocation. `ignored` counts ignored events by reason."""

    arrivals: Sequence[Arrival]
    answers: Sequence[AnswerEvent]
    malformed: Sequence[MalformedRecord]
    ignored: Mapping[str, int]


def parse_batch(records: Iterable[Mapping[str, Any]], *, queue_arn: str, scope: Scope) -> Batch:
    """Sort the records of an SQS event (Lambda developer guide: with-sqs) that came from `queue_arn`.

    A message that is in the batch twice is read once.
    """
    arrivals: list[Arrival] = []
    answers: list[AnswerEvent] = []
    malformed: list[MalformedRecord] = []
    ignored: Counter[str] = Counter()
    for record in {record["messageId"]: record for record in records}.values():
        parsed = _parse(record, queue_arn, scope)
        if isinstance(parsed, Arrival):
            arrivals.append(parsed)
        elif isinstance(parsed, AnswerEvent):
            answers.append(parsed)
        elif isinstance(parsed, MalformedEvent):
            malformed.append(MalformedRecord(record["messageId"], record["body"], parsed.reason))
        else:
            ignored[parsed.reason] += 1
    return Batch(arrivals, answers, malformed, ignored)


def _parse(record: Mapping[str, Any], queue_arn: str, scope: Scope) -> Parsed:
    if record.get("eventSourceARN") != queue_arn:  # only the queue says what a record is, never its body
        return MalformedEvent(
            f"a record of {record.get('eventSourceARN')!r}, which this function does not serve"
        )
    parsed = parse_event(record["body"], scope)
    if not isinstance(parsed, Arrival | AnswerEvent):
        return parsed
    attributes = record.get("attributes", {})
    first_received = attributes.get("ApproximateFirstReceiveTimestamp")
    delivery = replace(
        parsed.delivery,
        message_id=record["messageId"],
        number=int(attributes.get("ApproximateReceiveCount", 1)),
        receipt_handle=record.get("receiptHandle", ""),
        first_received=int(first_received) / 1000 if first_received else None,
    )
    return replace(parsed, delivery=delivery)
