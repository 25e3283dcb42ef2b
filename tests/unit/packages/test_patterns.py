"""patterns: every text is a pattern or an error."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.patterns import PatternError, parse, parse_versioned


@given(text=st.text(max_size=40) | st.text(alphabet="pkg:npmaven/@*%2F", max_size=20).map("pkg:".__add__))
def test_every_text_is_a_pattern_or_a_pattern_error(text: str) -> None:
    for read in (parse, parse_versioned):
        with contextlib.suppress(PatternError):
            assert read(text) == read(text)


@pytest.mark.parametrize("text", ["pkg:npm/@acme/*", "/npm/acme/*"])
def test_both_kinds_of_patterns_are_read(text: str) -> None:
    assert parse(text).text == text
    assert parse_versioned(text).package == parse(text)
    assert parse(text).matches("npm/acme/widget")


def test_only_a_versioned_pattern_may_have_a_version() -> None:
    with pytest.raises(PatternError) as error:
        parse("pkg:npm/widget@1.0.0")

    assert error.value.problem == '"pkg:npm/widget@1.0.0" names a version, but no version is allowed here'
    assert error.value.hint == "write pkg:npm/widget"
    assert parse_versioned("pkg:npm/widget@1.0.0").matches("npm//widget", "1.0.0")
