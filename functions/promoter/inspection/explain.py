"""Explains why a version is promoted or not: the decision on every hop that leaves its repository."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from promoter.copying.results import Outcome, OutcomeKind, Pending, Result
from promoter.inspection.entries import FoundEntry
from promoter.packages.candidate import Candidate, Delivery
from promoter.packages.patterns import path_of
from promoter.reporting.decision_log import result_to_json
from promoter.rules.decision import Decision, decide, selecting
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import HopRules, Promotion, RuleSet
from promoter.rules.vocabulary import Hop, ReasonCode, Verdict


class Step(Struct, frozen=True):
    """One version on one hop.

    `decision` is None if no promotion selects the version. `later` also match, but come later in the file.
    `unsure` would decide if the origin, which is unknown, were theirs. `outcome` compares with the destination, where
    the version has the `destination_status` ("" if it is not there). `entry` is its pending entry, if one was found.
    `forgotten` is True if it waits, but none was found.
    """

    hop: Hop
    candidate: Candidate
    decision: Decision | None
    later: tuple[Promotion, ...] = ()
    unsure: tuple[Promotion, ...] = ()
    outcome: Outcome | None = None
    destination_status: str = ""
    entry: FoundEntry | None = None
    forgotten: bool = False

    @property
    def verdict(self) -> str:
        """The verdict in a word, `not-selected` if there is none."""
        return self.decision.verdict.name.lower() if self.decision else ReasonCode.NOT_SELECTED.value

    @property
    def arrived(self) -> bool:
        """True if the destination has the same version."""
        return self.outcome is not None and self.outcome.kind is OutcomeKind.UNCHANGED

    @property
    def diverged(self) -> bool:
        """True if the destination has this version with different files."""
        return self.outcome is not None and self.outcome.kind is OutcomeKind.FAILED

    @property
    def passes(self) -> bool:
        """True if clients of the destination can install the version, or nothing is in its way."""
        if self.arrived or self.diverged:
            return self.arrived and self.destination_status != "Archived"
        return self.decision is not None and self.decision.verdict is Verdict.PROMOTE


def explain_hops(candidate: Candidate, evidence: Evidence, rule_set: RuleSet, now: float) -> tuple[Step, ...]:
    """A step for each hop that leaves the candidate's repository. `now` is in UTC seconds since the epoch."""
    decisions = {each.hop: each for each in decide(candidate, evidence, rule_set, now)}
    path = path_of(candidate.package)
    steps = []
    for hop_rules in rule_set.hops.get(candidate.repository, ()):
        selected = selecting(hop_rules, path, evidence)
        unsure = () if evidence.origin else _unsure(hop_rules, path, selected[:1])
        decision = decisions.get(hop_rules.hop)
        steps.append(Step(hop_rules.hop, candidate, decision, tuple(selected[1:]), unsure))
    return tuple(steps)


def step_to_json(step: Step) -> dict[str, Any]:
    """A step in the shape of the decision log, with the purl."""
    if step.decision is not None:
        json_ = result_to_json(Result.of(step.decision, Delivery(), step.outcome, pending=_pending(step)))
    else:
        hop = {"from": step.hop.source, "to": step.hop.destination}
        json_ = {"hop": hop, "promotion": None, "verdict": step.verdict, "reasons": []}
    status = {"destinationStatus": step.destination_status} if step.destination_status else {}
    return {**json_, **status, "purl": step.candidate.purl}


def _pending(step: Step) -> Pending | None:
    return Pending(step.entry.name, step.entry.fires) if step.entry else None


def _unsure(hop_rules: HopRules, path: str, deciding: Sequence[Promotion]) -> tuple[Promotion, ...]:
    """The promotions that select by origin and come before the one that decides."""
    matching = hop_rules.selecting(path)
    end = matching.index(deciding[0]) if deciding else len(matching)
    return tuple(promotion for promotion in matching[:end] if promotion.selects_by_origin)
