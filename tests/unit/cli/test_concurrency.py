"""concurrency: several calls at a time, in order, at one rate."""

import io
import sys
import threading
import time

import pytest

from promoter.cli.concurrency import SharedRateLimiter, map_concurrently


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_results_are_in_the_order_of_the_items() -> None:
    assert list(map_concurrently(lambda number: number * 2, range(50), "numbers")) == list(range(0, 100, 2))


def test_several_items_are_worked_on_at_a_time() -> None:
    together = threading.Barrier(4, timeout=10)

    assert list(map_concurrently(lambda _: together.wait() >= 0, range(4), "items")) == [True] * 4


def test_the_first_error_is_raised_and_cancels_what_has_not_started() -> None:
    started: list[int] = []
    never = threading.Event()

    def work(number: int) -> None:
        started.append(number)
        never.wait(0.2 if number else 0)  # so that not all end before the first result is read
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        list(map_concurrently(work, range(10_000), "items"))
    assert len(started) < 10_000


def test_a_progress_bar_is_shown_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    list(map_concurrently(str, range(3), "dev -> staging"))
    assert capsys.readouterr() == ("", "")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    assert list(map_concurrently(str, range(3), "dev -> staging")) == ["0", "1", "2"]

    assert "dev -> staging" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_all_threads_share_the_rate() -> None:
    limiter = SharedRateLimiter(200.0)
    start = time.monotonic()

    list(map_concurrently(lambda _: limiter.acquire(), range(21), "calls"))

    assert time.monotonic() - start >= 20 / 200  # the first at once, then one every 5 ms
