"""Holds: entries of the rules file that stop versions on some hops."""

from typing import ClassVar

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import Pattern, path_of
from promoter.rules.evidence import NOTHING, Evidence
from promoter.rules.held_versions import HeldVersions
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_time


class HoldRule(Struct, frozen=True):
    """A `[[hold]]` of the rules file. It stops versions on some hops, from `begins` on, for good or until `until`.

    Without `versions` it stops every version of the packages. Both times are in UTC seconds since the epoch.
    """

    pattern: Pattern
    reason: str
    versions: HeldVersions | None = None
    source: str | None = None
    destination: str | None = None
    until: float | None = None
    begins: float | None = None
    needs: ClassVar = NOTHING

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
        if self.begins is not None and now < self.begins:
            begin = format_time(self.begins)
            return Reason(ReasonCode.HOLD, True, f"held from {begin}", wanted, f"the hold begins at {begin}")
        if self.until is None:
            return Reason(ReasonCode.HOLD, False, seen, wanted, seen, Verdict.HOLD)
        end = format_time(self.until)
        if now >= self.until:
            return Reason(ReasonCode.HOLD, True, f"held until {end}", wanted, f"the hold ended at {end}")
        text = f"{seen} until {end}"
        return Reason(ReasonCode.HOLD, False, seen, wanted, text, Verdict.WAIT, self.until)
