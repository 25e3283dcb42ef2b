"""Prints the comparison of a hop: its counts, and a line for each version."""

from collections import Counter
from collections.abc import Sequence

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
_COUNTS = {
    "copy": "copy now",
    "observe": "only observed",
    "wait": "wait",
    "hold": "need a person",
    "reject": "rejected",
}


def show_comparison(comparison: Comparison) -> None:
    """Print a hop: its counts, the missing versions, and the versions whose files differ."""
    show_line(_headline(comparison))
    missing = sorted(comparison.missing, key=lambda decision: decision.verdict)
    show_table(
        [_missing_row(each) for each in missing] + [_diverged_row(each) for each in comparison.diverged]
    )
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
    counts = Counter(map(_kind, comparison.missing))
    parts = [f"{counts[kind]} {words}" for kind, words in _COUNTS.items() if counts[kind]]
    return f"{comparison.hop_rules.hop}   {', '.join(parts) or 'nothing to copy'}; {_totals(comparison)}"


def _totals(comparison: Comparison) -> str:
    missing = len(comparison.missing)
    total = missing + comparison.present
    texts = [f"{missing} of {total} never promoted" if total else "nothing is selected"]
    added = sum(bool(each.outcome and each.outcome.only_added) for each in comparison.diverged)
    different = len(comparison.diverged) - added
    texts += [f"{different} with different files"] if different else []
    return ", ".join([*texts, *([f"{added} with added files"] if added else [])])


def _kind(decision: Decision) -> str:
    if decision.verdict is Verdict.PROMOTE:
        return "observe" if decision.promotion.mode == "observe" else "copy"
    return decision.verdict.name.lower()


def _missing_row(decision: Decision) -> tuple[str, str, str, str]:
    texts = [reason_text(reason) for reason in decision.reasons if not reason.met]
    if _kind(decision) == "observe":
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
