"""Pending entries: one per decision that is not finished, as Scheduler keeps them.

An entry is never changed. It fires once and is deleted; the next decision makes its successor.
"""

import json
import math

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.rules.decision import Decision
from promoter.rules.vocabulary import Hop, Verdict
from promoter.times import format_time
from promoter.waiting.names import entry_prefix

REMINDER_SECONDS = 7 * 86_400  # a held version is decided again, and its people are reminded
EXPIRY_SECONDS = 91 * 86_400  # a held version that nobody answered for ends
_SHORTEST_HOLD = 3_600  # seconds


class EventOrigin(Struct, frozen=True):
    """The domain, its owner and the region that the events of a deployment carry."""

    domain: str
    owner: str
    region: str


class Entry(Struct, frozen=True):
    """One pending entry. `fires` is in UTC seconds since the epoch; `input` is the message that it sends."""

    name: str
    fires: int
    input: str


def make_entry(
    decision: Decision, event_id: str, origin: EventOrigin, now: float, minimum_seconds: float
) -> Entry:
    """The entry of a decision to wait or to hold. It fires at least `minimum_seconds` after `now`."""
    candidate, hop = decision.candidate, decision.hop
    fires = fire_time(decision, now, minimum_seconds)
    name = f"{entry_prefix(candidate, hop)}{fires}"
    return Entry(name, fires, event_text(candidate, hop, event_id, origin, now))


def fire_time(decision: Decision, now: float, minimum_seconds: float) -> int:
    """When a decision is made again, in UTC seconds since the epoch.

    A hold fires a whole number of weeks after its event, so that the entries of duplicates have one name.
    """
    if decision.verdict is Verdict.WAIT:
        assert decision.until is not None  # a wait has an end
        return math.ceil(max(decision.until, now + minimum_seconds))
    start = math.floor(min(decision.candidate.available_since, now))
    weeks = math.floor((now + _SHORTEST_HOLD - start) / REMINDER_SECONDS) + 1
    return start + weeks * REMINDER_SECONDS


def fires_later(name: str, fires: int) -> bool:
    """True if the entry of this name fires after `fires` (UTC seconds since the epoch)."""
    own = fire_time_of(name)
    return own is not None and own > fires


def fire_time_of(name: str) -> int | None:
    """When the entry of this name fires, in UTC seconds since the epoch; None if the name does not say."""
    end = name.rpartition("-")[2]
    return int(end) if end.isdecimal() else None


def has_expired(candidate: Candidate, now: float) -> bool:
    """True if a held version has waited so long that its next decision is the last."""
    return now >= candidate.available_since + EXPIRY_SECONDS


def event_text(candidate: Candidate, hop: Hop, event_id: str, origin: EventOrigin, now: float) -> str:
    """The event about a candidate, for one hop: the message that an entry sends.

    Its time is never later than `now`. Scheduler replaces `<aws.scheduler.…>` in an input, and `<` is legal in
    names, so it is escaped.
    """
    package = candidate.package
    event = {
        "version": "0",
        "id": event_id,
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "account": origin.owner,
        "time": format_time(min(candidate.available_since, now)),
        "region": origin.region,
        "resources": [],
        "detail": {
            "domainName": origin.domain,
            "domainOwner": origin.owner,
            "repositoryName": candidate.repository,
            "packageFormat": package.format,
            "packageNamespace": package.namespace or None,
            "packageName": package.name,
            "packageVersion": candidate.version,
            "packageVersionState": "Published",
            "packageVersionRevision": candidate.revision,
            "operationType": "Updated",
            "sequenceNumber": candidate.sequence_number,
        },
        "promoter": {"to": hop.destination, "cause": "entry"},
    }
    return json.dumps(event, separators=(",", ":")).replace("<", "\\u003c")
