"""folding: of many diagnostics of one kind, the first three are printed and the others are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules_file.folding import fold, kind_of, summary


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('unknown key "sok" in promotion "a"', 'unknown key "apprval" in promotion "b c"'),
        ("promotion 3 has no name", "promotion 40 has no name"),
        ("'[' is not allowed", "'{' is not allowed"),
        ("write pkg:npm/@acme/a", "write /npm/acme/*"),
        ("it does not select namespace com.acme itself", "it does not select namespace org.x itself"),
    ],
)
def test_texts_that_differ_in_values_are_of_one_kind(one: str, other: str) -> None:
    assert kind_of(one) == kind_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('unknown key "sok" in promotion "a"', 'unknown key "sok" in team "a"'),
        ('"a" is not a duration', '"a" is not a Package URL'),
        ("error a", "warning a"),
    ],
)
def test_texts_that_differ_in_words_are_of_different_kinds(one: str, other: str) -> None:
    assert kind_of(one) != kind_of(other)


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_every_position_is_printed_or_left_out_once(kinds: list[str]) -> None:
    folded = fold(kinds)

    assert sorted([*folded, *(each for others in folded.values() for each in others)]) == list(
        range(len(kinds))
    )
    assert list(folded) == sorted(folded)
    for position, others in folded.items():
        assert {kinds[other] for other in others} <= {kinds[position]}


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_the_first_three_of_a_kind_are_printed_and_the_last_of_them_has_the_others(kinds: list[str]) -> None:
    folded = fold(kinds)

    for kind in set(kinds):
        same = [position for position, each in enumerate(kinds) if each == kind]
        printed = [position for position in folded if kinds[position] == kind]
        assert printed == same[:3]
        assert [folded[position] for position in printed] == [[]] * (len(printed) - 1) + [same[3:]]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([9], "and 1 more like this, in line 9"),
        ([9, 7, 7], "and 3 more like this, in lines 7, 9"),
        ([0, 0], "and 2 more like this"),
        (list(range(1, 40)), "and 39 more like this, in lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ..."),
    ],
)
def test_what_is_left_out_is_counted_with_its_lines(lines: list[int], text: str) -> None:
    assert summary(lines) == text
