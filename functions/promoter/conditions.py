"""What a promotion requires of a version: one frozen struct per condition, each with one method."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from promoter.package import Candidate
from promoter.patterns import Pattern, VersionPattern, path_of
from promoter.ranges import Range, is_prerelease

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)*\Z")  # a release in every format; spares parsing it


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


class InRange(Struct, frozen=True):
    """The version is in the range of its format; a format without one is not restricted."""

    ranges: Mapping[str, Range]

    def check(self, candidate: Candidate, now: float) -> Reason:
        version, range_ = candidate.version, self.ranges.get(candidate.package.format)
        if range_ is None:
            text = f"{candidate.package.format} is not restricted"
            return Reason("versions", True, version, "any version", text)
        # whether a prerelease may pass is the business of the condition below
        contained = range_.contains(version, prereleases=True)
        if contained:
            return Reason("versions", True, version, range_.text, f"{version} in {range_.text}")
        text = f"{version} not in {range_.text}"
        if contained is None:
            text = f"{version} is no version that {candidate.package.format} can compare with {range_.text}"
        return Reason("versions", False, version, range_.text, text, Verdict.REJECT)


class NoPrerelease(Struct, frozen=True):
    """The version is a release; what cannot be parsed is not judged."""

    def check(self, candidate: Candidate, now: float) -> Reason:
        version = candidate.version
        if _PLAIN.match(version):
            return Reason("prerelease", True, version, "a release", "a release")
        prerelease = is_prerelease(candidate.package.format, version)
        if prerelease:
            return Reason(
                "prerelease", False, version, "a release", f"{version} is a prerelease", Verdict.REJECT
            )
        text = "a release" if prerelease is False else f"{version} cannot be parsed, so is not judged"
        return Reason("prerelease", True, version, "a release", text)


class Soaked(Struct, frozen=True):
    """The revision has been in the source repository for `seconds`, by the time of its event."""

    seconds: float

    def check(self, candidate: Candidate, now: float) -> Reason:
        start = min(candidate.since, now)  # a time in the future counts as now
        seen, wanted = span(now - start), span(self.seconds)
        until = start + self.seconds
        if now >= until:
            return Reason("soak", True, seen, wanted, f"{seen} of {wanted}")
        return Reason("soak", False, seen, wanted, f"{seen} of {wanted}", Verdict.WAIT, until)


class Approved(Struct, frozen=True):
    """A person has approved the revision."""

    def check(self, candidate: Candidate, now: float) -> Reason:
        return Reason("approval", False, "none", "one for this revision", "none yet", Verdict.HOLD)


class Asked(Struct, frozen=True):
    """A person has asked for the promotion: `mode = "manual"`."""

    def check(self, candidate: Candidate, now: float) -> Reason:
        return Reason("manual", False, "nobody asked", "a request", "only when a person asks", Verdict.HOLD)


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


def span(seconds: float) -> str:
    """A duration as people say it, rounded down to its two largest units: `2d 3h`, `24h`, `45m`."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 72 * 60:
        return f"{minutes // 60}h" + (f" {minutes % 60}m" if minutes % 60 else "")
    return f"{minutes // 1440}d" + (f" {minutes % 1440 // 60}h" if minutes % 1440 // 60 else "")
