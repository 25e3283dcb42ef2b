"""metrics: results become metrics."""

import json
from typing import Any

import pytest

from promoter.copying.results import Outcome, OutcomeKind, Result
from promoter.reporting.metrics import Measurements, emit, measure
from tests.support.samples import MORNING, promotion, result, rules

RULES = rules(promotion("to-staging", exclude=["pkg:npm/@acme/internal-*"]))
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'


def counts(*results: Result) -> dict[str, int]:
    """The counts of the whole service."""
    measured = [each for each in measure(results, MORNING) if not each.dimensions]
    return dict(measured[0].counts) if measured else {}


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        (OutcomeKind.COPIED, {}),
        (OutcomeKind.UNCHANGED, {}),
        (OutcomeKind.SUPERSEDED, {}),
        (OutcomeKind.FAILED, {"Failed": 1}),
        (OutcomeKind.RETRY, {"Retried": 1}),
    ],
)
def test_only_outcomes_that_alarms_watch_are_counted_for_the_service(
    kind: OutcomeKind, counted: dict[str, int]
) -> None:
    assert counts(result(Outcome(kind, "code"))) == counted


def test_waits_and_holds_are_counted_and_rejections_are_not() -> None:
    assert counts(result(rule_set=rules(promotion(), HOLD))) == {"Held": 1}
    assert counts(result(rule_set=rules(promotion(), f"{HOLD}until = 2030-01-01T00:00:00Z"))) == {
        "Waiting": 1
    }
    assert counts(result(rule_set=rules(promotion(exclude=["pkg:npm/@acme/*"])))) == {}


@pytest.mark.parametrize("hold", ["", HOLD])
def test_what_is_only_observed_is_not_counted(hold: str) -> None:
    assert counts(result(rule_set=rules(*filter(None, (promotion(mode="observe"), hold))))) == {}


@pytest.mark.parametrize("kind", list(OutcomeKind))
def test_another_delivery_of_an_event_is_not_counted(kind: OutcomeKind) -> None:
    assert counts(result(Outcome(kind, "code"), duplicate=True)) == {}


@pytest.mark.parametrize(
    "tables",
    [
        [promotion(soak="1m")],
        [promotion(), '[[window]]\nallow = "Mon-Sun 00:00-24:00 UTC"\n'],
        [promotion(checks=["sca"])],
        [promotion(approval=True)],
        [promotion(mode="manual")],
    ],
)
def test_versions_that_had_to_wait_do_not_count_in_the_latency(tables: list[str]) -> None:
    copied = Outcome(OutcomeKind.COPIED)

    [measured] = measure([result(copied, rules(*tables), available_since=MORNING - 90)], MORNING)

    assert (measured.dimensions, measured.seconds) == ({"Promotion": "npm-to-staging"}, ())


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

    assert measure(results, MORNING, {"Malformed": 2}) == [
        Measurements({}, {"Failed": 1, "Malformed": 2}, [90.0, 0.0]),
        Measurements({"Promotion": "to-staging"}, {"Promoted": 2, "Failed": 1}),
    ]


def test_another_delivery_of_an_event_does_not_count_in_the_latency() -> None:
    copied = Outcome(OutcomeKind.COPIED)

    [whole, _] = measure([result(copied), result(copied, duplicate=True)], MORNING)

    assert whole.seconds == [0.0]


def emitted(capsys: pytest.CaptureFixture[str], measurements: Measurements) -> list[dict[str, Any]]:
    emit(measurements)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("number", [1, 99, 100, 101, 250])
def test_more_than_100_values_of_a_metric_are_all_printed_100_at_most_in_a_line(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudWatch user guide, Embedded Metric Format specification: at most 100 values."""
    values = [float(each) for each in range(number)]

    lines = emitted(capsys, Measurements({}, {"Failed": 1}, values))

    printed = [each for line in lines for each in line.get("PublishToPromote", [])]
    assert printed == values
    assert max(len(line.get("PublishToPromote", [])) for line in lines) <= 100
    assert sum(sum(line.get("Failed", [])) for line in lines) == 1


def test_counts_and_seconds_have_their_units(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = emitted(capsys, Measurements({}, {"Failed": 1}, [2.5]))

    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert {each["Name"]: each["Unit"] for each in directive["Metrics"]} == {
        "Failed": "Count",
        "PublishToPromote": "Seconds",
    }


def test_a_metric_has_the_service_and_its_own_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = emitted(capsys, Measurements({"Promotion": "to-staging"}, {"Promoted": 2}))

    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], sorted(directive["Dimensions"][0])) == (
        "PackagePromoter",
        ["Promotion", "service"],
    )
    assert (line["Promotion"], line["Promoted"]) == ("to-staging", [2.0])


def test_nothing_is_printed_without_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert emitted(capsys, Measurements({}, {})) == []
