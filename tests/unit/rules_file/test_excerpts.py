"""excerpts: a line of the file, with a caret and a hint."""

import pytest

from promoter.rules_file.excerpts import excerpt, printable


@pytest.mark.parametrize(
    ("code", "column", "carets"),
    [
        ('mode = "x"', 1, "^^^^"),
        ('mode = "a b"', 8, "       ^^^^^"),
        ("mode = 'a b'", 8, "       ^^^^^"),
        ("[[promotion]] # x", 1, "^^^^^^^^^^^^^"),
        ('\tmode = "x"', 2, "\t^^^^"),
        ("= 3", 1, "^"),
    ],
)
def test_carets_underline_the_word_at_the_column(code: str, column: int, carets: str) -> None:
    assert excerpt(code, 7, column, "") == f"   7 | {code}\n     | {carets}"


def test_the_hint_is_beside_the_carets() -> None:
    assert excerpt("mode = 3", 12, 1, "write a string") == ("   12 | mode = 3\n      | ^^^^ write a string")


def test_without_a_column_there_is_only_the_hint() -> None:
    assert excerpt("mode = 3", 12, 0, "write a string") == "   12 | mode = 3\n      |  write a string"
    assert excerpt("mode = 3", 12, 0, "") == "   12 | mode = 3"


def test_a_long_line_is_cut_around_the_column() -> None:
    code = "x" * 500 + ' "here" ' + "y" * 500

    quoted, below = excerpt(code, 1, 502, "fix it").splitlines()

    assert len(quoted) < 180
    assert quoted.index('"here"') == below.index("^")
    assert below.endswith("^^^^^^ fix it")


def test_a_text_is_printed_on_one_line_without_control_characters() -> None:
    assert printable("a\x1b[31m\nb\u202ec é") == "a\\x1b[31m\\nb\\u202ec é"


def test_a_long_text_is_cut_in_its_middle() -> None:
    text = printable("a" * 1000 + "b" * 1000)

    assert text == "a" * 400 + " ... " + "b" * 400
