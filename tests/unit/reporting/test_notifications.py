"""notices: what somebody has to hear of, of which kind, and what to do about it."""

import pytest
from msgspec.structs import replace

from promoter.copying.results import NPM_LATEST, Outcome, OutcomeKind, Result
from promoter.reporting.notifications import select_notifications
from promoter.rules.rule_set import RuleSet
from tests.support.samples import BEGINS, promotion, result, rules

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
ALL = ["failed", "approval", "extended", "promoted", "rejected"]
TELL_ALL = rules(promotion(notify=ALL))
FAILED = Outcome(OutcomeKind.FAILED, "NOT_ALLOWED")
COPIED = Outcome(OutcomeKind.COPIED)


def kinds(*results: Result) -> list[str]:
    return [each.kind for each in select_notifications(results)]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (FAILED, ["failed"]),
        (COPIED, ["promoted"]),
        (Outcome(OutcomeKind.COPIED, extended=True), ["extended"]),
        (Outcome(OutcomeKind.UNCHANGED), []),
        (Outcome(OutcomeKind.COPIED, NPM_LATEST), ["failed"]),
        (Outcome(OutcomeKind.UNCHANGED, NPM_LATEST), ["failed"]),
        (Outcome(OutcomeKind.EXPIRED, "EXPIRED"), ["approval"]),
        (Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION"), []),
        (Outcome(OutcomeKind.RETRY, "ThrottlingException", is_final=False), []),
    ],
)
def test_an_outcome_is_told_as(outcome: Outcome, told: list[str]) -> None:
    assert kinds(result(outcome, TELL_ALL)) == told


@pytest.mark.parametrize(
    ("rule_set", "told"),
    [
        (rules(promotion(notify=ALL, exclude=["pkg:npm/@acme/*"])), ["rejected"]),
        (rules(promotion(notify=ALL), HOLD), []),
        (rules(promotion(notify=ALL), f"{HOLD}until = 2030-01-01T00:00:00Z"), []),
        (rules(promotion(notify=ALL, mode="observe"), HOLD), []),
    ],
    ids=["rejected", "held before", "held until", "observed"],
)
def test_a_decision_that_is_not_carried_out_is_told_as(rule_set: RuleSet, told: list[str]) -> None:
    assert kinds(result(rule_set=rule_set)) == told


@pytest.mark.parametrize(
    "waiting",
    [
        rules(promotion(notify=ALL, soak="24h")),
        rules(promotion(notify=ALL), f"{HOLD}until = 2030-01-01T00:00:00Z"),
    ],
    ids=["soak", "hold with an end"],
)
def test_nobody_is_told_of_what_merely_waits(waiting: RuleSet) -> None:
    assert kinds(result(rule_set=waiting, pending=BEGINS)) == []


def test_a_hold_is_told_when_it_begins() -> None:
    held = rules(promotion(notify=ALL), HOLD)

    assert kinds(result(rule_set=held, pending=BEGINS)) == ["approval"]
    assert kinds(result(rule_set=held, pending=replace(BEGINS, begins=False))) == []


def test_nobody_hears_of_what_the_promotion_does_not_want_told() -> None:
    assert kinds(result(FAILED, rules(promotion(notify=[]))), result(COPIED)) == []


def test_nobody_hears_twice_of_an_event_that_was_delivered_twice() -> None:
    assert kinds(result(FAILED), result(FAILED, duplicate=True)) == ["failed"]


def test_the_most_urgent_comes_first_and_otherwise_the_order_stays() -> None:
    rejecting = rules(promotion(notify=ALL, exclude=["pkg:npm/@acme/*"]))
    results = [
        result(COPIED, TELL_ALL, version="1"),
        result(rule_set=rejecting, version="2"),
        result(FAILED, TELL_ALL, version="3"),
        result(Outcome(OutcomeKind.COPIED, extended=True), TELL_ALL, version="4"),
        result(FAILED, TELL_ALL, version="5"),
        result(rule_set=rules(promotion(notify=ALL), HOLD), version="6", pending=BEGINS),
    ]

    told = [(each.kind, each.result.candidate.version) for each in select_notifications(results)]

    assert told == [
        ("failed", "3"),
        ("failed", "5"),
        ("approval", "6"),
        ("extended", "4"),
        ("rejected", "2"),
        ("promoted", "1"),
    ]
