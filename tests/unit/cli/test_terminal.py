"""Tables and times as people read them, and the bar of what takes long."""

import io
import sys
import threading
import time

import click
import pytest

from promoter.cli.moments import Moment
from promoter.cli.paced import SharedPace, map_concurrently
from promoter.cli.terminal import plain, show_table
from promoter.times import format_ago


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class TestTable:
    def test_piped_is_aligned_and_has_no_trailing_blanks(self) -> None:
        assert plain([("ok", "soak", "48h of 24h"), ("no", "approval", "")]) == [
            "  ok  soak      48h of 24h",
            "  no  approval",
        ]

    def test_of_no_rows_is_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        show_table([])
        assert capsys.readouterr().out == ""

    def test_on_a_terminal_brackets_are_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        show_table([("no", "hold", "[[hold]] [red]entry[/red]")])
        assert "[[hold]] [red]entry[/red]" in terminal.getvalue()


class TestMoment:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("2026-01-02T03:04:05Z", 1_767_323_045.0),
            ("2026-01-02T04:04:05+01:00", 1_767_323_045.0),
            ("2026-01-02T03:04:05", 1_767_323_045.0),
            ("2026-01-02", 1_767_312_000.0),
        ],
    )
    def test_is_read(self, text: str, seconds: float) -> None:
        assert Moment().convert(text, None, None) == seconds

    @pytest.mark.parametrize("text", ["", "now", "2026-13-01", "20260102T"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(click.BadParameter, match="write 2026-01-02T03:04:05Z"):
            Moment().convert(text, None, None)

    @pytest.mark.parametrize("text", ["1969-12-31", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
    def test_what_no_calculation_could_end_well_with_is_refused(self, text: str) -> None:
        with pytest.raises(click.BadParameter, match="before 1970 or after 2999"):
            Moment().convert(text, None, None)

    @pytest.mark.parametrize(
        ("seconds", "text"), [(-5, "just now"), (59, "just now"), (60, "1m ago"), (3 * 86400, "3d ago")]
    )
    def test_ago(self, seconds: float, text: str) -> None:
        assert format_ago(seconds) == text


class TestEach:
    def test_keeps_the_order(self) -> None:
        assert list(map_concurrently(lambda number: number * 2, range(50), "numbers")) == list(
            range(0, 100, 2)
        )

    def test_works_at_several_things_at_once(self) -> None:
        together = threading.Barrier(4, timeout=10)
        assert list(map_concurrently(lambda _: together.wait() >= 0, range(4), "things")) == [True] * 4

    def test_raises_the_first_error_and_drops_what_has_not_begun(self) -> None:
        begun: list[int] = []
        never = threading.Event()

        def work(number: int) -> None:
            begun.append(number)
            never.wait(0.2 if number else 0)  # so that they do not all end before the first is looked at
            raise ValueError(number)

        with pytest.raises(ValueError, match="0"):
            list(map_concurrently(work, range(10_000), "things"))
        assert len(begun) < 10_000

    def test_shows_a_bar_on_a_terminal_alone(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        list(map_concurrently(str, range(3), "dev -> staging"))
        assert capsys.readouterr() == ("", "")
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        assert list(map_concurrently(str, range(3), "dev -> staging")) == ["0", "1", "2"]
        assert "dev -> staging" in terminal.getvalue()
        assert capsys.readouterr().out == ""


class TestSharedPace:
    def test_is_kept_by_all_threads_together(self) -> None:
        pace = SharedPace(200.0)
        start = time.monotonic()
        list(map_concurrently(lambda _: pace.take(), range(21), "calls"))
        assert time.monotonic() - start >= 20 / 200  # the first at once, then one every 5 ms
