"""Prints the versions that wait, a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promoter.cli.errors import unknown_text
from promoter.cli.plan_lines import reason_text
from promoter.cli.terminal import show_line, show_table
from promoter.reporting.next_steps import commands
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_duration, format_time

if TYPE_CHECKING:
    from promoter.inspection.pending import PendingVersion, PendingVersions
    from promoter.rules.decision import Decision
    from promoter.rules.reasons import Reason
    from promoter.rules.rule_set import RuleSet


def show_pending(found: PendingVersions, rule_set: RuleSet, now: float) -> None:
    """Print what waits at `now` (UTC seconds since the epoch)."""
    count = len(found.versions) + found.rest
    waits = "1 version waits" if count == 1 else f"{count or 'no'} versions wait"
    show_line(f"{waits} in {rule_set.domain}   ruleset {rule_set.digest}")
    show_table([_row(each, now) for each in found.versions])
    if found.rest:
        show_line(f"and {found.rest} more; --limit shows them")
    for name in found.strange:
        show_line(f"entry {name} of the schedule group is not an entry of the pipeline")
    unread = {unknown_text(unknown): None for each in found.versions for unknown in each.unread}
    for text in unread:
        show_line(f"unknown: {text}")
    if found.versions:
        purl = found.versions[0].entry.candidate.purl.replace("%40", "@")
        show_line(f"Next: promoter explain {purl}   shows every condition, and what to do")


def _row(version: PendingVersion, now: float) -> tuple[str, ...]:
    candidate, hop = version.entry.candidate, version.entry.hop
    about = f"{candidate.package.title} {candidate.version}"
    return (
        "?",
        candidate.package.format,
        about,
        str(hop),
        _why(version),
        _when(version, now),
        _command(version),
    )


def _why(version: PendingVersion) -> str:
    """What the version waits for."""
    if version.decision is None:
        text = version.problem if isinstance(version.problem, str) else unknown_text(version.problem)
        return f"unknown: {text}" if not isinstance(version.problem, str) else f"nothing: {text}"
    if version.decision.verdict is Verdict.PROMOTE:
        return "nothing: it is promoted when the entry fires"
    unmet = [each for each in version.decision.reasons if not each.met and each.counts]
    texts = "; ".join(_text(each, version.decision) for each in unmet)
    return f"nothing: {texts}" if version.decision.verdict is Verdict.REJECT else texts


def _text(reason: Reason, decision: Decision) -> str:
    """The reason, and for an approval whose it is."""
    group = decision.promotion.approval_namespace.partition("-")[2]
    whose = f" of {group}" if reason.code is ReasonCode.APPROVAL and group else ""
    return reason_text(reason).replace(reason.code, f"{reason.code}{whose}", 1)


def _when(version: PendingVersion, now: float) -> str:
    """Until when, or since when; then when the entry fires."""
    decision = version.decision
    if decision is not None and decision.until is not None:
        return f"until {format_time(decision.until)}"
    if version.held:
        return f"since {format_duration(now - version.since)}"
    return f"decided again {format_time(version.entry.fires)}"


def _command(version: PendingVersion) -> str:
    typed = commands(version.decision) if version.decision else []
    return typed[0] if typed else ""
