"""The pipeline: gather evidence, decide, plan, carry out. Its clients and its clock are arguments."""

from collections.abc import Iterable

from promoter.copying.calls import Calls
from promoter.copying.evidence import Sources, gather
from promoter.copying.executor import Executor
from promoter.copying.plan import Decided, Instruction, is_carried_out, make_plan
from promoter.copying.ports import Limits, Repositories
from promoter.copying.results import Deferred, Outcome, Result, ResultKey, Run
from promoter.packages.candidate import Arrival
from promoter.packages.patterns import path_of
from promoter.rules.decision import Decision, decide, to_look_up
from promoter.rules.evidence import Evidence, Fact, Need
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules.vocabulary import Hop


def run_promotions(
    arrivals: Iterable[Arrival], rule_set: RuleSet, now: float, repositories: Repositories, limits: Limits
) -> Run:
    """Decide about candidates at `now` (UTC seconds since the epoch) and carry the decisions out.

    An exception of our own code stays with the message that caused it; the other messages are served.
    """
    calls = Calls(repositories, limits)
    executor = Executor(calls)
    results: dict[ResultKey, Result] = {}
    crashed: dict[str, Exception] = {}
    decided: list[Decided] = []
    for arrival in arrivals:
        try:
            decisions, deferred = _decide(arrival, rule_set, now, calls)
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
    arrival: Arrival, rule_set: RuleSet, now: float, sources: Sources
) -> tuple[list[Decided], list[Result]]:
    """The decisions, and results for the hops whose evidence could not be looked up."""
    candidate, delivery = arrival.candidate, arrival.delivery
    unaided = decide(candidate, Evidence(), rule_set, now)
    facts = _facts(arrival, unaided, rule_set, now)
    evidence = gather(arrival, facts, sources)
    without = [Decided(each, delivery) for each in unaided if each.hop not in facts]
    if isinstance(evidence, Deferred):
        return without, [_deferred(arrival, rule_set, hop, evidence) for hop in facts]
    aided = decide(candidate, evidence, rule_set, now) if facts else ()
    return [*without, *(Decided(each, delivery) for each in aided if each.hop in facts)], []


def _facts(
    arrival: Arrival, unaided: Iterable[Decision], rule_set: RuleSet, now: float
) -> dict[Hop, frozenset[Need]]:
    """The facts to look up by hop. A late candidate's status is looked up before it is copied."""
    facts = to_look_up(arrival.candidate, rule_set, now)
    if not arrival.is_late(now):
        return facts
    copied = [each.hop for each in unaided if is_carried_out(each) and each.hop not in facts]
    status: frozenset[Need] = frozenset({Fact.STATUS})
    return {hop: needs | status for hop, needs in facts.items()} | dict.fromkeys(copied, status)


def _deferred(arrival: Arrival, rule_set: RuleSet, hop: Hop, deferred: Deferred) -> Result:
    promotion = _first_selecting(arrival, rule_set, hop)
    return Result(arrival.candidate, promotion, arrival.delivery, outcome=deferred.outcome)


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
