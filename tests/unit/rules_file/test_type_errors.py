"""type_errors: a value that is not of its key's type, in the words of TOML."""

from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules_file.file_format import HoldEntry, PromotionEntry, RulesFile, TeamEntry
from promoter.rules_file.type_errors import type_errors

FIELDS = {
    field.encode_name: field.type
    for struct in (HoldEntry, PromotionEntry)
    for field in msgspec.structs.fields(struct)
}


def found(key: str, value: Any) -> list[tuple[tuple[str | int, ...], str, str]]:
    diagnostics = type_errors(value, FIELDS[key], ("promotion", 0, key), "web")
    return [(each.path[2:], each.message, each.hint) for each in diagnostics]


NAME_HINT = "use letters, digits, spaces and punctuation of ASCII; no space at either end"


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        ("name", 3, "name 3 of web must be a string, not an integer", NAME_HINT),
        ("name", "", "name of web is empty", NAME_HINT),
        ("name", "n" * 101, "name of web is longer than 100 characters", ""),
        ("name", "é", 'name "é" of web has characters that are not allowed', NAME_HINT),
        (
            "from",
            "a b",
            'from "a b" of web is not a valid repository name',
            'use 2 to 100 letters, digits, ".", "_" and "-"; begin with a letter or a digit',
        ),
        ("prereleases", "true", 'prereleases "true" of web must be true or false, not a string', ""),
        ("mode", True, "mode true of web must be a string, not a boolean", ""),
        ("mode", 1.5, "mode 1.5 of web must be a string, not a number", ""),
        (
            "mode",
            "observ",
            'mode "observ" of web is not one of enforce, manual, observe',
            'did you mean "observe"?',
        ),
        ("origin", [], "origin of web must be a string, not an array", ""),
        ("origin", "x", 'origin "x" of web is not one of any, external, internal', "known: any, external, internal"),
        ("packages", [], "packages of web is empty", "list patterns or teams, each as a string"),
        ("packages", "a", 'packages "a" of web must be an array, not a string', 'write packages = ["a"]'),
        ("versions", [], "versions of web must be a string or a table, not an array", ""),
        (
            "soak",
            "1 day",
            'soak "1 day" of web is not a duration',
            'write numbers with units: "24h", "7d", "1d12h"',
        ),
        ("reason", {}, "reason of web must be a string, not a table", ""),
    ],
)  # fmt: skip
def test_a_wrong_value_is_explained_with_its_key_and_its_table(
    key: str, value: Any, message: str, hint: str
) -> None:
    assert found(key, value) == [((key,), message, hint)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2026, 1, 2, 3), "until 2026-01-02T03:00:00 of web is not a date and a time with a zone"),  # noqa: DTZ001
        ("tomorrow", 'until "tomorrow" of web is not a date and a time with a zone'),
        (date(2026, 1, 2), "until 2026-01-02 of web must be a date with a time, not a date"),
        (time(3), "until 03:00:00 of web must be a date with a time, not a time"),
        (3, "until 3 of web must be a date with a time, not an integer"),
    ],
)
def test_a_wrong_time_is_explained_with_an_example(value: Any, message: str) -> None:
    hint = "write a date and a time with its zone: 2027-01-31T08:00:00Z"

    assert found("until", value) == [(("until",), message, hint)]


def test_every_wrong_element_of_an_array_is_reported_at_its_position() -> None:
    choices = "approval, extended, failed, promoted, rejected"

    assert found("notify", ["failed", "faild", 3]) == [
        (("notify", 1), f'notify "faild" of web is not one of {choices}', 'did you mean "failed"?'),
        (("notify", 2), "each value in notify of web must be a string, not an integer", ""),
    ]


def test_every_wrong_entry_of_a_table_is_reported_at_its_key() -> None:
    choices = "cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift"

    assert found("versions", {"npm": 1, "rubygems": 2, "pypi": "1"}) == [
        (("versions", "npm"), "each value in versions of web must be a string, not an integer", ""),
        (
            ("versions", "rubygems"),
            f'versions "rubygems" of web is not one of {choices}',
            'did you mean "ruby"?',
        ),
    ]


def test_a_key_of_the_file_is_named_without_a_table() -> None:
    [only] = type_errors({}, list[Any], ("promotion",), "")

    assert only.message == "promotion must be an array, not a table"
    assert only.hint == "begin each promotion with [[promotion]]"


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["npm", "enforce", "failed", "24h", "dev", "pkg:npm/a"]),
        st.datetimes(),
        st.datetimes(timezones=st.just(UTC)),
        st.dates(),
        st.times(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
TYPES = [
    field.type
    for struct in (RulesFile, TeamEntry, HoldEntry, PromotionEntry)
    for field in msgspec.structs.fields(struct)
]


@given(type_=st.sampled_from(TYPES), value=VALUES)
def test_there_is_an_explanation_exactly_if_msgspec_refuses_the_value(type_: Any, value: Any) -> None:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        explained = type_errors(value, type_, ("key",), "web")
        assert explained
        assert not any(
            each.message.endswith("is not valid") and "of web is" not in each.message for each in explained
        )
