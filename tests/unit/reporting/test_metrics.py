"""metrics: results become metrics."""

import pytest

from promoter.copying.results import Outcome, OutcomeKind, Result
from promoter.reporting.metrics import Measurements, measure
from tests.support.samples import MORNING, promotion, result, rules

RULES = rules(promotion("to-staging", exclude=["pkg:npm/@acme/internal-*"]))
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'


def counts(*results: Result) -> dict[str, int]:
    """The counts of the whole service."""
    measured = [each for each in measure(results, MORNING) if not each.dimensions]
    return dict(measured[0].counts) if measured else {}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (OutcomeKind.COPIED, "Promoted"),
        (OutcomeKind.UNCHANGED, "Unchanged"),
        (OutcomeKind.SUPERSEDED, "Superseded"),
        (OutcomeKind.FAILED, "Failed"),
        (OutcomeKind.RETRY, "Retried"),
    ],
)
def test_each_outcome_is_counted_under_its_name(kind: OutcomeKind, name: str) -> None:
    assert counts(result(Outcome(kind, "code"))) == {name: 1}


def test_each_verdict_is_counted_under_its_name() -> None:
    assert counts(result(rule_set=rules(promotion(exclude=["pkg:npm/@acme/*"])))) == {"Rejected": 1}
    assert counts(result(rule_set=rules(promotion(), HOLD))) == {"Held": 1}
    assert counts(result(rule_set=rules(promotion(), f"{HOLD}until = 2030-01-01T00:00:00Z"))) == {
        "Waiting": 1
    }


@pytest.mark.parametrize("exclude", [[], ["pkg:npm/@acme/*"]])
def test_what_is_only_observed_is_counted_as_nothing_else(exclude: list[str]) -> None:
    observing = rules(promotion(mode="observe", exclude=exclude))

    assert counts(result(rule_set=observing)) == {"Observed": 1}


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        (OutcomeKind.COPIED, {"Promoted": 1, "Unchanged": 1}),
        (OutcomeKind.UNCHANGED, {"Unchanged": 2}),
        (OutcomeKind.FAILED, {"Failed": 1}),
        (OutcomeKind.SUPERSEDED, {"Superseded": 1}),
        (OutcomeKind.RETRY, {"Retried": 1}),
    ],
)
def test_another_delivery_of_an_event_is_nothing_new(kind: OutcomeKind, counted: dict[str, int]) -> None:
    outcome = Outcome(kind, "code")

    assert counts(result(outcome), result(outcome, duplicate=True)) == counted


def test_nothing_is_measured_of_nothing() -> None:
    assert measure([], MORNING) == []
    assert measure([], MORNING, {"Malformed": 0}) == []


def test_one_set_of_metrics_for_each_set_of_dimensions() -> None:
    denied = Outcome(OutcomeKind.FAILED, "AccessDeniedException", is_final=False)
    results = [
        result(Outcome(OutcomeKind.COPIED), RULES, available_since=MORNING - 90),
        result(Outcome(OutcomeKind.COPIED), RULES, available_since=MORNING + 60),
        result(denied, RULES),
        result(Outcome(OutcomeKind.UNCHANGED), RULES),
    ]

    assert measure(results, MORNING, {"Malformed": 2, "Ignored": 0}) == [
        Measurements({}, {"Promoted": 2, "Failed": 1, "Unchanged": 1, "Malformed": 2}, [90.0, 0.0]),
        Measurements({"Promotion": "to-staging"}, {"Promoted": 2, "Failed": 1}, [90.0, 0.0]),
        Measurements({"ErrorCode": "AccessDeniedException"}, {"Failed": 1}),
    ]
