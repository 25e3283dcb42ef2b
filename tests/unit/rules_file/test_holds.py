"""holds: `[[hold]]`."""

from typing import Any

import pytest

from promoter.rules.holds import HoldRule
from promoter.rules_file.diagnostics import Collector, RulesError
from promoter.rules_file.holds import read_hold
from tests.support.samples import candidate, promotion, rules

HOPS = (promotion("up", "dev -> staging"), promotion("on", "staging -> prod"))


def hold(**keys: str) -> str:
    values = {"package": '"pkg:npm/@acme/widget@1.5.0"', "reason": '"leaks"', **keys}
    lines = [f"{key.rstrip('_')} = {value}" for key, value in values.items()]
    return "\n".join(["[[hold]]", *lines, ""])


def read(**keys: str) -> HoldRule:
    [only] = rules(*HOPS, hold(**keys)).holds
    return only


def errors_of(**keys: str) -> str:
    with pytest.raises(RulesError) as error:
        rules(*HOPS, hold(**keys))
    return str(error.value)


def test_a_hold_has_a_pattern_a_reason_a_hop_and_an_end() -> None:
    found = read(from_='"staging"', to='"prod"', until="2026-12-01T08:00:00Z")

    assert found.applies(candidate("1.5.0", repository="staging"), "prod")
    assert not found.applies(candidate("1.5.1", repository="staging"), "prod")
    assert (found.reason, found.source, found.destination) == ("leaks", "staging", "prod")
    assert found.until == 1_796_112_000.0


def test_a_hold_without_a_hop_and_an_end_is_on_every_hop_forever() -> None:
    found = read()

    assert (found.source, found.destination, found.until) == (None, None, None)


def test_a_hold_may_begin_later() -> None:
    found = read(**{"from-time": "2026-11-01T08:00:00Z"}, until="2026-12-01T08:00:00Z")

    assert (found.begins, found.until) == (1_793_520_000.0, 1_796_112_000.0)
    assert read().begins is None


@pytest.mark.parametrize("begins", ["2026-12-01T08:00:00Z", "2026-12-01T08:59:59+00:30"])
def test_a_hold_that_ends_before_it_begins_is_an_error(begins: str) -> None:
    message = errors_of(**{"from-time": begins}, until="2026-12-01T08:00:00Z")

    assert "hold 1 ends before it begins" in message
    assert "write an until that is later than from-time" in message


def test_the_end_may_have_any_zone() -> None:
    assert read(until="2026-12-01T10:00:00+02:00").until == 1_796_112_000.0


@pytest.mark.parametrize("until", ["2026-12-01T08:00:00", "2026-12-01", '"tomorrow"', "1"])
def test_the_end_must_be_a_date_and_a_time_with_a_zone(until: str) -> None:
    message = errors_of(until=until)

    assert message.startswith("error: until ")
    assert "write a date and a time with its zone: 2027-01-31T08:00:00Z" in message


@pytest.mark.parametrize("key", ["from", "to"])
def test_a_repository_that_no_promotion_names_is_an_error(key: str) -> None:
    message = errors_of(**{key: '"produktion"'})

    assert f'{key} "produktion" of hold 1: no promotion goes {key} this repository' in message


def test_a_misspelled_repository_gets_a_suggestion() -> None:
    assert 'did you mean "staging"?' in errors_of(to='"stagign"')


def test_a_hop_that_no_promotion_makes_is_an_error() -> None:
    message = errors_of(from_='"dev"', to='"prod"')

    assert "hold 1: no promotion goes from dev to prod" in message
    assert 'known hops: dev -> staging, staging -> prod; remove "from" for every hop to prod' in message


def test_a_wrong_pattern_is_an_error() -> None:
    assert 'package of hold 1: "pkg:npm/@acme" is a scope without a package' in errors_of(
        package='"pkg:npm/@acme"'
    )


@pytest.mark.parametrize("table", [None, {}, {"package": "pkg:npm/a"}, {"package": 3, "reason": "x"}])
def test_a_hold_with_a_mistake_is_left_out(table: Any) -> None:
    assert read_hold(table, 0, (), Collector()) is None
