"""printable: text from outside is safe to print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.printable import escape_control, escape_unprintable


@given(st.text())
def test_a_mail_is_printable_ascii(text: str) -> None:
    escaped = escape_unprintable(text)

    assert escaped.isascii()
    assert escaped.isprintable()


def test_characters_can_be_kept_in_a_mail() -> None:
    assert escape_unprintable("a\nb\té", keep="\n") == "a\nb\\t\\xe9"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("a\u2028b", "a\\u2028b"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\ud800", "\\ud800"),
        ("\x85\x7f", "\\x85\\x7f"),
    ],
)
def test_a_terminal_gets_no_character_that_it_interprets(text: str, escaped: str) -> None:
    assert escape_control(text) == escaped


@pytest.mark.parametrize("text", ["plain", "é 日本", "a\tb", "\U0001f4e6"])
def test_a_terminal_gets_letters_of_every_alphabet(text: str) -> None:
    assert escape_control(text) == text
