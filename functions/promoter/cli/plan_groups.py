"""The missing versions of a hop in groups by reason, and their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from promoter.rules.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.inspection.comparison import Comparison
    from promoter.rules.decision import Decision

KINDS = {
    "copy": "copy now",
    "observe": "only observed",
    "wait": "wait",
    "hold": "need a person",
    "reject": "rejected",
}


class Group(Struct, frozen=True):
    """Missing versions of one kind that the same reason stops. `code` is "" if nothing stops them."""

    kind: str
    code: str
    decisions: Sequence[Decision]

    @property
    def title(self) -> str:
        """The reason, or the kind where nothing is in the way."""
        return self.code or KINDS[self.kind]


def kind_of(decision: Decision) -> str:
    """One of KINDS."""
    if decision.verdict is Verdict.PROMOTE:
        return "observe" if decision.promotion.mode == "observe" else "copy"
    return decision.verdict.name.lower()


def group_by_reason(comparison: Comparison) -> list[Group]:
    """The groups: what is copied first, what is rejected last; the largest first within a kind."""
    groups: dict[tuple[str, str], list[Decision]] = {}
    for decision in comparison.missing:
        groups.setdefault((kind_of(decision), decision.decisive_code or ""), []).append(decision)
    kinds = list(KINDS)
    ordered = sorted(groups.items(), key=lambda item: (kinds.index(item[0][0]), -len(item[1])))
    return [Group(kind, code, decisions) for (kind, code), decisions in ordered]


def count_files(comparison: Comparison) -> tuple[int, int]:
    """How many versions have different files in the destination, and how many only got files in the source."""
    added = sum(bool(each.outcome and each.outcome.only_added) for each in comparison.diverged)
    return len(comparison.diverged) - added, added


def counts_to_json(comparison: Comparison) -> dict[str, Any]:
    """The counts of a hop for programs: by kind, and by the code of the reason that stops a version."""
    groups = group_by_reason(comparison)
    different, added = count_files(comparison)
    by_kind = {kind: sum(len(each.decisions) for each in groups if each.kind == kind) for kind in KINDS}
    by_reason: dict[str, int] = {}
    for each in groups:
        if each.code:
            by_reason[each.code] = by_reason.get(each.code, 0) + len(each.decisions)
    return {
        **by_kind,
        "differentFiles": different,
        "addedFiles": added,
        "selected": len(comparison.missing) + comparison.present,
        "byReason": by_reason,
    }
