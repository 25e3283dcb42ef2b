"""Prints a replay: what other rules would have decided, and what cannot be decided again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from promoter.cli.plan_lines import coded_text, reason_text
from promoter.cli.terminal import show_line, show_table
from promoter.packages.package import Package
from promoter.reporting.decision_log import reason_to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promoter.inspection.replay import Change, Replay

_PHRASES = {
    "promote": "would now be promoted",
    "wait": "would now wait",
    "hold": "would now be held",
    "reject": "would now be rejected",
    "not-selected": "would no longer be selected",
}
_MARKS = {"promote": "+", "wait": "?", "hold": "?", "reject": "x", "not-selected": "x"}


def show_replay(replay: Replay, origin: str, rules: str, limit: int) -> None:
    """Print a replay. `origin` says which decisions these are, `rules` by which rules they were decided again."""
    by = ", ".join(sorted(replay.rulesets))
    recorded = f", recorded by ruleset{'s' * (len(replay.rulesets) != 1)} {by}" if by else ""
    show_line(f"{_counted(replay.total, 'decision')} {origin}{recorded}; decided again by {rules}")
    changes = _sorted(replay)
    show_line(f"{_summary(changes)}; {_counted(replay.same, 'decision')} the same{_others(replay)}")
    _show_changes(changes[:limit])
    if len(changes) > limit:
        show_line(f"and {len(changes) - limit:,} more; --limit shows them")
    for hop in replay.new_hops:
        show_line(f"{hop.hop}   no decision is recorded; promoter plan shows what would be copied")
    _show_failures(replay)


def replay_to_json(replay: Replay, limit: int) -> dict[str, Any]:
    """The replay for programs. `versions` counts the changes by their new verdict."""
    changes = _sorted(replay)
    return {
        "decisions": replay.total,
        "same": replay.same,
        "otherReasons": replay.other_reasons,
        "versions": Counter(each.verdict for each in changes),
        "changes": [_change_to_json(each) for each in changes[:limit]],
        "rest": max(0, len(changes) - limit),
        "newHops": [{"from": each.hop.source, "to": each.hop.destination} for each in replay.new_hops],
        "notDecidedAgain": dict(replay.failures),
        "rulesets": dict(replay.rulesets),
    }


def _sorted(replay: Replay) -> list[Change]:
    """The changes by hop, then by verdict and name."""
    return sorted(
        replay.changes.values(),
        key=lambda each: (each.recorded.hop.from_, each.recorded.hop.to, each.verdict, each.recorded.purl),
    )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _summary(changes: Iterable[Change]) -> str:
    """The changes in words: `7 would now wait, 2 would now be rejected`."""
    counts = Counter(each.verdict for each in changes)
    texts = [f"{counts[verdict]:,} {phrase}" for verdict, phrase in _PHRASES.items() if counts[verdict]]
    return ", ".join(texts) or "no version would get another verdict"


def _others(replay: Replay) -> str:
    return f", {replay.other_reasons:,} only with other reasons" if replay.other_reasons else ""


def _show_changes(changes: Sequence[Change]) -> None:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for each in changes:
        hop = each.recorded.hop
        rows.setdefault(f"{hop.from_} -> {hop.to}", []).append(_row(each))
    for hop_text, lines in rows.items():
        show_line(hop_text)
        show_table(lines)


def _row(change: Change) -> tuple[str, ...]:
    recorded = change.recorded
    title = Package(recorded.format, recorded.namespace or "", recorded.package).title
    return (
        _MARKS[change.verdict],
        recorded.format,
        f"{title} {recorded.version}",
        f"{recorded.verdict} -> {change.verdict}",
        _why(change),
    )


def _why(change: Change) -> str:
    """The reasons of the new verdict; for a promotion, those that stopped it before."""
    if change.decision is None:
        return "no promotion selects it"
    if change.verdict == "promote":
        before = [each for each in change.recorded.reasons if not each.met and each.waived is None]
        return f"before: {'; '.join(coded_text(each.code, each.text) for each in before)}"
    return "; ".join(map(reason_text, change.reasons))


def _change_to_json(change: Change) -> dict[str, Any]:
    recorded, decision = change.recorded, change.decision
    return {
        "purl": recorded.purl,
        "revision": recorded.revision,
        "hop": {"from": recorded.hop.from_, "to": recorded.hop.to},
        "recorded": {
            "verdict": recorded.verdict,
            "promotion": recorded.promotion,
            "ruleset": recorded.ruleset,
        },
        "verdict": change.verdict,
        "promotion": decision.promotion.name if decision else None,
        "reasons": [reason_to_json(each) for each in decision.reasons] if decision else [],
    }


def _show_failures(replay: Replay) -> None:
    if not replay.failures:
        return
    show_line(f"{replay.failures.total():,} cannot be decided again:")
    show_table([(f"{count:,}", reason) for reason, count in replay.failures.most_common()])
