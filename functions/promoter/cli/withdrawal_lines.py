"""Prints the withdrawal of a version: what will change, what has changed, and the hold to commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from promoter.cli.step_lines import STATUS_EFFECTS
from promoter.cli.terminal import show_line

if TYPE_CHECKING:
    from promoter.copying.ports import Description
    from promoter.inspection.withdrawal import LatestMove, WithdrawnStatus
    from promoter.packages.package import Package


class Withdrawal(Struct, frozen=True):
    """The withdrawal of a version from a repository.

    `status` is the one to set, None if the current one is as strict. `latest` is the move of npm's tag, None if it
    stays; `tag_problem` says why it could not be read or moved. `hold` is the entry for the rules, "" if they hold
    the version already.
    """

    repository: str
    package: Package
    version: str
    found: Description
    status: WithdrawnStatus | None = None
    latest: LatestMove | None = None
    tag_problem: str = ""
    hold: str = ""
    rules_name: str = ""

    @property
    def title(self) -> str:
        """The version as its own clients write it."""
        return f"{self.package.title} {self.version}"

    @property
    def now(self) -> str:
        """The status after the change."""
        return self.status or self.found.status

    @property
    def changes(self) -> bool:
        """True if there is something to change."""
        return self.status is not None or (self.latest is not None and self.latest.to != "")


def show_plan(plan: Withdrawal) -> None:
    """Print what will change."""
    show_line(f"{plan.title} is {plan.found.status} in {plan.repository}, revision {plan.found.revision}")
    if plan.status is not None:
        show_line(f"  status  {plan.found.status} -> {plan.status}: {STATUS_EFFECTS[plan.status]}")
    if plan.latest is not None:
        show_line(f"  latest  {_latest(plan.latest, plan)}")
    if plan.tag_problem:
        show_line("  latest  unknown")
    if not plan.changes:
        show_line("  nothing to change")


def show_done(done: Withdrawal) -> None:
    """Print what has changed, and what to do next."""
    if done.status is not None:
        show_line(f"{done.status}: {done.title} in {done.repository}")
    if done.latest is not None and done.latest.to and not done.tag_problem:
        show_line(f"latest is {done.latest.to} in {done.repository}")
    if done.hold:
        show_line(
            f"Add this to {done.rules_name} and deploy it, so that the pipeline does not bring it back:\n"
        )
        click.echo(done.hold)
    else:
        show_line(f"{done.rules_name} already holds it")
    purl = f"{done.package.purl}@{done.version}".replace("%40", "@")
    show_line(f"Next: promoter explain {purl}   shows where else it is")


def withdrawal_to_json(done: Withdrawal) -> dict[str, Any]:
    """The withdrawal for programs. `hold` is null if the rules hold the version already."""
    moved = done.latest.to if done.latest is not None and not done.tag_problem else ""
    return {
        "repository": done.repository,
        "purl": f"{done.package.purl}@{done.version}",
        "revision": done.found.revision,
        "status": {"before": done.found.status, "now": done.now},
        "latest": moved or None,
        "hold": done.hold or None,
        **({"problem": done.tag_problem} if done.tag_problem else {}),
    }


def _latest(move: LatestMove, plan: Withdrawal) -> str:
    if move.to:
        return f"{plan.version} -> {move.to}"
    return f"stays on {plan.version}: no other release remains"
