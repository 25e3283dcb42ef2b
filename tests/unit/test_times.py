"""times: times and durations as text."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.times import format_ago, format_duration, format_time, whole_milliseconds
from tests.support.samples import MORNING


def test_times_are_written_in_utc() -> None:
    assert (format_time(MORNING), format_time(MORNING + 0.5)) == (
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.500000Z",
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (3, "3s"),
        (59.9, "59s"),
        (60, "1m"),
        (90, "1m 30s"),
        (299, "4m 59s"),
        (330, "5m"),
        (3599, "59m"),
        (3600, "1h"),
        (5400, "1h 30m"),
        (71 * 3600, "71h"),
        (72 * 3600, "3d"),
        (75 * 3600, "3d 3h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_less_than_a_minute_ago_is_just_now() -> None:
    assert (format_ago(59), format_ago(60)) == ("just now", "1m ago")


@given(st.floats(0, 32_503_680_000))
def test_whole_milliseconds_are_written_exactly_and_are_never_later(seconds: float) -> None:
    whole = whole_milliseconds(seconds)

    assert datetime.fromisoformat(format_time(whole)).timestamp() == whole
    assert 0 <= seconds - whole < 0.002
