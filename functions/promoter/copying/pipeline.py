"""The pipeline: gather evidence, decide, plan, carry out. Its clients and its clock are arguments."""

from collections.abc import Iterable

from promoter.copying.evidence import gather
from promoter.copying.executor import Executor
from promoter.copying.plan import Decided, Instruction, make_plan
from promoter.copying.ports import Limits, Repositories
from promoter.copying.results import Deferred, Outcome, Result, ResultKey, Run
from promoter.packages.candidate import Arrival
from promoter.packages.patterns import path_of
from promoter.rules.decision import decide, needed
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import Hop, Promotion, RuleSet


def run_promotions(
    arrivals: Iterable[Arrival], rule_set: RuleSet, now: float, repositories: Repositories, limits: Limits
) -> Run:
    """Decide about candidates at `now` (UTC seconds since the epoch) and carry the decisions out.

    An exception of our own code stays with the message that caused it; the other messages are served.
    """
    executor = Executor(repositories, limits)
    results: dict[ResultKey, Result] = {}
    crashed: dict[str, Exception] = {}
    decided: list[Decided] = []
    for arrival in arrivals:
        try:
            decisions, deferred = _decide(arrival, rule_set, now, executor)
        except Exception as error:  # the boundary between messages; the caller reports it
            crashed[arrival.delivery.message_id] = error
            continue
        decided += decisions
        results |= {each.key: each for each in deferred}
        results |= {each.key: each for each in map(_undone, decisions)}
    for instruction in make_plan(decided):
        carried_out, failed = _carry_out(instruction, executor)
        results |= {each.key: each for each in carried_out}
        crashed |= failed
    return Run(list(results.values()), crashed)


def _decide(
    arrival: Arrival, rule_set: RuleSet, now: float, executor: Executor
) -> tuple[list[Decided], list[Result]]:
    """The decisions, and results for the hops whose evidence could not be looked up."""
    candidate, delivery = arrival.candidate, arrival.delivery
    facts = needed(candidate, rule_set)
    evidence = gather(candidate, facts, executor, delivery.receive_count)
    if not isinstance(evidence, Deferred):
        return [Decided(each, delivery) for each in decide(candidate, evidence, rule_set, now)], []
    decisions = [each for each in decide(candidate, Evidence(), rule_set, now) if each.hop not in facts]
    deferred = [
        Result(candidate, _first_selecting(arrival, rule_set, hop), delivery, outcome=evidence.outcome)
        for hop in facts
    ]
    return [Decided(each, delivery) for each in decisions], deferred


def _first_selecting(arrival: Arrival, rule_set: RuleSet, hop: Hop) -> Promotion:
    """The first promotion of a hop whose patterns match the candidate."""
    path = path_of(arrival.candidate.package)
    leaving = rule_set.hops[arrival.candidate.repository]
    return next(each for each in leaving if each.hop == hop).selecting(path)[0]


def _undone(decided: Decided) -> Result:
    return Result.of(decided.decision, decided.delivery)


def _carry_out(instruction: Instruction, executor: Executor) -> tuple[list[Result], dict[str, Exception]]:
    """The results of an instruction, and our own exception by message id."""
    try:
        outcomes = executor.carry_out(instruction)
    except Exception as error:  # the boundary between instructions; the caller reports it
        crash = Outcome.retry("InternalError", repr(error))
        outcomes = [(attempt, crash) for attempts in instruction.versions for attempt in attempts]
        messages = [each.delivery.message_id for attempt, _ in outcomes for each in attempt.decided]
        crashed: dict[str, Exception] = dict.fromkeys(messages, error)
    else:
        crashed = {}
    results = [
        Result.of(each.decision, each.delivery, outcome, duplicate=position > 0)
        for attempt, outcome in outcomes
        for position, each in enumerate(attempt.decided)
    ]
    return results, crashed
