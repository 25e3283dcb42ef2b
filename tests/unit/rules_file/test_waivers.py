"""waivers: `[[waive]]`."""

from typing import Any

import pytest

from promoter.rules.waivers import Waiver
from promoter.rules_file.diagnostics import Collector, RulesError
from promoter.rules_file.waivers import read_waiver
from tests.support.samples import promotion, rules

CHECKS = promotion("web", checks=["sca", "qa"])


def waive(**keys: str | None) -> str:
    values: dict[str, str | None] = {
        "package": '"pkg:npm/@acme/widget@^1.5"',
        "conditions": '["soak"]',
        "until": "2026-12-01T08:00:00Z",
        "reason": '"fix"',
        **keys,
    }
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    return "\n".join(["[[waive]]", *lines, ""])


def read(**keys: str) -> Waiver:
    [only] = rules(CHECKS, waive(**keys)).waivers
    return only


def errors_of(**keys: str | None) -> str:
    with pytest.raises(RulesError) as error:
        rules(CHECKS, waive(**keys))
    return str(error.value)


def test_a_waiver_has_versions_conditions_a_reason_and_an_end() -> None:
    found = read(conditions='["soak", "window", "versions", "prerelease", "sca"]')

    assert found.pattern.text == "pkg:npm/@acme/widget"
    assert found.versions is not None
    assert found.versions.contains("npm", "1.6.0")
    assert found.conditions == {"soak", "window", "versions", "prerelease", "sca"}
    assert (found.reason, found.until) == ("fix", 1_796_112_000.0)


def test_a_waiver_without_versions_is_about_all_of_them() -> None:
    assert read(package='"pkg:npm/@acme/*"').versions is None


@pytest.mark.parametrize("key", ["package", "conditions", "until", "reason"])
def test_every_key_is_required(key: str) -> None:
    assert f'waiver 1 has no "{key}"' in errors_of(**{key: None})


@pytest.mark.parametrize("name", ["exclude", "hold", "approval", "manual", "source-status"])
def test_some_conditions_cannot_be_waived(name: str) -> None:
    message = errors_of(conditions=f'["soak", "{name}"]')

    assert f'conditions of waiver 1: "{name}" cannot be waived' in message
    assert "can be waived: prerelease, soak, versions, window, qa, sca" in message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sac", 'did you mean "sca"?'),
        ("prereleases", 'did you mean "prerelease"?'),
        ("x", "known: prerelease, qa, sca, soak, versions, window"),
        ("check", "known: prerelease"),
    ],
)
def test_a_check_that_no_promotion_asks_for_cannot_be_waived(name: str, hint: str) -> None:
    message = errors_of(conditions=f'["{name}"]')

    assert f'conditions of waiver 1: no promotion asks for a check "{name}"' in message
    assert hint in message


def test_the_place_of_a_wrong_condition_is_shown() -> None:
    assert "^^^^^^ can be waived" in errors_of(conditions='["soak", "hold"]')


@pytest.mark.parametrize("until", ["2026-12-01T08:00:00", "2026-12-01", '"tomorrow"'])
def test_the_end_is_a_date_and_a_time_with_a_zone(until: str) -> None:
    assert "write a date and a time with its zone: 2027-01-31T08:00:00Z" in errors_of(until=until)


def test_an_end_outside_the_calendar_is_an_error() -> None:
    assert "until of waiver 1 is outside the calendar" in errors_of(until="0001-01-01T00:00:00+23:00")


def test_a_wrong_package_is_an_error() -> None:
    message = errors_of(package='"pkg:npm/@acme/widget@1.x.y.z"')

    assert 'package of waiver 1: "pkg:npm/@acme/widget@1.x.y.z" names no version' in message


def test_a_waiver_is_valid_for_ever() -> None:
    assert read(until="1970-01-02T00:00:00Z").until == 86_400.0


@pytest.mark.parametrize("table", [None, {}, {"package": "pkg:npm/a", "conditions": []}])
def test_a_waiver_with_a_mistake_is_left_out(table: Any) -> None:
    assert read_waiver(table, 0, (), Collector()) is None
