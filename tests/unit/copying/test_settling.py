"""settling: a direct upload to PyPI rests, and the delivery that only settled does not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from promoter.copying.settling import settle
from promoter.packages.candidate import Arrival
from promoter.packages.package import Package
from tests.support.samples import MORNING, WIDGET, arrival, promotion, rules

GADGET = Package("pypi", "", "gadget")
CHAIN = rules(
    promotion("first", packages=["pkg:pypi/*"]), promotion("second", "staging -> prod", ["pkg:pypi/*"])
)


def uploaded(
    number: int = 1, *, first_received: float = MORNING, since: float = MORNING, **more: object
) -> Arrival:
    made = arrival("1.0", number=number, **{"package": GADGET, "available_since": since, **more})
    return replace(made, delivery=replace(made.delivery, first_received=first_received))


def test_an_upload_to_pypi_rests_for_the_seconds_that_are_left() -> None:
    settled = settle([uploaded()], CHAIN, 30, MORNING + 12)

    assert settled.ready == []
    assert [(each.candidate.version, seconds) for each, seconds in settled.settling] == [("1.0", 18)]


def test_the_delivery_after_the_rest_is_the_first() -> None:
    [ready] = settle([uploaded(number=2)], CHAIN, 30, MORNING + 30).ready

    assert ready.delivery.number == 1


def test_an_event_that_arrives_after_the_settle_time_does_not_rest_and_keeps_its_number() -> None:
    [ready] = settle([uploaded(number=2, first_received=MORNING + 31)], CHAIN, 30, MORNING + 60).ready

    assert ready.delivery.number == 2


def test_what_a_copy_filled_does_not_rest() -> None:
    """A copy brings all files at once."""
    [ready] = settle([uploaded(repository="staging")], CHAIN, 30, MORNING).ready

    assert ready.delivery.number == 1


@pytest.mark.parametrize(
    "package", [WIDGET, Package("maven", "com.acme", "core"), Package("generic", "a", "b")]
)
def test_no_other_format_rests(package: Package) -> None:
    assert settle([uploaded(package=package)], CHAIN, 30, MORNING).settling == []


def test_without_settle_time_nothing_rests() -> None:
    assert settle([uploaded()], CHAIN, 0, MORNING).settling == []


@given(skew=st.floats(-1e6, 1e6), seconds=st.floats(0, 900), now=st.floats(0, 1e6))
def test_nothing_rests_longer_than_the_settle_time_whatever_the_clock_of_the_event(
    skew: float, seconds: float, now: float
) -> None:
    settled = settle([uploaded(since=MORNING + skew)], CHAIN, seconds, MORNING + now)

    assert all(0 < left <= seconds + 1e-6 for _, left in settled.settling)
    assert len(settled.settling) + len(settled.ready) == 1
