"""Conditions: what a promotion requires of a version. One frozen struct each, with one method."""

import re
from collections.abc import Mapping
from typing import ClassVar, Protocol

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import Pattern, path_of
from promoter.rules.evidence import Evidence, Fact
from promoter.rules.held_versions import HeldVersions
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_duration, format_time
from promoter.versions import Range, is_prerelease

_RELEASE = re.compile(r"[0-9]+(\.[0-9]+)*\Z")  # a release in every format, so nothing has to be parsed
PUBLISHED = "Published"
_NOTHING: frozenset[Fact] = frozenset()


class Reason(Struct, frozen=True, omit_defaults=True):
    """The answer of one condition. `until` is in UTC seconds since the epoch."""

    code: ReasonCode
    met: bool
    seen: str
    wanted: str
    text: str
    verdict: Verdict = Verdict.PROMOTE
    until: float | None = None


class Condition(Protocol):
    """One requirement. `needs` names the facts that have to be looked up for it."""

    needs: ClassVar[frozenset[Fact]]

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        """Answer whether the condition is met at `now` (UTC seconds since the epoch), and why."""
        ...


class NotExcluded(Struct, frozen=True):
    """The package matches no `exclude` pattern."""

    patterns: tuple[Pattern, ...]
    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        path = path_of(candidate.package)
        for pattern in self.patterns:
            if pattern.matches(path):
                text = f'exclude "{pattern.text}"'
                return Reason(ReasonCode.EXCLUDE, False, pattern.text, "not excluded", text, Verdict.REJECT)
        return Reason(ReasonCode.EXCLUDE, True, "not excluded", "not excluded", "not excluded")


class InRange(Struct, frozen=True):
    """The version is in the range of its format; a format without a range is not restricted."""

    ranges: Mapping[str, Range]
    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        version, range_ = candidate.version, self.ranges.get(candidate.package.format)
        if range_ is None:
            text = f"{candidate.package.format} is not restricted"
            return Reason(ReasonCode.VERSIONS, True, version, "any version", text)
        # NoPrerelease alone decides about prereleases
        contained = range_.contains(version, prereleases=True)
        if contained:
            text = f"{version} in {range_.text}"
            return Reason(ReasonCode.VERSIONS, True, version, range_.text, text)
        text = f"{version} not in {range_.text}"
        if contained is None:
            text = (
                f"{version} is not a version that {candidate.package.format} can compare with {range_.text}"
            )
        return Reason(ReasonCode.VERSIONS, False, version, range_.text, text, Verdict.REJECT)


class NoPrerelease(Struct, frozen=True):
    """The version is a release, or cannot be parsed."""

    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        version, wanted = candidate.version, "a release"
        prerelease = not _RELEASE.match(version) and is_prerelease(candidate.package.format, version)
        if prerelease:
            text = f"{version} is a prerelease"
            return Reason(ReasonCode.PRERELEASE, False, version, wanted, text, Verdict.REJECT)
        text = f"{version} cannot be parsed, so it is not checked" if prerelease is None else wanted
        return Reason(ReasonCode.PRERELEASE, True, version, wanted, text)


class Soaked(Struct, frozen=True):
    """The revision has been in the source repository for `seconds`, counted from its event's time."""

    seconds: float
    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        start = min(candidate.available_since, now)  # a time in the future counts as now
        seen, wanted = format_duration(now - start), format_duration(self.seconds)
        until, text = start + self.seconds, f"{seen} of {wanted}"
        if now >= until:
            return Reason(ReasonCode.SOAK, True, seen, wanted, text)
        return Reason(ReasonCode.SOAK, False, seen, wanted, text, Verdict.WAIT, until)


class Approved(Struct, frozen=True):
    """A person has approved the revision."""

    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        wanted = "one for this revision"
        return Reason(ReasonCode.APPROVAL, False, "none", wanted, "none yet", Verdict.HOLD)


class ManuallyRequested(Struct, frozen=True):
    """A person has requested the promotion: `mode = "manual"`."""

    needs: ClassVar = _NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        text = "only when a person asks"
        return Reason(ReasonCode.MANUAL, False, "no request", "a request", text, Verdict.HOLD)


class StillPublished(Struct, frozen=True):
    """The version is still Published in the source. Applies if its status was looked up."""

    needs: ClassVar = frozenset({Fact.STATUS})

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        status = evidence.status or "unknown"
        if status == PUBLISHED:
            return Reason(ReasonCode.SOURCE_STATUS, True, status, PUBLISHED, f"still {PUBLISHED}")
        text = f"{status} in {candidate.repository}; only {PUBLISHED} versions are promoted"
        return Reason(ReasonCode.SOURCE_STATUS, False, status, PUBLISHED, text, Verdict.REJECT)


class HoldRule(Struct, frozen=True):
    """A `[[hold]]` of the rules file. It stops versions on some hops, for good or until a time.

    Without `versions` it stops every version of the packages.
    """

    pattern: Pattern
    reason: str
    versions: HeldVersions | None = None
    source: str | None = None
    destination: str | None = None
    until: float | None = None
    needs: ClassVar = _NOTHING

    def applies(self, candidate: Candidate, destination: str) -> bool:
        """True if this hold is about this version on the hop to `destination`."""
        return (
            self.source in (None, candidate.repository)
            and self.destination in (None, destination)
            and self.pattern.matches(path_of(candidate.package))
            and (self.versions is None or self.versions.contains(candidate.package.format, candidate.version))
        )

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        seen, wanted = f'held: "{self.reason}"', "not held"
        if self.until is None:
            return Reason(ReasonCode.HOLD, False, seen, wanted, seen, Verdict.HOLD)
        end = format_time(self.until)
        if now >= self.until:
            return Reason(ReasonCode.HOLD, True, f"held until {end}", wanted, f"the hold ended at {end}")
        text = f"{seen} until {end}"
        return Reason(ReasonCode.HOLD, False, seen, wanted, text, Verdict.WAIT, self.until)
