"""Why a version moves or does not: what is decided about it on every hop that leaves its repository."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from promoter.copying.results import Outcome, OutcomeKind, Result
from promoter.packages.candidate import Candidate
from promoter.packages.patterns import path_of
from promoter.reporting.decision_log import decision_to_json
from promoter.rules.conditions import Reason
from promoter.rules.decision import Decision, decide, selecting
from promoter.rules.rule_set import Hop, Promotion, RuleSet
from promoter.rules.vocabulary import Verdict

NOT_SELECTED = "not-selected"


class Step(Struct, frozen=True):
    """One version on one hop.

    `decision` is None where no promotion selects it; `later` would have selected it too, had they come first.
    `unsure` select by an origin that is not known here. `outcome` is what stands downstream, once looked up.
    """

    hop: Hop
    candidate: Candidate
    decision: Decision | None
    later: tuple[Promotion, ...] = ()
    unsure: tuple[Promotion, ...] = ()
    outcome: Outcome | None = None

    @property
    def verdict(self) -> str:
        """The verdict in a word; `not-selected` is none."""
        return self.decision.verdict.name.lower() if self.decision else NOT_SELECTED

    @property
    def arrived(self) -> bool:
        """Whether the destination has the same version."""
        return self.outcome is not None and self.outcome.kind is OutcomeKind.UNCHANGED

    @property
    def diverged(self) -> bool:
        """Whether the destination has another version under this name."""
        return self.outcome is not None and self.outcome.kind is OutcomeKind.FAILED

    @property
    def passes(self) -> bool:
        """Whether nothing stands in its way, or it is there already."""
        if self.arrived or self.diverged:
            return self.arrived
        return self.decision is not None and self.decision.verdict is Verdict.PROMOTE


def explain_hops(candidate: Candidate, rule_set: RuleSet, now: float) -> tuple[Step, ...]:
    """A step for each hop that leaves the candidate's repository, decided at `now` (UTC seconds)."""
    decisions = {each.promotion.destination: each for each in decide(candidate, rule_set, now)}
    path = path_of(candidate.package)
    found = []
    for hop in rule_set.hops.get(candidate.repository, ()):
        selected = selecting(hop, path, candidate)
        asking = () if candidate.origin else _asking(hop, path, selected[:1])
        decision = decisions.get(hop.destination)
        found.append(Step(hop, candidate, decision, tuple(selected[1:]), asking))
    return tuple(found)


def with_reason(step: Step, reason: Reason) -> Step:
    """The step with one more reason against it."""
    if step.decision is None:
        return step
    decision = step.decision
    worse = msgspec.structs.replace(
        decision, reasons=(*decision.reasons, reason), verdict=max(decision.verdict, reason.verdict)
    )
    return msgspec.structs.replace(step, decision=worse)


def step_to_json(step: Step) -> dict[str, Any]:
    """A step as programs read it, in the shape of the decision log; `purl` says which version is meant."""
    if step.decision is not None:
        shape = decision_to_json(Result(step.decision, step.outcome))
    else:
        hop = {"from": step.hop.source, "to": step.hop.destination}
        shape = {"hop": hop, "promotion": None, "verdict": NOT_SELECTED, "reasons": []}
    return {**shape, "purl": step.candidate.purl}


def _asking(hop: Hop, path: str, deciding: Sequence[Promotion]) -> tuple[Promotion, ...]:
    """The promotions before the one that decides which would decide if the origin were theirs."""
    before = hop.selecting(path)
    end = before.index(deciding[0]) if deciding else len(before)
    return tuple(promotion for promotion in before[:end] if promotion.asks_for_origin)
