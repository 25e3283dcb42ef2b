"""From one arrival to its decisions: what to look up, and the decision on each hop."""

from collections.abc import Iterable, Mapping

from promoter.copying.evidence import Known, Sources, gather
from promoter.copying.plan import Decided, is_carried_out, is_pending
from promoter.copying.results import Deferred, Result
from promoter.packages.candidate import Arrival
from promoter.packages.patterns import path_of
from promoter.rules.decision import Decision, decide, to_look_up
from promoter.rules.evidence import Evidence, Fact, Need
from promoter.rules.rule_set import Promotion, RuleSet
from promoter.rules.vocabulary import Hop

_STATUS: frozenset[Need] = frozenset({Fact.STATUS})


def judge(
    arrival: Arrival, known: Known, rule_set: RuleSet, now: float, sources: Sources
) -> tuple[list[Decided], list[Result]]:
    """The decisions, and results for the hops whose evidence could not be looked up."""
    candidate = arrival.candidate
    unaided = _on_its_hops(arrival, decide(candidate, Evidence(), rule_set, now))
    needs = _needs(arrival, unaided, rule_set, now)
    evidence = gather(arrival, needs, sources, known)
    without = [_decided(arrival, each) for each in unaided if each.hop not in needs]
    if isinstance(evidence, Deferred):
        return without, [_deferred(arrival, rule_set, hop, evidence) for hop in needs]
    aided = decide(candidate, evidence, rule_set, now) if needs else ()
    return [*without, *(_decided(arrival, each) for each in aided if each.hop in needs)], []


def _on_its_hops(arrival: Arrival, decisions: Iterable[Decision]) -> list[Decision]:
    """Only the hop that an entry or an answer is about; a published version is decided on every hop."""
    return [each for each in decisions if arrival.destination in ("", each.hop.destination)]


def _needs(
    arrival: Arrival, unaided: Iterable[Decision], rule_set: RuleSet, now: float
) -> Mapping[Hop, frozenset[Need]]:
    """What to look up by hop. The status of a late candidate is looked up before it is copied or kept waiting."""
    needs = {
        hop: facts
        for hop, facts in to_look_up(arrival.candidate, rule_set, now).items()
        if arrival.destination in ("", hop.destination)
    }
    if not arrival.is_late(now):
        return needs
    brought = arrival.delivery.cause != "event"
    others = [
        each.hop
        for each in unaided
        if each.hop not in needs and (is_carried_out(each) or (brought and is_pending(each)))
    ]
    return {hop: facts | _STATUS for hop, facts in needs.items()} | dict.fromkeys(others, _STATUS)


def _decided(arrival: Arrival, decision: Decision) -> Decided:
    return Decided(decision, arrival.delivery, arrival.entries)


def _deferred(arrival: Arrival, rule_set: RuleSet, hop: Hop, deferred: Deferred) -> Result:
    promotion = _first_selecting(arrival, rule_set, hop)
    return Result(arrival.candidate, promotion, arrival.delivery, outcome=deferred.outcome)


def _first_selecting(arrival: Arrival, rule_set: RuleSet, hop: Hop) -> Promotion:
    """The first promotion of a hop whose patterns match the candidate."""
    path = path_of(arrival.candidate.package)
    leaving = rule_set.hops[arrival.candidate.repository]
    return next(each for each in leaving if each.hop == hop).selecting(path)[0]
