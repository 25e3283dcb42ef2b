"""Decisions: one verdict for each hop that leaves a candidate's repository."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.patterns import path_of
from promoter.rules.conditions import StillPublished
from promoter.rules.evidence import NOTHING, Evidence, Need
from promoter.rules.reasons import Condition, Reason
from promoter.rules.rule_set import HopRules, Promotion, RuleSet
from promoter.rules.vocabulary import Hop, ReasonCode, Verdict
from promoter.rules.waivers import waive


class Decision(Struct, frozen=True):
    """The verdict for one candidate on one hop, with the promotion that decided and every reason.

    `evidence` and `now` (UTC seconds since the epoch) are what it was decided by.
    """

    candidate: Candidate
    promotion: Promotion
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    evidence: Evidence = Evidence()
    now: float = 0

    @property
    def hop(self) -> Hop:
        """The hop that was decided."""
        return self.promotion.hop

    @property
    def until(self) -> float | None:
        """When a waiting version is decided again, in UTC seconds since the epoch; None if it does not wait."""
        if self.verdict is not Verdict.WAIT:
            return None
        return max(self.waits, default=None)

    @property
    def waits(self) -> list[float]:
        """When each wait ends that counts, in UTC seconds since the epoch, also if the verdict is not to wait."""
        return [each.until for each in self.reasons if each.counts and each.until is not None]

    @property
    def decisive_code(self) -> ReasonCode | None:
        """The code of the reason that decides; None for a promotion.

        A `[[hold]]` comes first: nobody should be shown a way around it.
        """
        if self.verdict is Verdict.PROMOTE:
            return None
        codes = [reason.code for reason in self.reasons if reason.verdict is self.verdict and reason.counts]
        return ReasonCode.HOLD if ReasonCode.HOLD in codes else codes[0]


def needed(candidate: Candidate, rule_set: RuleSet) -> dict[Hop, frozenset[Need]]:
    """The facts and questions that the decision on each hop needs; a hop that needs none is left out.

    Those are the needs of all selecting promotions up to the first that does not select by origin.
    """
    return _needs_by_hop(candidate, rule_set, lambda promotion: promotion.needs)


def to_look_up(candidate: Candidate, rule_set: RuleSet, now: float) -> dict[Hop, frozenset[Need]]:
    """The needs of each hop without those that cannot change the decision at `now`.

    A promotion that rejects the candidate without any facts only needs those that decide whether it selects.
    """

    def needs(promotion: Promotion) -> frozenset[Need]:
        asked = promotion.condition_needs
        if asked and decide_by(promotion, candidate, Evidence(), rule_set, now).verdict is Verdict.REJECT:
            return promotion.selection_needs
        return promotion.selection_needs | asked

    return _needs_by_hop(candidate, rule_set, needs)


def _needs_by_hop(
    candidate: Candidate, rule_set: RuleSet, needs_of: Callable[[Promotion], frozenset[Need]]
) -> dict[Hop, frozenset[Need]]:
    path = path_of(candidate.package)
    found: dict[Hop, frozenset[Need]] = {}
    for hop_rules in rule_set.hops.get(candidate.repository, ()):
        possible = _up_to_the_first_of_any_origin(hop_rules.selecting(path))
        needs = NOTHING.union(*map(needs_of, possible))
        if needs:
            found[hop_rules.hop] = needs
    return found


def _up_to_the_first_of_any_origin(promotions: Iterable[Promotion]) -> Iterator[Promotion]:
    """The promotions of a hop that may decide, whatever the origin is."""
    for promotion in promotions:
        yield promotion
        if not promotion.selects_by_origin:
            return


def decide(candidate: Candidate, evidence: Evidence, rule_set: RuleSet, now: float) -> tuple[Decision, ...]:
    """Decide once for each hop that selects the candidate. `now` is in UTC seconds since the epoch."""
    path = path_of(candidate.package)
    selected = (
        selecting(hop_rules, path, evidence) for hop_rules in rule_set.hops.get(candidate.repository, ())
    )
    return tuple(
        decide_by(promotions[0], candidate, evidence, rule_set, now) for promotions in selected if promotions
    )


def selecting(hop_rules: HopRules, path: str, evidence: Evidence) -> list[Promotion]:
    """The promotions of a hop that select the package at this path; the first one decides."""
    return [each for each in hop_rules.selecting(path) if each.accepts_origin(evidence.origin)]


def decide_by(
    promotion: Promotion, candidate: Candidate, evidence: Evidence, rule_set: RuleSet, now: float
) -> Decision:
    """Decide by the promotion that selects the candidate. `now` is in UTC seconds since the epoch."""
    conditions = _conditions(candidate, evidence, promotion, rule_set)
    reasons = waive(
        [condition.check(candidate, evidence, now) for condition in conditions],
        [waiver for waiver in rule_set.waivers if waiver.applies(candidate, now)],
    )
    verdict = max((reason.verdict for reason in reasons if reason.counts), default=Verdict.PROMOTE)
    return Decision(candidate, promotion, verdict, tuple(reasons), evidence, now)


def _conditions(
    candidate: Candidate, evidence: Evidence, promotion: Promotion, rule_set: RuleSet
) -> Iterator[Condition]:
    """The conditions of a promotion, and those of the whole file that apply."""
    yield from promotion.conditions
    if evidence.status is not None:
        yield StillPublished()
    yield from (window for window in rule_set.windows if window.applies(promotion.hop))
    yield from (hold for hold in rule_set.holds if hold.applies(candidate, promotion.destination))
