"""holds: what a `[[hold]]` stops, and until when."""

import pytest

from promoter.packages.patterns import parse_versioned
from promoter.rules.evidence import Evidence
from promoter.rules.holds import HoldRule
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import Verdict
from tests.support.samples import MORNING, candidate

UNTIL = MORNING + 3600


def hold(package: str = "pkg:npm/@acme/widget", **more: object) -> HoldRule:
    return HoldRule(parse_versioned(package), "leaks the session token", **more)  # type: ignore[arg-type]


def test_a_hold_without_an_end_waits_for_a_person() -> None:
    assert hold().check(candidate(), Evidence(), MORNING) == Reason(
        code="hold",
        met=False,
        seen='held: "leaks the session token"',
        wanted="not held",
        text='held: "leaks the session token"',
        verdict=Verdict.HOLD,
    )


def test_a_hold_with_an_end_ends_by_itself() -> None:
    assert hold(until=UNTIL).check(candidate(), Evidence(), MORNING) == Reason(
        code="hold",
        met=False,
        seen='held: "leaks the session token"',
        wanted="not held",
        text='held: "leaks the session token" until 2026-01-02T04:04:05Z',
        verdict=Verdict.WAIT,
        until=UNTIL,
    )


@pytest.mark.parametrize(("now", "met"), [(UNTIL - 0.001, False), (UNTIL, True), (UNTIL + 1, True)])
def test_a_hold_is_over_at_its_end_and_not_before(now: float, met: bool) -> None:
    assert hold(until=UNTIL).check(candidate(), Evidence(), now).met is met


def test_a_hold_that_is_over_leaves_a_trace() -> None:
    assert hold(until=UNTIL).check(candidate(), Evidence(), UNTIL) == Reason(
        "hold",
        True,
        "held until 2026-01-02T04:04:05Z",
        "not held",
        "the hold ended at 2026-01-02T04:04:05Z",
    )


@pytest.mark.parametrize(
    ("source", "destination", "applies"),
    [
        (None, None, True),
        ("dev", None, True),
        (None, "staging", True),
        ("dev", "staging", True),
        ("staging", None, False),
        (None, "prod", False),
        ("dev", "prod", False),
    ],
)
def test_a_hold_applies_on_the_hops_that_it_names(
    source: str | None, destination: str | None, applies: bool
) -> None:
    assert hold(source=source, destination=destination).applies(candidate(), "staging") is applies


@pytest.mark.parametrize(
    ("package", "applies"),
    [
        ("pkg:npm/@acme/widget@1.0.0", True),
        ("pkg:npm/@acme/widget@1.0.1", False),
        ("pkg:npm/@acme/*@1.*", True),
        ("pkg:npm/@other/widget", False),
        ("pkg:**", True),
    ],
)
def test_a_hold_applies_to_the_versions_that_it_names(package: str, applies: bool) -> None:
    assert hold(package).applies(candidate("1.0.0"), "staging") is applies
