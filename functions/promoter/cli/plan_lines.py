"""Prints the comparison of a hop: its counts, and a line for each version."""

from collections import Counter
from collections.abc import Sequence

from promoter.cli.plan_groups import KINDS, count_files, group_by_reason, kind_of
from promoter.cli.step_lines import SOAK_FROM_AWS, short_hash
from promoter.cli.terminal import show_line, show_table
from promoter.cli.upstream_lines import fault_text, unread_texts, warning_text
from promoter.copying.results import AssetDifference, Result
from promoter.inspection.comparison import Comparison
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.packages.candidate import Candidate
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict

_MARKS = {Verdict.PROMOTE: "+", Verdict.WAIT: "?", Verdict.HOLD: "?", Verdict.REJECT: "x"}
DEFAULT_LIMIT = 20  # versions of a group


def show_comparison(comparison: Comparison, limit: int = DEFAULT_LIMIT) -> None:
    """Print a hop: its counts, the missing versions by reason, and the versions whose files differ.

    At most `limit` versions of each group are shown; the rest is counted.
    """
    show_line(_headline(comparison))
    rows: list[tuple[str, ...]] = []
    for group in group_by_reason(comparison):
        rows += [_missing_row(each) for each in group.decisions[:limit]]
        rows += _rest(len(group.decisions) - limit, group.title)
    rows += [_diverged_row(each) for each in comparison.diverged[:limit]]
    show_table([*rows, *_rest(len(comparison.diverged) - limit, "files")])
    _show_uncompared(comparison)


def show_summary(comparison: Comparison) -> None:
    """Print a hop: its counts, and a line for each reason with the number of its versions and an example."""
    show_line(_headline(comparison))
    groups = group_by_reason(comparison)
    rows = [
        (_MARKS[each.decisions[0].verdict], len(each.decisions), each.title, each.decisions[0].candidate)
        for each in groups
    ]
    if comparison.diverged:
        rows.append(("!", len(comparison.diverged), "files", comparison.diverged[0].candidate))
    width = max((len(str(count)) for _, count, _, _ in rows), default=0)
    show_table(
        [
            (mark, f"{count:>{width}}", title, "such as " + " ".join(_names(candidate)))
            for mark, count, title, candidate in rows
        ]
    )
    _show_uncompared(comparison)


def _rest(count: int, title: str) -> list[tuple[str, ...]]:
    """A row that counts what is not shown, if there is any."""
    return (
        [("", "", f"\u2026 and {count:,} more", f"{title}; --limit shows more, --summary counts")]
        if count > 0
        else []
    )


def _show_uncompared(comparison: Comparison) -> None:
    if comparison.uncompared:
        show_line(
            f"  {comparison.uncompared} more have different revisions, and their files were not compared; "
            "raise the number with --compare"
        )


def show_upstreams(check: UpstreamCheck) -> None:
    """Print the upstreams that make promotion pointless, and the repositories that could not be read."""
    for chain in check.problems.faults:
        show_line(f"fault: {fault_text(chain)}")
    for chain in check.problems.warnings:
        show_line(f"warning: {warning_text(chain)}")
    for text in unread_texts(check).values():
        show_line(f"upstreams unknown: {text}")


def show_next_step(comparisons: Sequence[Comparison]) -> None:
    """Print what a soak counts from, and the command that explains the first version that is stopped."""
    missing = [decision for each in comparisons for decision in each.missing]
    stopped = [decision for decision in missing if decision.verdict is not Verdict.PROMOTE]
    if any(map(_is_soaking, stopped)):
        show_line(f"A soak {SOAK_FROM_AWS}.")
    candidates = [decision.candidate for decision in stopped]
    candidates += [result.candidate for each in comparisons for result in each.diverged]
    if candidates:
        show_line(f"Next: promoter explain {candidates[0].purl}   shows why, and what to do")


def _is_soaking(decision: Decision) -> bool:
    return any(
        reason.code == ReasonCode.SOAK and not reason.met and reason.counts for reason in decision.reasons
    )


def _headline(comparison: Comparison) -> str:
    counts = Counter(map(kind_of, comparison.missing))
    parts = [f"{counts[kind]} {words}" for kind, words in KINDS.items() if counts[kind]]
    return f"{comparison.hop_rules.hop}   {', '.join(parts) or 'nothing to copy'}; {_totals(comparison)}"


def _totals(comparison: Comparison) -> str:
    missing = len(comparison.missing)
    total = missing + comparison.present
    texts = [f"{missing} of {total} never promoted" if total else "nothing is selected"]
    different, added = count_files(comparison)
    texts += [f"{different} with different files"] if different else []
    return ", ".join([*texts, *([f"{added} with added files"] if added else [])])


def _missing_row(decision: Decision) -> tuple[str, str, str, str]:
    texts = [reason_text(reason) for reason in decision.reasons if not reason.met]
    if kind_of(decision) == "observe":
        texts = ["only observed"]
    return (_MARKS[decision.verdict], *_names(decision.candidate), "; ".join(texts))


def reason_text(reason: Reason) -> str:
    """A reason with its code: `soak: 3h of 24h`, `check sca: no answer yet`."""
    return coded_text(reason.code, reason.marked_text)


def coded_text(code: str, text: str) -> str:
    """The sentence of a reason with its code before it, unless the sentence has it."""
    if code == ReasonCode.CHECK:
        return f"{code} {text}"
    return text if text.startswith((code, "held")) else f"{code}: {text}"


def _diverged_row(result: Result) -> tuple[str, str, str, str]:
    assert result.outcome is not None  # it comes from a comparison
    texts = [_difference_text(result, each) for each in result.outcome.differences]
    return ("!", *_names(result.candidate), "; ".join(texts) or result.outcome.text)


def _difference_text(result: Result, difference: AssetDifference) -> str:
    hop = result.promotion.hop
    destination = f"{hop.destination} {short_hash(difference.destination)}"
    return f"{difference.name}: {destination} / {hop.source} {short_hash(difference.source)}"


def _names(candidate: Candidate) -> tuple[str, str]:
    return candidate.package.format, f"{candidate.package.title} {candidate.version}"
