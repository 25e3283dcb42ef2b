"""pending: entries of the schedule group, decided again by the rules and the answers of now."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from promoter.copying.ports import ApiError
from promoter.inspection.pending import PendingVersions, Sources, pending_to_json, read_pending
from promoter.inspection.ports import ListedEntry, Unknown
from promoter.packages.candidate import Candidate
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.waiting.entries import Entry, EventOrigin, make_entry
from tests.support.in_memory_reader import InMemoryReader
from tests.support.in_memory_waiting import InMemoryAnswers
from tests.support.samples import MORNING, candidate, promotion, rules

HOUR = 3600.0
SOAKING = rules(promotion(soak="24h"))
CHECKED = rules(promotion(checks=["sca"]))
ORIGIN = EventOrigin("acme", "123456789012", "eu-west-1")


class InMemoryGroup:
    """A schedule group. `created` is when its entries were made, in order."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[Entry, float]] = {}
        self.hidden: set[str] = set()
        self.calls: list[str] = []

    def put(self, entry: Entry, created: float = MORNING) -> str:
        self.entries[entry.name] = (entry, created)
        return entry.name

    def listed(self, prefix: str = "") -> Sequence[ListedEntry]:
        self.calls.append("list")
        names = [name for name in self.entries if name.startswith(prefix)]
        return [ListedEntry(name, self.entries[name][1]) for name in reversed(names)]

    def input_of(self, name: str) -> str | None:
        self.calls.append("get")
        return None if name in self.hidden else self.entries[name][0].input


@pytest.fixture
def group() -> InMemoryGroup:
    return InMemoryGroup()


@pytest.fixture
def reader() -> InMemoryReader:
    return InMemoryReader.of("dev", "staging", "prod")


@pytest.fixture
def answers() -> InMemoryAnswers:
    return InMemoryAnswers()


def entry_of(one: Candidate, rule_set: RuleSet, now: float = MORNING) -> Entry:
    [decision] = decide(one, Evidence(), rule_set, now)
    return make_entry(decision, "e1", ORIGIN, now, 120)


@pytest.fixture
def pending(group: InMemoryGroup, reader: InMemoryReader, answers: InMemoryAnswers) -> Any:
    def call(rule_set: RuleSet, now: float = MORNING + HOUR, limit: int = 100) -> PendingVersions:
        return read_pending(Sources(reader, answers, group), rule_set, now, limit, one_by_one)

    return call


def one_by_one(work: Callable[[list[str]], Any], items: Sequence[list[str]], title: str) -> Iterator[Any]:
    assert title == "pending entries"
    return map(work, items)


def test_a_soak_counts_from_the_event_and_not_from_published_time(
    group: InMemoryGroup, reader: InMemoryReader, pending: Any
) -> None:
    reader.put("dev", published=MORNING + HOUR)
    name = group.put(entry_of(candidate(), SOAKING))

    [found] = pending(SOAKING).versions

    assert (found.entry.name, found.since) == (name, MORNING)
    assert found.decision.until == MORNING + 24 * HOUR
    assert group.calls == ["list", "get"]


def test_answers_are_read(
    group: InMemoryGroup, reader: InMemoryReader, answers: InMemoryAnswers, pending: Any
) -> None:
    reader.put("dev")
    group.put(entry_of(candidate(), CHECKED))
    assert pending(CHECKED).versions[0].held

    answers.publish(candidate())

    assert pending(CHECKED).versions[0].decision.verdict is Verdict.PROMOTE


def test_the_rules_of_now_count(group: InMemoryGroup, reader: InMemoryReader, pending: Any) -> None:
    reader.put("dev")
    group.put(entry_of(candidate(), SOAKING))

    assert pending(rules()).versions[0].decision.verdict is Verdict.PROMOTE
    [found] = pending(rules(promotion(packages=["pkg:npm/@other/*"]))).versions
    assert (found.decision, found.problem) == (None, "no promotion selects it any more")


def test_the_oldest_come_first_and_the_rest_is_counted(
    group: InMemoryGroup, reader: InMemoryReader, pending: Any
) -> None:
    for day in (3, 1, 2, 4):
        since = MORNING + day * 24 * HOUR
        reader.put("dev", f"{day}.0.0")
        group.put(entry_of(candidate(f"{day}.0.0", available_since=since), SOAKING, since), since)

    found = pending(SOAKING, MORNING + 5 * 24 * HOUR, limit=3)

    assert [each.entry.candidate.version for each in found.versions] == ["1.0.0", "2.0.0", "3.0.0"]
    assert found.rest == 1
    assert group.calls.count("get") == 3


def test_several_entries_of_a_revision_are_one_version_with_the_earliest_times(
    group: InMemoryGroup, reader: InMemoryReader, pending: Any
) -> None:
    reader.put("dev")
    late = candidate(available_since=MORNING + 10 * HOUR)
    group.put(entry_of(late, SOAKING, MORNING + 10 * HOUR), MORNING + 10 * HOUR)
    first = group.put(entry_of(candidate(), SOAKING))

    [found] = pending(SOAKING).versions

    assert (found.entry.name, found.since) == (first, MORNING)


@pytest.mark.parametrize(
    ("revision", "problem"),
    [
        ("", "it is no longer in dev"),
        ("r2", "dev has a newer revision, which is decided on its own"),
    ],
)
def test_a_version_that_is_superseded_ends(
    group: InMemoryGroup, reader: InMemoryReader, pending: Any, revision: str, problem: str
) -> None:
    if revision:
        reader.put("dev", revision=revision)
    group.put(entry_of(candidate(), SOAKING))

    [found] = pending(SOAKING).versions

    assert (found.decision, found.problem) == (None, problem)


def test_a_repository_that_may_not_be_read_makes_a_version_unknown(
    group: InMemoryGroup, answers: InMemoryAnswers
) -> None:
    class Denied(InMemoryReader):
        def find(self, *_: Any) -> Any:
            raise ApiError("AccessDeniedException", "no permission")

    group.put(entry_of(candidate(), SOAKING))
    sources = Sources(Denied.of("dev"), answers, group)

    [found] = read_pending(sources, SOAKING, MORNING, 100, one_by_one).versions

    assert isinstance(found.problem, Unknown)
    assert found.problem.action == "look up the version in dev"


def test_answers_that_may_not_be_read_leave_the_version_held(
    group: InMemoryGroup, reader: InMemoryReader, answers: InMemoryAnswers, pending: Any
) -> None:
    reader.put("dev")
    group.put(entry_of(candidate(), CHECKED))
    answers.faults["list"] = ApiError("AccessDeniedException", "no permission")

    [found] = pending(CHECKED).versions

    assert found.held
    assert [each.action for each in found.unread] == ["read the answers in namespace check-sca"]


def test_an_entry_that_has_fired_meanwhile_is_left_out(group: InMemoryGroup, pending: Any) -> None:
    group.hidden.add(group.put(entry_of(candidate(), SOAKING)))

    assert pending(SOAKING) == PendingVersions(())


@pytest.mark.parametrize("text", ["{}", "not JSON", "[]", '{"detail": 1}'])
def test_an_entry_of_somebody_else_is_named(group: InMemoryGroup, pending: Any, text: str) -> None:
    group.put(Entry("backup-1", 1, text))

    assert pending(SOAKING) == PendingVersions((), 0, ("backup-1",))


def test_json_has_the_decision_the_entry_and_the_commands(
    group: InMemoryGroup, reader: InMemoryReader, pending: Any
) -> None:
    reader.put("dev")
    name = group.put(entry_of(candidate(), CHECKED))

    shape = pending_to_json(pending(CHECKED).versions[0])

    assert (shape["purl"], shape["revision"], shape["verdict"]) == (candidate().purl, "r1", "hold")
    assert (shape["entry"], shape["since"]) == (name, "2026-01-02T03:04:05Z")
    assert shape["commands"] == [
        'promoter answer pkg:npm/@acme/widget@1.0.0 --check sca --result passed --reason "..."'
    ]
    json.dumps(shape)


def test_json_of_a_version_that_ends_has_no_verdict(group: InMemoryGroup, pending: Any) -> None:
    group.put(entry_of(candidate(), CHECKED))

    shape = pending_to_json(pending(CHECKED).versions[0])

    assert (shape["verdict"], shape["promotion"], shape["commands"]) == (None, None, [])
    assert shape["hop"] == {"from": "dev", "to": "staging"}
