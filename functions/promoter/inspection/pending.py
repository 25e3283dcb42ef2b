"""Versions that wait: their pending entries, decided again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol

from msgspec import Struct

from promoter.copying.ports import Answers, ApiError, Description
from promoter.copying.results import Pending, Result
from promoter.inspection.entries import FoundEntry, read_entries
from promoter.inspection.live_evidence import look_up
from promoter.inspection.ports import EntryReader, ListedEntry, Reader, Unknown
from promoter.packages.candidate import Candidate, Delivery
from promoter.reporting.decision_log import result_to_json
from promoter.reporting.next_steps import commands
from promoter.rules.decision import Decision, decide
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.times import format_time


class Sources(Struct, frozen=True):
    """Where pending versions are read: repositories, answers and entries."""

    reader: Reader
    answers: Answers
    entries: EntryReader


class PendingVersion(Struct, frozen=True):
    """One version that waits on one hop, decided again.

    `decision` is None if it will not be decided any more, or nobody knows; `problem` says why. `unread` are the
    answers that could not be read.
    """

    entry: FoundEntry
    decision: Decision | None = None
    problem: str | Unknown = ""
    unread: tuple[Unknown, ...] = ()

    @property
    def since(self) -> float:
        """When the revision arrived in its repository, in UTC seconds since the epoch."""
        return self.entry.candidate.available_since

    @property
    def held(self) -> bool:
        """True if somebody has to act."""
        return self.decision is not None and self.decision.verdict is Verdict.HOLD


class PendingVersions(Struct, frozen=True):
    """The versions that wait, the oldest first. `rest` counts those that were not read.

    `strange` are the names of entries that are not the pipeline's.
    """

    versions: tuple[PendingVersion, ...]
    rest: int = 0
    strange: tuple[str, ...] = ()


class _Map(Protocol):
    def __call__(
        self, work: Callable[[list[str]], Any], items: Sequence[list[str]], title: str, /
    ) -> Iterator[Any]: ...


def read_pending(sources: Sources, rule_set: RuleSet, now: float, limit: int, map_: _Map) -> PendingVersions:
    """Read at most `limit` versions, those whose entries are the oldest; raises ApiError.

    `map_(work, items, title)` does the work for each item, in order; it may do several at a time. `now` is in UTC
    seconds since the epoch.
    """
    groups = _groups(sources.entries.listed())

    def read(names: list[str]) -> PendingVersion | str | None:
        found = read_entries(sources.entries, names, rule_set.domain)
        return _decided(found, sources, rule_set, now) if isinstance(found, FoundEntry) else found

    read_ones = list(map_(read, groups[:limit], "pending entries"))
    versions = [each for each in read_ones if isinstance(each, PendingVersion)]
    return PendingVersions(
        tuple(sorted(versions, key=lambda each: (each.since, each.entry.candidate.purl))),
        len(groups[limit:]),
        tuple(each for each in read_ones if isinstance(each, str)),
    )


def pending_to_json(pending: PendingVersion) -> dict[str, Any]:
    """A version that waits, in the shape of the decision log; what is unknown is for the caller to say."""
    entry, decision = pending.entry, pending.decision
    if decision is None:
        json_: dict[str, Any] = {
            "hop": {"from": entry.hop.source, "to": entry.hop.destination},
            "promotion": None,
            "verdict": None,
            "reasons": [],
            "entry": entry.name,
            "fires": format_time(entry.fires),
        }
    else:
        kept = Pending(entry.name, entry.fires)
        json_ = result_to_json(Result.of(decision, Delivery(), pending=kept))
    about = {"purl": entry.candidate.purl, "revision": entry.candidate.revision}
    return {**about, **json_, "since": format_time(pending.since), "commands": _commands(decision)}


def _commands(decision: Decision | None) -> list[str]:
    return commands(decision) if decision else []


def _groups(listed: Iterable[ListedEntry]) -> list[list[str]]:
    """The names of the entries about the same revision and hop, the oldest first."""
    by_subject = sorted(listed, key=lambda each: (_subject(each), each.created))
    groups = [list(members) for _, members in groupby(by_subject, key=_subject)]
    groups.sort(key=lambda members: members[0].created)
    return [[each.name for each in members] for members in groups]


def _subject(entry: ListedEntry) -> str:
    return entry.name.rpartition("-")[0]


def _decided(entry: FoundEntry, sources: Sources, rule_set: RuleSet, now: float) -> PendingVersion:
    candidate = entry.candidate
    try:
        described = sources.reader.find(candidate.repository, candidate.package, candidate.version)
    except ApiError as error:
        return PendingVersion(entry, problem=Unknown(f"look up the version in {candidate.repository}", error))
    if described is None or described.revision != candidate.revision:
        return PendingVersion(entry, problem=_superseded(candidate, described))
    found = look_up(candidate, described, rule_set, sources.answers, now)
    decisions = decide(candidate, found.evidence, rule_set, now)
    decision = next((each for each in decisions if each.hop == entry.hop), None)
    if decision is None:
        return PendingVersion(entry, problem="no promotion selects it any more")
    return PendingVersion(entry, decision, unread=found.unread)


def _superseded(candidate: Candidate, described: Description | None) -> str:
    if described is None:
        return f"it is no longer in {candidate.repository}"
    return f"{candidate.repository} has a newer revision, which is decided on its own"
