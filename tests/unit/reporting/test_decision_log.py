"""report: results become records of the decision log, and metrics."""

import json

import pytest

from promoter.copying.results import AssetDifference, Outcome, OutcomeKind, Result
from promoter.reporting.decision_log import log_record
from promoter.reporting.metrics import Measurements, measure
from promoter.times import format_time
from tests.support.samples import MORNING, promotion, result, rules

RULES = rules(promotion("to-staging", exclude=["pkg:npm/@acme/internal-*"]))
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'


def counts(*results: Result) -> dict[str, int]:
    """What is counted for the service as a whole."""
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
    denied = Outcome(OutcomeKind.FAILED, "AccessDeniedException", ended=False)
    results = [
        result(Outcome(OutcomeKind.COPIED), RULES, since=MORNING - 90),
        result(Outcome(OutcomeKind.COPIED), RULES, since=MORNING + 60),
        result(denied, RULES),
        result(Outcome(OutcomeKind.UNCHANGED), RULES),
    ]

    assert measure(results, MORNING, {"Malformed": 2, "Ignored": 0}) == [
        Measurements({}, {"Promoted": 2, "Failed": 1, "Unchanged": 1, "Malformed": 2}, [90.0, 0.0]),
        Measurements({"Promotion": "to-staging"}, {"Promoted": 2, "Failed": 1}, [90.0, 0.0]),
        Measurements({"ErrorCode": "AccessDeniedException"}, {"Failed": 1}),
    ]


def test_a_quiet_promotion_leaves_this_record() -> None:
    copied = result(Outcome(OutcomeKind.COPIED, revision="r9", status="Published"), RULES)

    assert log_record(copied, RULES, "7d0e") == {
        "message": "decision",
        "purl": "pkg:npm/%40acme/widget@1.0.0",
        "format": "npm",
        "namespace": "acme",
        "package": "widget",
        "version": "1.0.0",
        "revision": "r1",
        "hop": {"from": "dev", "to": "staging"},
        "promotion": "to-staging",
        "verdict": "promote",
        "reasons": [
            {
                "code": "exclude",
                "met": True,
                "seen": "not excluded",
                "wanted": "not excluded",
                "text": "not excluded",
            }
        ],
        "outcome": "copied",
        "ruleset": RULES.digest,
        "cause": "event",
        "event": "e1",
        "published": "2026-01-02T03:04:05Z",
        "requestId": "7d0e",
    }


def test_a_failure_leaves_its_code_its_text_and_the_assets() -> None:
    outcome = Outcome(
        OutcomeKind.FAILED,
        "ALREADY_EXISTS",
        "other contents",
        differences=(AssetDifference("a.jar", "", "1a"),),
    )

    record = log_record(result(outcome, RULES), RULES, "7d0e")

    assert {key: record[key] for key in ("outcome", "code", "text", "assets")} == {
        "outcome": "failed",
        "code": "ALREADY_EXISTS",
        "text": "other contents",
        "assets": [{"name": "a.jar", "source": None, "destination": "1a"}],
    }


def test_what_waits_leaves_its_end_and_what_is_observed_says_so() -> None:
    waiting = rules(promotion(mode="observe"), f"{HOLD}until = 2030-01-01T00:00:00Z")

    record = log_record(result(rule_set=waiting), waiting, "7d0e")

    assert (record["verdict"], record["until"], record["observed"]) == (
        "wait",
        "2030-01-01T00:00:00Z",
        True,
    )
    assert "outcome" not in record


def test_extending_and_other_deliveries_are_marked() -> None:
    again = result(Outcome(OutcomeKind.COPIED, extended=True), RULES, duplicate=True)

    record = log_record(again, RULES, "7d0e")

    assert (record["extended"], record["duplicate"]) == (True, True)


def test_names_are_data_and_cannot_break_the_line() -> None:
    hostile = result(Outcome(OutcomeKind.FAILED, "X", "\r\n{}\u2028"), RULES, version="1\x1b[31m\u0085\u2029")

    line = json.dumps(log_record(hostile, RULES, "7d0e"))

    assert line.isprintable()
    assert line.isascii()


def test_moments_are_written_in_utc() -> None:
    assert (format_time(MORNING), format_time(MORNING + 0.5)) == (
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.500000Z",
    )
