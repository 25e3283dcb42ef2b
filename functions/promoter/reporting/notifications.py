"""What somebody has to hear of: which results, of which kind, and what to do about each."""

from collections.abc import Iterable

from promoter.copying.results import OutcomeKind, Result
from promoter.rules.vocabulary import NotificationKind, Verdict

_CURES = {
    "ALREADY_EXISTS": "Publish it under a new version; or, if the destination's copy is the wrong one, "
    "take that out first.",
    "NOT_ALLOWED": "See the version's status in the source, and the package's origin controls downstream.",
    "AccessDeniedException": "Grant the role what the message names, then redrive the dead-letter queue.",
    "ResourceNotFoundException": "Create the repository or the domain, or mend the rules; "
    "then redrive the dead-letter queue.",
    "ValidationException": "Mend what the message names, then redrive the dead-letter queue.",
    "ServiceQuotaExceededException": "Have the quota raised, then redrive the dead-letter queue.",
    "hold": "To release it, take the [[hold]] entry out of the rules and deploy them.",
    "exclude": "Nothing, if that is meant; else take it out of `exclude`.",
}
_ORDER: tuple[NotificationKind, ...] = ("failed", "approval", "extended", "rejected", "promoted")


def select_notifications(results: Iterable[Result]) -> list[tuple[NotificationKind, Result]]:
    """The results that their promotion wants told, the most urgent kind first."""
    told = [
        (kind, result)
        for result in results
        if (kind := _kind(result)) is not None and kind in result.decision.promotion.notify
    ]
    return sorted(told, key=lambda each: _ORDER.index(each[0]))


def decisive_code(result: Result) -> str:
    """The code of the outcome, or of the reason that weighs most; "" if it went as wished."""
    if result.outcome is not None:
        return result.outcome.code
    worst = [reason.code for reason in result.decision.reasons if reason.verdict is result.decision.verdict]
    return worst[0] if worst and result.decision.verdict is not Verdict.PROMOTE else ""


def next_step(code: str) -> str:
    """The next step for the one who reads of this code."""
    return _CURES.get(code, "See the code in docs/reasons.md.") if code else ""


def docs_link(code: str) -> str:
    """The heading of this code in docs/reasons.md."""
    return "docs/reasons.md#" + code.lower().replace("_", "-")


def _kind(result: Result) -> NotificationKind | None:
    decision = result.decision
    if result.duplicate or decision.promotion.mode == "observe":
        return None
    if result.outcome is not None:
        return _kind_of_outcome(result)
    if decision.verdict in (Verdict.HOLD, Verdict.WAIT):
        return "approval"
    return "rejected" if decision.verdict is Verdict.REJECT else None


def _kind_of_outcome(result: Result) -> NotificationKind | None:
    assert result.outcome is not None
    if result.outcome.kind is OutcomeKind.FAILED:
        return "failed"
    if result.outcome.kind is not OutcomeKind.COPIED:
        return None
    return "extended" if result.outcome.extended else "promoted"
