"""Which results people are notified of, and of which kind."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.copying.results import NPM_LATEST, Outcome, OutcomeKind, Result
from promoter.rules.vocabulary import NotificationKind, Verdict

_BY_OUTCOME: dict[OutcomeKind, NotificationKind] = {
    OutcomeKind.FAILED: "failed",
    OutcomeKind.EXPIRED: "approval",
}
_BY_URGENCY: tuple[NotificationKind, ...] = ("failed", "approval", "extended", "rejected", "promoted")


class Notification(Struct, frozen=True):
    """One result that people are notified of."""

    kind: NotificationKind
    result: Result


def select_notifications(results: Iterable[Result]) -> list[Notification]:
    """The results that their promotions notify of, the most urgent kind first."""
    selected = [
        Notification(kind, result)
        for result in results
        if (kind := _kind(result)) is not None and kind in result.promotion.notify
    ]
    return sorted(selected, key=lambda each: _BY_URGENCY.index(each.kind))


def _kind(result: Result) -> NotificationKind | None:
    if result.duplicate or result.promotion.mode == "observe":
        return None
    if result.outcome is not None:
        return _kind_of_outcome(result.outcome)
    if result.decision is not None and result.decision.verdict is not Verdict.HOLD:
        return "rejected" if result.decision.verdict is Verdict.REJECT else None  # time ends a wait
    return "approval" if result.pending is not None and result.pending.begins else None


def _kind_of_outcome(outcome: Outcome) -> NotificationKind | None:
    if outcome.code == NPM_LATEST:
        return "failed"
    if outcome.kind in _BY_OUTCOME:
        return _BY_OUTCOME[outcome.kind]
    if outcome.kind is not OutcomeKind.COPIED:
        return None
    return "extended" if outcome.extended else "promoted"
