"""Decisions: one verdict for each hop that leaves a candidate's repository."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import path_of
from promoter.rules.conditions import Reason
from promoter.rules.evidence import Evidence, Fact
from promoter.rules.rule_set import Hop, HopRules, Promotion, RuleSet
from promoter.rules.vocabulary import ReasonCode, Verdict


class Decision(Struct, frozen=True):
    """The verdict for one candidate on one hop, with the promotion that decided and every reason."""

    candidate: Candidate
    promotion: Promotion
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()

    @property
    def hop(self) -> Hop:
        """The hop that was decided."""
        return self.promotion.hop

    @property
    def until(self) -> float | None:
        """When a waiting version is decided again, in UTC seconds since the epoch; None if it does not wait."""
        if self.verdict is not Verdict.WAIT:
            return None
        return max((reason.until for reason in self.reasons if reason.until is not None), default=None)

    @property
    def decisive_code(self) -> ReasonCode | None:
        """The code of the reason that decides; None for a promotion.

        A `[[hold]]` comes first: nobody should be shown a way around it.
        """
        if self.verdict is Verdict.PROMOTE:
            return None
        codes = [reason.code for reason in self.reasons if reason.verdict is self.verdict]
        return ReasonCode.HOLD if ReasonCode.HOLD in codes else codes[0]


def needed(candidate: Candidate, rule_set: RuleSet) -> dict[Hop, frozenset[Fact]]:
    """The facts that the decision on each hop needs; a hop that needs none is left out.

    Those are the facts of all selecting promotions up to the first that does not select by origin.
    """
    path = path_of(candidate.package)
    leaving = rule_set.hops.get(candidate.repository, ())
    facts = {hop_rules.hop: _facts(hop_rules.selecting(path)) for hop_rules in leaving}
    return {hop: needs for hop, needs in facts.items() if needs}


def _facts(selecting: Iterable[Promotion]) -> frozenset[Fact]:
    facts: frozenset[Fact] = frozenset()
    for promotion in selecting:
        facts |= promotion.needs
        if not promotion.selects_by_origin:
            break
    return facts


def decide(candidate: Candidate, evidence: Evidence, rule_set: RuleSet, now: float) -> tuple[Decision, ...]:
    """Decide once for each hop that selects the candidate. `now` is in UTC seconds since the epoch."""
    path = path_of(candidate.package)
    selected = (
        selecting(hop_rules, path, evidence) for hop_rules in rule_set.hops.get(candidate.repository, ())
    )
    return tuple(
        _judge(candidate, evidence, promotions[0], rule_set, now) for promotions in selected if promotions
    )


def selecting(hop_rules: HopRules, path: str, evidence: Evidence) -> list[Promotion]:
    """The promotions of a hop that select the package at this path; the first one decides."""
    return [each for each in hop_rules.selecting(path) if each.accepts_origin(evidence.origin)]


def _judge(
    candidate: Candidate, evidence: Evidence, promotion: Promotion, rule_set: RuleSet, now: float
) -> Decision:
    reasons = [condition.check(candidate, evidence, now) for condition in promotion.conditions]
    reasons += [
        hold.check(candidate, evidence, now)
        for hold in rule_set.holds
        if hold.applies(candidate, promotion.hop.destination)
    ]
    verdict = max((reason.verdict for reason in reasons), default=Verdict.PROMOTE)
    return Decision(candidate, promotion, verdict, tuple(reasons))
