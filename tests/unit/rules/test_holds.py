"""holds: what a `[[hold]]` stops, and until when."""

import pytest

from promoter.packages.patterns import parse
from promoter.rules.evidence import Evidence
from promoter.rules.held_versions import HeldVersions
from promoter.rules.holds import HoldRule
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import Verdict
from promoter.versions import parse as parse_range
from tests.support.samples import MORNING, candidate

UNTIL = MORNING + 3600


def hold(package: str = "pkg:npm/@acme/widget", **more: object) -> HoldRule:
    return HoldRule(parse(package), "leaks the session token", **more)  # type: ignore[arg-type]


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
    ("package", "versions", "applies"),
    [
        ("pkg:npm/@acme/widget", None, True),
        ("pkg:npm/@acme/widget", HeldVersions("1.0.0"), True),
        ("pkg:npm/@acme/widget", HeldVersions("1.0.1"), False),
        ("pkg:npm/@acme/*", HeldVersions("<2", ranges={"npm": parse_range("npm", "<2")}), True),
        ("pkg:npm/@other/widget", None, False),
        ("pkg:**", None, True),
    ],
)
def test_a_hold_applies_to_the_versions_that_it_names(
    package: str, versions: HeldVersions | None, applies: bool
) -> None:
    assert hold(package, versions=versions).applies(candidate("1.0.0"), "staging") is applies


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (MORNING - 0.001, Verdict.PROMOTE),
        (MORNING, Verdict.WAIT),
        (UNTIL - 0.001, Verdict.WAIT),
        (UNTIL, Verdict.PROMOTE),
    ],
)
def test_a_hold_stops_nothing_before_it_begins(now: float, verdict: Verdict) -> None:
    assert hold(begins=MORNING, until=UNTIL).check(candidate(), Evidence(), now).verdict is verdict


def test_a_hold_that_has_not_begun_leaves_a_trace() -> None:
    assert hold(begins=UNTIL).check(candidate(), Evidence(), MORNING) == Reason(
        "hold",
        True,
        "held from 2026-01-02T04:04:05Z",
        "not held",
        "the hold begins at 2026-01-02T04:04:05Z",
    )
    assert hold(begins=UNTIL).check(candidate(), Evidence(), UNTIL).verdict is Verdict.HOLD
