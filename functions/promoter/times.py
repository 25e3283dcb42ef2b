"""Times and durations as text. Times are UTC seconds since the epoch, durations are seconds."""

import re
from datetime import UTC, datetime

_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}


def format_time(seconds: float) -> str:
    """A time as RFC 3339: `2026-01-02T03:04:05Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def whole_milliseconds(seconds: float) -> float:
    """A time that `format_time` gives exactly, never later than the given one."""
    return int(seconds * 1000) / 1000


def parse_duration(text: str) -> float:
    """The seconds of a duration such as `1d12h`. The text has been checked before."""
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", text))


def format_duration(seconds: float) -> str:
    """A duration in its two largest units, rounded down: `2d 3h`, `24h`, `45m`, `1m 30s`, `3s`."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 5:
        return " ".join(
            [*([f"{minutes}m"] if minutes else []), *([f"{rest}s"] if rest or not minutes else [])]
        )
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 72 * 60:
        return f"{minutes // 60}h" + (f" {minutes % 60}m" if minutes % 60 else "")
    return f"{minutes // 1440}d" + (f" {minutes % 1440 // 60}h" if minutes % 1440 // 60 else "")


def format_ago(seconds: float) -> str:
    """How long ago something happened: `3d ago`, `just now`."""
    return f"{format_duration(seconds)} ago" if seconds >= 60 else "just now"
