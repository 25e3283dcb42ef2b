"""spelling: the word that an author probably meant."""

import pytest

from promoter.rules_file.spelling import closest, suggest


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("exlude", ["exclude", "packages"], 'did you mean "exclude"?'),
        ("rubygems", ["npm", "ruby"], 'did you mean "ruby"?'),
        ("python", ["npm", "pypi"], 'did you mean "pypi"?'),
        ("rubygems", ["npm", "cargo"], "known: cargo, npm"),
        ("zzz", ["b", "a"], "known: a, b"),
    ],
)
def test_the_hint_is_a_close_word_or_all_known_words(word: str, known: list[str], hint: str) -> None:
    assert suggest(word, known) == hint


@pytest.mark.parametrize(("word", "close"), [("wbe", "web"), ("meaning", ""), ("", "")])
def test_only_a_close_word_is_closest(word: str, close: str) -> None:
    assert closest(word, ["web", "payments"]) == close


def test_a_very_long_word_is_compared_by_its_beginning() -> None:
    assert closest("a" * 100_000, ["a" * 100]) == "a" * 100
