"""Pending entries, as a user reads them."""

import json
from collections.abc import Iterable

from msgspec import Struct

from promoter.inspection.ports import EntryReader
from promoter.intake.event import Scope, parse_event
from promoter.packages.candidate import Arrival, Candidate
from promoter.rules.vocabulary import Hop
from promoter.waiting.entries import fire_time_of
from promoter.waiting.names import entry_prefix


class FoundEntry(Struct, frozen=True):
    """The pending entry of one revision on one hop.

    The candidate is available since the time of its event. `fires` is in UTC seconds since the epoch. If several
    entries are about the same revision and hop, the times are the earliest, and the name is that of the next one.
    """

    name: str
    fires: int
    candidate: Candidate
    hop: Hop


def find_entry(reader: EntryReader, candidate: Candidate, hop: Hop, domain: str) -> FoundEntry | None:
    """The pending entry of a candidate on a hop, None if there is none; raises ApiError."""
    names = [each.name for each in reader.listed(entry_prefix(candidate, hop))]
    found = read_entries(reader, names, domain)
    return found if isinstance(found, FoundEntry) else None


def read_entries(reader: EntryReader, names: Iterable[str], domain: str) -> FoundEntry | str | None:
    """The entry of these names, which are about one revision and hop; raises ApiError.

    None if all have fired meanwhile, and the name of an entry that cannot be understood.
    """
    found: list[FoundEntry] = []
    for name in names:
        text = reader.input_of(name)
        entry = None if text is None else _parse(name, text, domain)
        if text is not None and entry is None:
            return name
        found += [entry] if entry else []
    if not found:
        return None
    earliest = min(found, key=lambda each: each.candidate.available_since)
    following = min(found, key=lambda each: each.fires)
    return FoundEntry(following.name, following.fires, earliest.candidate, earliest.hop)


def _parse(name: str, text: str, domain: str) -> FoundEntry | None:
    fires = fire_time_of(name)
    arrival = parse_event(text, Scope(domain, _owner(text)))
    if fires is None or not isinstance(arrival, Arrival) or not arrival.destination:
        return None
    return FoundEntry(name, fires, arrival.candidate, Hop(arrival.candidate.repository, arrival.destination))


def _owner(text: str) -> str:
    """The domain's owner as the event names it: entries of the group are of one domain."""
    try:
        return str(json.loads(text)["detail"]["domainOwner"])
    except (ValueError, LookupError, TypeError):
        return ""
