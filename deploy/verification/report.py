"""The report of a verification, in Markdown."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from deploy.verification.account import Account
from deploy.verification.findings import Result, Tried

_LEGEND = """\
- **holds**: AWS did what the project assumes.
- **differs**: AWS did something else. Report it to the project, with this file.
- **unknown**: nothing was seen that decides. The text says why.
"""


def render(account: Account, tried: Sequence[Tried]) -> str:
    """Return the whole report."""
    counts = Counter(each.finding.result for each in tried)
    summary = ", ".join(f"{counts[result]} {result.value}" for result in Result)
    moment = datetime.fromtimestamp(account.now, UTC)
    parts = [
        f"# What was tried on {account.stack}",
        f"{moment:%Y-%m-%d %H:%M} UTC, domain {account.parameters['Domain']}: {summary}.",
        _LEGEND.rstrip(),
        _table(tried),
        *(_section(each) for each in tried),
    ]
    return "\n\n".join(parts) + "\n"


def line(tried: Tried) -> str:
    """Return one line for the terminal."""
    return f"{tried.finding.result.value:8} {tried.step.name:20} {_one_line(tried.finding.seen)}"


def _table(tried: Sequence[Tried]) -> str:
    rows = (
        f"| {each.step.name} | {each.finding.result.value} | {_cell(each.finding.seen)} |" for each in tried
    )
    return "\n".join(["| step | result | seen |", "|---|---|---|", *rows])


def _section(tried: Tried) -> str:
    calls = ", ".join(f"`{each}`" for each in tried.called) or "none"
    doing = (tried.step.run.__doc__ or "").strip().partition("\n")[0]
    facts = [f"- Assumption: {tried.step.assumption}", f"- Test: {doing}", f"- Calls: {calls}"]
    facts.append(f"- Result: **{tried.finding.result.value}**. {_one_line(tried.finding.seen)}")
    return "\n".join([f"## {tried.step.name}", "", *facts])


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    """AWS's messages may have several lines, or control characters."""
    return "".join(each if each.isprintable() else " " for each in text)
