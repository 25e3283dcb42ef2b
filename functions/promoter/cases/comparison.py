"""Decides a case by its rules, and compares the decisions with the expected ones."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from promoter.cases.case import Case, Expected, condition_name
from promoter.cases.file_format import NO_DECISION
from promoter.rules.decision import Decision, decide
from promoter.rules.reasons import Reason
from promoter.times import format_time


class Difference(Struct, frozen=True):
    """One part of a decision that is not as expected. `hop` is "" if the decision is about no hop."""

    hop: str
    part: str
    expected: str
    got: str


class CaseResult(Struct, frozen=True):
    """A case, the decisions about it, and what is not as expected; nothing if the case passes."""

    case: Case
    decisions: tuple[Decision, ...]
    differences: tuple[Difference, ...]

    @property
    def passes(self) -> bool:
        """True if every decision is as expected."""
        return not self.differences


def run_case(case: Case) -> CaseResult:
    """Decide a case."""
    decisions = decide(case.candidate, case.evidence, case.rule_set, case.now)
    differences = [each for expected in case.expected for each in _compare_one(expected, decisions)]
    if case.is_complete:
        wanted = {each.destination for each in case.expected}
        differences += [_unexpected(each) for each in decisions if each.hop.destination not in wanted]
    return CaseResult(case, decisions, tuple(differences))


def _unexpected(decision: Decision) -> Difference:
    return Difference(str(decision.hop), "verdict", "no decision", _verdict(decision))


def _compare_one(expected: Expected, decisions: Sequence[Decision]) -> list[Difference]:
    found = [each for each in decisions if expected.destination in ("", each.hop.destination)]
    if len(found) > 1:
        hops = ", ".join(str(each.hop) for each in found)
        return [Difference("", "decisions", 'one; name its hop with "to"', f"{len(found)}: {hops}")]
    if not found:
        matches = expected.verdict == NO_DECISION
        return [] if matches else [Difference("", "verdict", expected.verdict, NO_DECISION)]
    return _compare(expected, found[0])


def _compare(expected: Expected, decision: Decision) -> list[Difference]:
    reasons = decision.reasons
    met = [each for each in reasons if each.met]
    unmet = [each for each in reasons if not each.met and each.counts]
    waived = [each for each in reasons if not each.counts]
    parts = [
        ("verdict", expected.verdict, _verdict(decision)),
        ("promotion", expected.promotion, decision.promotion.name),
        ("met", _listed(expected.met), _names(met)),
        ("unmet", _listed(expected.unmet), _names(unmet)),
        ("waived", _listed(expected.waived), _names(waived)),
        ("until", _moment(expected.until), _moment(decision.until)),
        *_texts(expected, reasons),
    ]
    hop = str(decision.hop)
    return [
        Difference(hop, part, wanted, got or "none")
        for part, wanted, got in parts
        if wanted not in (None, got)
    ]


def _texts(expected: Expected, reasons: Iterable[Reason]) -> list[tuple[str, str, str | None]]:
    got = {condition_name(each): each.text for each in reasons}
    return [(f"text of {name}", text, got.get(name)) for name, text in expected.texts.items()]


def _verdict(decision: Decision) -> str:
    return decision.verdict.name.lower()


def _names(reasons: Iterable[Reason]) -> str | None:
    return _listed([condition_name(each) for each in reasons])


def _listed(names: Sequence[str] | None) -> str | None:
    """The names in one text that does not depend on their order; None stays None."""
    return None if names is None else ", ".join(sorted(names)) or "none"


def _moment(at: float | None) -> str | None:
    return None if at is None else format_time(at)
