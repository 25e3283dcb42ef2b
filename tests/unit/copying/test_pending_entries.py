"""pending_entries: what is not finished is one entry, whatever is delivered how often."""

import json
from typing import Any

import pytest

from promoter.copying.pending_entries import PendingEntries
from promoter.copying.pipeline import Clients, Pipeline
from promoter.copying.plan import Decided
from promoter.copying.ports import ApiError
from promoter.copying.results import Outcome, Pending, Result
from promoter.packages.candidate import Arrival, Delivery
from promoter.rules.evidence import Answer, Evidence, Question
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from promoter.waiting.entries import EXPIRY_SECONDS, REMINDER_SECONDS
from promoter.waiting.names import entry_prefix
from tests.support.clocks import Budget
from tests.support.in_memory_repositories import InMemoryRepositories
from tests.support.in_memory_waiting import WAITS, InMemoryAnswers, InMemorySchedules
from tests.support.samples import MORNING, WIDGET, arrival, candidate, decision, delivery, promotion, rules

STAGING = Hop("dev", "staging")
PREFIX = entry_prefix(candidate(), STAGING)
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
HELD = rules(promotion(), HOLD)
SOAKING = rules(promotion(soak="1h"))
CHECKED = rules(promotion(approval=True))
SOAKING_TOO = rules(promotion(approval=True, soak="1h"))
DAY = 86_400


def decided(
    rule_set: RuleSet, now: float = MORNING, *, entries: tuple[str, ...] = (), **given: Any
) -> Decided:
    return Decided(decision(rule_set, now), Delivery("m1", event_id="e1", **given), entries)


def create(schedules: InMemorySchedules, one: Decided, now: float = MORNING) -> Pending | Outcome:
    return PendingEntries(schedules, Budget(), WAITS, now).create(one)


def test_a_wait_is_one_entry_that_fires_when_it_ends() -> None:
    schedules = InMemorySchedules()

    made = create(schedules, decided(SOAKING))

    assert made == Pending(f"{PREFIX}{int(MORNING) + 3600}", int(MORNING) + 3600)
    assert schedules.operations == ["create"]


def test_ten_thousand_duplicates_leave_one_entry_and_one_notification() -> None:
    schedules = InMemorySchedules()

    made = [create(schedules, decided(HELD), MORNING + number) for number in range(10_000)]

    assert len(schedules.entries) == 1
    assert sum(each.begins for each in made if isinstance(each, Pending)) == 1


def test_a_hold_fires_after_whole_weeks_since_its_event() -> None:
    schedules = InMemorySchedules()

    late = create(schedules, decided(HELD, MORNING + 6 * DAY), MORNING + 6 * DAY)
    too_soon = create(schedules, decided(HELD), MORNING + REMINDER_SECONDS - 1800)

    assert isinstance(late, Pending)
    assert isinstance(too_soon, Pending)
    assert late.fires == MORNING + REMINDER_SECONDS
    assert too_soon.fires == MORNING + 2 * REMINDER_SECONDS


def test_a_repeated_delivery_is_told_again_because_its_notification_may_have_failed() -> None:
    schedules = InMemorySchedules()
    create(schedules, decided(HELD))

    again = create(schedules, decided(HELD, number=2))

    assert isinstance(again, Pending)
    assert again.begins


def test_an_entry_that_fires_makes_its_successor_and_reminds() -> None:
    schedules = InMemorySchedules()
    create(schedules, decided(HELD))
    [text] = schedules.fire(MORNING + REMINDER_SECONDS)

    made = create(schedules, decided(HELD, cause="entry"), MORNING + REMINDER_SECONDS)

    assert json.loads(text)["promoter"] == {"to": "staging", "cause": "entry"}
    assert isinstance(made, Pending)
    assert (made.fires, made.begins) == (MORNING + 2 * REMINDER_SECONDS, True)


def test_what_nobody_released_in_91_days_has_expired() -> None:
    schedules = InMemorySchedules()
    end = MORNING + EXPIRY_SECONDS

    before = create(schedules, decided(HELD, cause="entry"), end - 1)
    after = create(schedules, decided(HELD, cause="entry"), end)

    assert isinstance(before, Pending)
    assert isinstance(after, Outcome)
    assert (after.kind, after.is_final) == ("expired", True)
    assert schedules.operations == ["create"]


def answered(rule_set: RuleSet, now: float = MORNING) -> Decided:
    """A decision about an approved version."""
    approval = Answer("PASSED", promotion="npm-to-staging")
    evidence = Evidence(answers={Question("approval", STAGING): approval})
    return Decided(decision(rule_set, now, evidence), delivery("m1"))


def test_a_promotion_that_asks_for_answers_lists_creates_and_then_deletes_the_later_ones() -> None:
    schedules = InMemorySchedules()
    create(schedules, decided(CHECKED))
    [weekly] = schedules.entries
    schedules.calls.clear()
    waiting = answered(SOAKING_TOO)

    made = create(schedules, waiting)

    assert isinstance(made, Pending)
    assert schedules.operations == ["list", "create", "delete"]
    assert (list(schedules.entries), made.begins) == ([made.name], False)
    assert schedules.calls[-1] == ("delete", weekly)


def test_an_earlier_entry_stays() -> None:
    schedules = InMemorySchedules()
    soon = create(schedules, answered(SOAKING_TOO))
    assert isinstance(soon, Pending)

    create(schedules, decided(CHECKED))

    assert soon.name in schedules.entries


@pytest.mark.parametrize("operation", ["list", "create"])
@pytest.mark.parametrize(
    "error", [ApiError("ThrottlingException", "slow"), ApiError("AccessDeniedException", "no")]
)
def test_an_entry_that_cannot_be_made_keeps_the_message(operation: str, error: ApiError) -> None:
    schedules = InMemorySchedules(faults={operation: error})

    made = create(schedules, decided(CHECKED))

    assert isinstance(made, Outcome)
    assert not made.is_final
    assert schedules.entries == {}


def test_an_entry_that_cannot_be_deleted_is_left_over_and_named() -> None:
    schedules = InMemorySchedules(faults={"delete": ApiError("InternalServerException", "down")})
    entries = PendingEntries(schedules, Budget(), WAITS, MORNING)

    entries.delete(["a-b-1", "a-b-2"])

    assert entries.failures == ["a-b-1: InternalServerException down"]
    assert schedules.operations == ["delete", "delete"]


def test_after_throttling_no_more_calls_are_made() -> None:
    schedules = InMemorySchedules(faults={"create": ApiError("ThrottlingException", "slow")})
    entries = PendingEntries(schedules, Budget(), WAITS, MORNING)

    outcomes = [entries.create(decided(HELD)) for _ in range(3)]

    assert [each.code for each in outcomes if isinstance(each, Outcome)] == ["ThrottlingException"] * 3
    assert schedules.operations == ["create"]


def serve(schedules: InMemorySchedules, *arrivals: Arrival, rule_set: RuleSet, now: float) -> list[Result]:
    store = InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})
    store.put("dev", WIDGET, "1.0.0")
    clients = Clients(store, InMemoryAnswers(), schedules)
    return Pipeline(rule_set, now, clients, Budget(), WAITS).run(arrivals).results


def test_what_waits_promotes_nothing_and_makes_one_call() -> None:
    schedules = InMemorySchedules()

    [result] = serve(schedules, arrival(), rule_set=SOAKING, now=MORNING)

    assert (result.outcome, result.is_final, schedules.operations) == (None, True, ["create"])
    assert result.pending
