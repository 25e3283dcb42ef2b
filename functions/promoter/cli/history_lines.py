"""Prints the recorded decisions about a version, a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promoter.cli.plan_lines import coded_text
from promoter.cli.terminal import show_line, show_table
from promoter.times import format_time

if TYPE_CHECKING:
    from promoter.inspection.history import History, LoggedDecision
    from promoter.inspection.recorded import Recorded

_MARKS = {"promote": "+", "wait": "?", "hold": "?", "reject": "x", "deferred": "?"}
_CAUSES = {"event": "", "entry": "its pending entry fired", "answer": "somebody answered"}


def show_history(history: History, subject: str, since: str) -> None:
    """Print the decisions, oldest first."""
    count = len(history.decisions)
    show_line(f"{subject}   {count or 'no'} decision{'s' * (count != 1)} {since}")
    show_table([decision_row(each) for each in history.decisions])
    if history.unreadable:
        show_line(f"{history.unreadable} more cannot be read: their lines are cut off")


def decision_row(decision: LoggedDecision) -> tuple[str, ...]:
    """The columns of one decision."""
    recorded = decision.recorded
    return (
        _MARKS.get(recorded.verdict, "!"),
        format_time(int(decision.decided_at.timestamp())),
        recorded.version,
        f"{recorded.hop.from_} -> {recorded.hop.to}",
        recorded.promotion,
        f"ruleset {recorded.ruleset}",
        _result(recorded),
        "; ".join(filter(None, (*_reasons(recorded), _CAUSES.get(recorded.cause, recorded.cause)))),
    )


def _result(recorded: Recorded) -> str:
    """The verdict and what came of it: `PROMOTE copied`, `HOLD`."""
    words = [recorded.verdict.upper(), *(["only observed"] if recorded.observed else [])]
    return " ".join([*words, *filter(None, (recorded.outcome, recorded.code))])


def _reasons(recorded: Recorded) -> list[str]:
    """The reasons that were not met, with their waivers, then the text of the outcome."""
    unmet = [each for each in recorded.reasons if not each.met]
    texts = [
        coded_text(each.code, each.text) + ("" if each.waived is None else " (waived)") for each in unmet
    ]
    return [*texts, *([recorded.text] if recorded.text else [])]
