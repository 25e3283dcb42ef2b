"""Prints the results of cases: those that fail with what was expected, what came out, and every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from promoter.cases.case import condition_name
from promoter.cli.terminal import show_line, show_table
from promoter.reporting.decision_log import reason_to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.cases.comparison import CaseResult
    from promoter.rules.decision import Decision


class FileResult(Struct, frozen=True):
    """The result of a case, and the name of its file."""

    file: str
    result: CaseResult


def show_results(results: Sequence[FileResult]) -> None:
    """Print the cases that fail, then the counts."""
    failed = [each for each in results if not each.result.passes]
    for each in failed:
        _show_failure(each)
    show_line(f"{len(results) - len(failed)} passed, {len(failed)} failed")


def results_to_json(results: Sequence[FileResult]) -> dict[str, Any]:
    """The results for programs."""
    failed = [each for each in results if not each.result.passes]
    return {"passed": len(results) - len(failed), "failed": [_failure_to_json(each) for each in failed]}


def _show_failure(failure: FileResult) -> None:
    result = failure.result
    case, candidate = result.case, result.case.candidate
    show_line(f'FAILED  {failure.file}:{case.line}  "{case.name}"')
    show_line(f"  {candidate.package.title} {candidate.version} in {candidate.repository}")
    show_table(
        [
            ("!", each.hop, each.part, f"expected {each.expected}; got {each.got}")
            for each in result.differences
        ]
    )
    for decision in result.decisions:
        show_line(f"  {decision.hop}   {decision.promotion.name}  {decision.verdict.name}")
        show_table(
            [
                ("ok" if each.met else "no", condition_name(each), each.marked_text)
                for each in decision.reasons
            ],
            indent=4,
        )


def _failure_to_json(failure: FileResult) -> dict[str, Any]:
    result = failure.result
    return {
        "file": failure.file,
        "line": result.case.line,
        "name": result.case.name,
        "differences": [
            {"hop": each.hop, "part": each.part, "expected": each.expected, "got": each.got}
            for each in result.differences
        ],
        "decisions": [_decision_to_json(each) for each in result.decisions],
    }


def _decision_to_json(decision: Decision) -> dict[str, Any]:
    return {
        "hop": {"from": decision.hop.source, "to": decision.hop.destination},
        "promotion": decision.promotion.name,
        "verdict": decision.verdict.name.lower(),
        "reasons": [reason_to_json(each) for each in decision.reasons],
    }
