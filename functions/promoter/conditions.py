"""What a promotion requires of a version: one frozen struct per condition, each with one method."""

from datetime import UTC, datetime
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from promoter.package import Candidate
from promoter.patterns import Pattern, VersionPattern, path_of


class Verdict(IntEnum):
    """What becomes of a version; the worst of its conditions' verdicts is its own."""

    PROMOTE = 0
    WAIT = 1  # ends by itself
    HOLD = 2  # ends by a person
    REJECT = 3  # the rules say no


class Reason(Struct, frozen=True, omit_defaults=True):
    """What one condition answered.

    `code` is stable and has its heading in docs/reasons.md; `until` is in UTC seconds since the epoch.
    """

    code: str
    met: bool
    seen: str
    wanted: str
    text: str
    verdict: Verdict = Verdict.PROMOTE
    until: float | None = None


class Condition(Protocol):
    """One requirement."""

    def check(self, candidate: Candidate, now: float) -> Reason:
        """Whether it is met at `now` (UTC seconds since the epoch), and why."""
        ...


class NotExcluded(Struct, frozen=True):
    """The package is in none of the `exclude` patterns."""

    patterns: tuple[Pattern, ...]

    def check(self, candidate: Candidate, now: float) -> Reason:
        path = path_of(candidate.package)
        for pattern in self.patterns:
            if pattern.matches(path):
                text = f'exclude "{pattern.text}"'
                return Reason("exclude", False, pattern.text, "not excluded", text, Verdict.REJECT)
        return Reason("exclude", True, "not excluded", "not excluded", "not excluded")


class Hold(Struct, frozen=True):
    """A `[[hold]]` entry: stops what it names on the hops it names, for good or until a moment."""

    pattern: VersionPattern
    reason: str
    source: str | None = None
    destination: str | None = None
    until: float | None = None

    def applies(self, candidate: Candidate, destination: str) -> bool:
        """Whether it speaks of this version on the hop to `destination`."""
        return (
            self.source in (None, candidate.repository)
            and self.destination in (None, destination)
            and self.pattern.matches(path_of(candidate.package), candidate.version)
        )

    def check(self, candidate: Candidate, now: float) -> Reason:
        seen = f'held: "{self.reason}"'
        if self.until is None:
            return Reason("hold", False, seen, "not held", seen, Verdict.HOLD)
        end = datetime.fromtimestamp(self.until, UTC).isoformat().replace("+00:00", "Z")
        if now >= self.until:
            return Reason("hold", True, f"held until {end}", "not held", f"the hold ended at {end}")
        text = f"{seen} until {end}"
        return Reason("hold", False, seen, "not held", text, Verdict.WAIT, self.until)
