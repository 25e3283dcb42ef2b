"""The number of metric series: each costs money every month (docs/operating.md, Cost)."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

import pytest

from promoter.copying.results import BadAnswer, Outcome, OutcomeKind, Result, Run
from promoter.lambda_function import logger
from promoter.packages.package import Package
from promoter.reporting.ports import NAMESPACE
from promoter.reporting.reports import Reports
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict
from tests.support.in_memory_function import InMemoryTopic
from tests.support.operations_page import section, table
from tests.support.samples import BEGINS, MORNING, candidate, delivery, promotion, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promoter.rules.rule_set import RuleSet

Series = tuple[str, frozenset[tuple[str, str]]]  # the metric, and its dimensions with their values

SMALL = ("web-to-staging", "web-to-prod", "models-to-prod")
PACKAGES = (
    Package("npm", "acme", "widget"),
    Package("npm", "acme", "gadget"),
    Package("npm", "", "left-pad"),
)
CODES = ("", "ALREADY_EXISTS", "AccessDeniedException")
OF_THE_SERVICE = {"Failed", "Held", "Waiting", "Retried", "Malformed", "PublishToPromote"}
OF_A_PROMOTION = {"Promoted", "Failed"}


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "package-promoter")


def rules_of(names: tuple[str, ...], mode: str) -> RuleSet:
    return rules(
        *(promotion(name, f"dev -> to-{number}", mode=mode) for number, name in enumerate(names)),
    )


def outcomes() -> list[Outcome | None]:
    made = [
        Outcome(kind, code, "text", is_final=is_final)
        for kind in OutcomeKind
        for code in CODES
        for is_final in (True, False)
    ]
    return [None, *made]


def decisions(names: tuple[str, ...]) -> Iterator[Decision]:
    """Every verdict by every reason, of every promotion in every mode, about several packages and revisions."""
    for mode in ("enforce", "observe"):
        for each in rules_of(names, mode).promotions:
            for package, verdict, code in itertools.product(PACKAGES, Verdict, ReasonCode):
                about = candidate(f"1.0.{verdict}", f"r-{code}", package=package)
                reason = Reason(code, verdict is Verdict.PROMOTE, "seen", "wanted", "text", verdict)
                yield Decision(about, each, verdict, (reason,))


def results(names: tuple[str, ...]) -> Iterator[Result]:
    """Every outcome of every decision, once and again, and of look-ups that failed before a decision."""
    brought = delivery("m1")
    for one, outcome in itertools.product(decisions(names), outcomes()):
        for duplicate in (False, True):
            yield Result.of(one, brought, outcome, duplicate=duplicate, pending=BEGINS)
        if outcome is not None:
            yield Result(one.candidate, one.promotion, brought, None, outcome)


def emitted(names: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> set[Series]:
    """The series of all reports."""
    crashed = {"m2": ValueError("a bug")}
    bad = [BadAnswer(delivery("m3"), "check-sca", "npm.acme.widget", "20260102T030405.000Z", "malformed")]
    postponed = {"m4": Outcome.retry("ThrottlingException", "slow down")}
    run = Run(list(results(names)), crashed, bad, postponed, ["entry"])
    reports = Reports("acme", "digest", "request", InMemoryTopic(), logger)
    reports.publish(run, {"Malformed": 1}, MORNING + 3)
    return {
        series
        for line in capsys.readouterr().out.splitlines()
        if '"_aws"' in line
        for series in series_of(line)
    }


def series_of(line: str) -> Iterator[Series]:
    """The series that CloudWatch makes of a line (user guide: Embedded Metric Format specification)."""
    values = json.loads(line)
    for directive in values["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == NAMESPACE
        for names, metric in itertools.product(directive["Dimensions"], directive["Metrics"]):
            yield metric["Name"], frozenset((name, values[name]) for name in names)


def test_every_outcome_of_three_promotions_makes_exactly_these_series(
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = ("service", "package-promoter")
    expected: set[Series] = {(name, frozenset({service})) for name in OF_THE_SERVICE}
    expected |= {
        (name, frozenset({service, ("Promotion", each)})) for name in OF_A_PROMOTION for each in SMALL
    }
    assert emitted(SMALL, capsys) == expected


@pytest.mark.parametrize("column", [0, 1])
def test_the_page_counts_them(column: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row[0]: row[1:] for row in table(section("Cost"))}
    names = tuple(
        f"promotion-{number}" for number in range(int(rows["`[[promotion]]` in the rules"][column]))
    )
    assert len(emitted(names, capsys)) == int(rows["custom metrics"][column])


def test_the_page_names_them() -> None:
    named = section("Cost").partition("The 6 are ")[2].partition(".\n")[0].partition("the 2 are ")
    of_service, of_promotion = (re.findall(r"`(\w+)`", part) for part in named[::2])
    assert (len(of_service), set(of_service)) == (6, OF_THE_SERVICE)
    assert (len(of_promotion), set(of_promotion)) == (2, OF_A_PROMOTION)
