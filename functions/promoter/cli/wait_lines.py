"""Prints how a wait ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from promoter.cli.history_lines import decision_row
from promoter.cli.terminal import show_line, show_table
from promoter.times import format_duration

if TYPE_CHECKING:
    from promoter.inspection.arrival import Way
    from promoter.inspection.history import LoggedDecision
    from promoter.packages.package import Package


class Ended(Struct, frozen=True):
    """A wait that has ended after so many seconds. `last` are the last decisions about the version.

    `blocked` is True if the version will not come; if it has not arrived either, time was up.
    """

    way: Way
    last: list[LoggedDecision]
    seconds: float
    blocked: bool

    @property
    def arrived(self) -> bool:
        """True if the version is in the repository."""
        return self.way.installable and not self.blocked


def show_ending(ended: Ended, package: Package, version: str) -> None:
    """Print the result, the last decisions, and what to do next."""
    show_line(f"{package.title} {version} {_result(ended)}")
    show_table([decision_row(each) for each in ended.last])
    if not ended.arrived:
        show_line(f"Next: promoter explain {package.purl}@{version}   shows why, and what to do")


def ending_to_json(ended: Ended, package: Package, version: str) -> dict[str, Any]:
    """The result for programs. The decisions are lines of the decision log."""
    return {
        "purl": f"{package.purl}@{version}",
        "repository": ended.way.repository,
        "arrived": ended.arrived,
        "timedOut": not (ended.arrived or ended.blocked),
        "seconds": round(ended.seconds, 1),
        "found": sorted(ended.way.found),
        "decisions": [json.loads(each.line) for each in ended.last],
    }


def _result(ended: Ended) -> str:
    way, after = ended.way, f"after {format_duration(ended.seconds)}"
    if ended.arrived:
        return f"is in {way.repository} {after}"
    if way.gone:
        return f"is {way.gone} in {way.repository}"
    where = ", ".join(way.found) or "none of the repositories before it; check its name"
    if ended.blocked:
        return f"is not promoted to {way.repository}; it is in {where}"
    return f"is not in {way.repository} {after}; it is in {where}"
