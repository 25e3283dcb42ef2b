"""matching: which packages and versions a pattern selects."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.matching import Pattern, ends_word, glob_matches, is_word_character, path_of
from promoter.packages.package import Package
from promoter.packages.patterns import parse


def test_a_path_has_format_namespace_and_name() -> None:
    assert path_of(Package("npm", "acme", "widget")) == "npm/acme/widget"
    assert path_of(Package("npm", "", "lodash")) == "npm//lodash"


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        (Pattern("x", "npm//a"), {"npm//a", "npm//ab", "npm//a-b"}),
        (Pattern("x", "npm//a", whole=True), {"npm//a"}),
        (Pattern("x", "npm//a", word=True), {"npm//a", "npm//a-b"}),
        (Pattern("x", "npm//a", glob=r"npm//a[^/]*b\Z"), {"npm//ab", "npm//a-b"}),
    ],
    ids=["prefix", "whole", "word", "glob"],
)
def test_a_pattern_matches_by_its_prefix_and_its_kind(pattern: Pattern, paths: set[str]) -> None:
    candidates = {"npm//a", "npm//ab", "npm//a-b", "npm/a/b", "pypi//a"}

    assert {path for path in candidates if pattern.matches(path)} == paths


@pytest.mark.parametrize(("prefix", "format_"), [("npm/acme/", "npm"), ("npm//", "npm"), ("", "")])
def test_a_pattern_knows_its_format(prefix: str, format_: str) -> None:
    assert Pattern("x", prefix).format == format_


def test_the_regular_expression_of_a_glob_matches_from_the_beginning() -> None:
    assert glob_matches(r"1\..*\Z", "1.5")
    assert not glob_matches(r"1\..*\Z", "2.1.5")


@given(letter=st.characters(categories=["L", "N", "M"]))
def test_letters_numbers_and_marks_of_every_alphabet_continue_a_word(letter: str) -> None:
    assert is_word_character(letter)
    assert not ends_word(f"acme{letter}x", 4)


@given(sign=st.sampled_from("-._!+~'()"))
def test_punctuation_and_the_end_of_the_text_end_a_word(sign: str) -> None:
    assert ends_word(f"acme{sign}x", 4)
    assert ends_word("acme", 4)


@pytest.mark.parametrize("glob", ["*a" * 20 + "*b", "a*" * 30 + "b", "*" + "a" * 100 + "*b"])
def test_a_hostile_pattern_takes_time_linear_in_the_name(glob: str) -> None:
    pattern = parse(f"pkg:npm/{glob}")
    path = path_of(Package("npm", "", "a" * 255))

    started = time.process_time()
    for _ in range(100):
        pattern.matches(path)

    assert time.process_time() - started < 0.2  # 2 ms each; backtracking would take hours
