"""Opening hours: `Mon-Thu 08:00-16:00 Europe/Berlin`."""

import re
from collections.abc import Iterator

from promoter.rules.windows import DAYS, MINUTES_OF_DAY, MINUTES_OF_WEEK, OpeningHours
from promoter.rules.zones import find_zone, zone_names
from promoter.rules_file.spelling import closest, did_you_mean

_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_HOURS = re.compile(rf"{_TIME}-(?:{_TIME}|24:00)\Z")


class OpeningHoursError(ValueError):
    """A text that has no opening hours. `problem` says what is wrong, `hint` what to write instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem}; {hint}")
        self.problem = problem
        self.hint = hint


def read_opening_hours(text: str) -> OpeningHours:
    """Read days, hours and a time zone. Raises OpeningHoursError."""
    parts = text.split()
    if len(parts) != 3:
        raise OpeningHoursError(
            f'"{text}" does not have days, hours and a time zone', 'write "Mon-Thu 08:00-16:00 Europe/Berlin"'
        )
    days, hours, name = parts
    starts = sorted(set(_read_days(days)))
    start, end = _read_hours(hours)
    zone = find_zone(name)
    if zone is None:
        raise OpeningHoursError(f'there is no time zone "{name}"', _zone_hint(name))
    spans = [_span(day * MINUTES_OF_DAY, start, end) for day in starts]
    return OpeningHours(tuple(sorted(part for span in spans for part in span)), zone)


def _read_days(text: str) -> Iterator[int]:
    """The days, counted from Monday: `Mon,Wed`, `Mon-Thu`, or over the end of the week, `Fri-Mon`."""
    for item in text.split(","):
        first, dash, last = item.partition("-")
        start = _read_day(first)
        length = (_read_day(last) - start) % len(DAYS) if dash else 0
        yield from ((start + each) % len(DAYS) for each in range(length + 1))


def _read_day(name: str) -> int:
    if name in DAYS:
        return DAYS.index(name)
    close = name[:3].title()
    hint = did_you_mean(close) if close in DAYS else f"write {', '.join(DAYS[:-1])} or {DAYS[-1]}"
    raise OpeningHoursError(f'"{name}" is not a day', hint)


def _read_hours(text: str) -> tuple[int, int]:
    """The first minute of the day, and the minute after the last; on the next day if it is not later."""
    found = _HOURS.match(text)
    if found is None:
        raise OpeningHoursError(f'"{text}" are not hours', "write 08:00-16:00, or over midnight 22:00-06:00")
    start = _minute(found[1], found[2])
    end = _minute(found[3], found[4]) if found[3] else MINUTES_OF_DAY
    if start == end:
        raise OpeningHoursError(f'"{text}" is empty', "write 00:00-24:00 for whole days")
    return start, end


def _minute(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def _span(day: int, start: int, end: int) -> list[tuple[int, int]]:
    """The minutes of the week from a time of one day; in two parts if they reach over the end of the week."""
    first, last = day + start, day + end + (MINUTES_OF_DAY if end < start else 0)
    if last <= MINUTES_OF_WEEK:
        return [(first, last)]
    return [(first, MINUTES_OF_WEEK), (0, last - MINUTES_OF_WEEK)]


def _zone_hint(name: str) -> str:
    close = closest(name, zone_names())
    return did_you_mean(close) if close else "write a name of the time zone database, as Europe/Berlin"
