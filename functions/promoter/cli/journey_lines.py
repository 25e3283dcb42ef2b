"""The first lines of a journey: each hop of the rules once, with the repositories that have the version.

`*` marks a repository that has it. The arrows: `--` promoted, `->` will be promoted, `--|` stopped, `..` not decided.
"""

from promoter.copying.ports import Description
from promoter.copying.results import Outcome
from promoter.inspection.explain import Step
from promoter.inspection.journey import Journey
from promoter.rules.conditions import PUBLISHED
from promoter.rules.decision import Decision
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop, ReasonCode, Verdict
from promoter.times import format_ago, format_time


def journey_lines(journey: Journey, rule_set: RuleSet, now: float) -> list[str]:
    """The lines, as `dev * 3d ago -- staging * 2d ago --| prod   WAITS FOR A PERSON`."""
    steps = {step.hop: step for step in journey.steps}
    return [_line(chain, steps, journey, now) for chain in _chains([each.hop for each in rule_set.all_hops])]


def _chains(hops: list[Hop]) -> list[list[Hop]]:
    """The hops in chains, each hop once. Hops from repositories that no hop leads to come first."""
    destinations = {hop.destination for hop in hops}
    left = sorted(hops, key=lambda hop: hop.source in destinations)
    chains = []
    while left:
        chain = [left.pop(0)]
        while following := [hop for hop in left if hop.source == chain[-1].destination]:
            chain.append(following[0])
            left.remove(following[0])
        chains.append(chain)
    return chains


def _line(chain: list[Hop], steps: dict[Hop, Step], journey: Journey, now: float) -> str:
    parts = [_repository(chain[0].source, journey.found, now)]
    for hop in chain:
        parts += [_arrow(steps.get(hop)), _repository(hop.destination, journey.found, now)]
    open_steps = [steps[hop] for hop in chain if hop in steps and not steps[hop].arrived]
    state = f"   {_state(open_steps[-1])}" if open_steps else ""
    return " ".join(parts) + state


def _repository(name: str, found: dict[str, Description], now: float) -> str:
    description = found.get(name)
    if description is None:
        return name
    status = "" if description.status == PUBLISHED else f" {description.status}"
    return f"{name} *{status} {format_ago(now - description.published)}"


def _arrow(step: Step | None) -> str:
    if step is None:
        return ".."
    if step.arrived:
        return "--"
    return "->" if step.passes else "--|"


def _state(step: Step) -> str:
    """The state of a step that is not done, in capitals."""
    if step.outcome is not None:
        return _conflict(step, step.outcome)
    if step.decision is None:
        return "NOT SELECTED"
    if step.passes:
        return "ON ITS WAY" if step.decision.promotion.mode == "enforce" else "ONLY OBSERVED"
    if step.decision.verdict is Verdict.WAIT:
        return f"WAITS UNTIL {format_time(step.decision.until or 0)}"
    return _held(step.decision) if step.decision.verdict is Verdict.HOLD else "REJECTED"


def _held(decision: Decision) -> str:
    """Say whom a held version waits for."""
    open_reasons = [each for each in decision.reasons if each.verdict is Verdict.HOLD and each.counts]
    checks = [each.name for each in open_reasons if each.code is ReasonCode.CHECK]
    awaited = [f"CHECK{'S' if len(checks) > 1 else ''} {', '.join(checks)}"] if checks else []
    if len(checks) < len(open_reasons):
        awaited.append("A PERSON")
    return f"WAITS FOR {' AND '.join(awaited)}"


def _conflict(step: Step, outcome: Outcome) -> str:
    """The state of a step whose destination has something else under the same version."""
    if outcome.only_added:
        return "FILES ADDED"
    return (
        "FILES DIFFER"
        if outcome.differences
        else f"{step.destination_status.upper()} in {step.hop.destination}"
    )
