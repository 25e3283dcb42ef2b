"""A batch of the queue's records -> its candidates, and what becomes of the other records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from promoter.intake.event import IgnoredEvent, MalformedEvent, parse_event
from promoter.packages.candidate import Candidate


class MalformedRecord(Struct, frozen=True):
    """A record that nobody can serve: the id of its message, its body, and why."""

    message: str
    body: str
    reason: str


class Batch(Struct, frozen=True):
    """The records of one invocation, sorted; `ignored` counts, by reason, what is none of our business."""

    candidates: Sequence[Candidate]
    unreadable: Sequence[MalformedRecord]
    ignored: Mapping[str, int]


def parse_batch(records: Iterable[Mapping[str, Any]], *, queue_arn: str, domain: str, owner: str) -> Batch:
    """Sort the records of an SQS event (Lambda developer guide: with-sqs) that come from `queue_arn`."""
    candidates: list[Candidate] = []
    unreadable: list[MalformedRecord] = []
    ignored: Counter[str] = Counter()
    for record in records:
        message, body = record["messageId"], record["body"]
        if record.get("eventSourceARN") == queue_arn:
            arrived = parse_event(body, domain=domain, owner=owner)
        else:  # what a record may be is told by its queue, never by its body alone
            arrived = MalformedEvent(
                f"a record of {record.get('eventSourceARN')!r}, which this function does not serve"
            )
        if isinstance(arrived, Candidate):
            receipts = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
            candidates.append(msgspec.structs.replace(arrived, message=message, receipts=receipts))
        elif isinstance(arrived, MalformedEvent):
            unreadable.append(MalformedRecord(message, body, arrived.reason))
        elif isinstance(arrived, IgnoredEvent):
            ignored[arrived.reason] += 1
    return Batch(candidates, unreadable, ignored)
