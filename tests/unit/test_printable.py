"""printable: text from outside, made safe to print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.printable import escape_control, escape_unprintable


def test_everything_but_printable_ascii_is_escaped() -> None:
    assert escape_unprintable("a b\x1b[2Jé\n") == r"a b\x1b[2J\xe9\n"
    assert escape_unprintable("a\nb\tc", keep="\n") == "a\nb\\tc"


@pytest.mark.parametrize("character", ["\x1b", "\r", "\x7f", "\x9b", "\u202e", "\u2028", "\ud800"])
def test_characters_that_a_terminal_obeys_are_escaped(character: str) -> None:
    assert escape_control(f"a{character}b") == f"a{character.encode('unicode_escape').decode()}b"


def test_letters_of_all_languages_and_tabs_are_kept() -> None:
    assert escape_control("Größe\tパッケージ") == "Größe\tパッケージ"
    assert escape_control("a\nb") == r"a\nb"


@given(st.text())
def test_escaped_text_is_one_line_that_can_be_encoded(text: str) -> None:
    assert escape_unprintable(text).isascii()
    assert escape_unprintable(text).isprintable()
    assert len(escape_control(text).encode().splitlines()) <= 1
