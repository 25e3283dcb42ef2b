"""The shell: decide, plan, carry out. Its clients and its clock are arguments."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from promoter.copying.executor import Executor
from promoter.copying.plan import Copy, make_plan
from promoter.copying.ports import Limits, Repositories
from promoter.copying.results import Outcome, OutcomeKind
from promoter.packages.candidate import Candidate
from promoter.rules.decision import Decision, decide, undecided
from promoter.rules.rule_set import RuleSet


class Result(Struct, frozen=True):
    """One decision and, where it was carried out, its outcome.

    A `duplicate` is another delivery of the event that a result before it stands for.
    """

    decision: Decision
    outcome: Outcome | None = None
    duplicate: bool = False

    @property
    def ended(self) -> bool:
        """Whether the message that caused the decision may be deleted as far as this decision goes."""
        return self.outcome is None or self.outcome.ended


class Run(Struct, frozen=True):
    """What came of a batch: one result per decision, and the messages that our own code failed on."""

    results: list[Result]
    crashed: Mapping[str, Exception]


def run_promotions(
    candidates: Iterable[Candidate], rule_set: RuleSet, now: float, repositories: Repositories, limits: Limits
) -> Run:
    """Decide about the candidates at `now` (UTC seconds since the epoch) and carry the decisions out.

    A candidate that our own code fails on is left to its own message; its neighbours are served.
    """
    executor = Executor(repositories, limits)
    results: dict[int, Result] = {}
    crashed: dict[str, Exception] = {}
    decisions: list[Decision] = []
    for candidate in candidates:
        try:
            decided, failed = _decide(candidate, rule_set, now, executor)
        except Exception as error:  # the boundary between records: reported by the caller
            crashed[candidate.message] = error
            continue
        decisions.extend(decided)
        if failed is not None:
            results |= {id(decision): Result(decision, failed) for decision in decided}
    for copy in make_plan(decision for decision in decisions if id(decision) not in results):
        try:
            outcomes = executor.carry_out(copy)
        except Exception as error:  # the boundary between groups: reported by the caller
            outcomes = [(revision, _crashed(error)) for revisions in copy.versions for revision in revisions]
            crashed |= dict.fromkeys(_messages(copy), error)
        for revision, result in outcomes:
            for position, decision in enumerate(revision.decisions):
                results[id(decision)] = Result(decision, result, duplicate=position > 0)
    return Run([results.get(id(decision)) or Result(decision) for decision in decisions], crashed)


def _decide(
    candidate: Candidate, rule_set: RuleSet, now: float, executor: Executor
) -> tuple[tuple[Decision, ...], Outcome | None]:
    """The decisions; and why they could not be made, where a rule asks for an origin that nobody tells."""
    if rule_set.asks_for_origin(candidate):
        origin = executor.origin(candidate)
        if isinstance(origin, Outcome):
            return undecided(candidate, rule_set), origin
        candidate = msgspec.structs.replace(candidate, origin=origin)
    return decide(candidate, rule_set, now), None


def _messages(copy: Copy) -> set[str]:
    return {
        decision.candidate.message
        for revisions in copy.versions
        for revision in revisions
        for decision in revision.decisions
    }


def _crashed(error: Exception) -> Outcome:
    return Outcome(OutcomeKind.RETRY, "InternalError", repr(error), ended=False)
