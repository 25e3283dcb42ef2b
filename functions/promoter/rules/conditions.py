"""Conditions: what a promotion requires of a version. One frozen struct each, with one method."""

import re
from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import Pattern, path_of
from promoter.rules.evidence import NOTHING, Evidence, Fact
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_duration
from promoter.versions import Range, is_prerelease

_RELEASE = re.compile(r"[0-9]+(\.[0-9]+)*\Z")  # a release in every format, so nothing has to be parsed
PUBLISHED = "Published"


class NotExcluded(Struct, frozen=True):
    """The package matches no `exclude` pattern."""

    patterns: tuple[Pattern, ...]
    needs: ClassVar = NOTHING

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
    needs: ClassVar = NOTHING

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

    needs: ClassVar = NOTHING

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
    needs: ClassVar = NOTHING

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        start = min(candidate.available_since, now)  # a time in the future counts as now
        seen, wanted = format_duration(now - start), format_duration(self.seconds)
        until, text = start + self.seconds, f"{seen} of {wanted}"
        if now >= until:
            return Reason(ReasonCode.SOAK, True, seen, wanted, text)
        return Reason(ReasonCode.SOAK, False, seen, wanted, text, Verdict.WAIT, until)


class StillPublished(Struct, frozen=True):
    """The version is still Published in the source. Applies if its status was looked up."""

    needs: ClassVar = frozenset({Fact.STATUS})

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        status = evidence.status or "unknown"
        if status == PUBLISHED:
            return Reason(ReasonCode.SOURCE_STATUS, True, status, PUBLISHED, f"still {PUBLISHED}")
        text = f"{status} in {candidate.repository}; only {PUBLISHED} versions are promoted"
        return Reason(ReasonCode.SOURCE_STATUS, False, status, PUBLISHED, text, Verdict.REJECT)
