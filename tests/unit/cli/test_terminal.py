"""terminal: tables as people read them."""

import io
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cli import colours
from promoter.cli.terminal import aligned, display_width, show_error, show_line, show_table, wrap


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_piped_table_is_aligned_and_has_no_trailing_blanks() -> None:
    assert aligned([("ok", "soak", "48h of 24h"), ("no", "approval", "")]) == [
        "  ok  soak      48h of 24h",
        "  no  approval",
    ]


def test_wide_and_combining_characters_take_the_columns_that_a_terminal_gives_them() -> None:
    lines = aligned([("+", "npm", "\u5305\u88f9 1.0", "x"), ("+", "npm", "cafe\u0301 1.0.0", "x")])

    assert [display_width(line.rpartition("x")[0]) for line in lines] == [22, 22]


def test_a_long_line_is_wrapped_between_words_and_indented() -> None:
    assert wrap("  Next: ask the rules owner to widen the range", 24) == [
        "  Next: ask the rules",
        "    owner to widen the",
        "    range",
    ]


@pytest.mark.parametrize(
    "text", ["  $ promoter approve pkg:npm/@acme/widget@1.5.0 --reason x", "  14 | a b c d e f g h i"]
)
def test_commands_and_excerpts_are_never_wrapped(text: str) -> None:
    assert wrap(text, 20) == [text]


@given(st.text(st.sampled_from("ab \u5305"), max_size=60), st.integers(5, 40))
def test_wrapping_keeps_every_word_whole(text: str, columns: int) -> None:
    lines = wrap(text, columns)

    assert [word for line in lines for word in line.split(" ") if word] == [w for w in text.split(" ") if w]
    assert all(display_width(line) <= columns or len(line.split()) == 1 for line in lines)


@pytest.mark.parametrize("columns", [80, 60, 40])
def test_the_last_column_wraps_between_words(columns: int) -> None:
    rows = [
        (
            "x",
            "maven",
            "com.acme:core 3.0-SNAPSHOT",
            "3.0-SNAPSHOT is a prerelease; soak: 3h of 24h; approval: none",
        )
    ]

    [text] = aligned(rows, columns=columns)

    assert all(len(line) <= columns for line in text.splitlines())
    assert text.split() == " ".join(rows[0]).split()


def test_a_pipe_gets_no_colour_and_no_wrapping(capsys: pytest.CaptureFixture[str]) -> None:
    show_error("word " * 40)

    assert capsys.readouterr().err == f"error: {'word ' * 40}\n"


@pytest.mark.parametrize(
    ("environ", "terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": ""}, True, True),
    ],
)
def test_colour_follows_the_stream_and_the_environment(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], terminal: bool, coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)

    show_line("dev -> staging   REJECTED\nNext: run `promoter plan`")
    show_table([("ok", "soak", "48h of 24h")])

    shown = click.unstyle(stream.getvalue())
    assert (stream.getvalue() != shown) == coloured
    assert shown == "dev -> staging   REJECTED\nNext: run `promoter plan`\n  ok  soak  48h of 24h\n"


@pytest.mark.parametrize(
    ("text", "coloured"),
    [
        ("error: no such file", "\x1b[31m\x1b[1merror\x1b[0m: no such file"),
        ("      | ^^^ did you", "      | \x1b[31m\x1b[1m^^^\x1b[0m did you"),
        ("dev REJECTED", "dev \x1b[31m\x1b[1mREJECTED\x1b[0m"),
        ("acme-REJECTED-1", "acme-REJECTED-1"),
        ("  $ promoter plan", "  $ \x1b[36mpromoter plan\x1b[0m"),
    ],
)
def test_labels_verdicts_commands_and_carets_are_coloured(text: str, coloured: str) -> None:
    assert colours.line(text) == coloured


def test_a_table_without_rows_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([])

    assert capsys.readouterr().out == ""


def test_brackets_are_text_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)

    show_table([("no", "hold", "[[hold]] [red]entry[/red]")])

    assert "[[hold]] [red]entry[/red]" in terminal.getvalue()


def test_control_characters_are_escaped_in_lines_and_tables(capsys: pytest.CaptureFixture[str]) -> None:
    show_line("\x1b[2Jwidget\nnext")
    show_table([("ok", "\x1b[2J\n")])

    assert capsys.readouterr().out == "\\x1b[2Jwidget\nnext\n  ok  \\x1b[2J\\n\n"
