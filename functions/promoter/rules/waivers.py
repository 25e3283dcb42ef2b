"""Waivers: written exceptions from conditions, each with a reason and an end."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import Pattern, path_of
from promoter.rules.held_versions import HeldVersions
from promoter.rules.reasons import Reason, Waived
from promoter.rules.vocabulary import ReasonCode

WAIVABLE = (
    ReasonCode.SOAK,
    ReasonCode.WINDOW,
    ReasonCode.VERSIONS,
    ReasonCode.PRERELEASE,
)  # and checks, by name


class Waiver(Struct, frozen=True):
    """A `[[waive]]` of the rules file. `conditions` has codes of `WAIVABLE` and names of checks.

    Without `versions` it is about every version of the packages. It ends at `until`, in UTC seconds since the epoch.
    """

    pattern: Pattern
    conditions: frozenset[str]
    reason: str
    until: float
    versions: HeldVersions | None = None

    def applies(self, candidate: Candidate, now: float) -> bool:
        """True if this waiver is about this version and has not ended."""
        return (
            now < self.until
            and self.pattern.matches(path_of(candidate.package))
            and (self.versions is None or self.versions.contains(candidate.package.format, candidate.version))
        )

    def names(self, reason: Reason) -> bool:
        """True if this waiver names the condition that answered with this reason."""
        name = reason.name if reason.code is ReasonCode.CHECK else reason.code
        return name in self.conditions and (reason.code is ReasonCode.CHECK or reason.code in WAIVABLE)


def waive(reasons: Iterable[Reason], waivers: Iterable[Waiver]) -> list[Reason]:
    """Mark the reasons that are not met and that a waiver names. Of several waivers the last one to end is named."""
    ordered = sorted(waivers, key=lambda waiver: waiver.until, reverse=True)
    return [_waive(reason, ordered) for reason in reasons]


def _waive(reason: Reason, waivers: Iterable[Waiver]) -> Reason:
    waiver = next((each for each in waivers if each.names(reason)), None)
    if reason.met or waiver is None:
        return reason
    return replace(reason, waived=Waived(waiver.reason, waiver.until))
