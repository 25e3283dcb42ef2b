"""terminal: tables as people read them."""

import io
import sys

import pytest

from promoter.cli.terminal import aligned, show_line, show_table


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_piped_table_is_aligned_and_has_no_trailing_blanks() -> None:
    assert aligned([("ok", "soak", "48h of 24h"), ("no", "approval", "")]) == [
        "  ok  soak      48h of 24h",
        "  no  approval",
    ]


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
