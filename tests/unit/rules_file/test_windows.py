"""windows: `[[window]]`."""

from typing import Any

import pytest

from promoter.rules_file.diagnostics import Collector, RulesError
from promoter.rules_file.windows import read_window
from tests.support.samples import promotion, rules

HOPS = (promotion("up", "dev -> staging"), promotion("on", "staging -> prod"))
OFFICE = "Mon-Thu 08:00-16:00 Europe/Berlin"


def errors_of(window: str) -> str:
    with pytest.raises(RulesError) as error:
        rules(*HOPS, "[[window]]", window)
    return str(error.value)


def test_a_window_has_hours_and_a_hop() -> None:
    first, second = rules(
        *HOPS,
        f'[[window]]\nallow = "{OFFICE}"',
        f'[[window]]\nfrom = "staging"\nto = "prod"\nallow = "{OFFICE}"',
    ).windows

    assert (first.text, first.source, first.destination) == (OFFICE, None, None)
    assert (second.source, second.destination) == ("staging", "prod")
    assert (second.hours.spans[0], second.hours.zone.key) == ((480, 960), "Europe/Berlin")


@pytest.mark.parametrize(
    ("allow", "problem", "hint"),
    [
        ("Mon-Fry 08:00-16:00 UTC", '"Fry" is not a day', "write Mon, Tue, Wed, Thu, Fri, Sat or Sun"),
        ("Mon-Fri 8:00-16:00 UTC", '"8:00-16:00" are not hours', "write 08:00-16:00"),
        ("Mon-Fri 08:00-08:00 UTC", '"08:00-08:00" is empty', "write 00:00-24:00 for whole days"),
        ("Mon-Fri 08:00-16:00 Berlin", 'there is no time zone "Berlin"', 'did you mean "Europe/Berlin"?'),
        ("Mon-Fri", '"Mon-Fri" does not have days, hours and a time zone', 'write "Mon-Thu 08:00-16:00'),
    ],
)
def test_wrong_hours_are_an_error_at_their_place(allow: str, problem: str, hint: str) -> None:
    message = errors_of(f'allow = "{allow}"')

    assert f"allow of window 1: {problem}" in message
    assert hint in message
    assert f'allow = "{allow}"' in message


def test_a_window_without_hours_is_an_error() -> None:
    assert 'window 1 has no "allow"' in errors_of('to = "prod"')


@pytest.mark.parametrize("key", ["from", "to"])
def test_a_repository_that_no_promotion_names_is_an_error(key: str) -> None:
    message = errors_of(f'{key} = "produktion"\nallow = "{OFFICE}"')

    assert f'{key} "produktion" of window 1: no promotion goes {key} this repository' in message


def test_a_hop_that_no_promotion_makes_is_an_error() -> None:
    message = errors_of(f'from = "dev"\nto = "prod"\nallow = "{OFFICE}"')

    assert "window 1: no promotion goes from dev to prod" in message
    assert 'remove "from" for every hop to prod' in message


@pytest.mark.parametrize("table", [None, {}, {"allow": 3}, {"allow": "Mon"}])
def test_a_window_with_a_mistake_is_left_out(table: Any) -> None:
    assert read_window(table, 0, (), Collector()) is None
