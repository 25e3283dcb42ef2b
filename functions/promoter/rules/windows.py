"""Windows: the hours of a week in which versions are promoted.

A window is open exactly while the wall clock of its zone shows a day and a time inside it. So an hour that the clocks
skip is never open, and an hour that they repeat is open twice.
"""

from datetime import datetime
from math import floor
from typing import ClassVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.rules.evidence import NOTHING, Evidence
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import Hop, ReasonCode, Verdict

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
_WEEK = MINUTES_OF_WEEK * 60  # in seconds
_MONDAY = 4 * MINUTES_OF_DAY * 60  # 1970-01-01 was a Thursday; the first Monday came four days later
_STEP = 12 * 3600  # clocks are not changed twice within half a day


class OpeningHours(Struct, frozen=True):
    """Hours of a week, in the time of a zone.

    `spans` are (start, end) in minutes since Monday 00:00. They are sorted, not empty, and do not reach beyond the
    week; the start belongs to a span, the end does not.
    """

    spans: tuple[tuple[int, int], ...]
    zone: ZoneInfo

    def is_open(self, at: float) -> bool:
        """True if they are open at a time in UTC seconds since the epoch."""
        return self._seconds_until_open(self._local_second(floor(at))) == 0

    def next_opening(self, now: float) -> float:
        """The first time not before `now` at which they are open, both in UTC seconds since the epoch."""
        at = floor(now)
        while (wait := self._seconds_until_open(self._local_second(at))) > 0:
            # the wall clock is right only until it is changed; then look again
            at = self._first_change(at, at + wait) or at + wait
        return max(float(at), now)

    def wall_clock(self, at: float) -> str:
        """A time in UTC seconds since the epoch as the zone's own: `Fri 17:30`."""
        local = datetime.fromtimestamp(at, self.zone)
        return f"{DAYS[local.weekday()]} {local:%H:%M}"

    def _seconds_until_open(self, second: int) -> int:
        """The seconds from a second of the week to the next open one, on a clock that nobody changes."""
        waits = (
            0 if start * 60 <= second < end * 60 else (start * 60 - second) % _WEEK
            for start, end in self.spans
        )
        return min(waits)

    def _local_second(self, at: int) -> int:
        """The second of the week that the wall clock shows, counted from Monday 00:00."""
        return (at + self._offset(at) - _MONDAY) % _WEEK

    def _first_change(self, start: int, end: int) -> int | None:
        """The first second after `start` and up to `end` with another offset from UTC, None if there is none."""
        offset = self._offset(start)
        for earlier in range(start, end, _STEP):
            later = min(earlier + _STEP, end)
            if self._offset(later) != offset:
                return self._bisect(earlier, later)
        return None

    def _bisect(self, earlier: int, later: int) -> int:
        """The first second with the offset of `later`. `earlier` has another offset."""
        while later - earlier > 1:
            middle = (earlier + later) // 2
            if self._offset(middle) == self._offset(later):
                later = middle
            else:
                earlier = middle
        return later

    def _offset(self, at: int) -> int:
        """The offset from UTC in seconds."""
        offset = datetime.fromtimestamp(at, self.zone).utcoffset()
        assert offset is not None  # it has a zone
        return int(offset.total_seconds())


class Window(Struct, frozen=True):
    """A `[[window]]` of the rules file: some hops promote only while it is open. `text` is its `allow`."""

    hours: OpeningHours
    text: str
    source: str | None = None
    destination: str | None = None
    needs: ClassVar = NOTHING

    def applies(self, hop: Hop) -> bool:
        """True if this window is about this hop."""
        return self.source in (None, hop.source) and self.destination in (None, hop.destination)

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        seen, opening = self.hours.wall_clock(now), self.hours.next_opening(now)
        if opening <= now:
            return Reason(ReasonCode.WINDOW, True, seen, self.text, f"{seen} is in {self.text}")
        text = f"{seen} is not in {self.text}; opens {self.hours.wall_clock(opening)}"
        return Reason(ReasonCode.WINDOW, False, seen, self.text, text, Verdict.WAIT, opening)
