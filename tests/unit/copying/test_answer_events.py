"""answer_events: an announcement is only a trigger; the newest answer in the repository decides."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from promoter.copying.pipeline import Clients, Pipeline
from promoter.copying.ports import ApiError
from promoter.copying.results import OutcomeKind, Run
from promoter.intake.event import AnswerEvent
from promoter.packages.candidate import Arrival, Candidate, Delivery
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import MAX_BYTES
from promoter.waiting.names import answer_package, entry_prefix
from tests.support.clocks import Budget
from tests.support.in_memory_repositories import Fault, InMemoryRepositories, Stored
from tests.support.in_memory_waiting import WAITS, InMemoryAnswers, InMemorySchedules, statement
from tests.support.samples import MORNING, WIDGET, arrival, candidate, promotion, rules

STAGING = Hop("dev", "staging")
APPROVED = rules(promotion(approval=True))
LATER = MORNING + 600
DAY = 86_400


@dataclass
class Place:
    """Everything that the pipeline talks to, with @acme/widget 1.0.0 in dev."""

    rule_set: RuleSet = field(default_factory=lambda: APPROVED)
    store: InMemoryRepositories = field(
        default_factory=lambda: InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})
    )
    answers: InMemoryAnswers = field(default_factory=InMemoryAnswers)
    schedules: InMemorySchedules = field(default_factory=InMemorySchedules)

    def __post_init__(self) -> None:
        self.store.put("dev", WIDGET, "1.0.0")

    def serve(self, *arrivals: Arrival, answers: list[AnswerEvent] | None = None, now: float = LATER) -> Run:
        clients = Clients(self.store, self.answers, self.schedules)
        return Pipeline(self.rule_set, now, clients, Budget(), WAITS).run(arrivals, answers or [])

    def publish(
        self, about: Candidate | None = None, *, promotion_name: str = "npm-to-staging", **more: Any
    ) -> AnswerEvent:
        """Publish an approval. Return its announcement."""
        detail = self.answers.publish(
            about or candidate(), "approval", STAGING, promotion=promotion_name, **more
        )
        return announced(detail["packageName"], detail["packageVersion"])

    @property
    def arrived(self) -> bool:
        return (WIDGET, "1.0.0") in self.store.contents["staging"]


def announced(package: str, version: str, *, namespace: str = "approval", number: int = 1) -> AnswerEvent:
    return AnswerEvent(namespace, package, version, Delivery("a1", number, "e9", "answer"))


def held() -> Place:
    """A place where the version's own event has been decided: it is held."""
    place = Place()
    place.serve(arrival(), now=MORNING)
    assert len(place.schedules.entries) == 1
    place.schedules.calls.clear()
    place.store.reads.clear()
    return place


def test_an_approval_of_a_held_version_promotes_it_and_ends_its_entry() -> None:
    place = held()

    run = place.serve(answers=[place.publish()])

    assert place.arrived
    assert [each.delivery.cause for each in run.results] == ["answer"]
    assert place.schedules.entries == {}


def test_it_costs_one_describe_one_list_and_one_read_of_the_answer() -> None:
    place = held()
    place.answers.calls.clear()

    place.serve(answers=[place.publish()])

    assert place.answers.calls == [("list", "approval"), ("read", "approval")]
    assert place.store.reads == [("dev", "1.0.0")]
    assert place.schedules.operations == ["list", "get", "delete"]
    assert len(place.store.copies) == 1


def test_the_entry_is_deleted_only_after_the_copy() -> None:
    place = held()
    place.store.faults.append(Fault("copy", ApiError("InternalServerException", "down")))

    run = place.serve(answers=[place.publish()])

    assert [each.is_final for each in run.results] == [False]
    assert len(place.schedules.entries) == 1


def test_an_approval_before_the_versions_own_event_counts_when_that_is_decided() -> None:
    place = Place()
    place.publish()

    place.serve(arrival(), now=MORNING)

    assert place.arrived
    assert place.schedules.operations == []


def test_a_soak_goes_on_from_the_time_of_the_pending_entry() -> None:
    place = Place(rules(promotion(approval=True, soak="1h")))
    place.serve(arrival(), now=MORNING)
    event = place.publish()

    waiting = place.serve(answers=[event], now=MORNING + 600)
    [entry] = place.schedules.entries.values()

    assert [each.decision.verdict.name for each in waiting.results if each.decision] == ["WAIT"]
    assert entry.fires == MORNING + 3600


def test_without_an_entry_a_soak_starts_now() -> None:
    place = Place(rules(promotion(approval=True, soak="1h")))

    place.serve(answers=[place.publish()], now=MORNING + 600)
    [entry] = place.schedules.entries.values()

    assert entry.fires == MORNING + 600 + 3600


def test_a_refusal_rejects_with_its_own_sentence_and_leaves_the_entry() -> None:
    place = held()

    run = place.serve(answers=[place.publish(result="FAILED", reason="too big", by="ann")])

    [decision] = [each.decision for each in run.results if each.decision]
    assert decision.verdict.name == "REJECT"
    assert "FAILED by ann: too big" in [each.text for each in decision.reasons]
    assert not place.arrived
    assert len(place.schedules.entries) == 1


def test_a_yes_after_a_no_counts_without_an_entry() -> None:
    place = Place()
    place.publish(result="FAILED")
    place.serve(arrival(), now=MORNING)

    place.serve(answers=[place.publish()])

    assert place.arrived


def test_an_answer_that_is_not_listed_yet_is_handed_back_twice() -> None:
    place = held()
    event = place.publish()
    place.answers.hidden = 1

    early = [place.serve(answers=[announced(event.package, event.version, number=n)]) for n in (1, 2)]
    third = place.serve(answers=[announced(event.package, event.version, number=3)])

    assert [list(each.postponed) for each in early] == [["a1"], ["a1"]]
    assert (third.postponed, third.results) == ({}, [])
    assert not place.arrived


@pytest.mark.parametrize("status", ["Archived", "Unlisted", "Disposed"])
def test_a_version_that_is_no_longer_published_is_not_promoted(status: str) -> None:
    place = held()
    place.store.contents["dev"][WIDGET, "1.0.0"] = Stored("r1", {}, status)

    run = place.serve(answers=[place.publish()])

    assert (run.results, run.bad_answers, run.unfinished) == ([], [], set())
    assert not place.arrived


def test_an_answer_about_a_superseded_revision_or_a_version_to_come_ends_at_once() -> None:
    place = held()
    event = place.publish()
    place.store.put("dev", WIDGET, "1.0.0", "r2")

    run = place.serve(answers=[event])
    to_come = place.serve(answers=[place.publish(candidate("9.9.9"))])

    assert (run.results, run.unfinished) == ([], set())
    assert (to_come.results, to_come.unfinished) == ([], set())


def test_an_answer_that_no_promotion_asks_for_is_not_even_read() -> None:
    place = Place(rules())
    event = place.publish()

    run = place.serve(answers=[event])

    assert (run.results, place.answers.calls, place.store.reads) == ([], [], [])


@pytest.mark.parametrize(
    ("newest", "problem"),
    [
        ({"result": "FAILED"}, None),
        ({"status": "Unfinished"}, "its status is Unfinished"),
        ({"status": "Archived"}, "its status is Archived"),
        ({"status": "Unlisted"}, "its status is Unlisted"),
        ({"status": "Disposed"}, "its status is Disposed"),
        ({"content": b"{}"}, "statement.json is not a test result"),
        ({"content": b" " * (MAX_BYTES + 1)}, "statement.json is larger than 64 KiB"),
        (
            {"content": statement(candidate("1.0.1"), promotion="npm-to-staging")},
            "its package is not named so",
        ),
        ({"content": statement(candidate(revision="r0"), promotion="npm-to-staging")}, "at revision r0"),
        ({"promotion_name": "another"}, 'it names promotion "another"'),
        ({"promotion_name": ""}, 'it names promotion ""'),
    ],
)
def test_while_the_newest_answer_is_no_yes_an_older_one_never_counts(
    newest: dict[str, Any], problem: str | None
) -> None:
    """And whoever looks at it, the answer's event or the version's own one, promotes nothing."""
    place = Place()
    place.publish(version="29991231T000000.000Z")  # a version string in the future says nothing
    event = place.publish(**newest)

    by_answer = place.serve(answers=[event])
    by_event = place.serve(arrival(), now=MORNING)

    assert not place.arrived
    assert place.store.copies == []
    told = [each.problem for each in by_answer.bad_answers]
    assert (problem is None and told == []) or problem in told[0]
    assert [each.outcome for each in by_event.results] == [None]


@pytest.mark.parametrize("operation", ["list", "read"])
@pytest.mark.parametrize(
    "error",
    [
        ApiError("ThrottlingException", "slow"),
        ApiError("AccessDeniedException", "no"),
        ApiError("Unreachable", "timed out"),
        ApiError("InternalServerException", "500"),
    ],
)
def test_an_answer_that_cannot_be_looked_up_is_no_decision(operation: str, error: ApiError) -> None:
    place = Place()
    event = place.publish()
    place.answers.faults[operation] = error
    by_answer = place.serve(answers=[event])
    place.answers.faults[operation] = error
    by_event = place.serve(arrival(), now=MORNING)

    assert list(by_answer.postponed) == ["a1"]
    assert [(each.decision, each.is_final) for each in by_event.results] == [(None, False)]
    assert place.store.copies == []


def test_an_answer_that_is_refused_for_good_is_told_on_the_third_delivery() -> None:
    place = Place()
    event = place.publish()
    place.answers.faults["list"] = ApiError("AccessDeniedException", "no")

    run = place.serve(answers=[announced(event.package, event.version, number=3)])

    assert run.postponed["a1"].kind is OutcomeKind.FAILED
    assert run.bad_answers[0].problem == "it could not be read: AccessDeniedException no"


def test_an_approval_of_one_hop_is_none_of_another() -> None:
    place = Place(rules(promotion("one", approval=True), promotion("two", "dev -> prod", approval=True)))
    place.serve(arrival(), now=MORNING)
    event = place.publish(promotion_name="one")

    place.serve(answers=[event])

    assert place.arrived
    assert place.store.contents["prod"] == {}
    assert len(place.schedules.entries) == 1


def test_an_approval_that_is_published_under_another_hops_name_changes_nothing() -> None:
    """What counts for dev -> staging has that hop's name, and its statement names that promotion."""
    place = Place(rules(promotion("one", approval=True), promotion("two", "dev -> prod", approval=True)))
    detail = place.answers.publish(candidate(), "approval", Hop("dev", "prod"), promotion="one")

    run = place.serve(answers=[announced(detail["packageName"], detail["packageVersion"])])

    assert [each.problem for each in run.bad_answers] == [
        'it names promotion "one", which does not decide about pkg:npm/%40acme/widget@1.0.0 at revision r1'
    ]
    assert place.store.copies == []


def test_a_crash_of_ours_keeps_the_message_and_serves_the_others() -> None:
    place = Place(rules(promotion()))
    place.rule_set = APPROVED
    event = place.publish()

    def broken(namespace: str, package: str) -> Any:
        raise ZeroDivisionError("a mistake of ours")

    place.answers.newest = broken  # type: ignore[method-assign]
    run = place.serve(answers=[event])

    assert isinstance(run.crashed["a1"], ZeroDivisionError)
    assert run.unfinished == {"a1"}


def test_a_manual_promotion_is_requested_by_an_approval() -> None:
    place = Place(rules(promotion(mode="manual")))
    quiet = place.serve(arrival(), now=MORNING)

    assert [each.pending for each in quiet.results] == [None]
    assert place.schedules.entries == {}

    place.serve(answers=[place.publish()])

    assert place.arrived


def test_an_entry_with_the_prefix_of_the_candidate_is_found_by_its_name() -> None:
    place = held()
    [name] = place.schedules.entries

    assert name.startswith(entry_prefix(candidate(), STAGING))
    assert answer_package(candidate(), STAGING).endswith(name[:29])
