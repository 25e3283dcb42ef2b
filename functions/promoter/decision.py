"""Whether a version is promoted: one decision per hop that leaves its repository."""

from msgspec import Struct

from promoter.conditions import Reason, Verdict
from promoter.package import Candidate
from promoter.patterns import path_of
from promoter.rule_set import Hop, Promotion, RuleSet

NOT_SELECTED = "not-selected"  # the code of what no promotion of a hop selects: it has no decision


class Decision(Struct, frozen=True):
    """The verdict for one version on one hop, with the promotion that decided and every reason."""

    candidate: Candidate
    promotion: Promotion
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()

    @property
    def until(self) -> float | None:
        """When a version that waits may move on, UTC seconds since the epoch; None if it does not wait."""
        if self.verdict is not Verdict.WAIT:
            return None
        return max((reason.until for reason in self.reasons if reason.until is not None), default=None)


def decide(candidate: Candidate, rule_set: RuleSet, now: float) -> tuple[Decision, ...]:
    """Decide about a version, once per hop that selects it, at `now` (UTC seconds since the epoch)."""
    path = path_of(candidate.package)
    selected = (selecting(hop, path, candidate) for hop in rule_set.hops.get(candidate.repository, ()))
    return tuple(_judge(candidate, promotions[0], rule_set, now) for promotions in selected if promotions)


def selecting(hop: Hop, path: str, candidate: Candidate) -> list[Promotion]:
    """The promotions of a hop that select the candidate, whose package has this path; the first decides."""
    return [promotion for promotion in hop.selecting(path) if promotion.takes(candidate.origin)]


def undecided(candidate: Candidate, rule_set: RuleSet) -> tuple[Decision, ...]:
    """What stands for the decisions about a version whose origin could not be looked up."""
    path = path_of(candidate.package)
    selected = (hop.selecting(path) for hop in rule_set.hops.get(candidate.repository, ()))
    return tuple(Decision(candidate, promotions[0], Verdict.PROMOTE) for promotions in selected if promotions)


def _judge(candidate: Candidate, promotion: Promotion, rule_set: RuleSet, now: float) -> Decision:
    reasons = [condition.check(candidate, now) for condition in promotion.conditions]
    for hold in rule_set.holds:
        if hold.applies(candidate, promotion.destination):
            reasons.append(hold.check(candidate, now))
    verdict = max([reason.verdict for reason in reasons], default=Verdict.PROMOTE)
    return Decision(candidate, promotion, verdict, tuple(reasons))
