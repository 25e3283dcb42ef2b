"""History: the recorded decisions about one version, or about all versions of a package."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from promoter.inspection.recorded import Recorded, Unreadable, parse_line
from promoter.packages.package import Package, quote_purl

_LONGEST_TERM = 1000  # CloudWatch Logs API reference, FilterLogEvents: a pattern has at most 1024 characters


class LoggedDecision(Struct, frozen=True):
    """A recorded decision, and its line."""

    recorded: Recorded
    line: str

    @property
    def decided_at(self) -> datetime:
        """When it was decided; older lines only have the time of the event."""
        return self.recorded.decided or self.recorded.published


class History(Struct, frozen=True):
    """Recorded decisions, oldest first. `unreadable` counts lines that have the version but cannot be read."""

    decisions: list[LoggedDecision]
    unreadable: int = 0


def search_term(package: Package, version: str) -> str:
    """A text that every line about the version has; "" if it would be too long to search for.

    Without a version, every line about the package has it.
    """
    term = f"{package.purl}@{quote_purl(version)}"
    return term if len(term) <= _LONGEST_TERM else ""


def select_decisions(lines: Iterable[str], package: Package, version: str) -> History:
    """Select the decisions about a version; without a version, those about the package."""
    found: list[LoggedDecision] = []
    unreadable = 0
    term = search_term(package, version)
    for line in lines:
        recorded = parse_line(line.encode())
        if isinstance(recorded, Unreadable):
            unreadable += term in line
        elif recorded is not None and _is_about(recorded, package, version):
            found.append(LoggedDecision(recorded, line))
    return History(sorted(found, key=lambda each: each.decided_at), unreadable)


def _is_about(recorded: Recorded, package: Package, version: str) -> bool:
    candidate = recorded.candidate
    return candidate.package == package and version in ("", candidate.version)
