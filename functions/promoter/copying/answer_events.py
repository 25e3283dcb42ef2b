"""Announcements of answers -> the candidates that they are about."""

from msgspec import Struct
from msgspec.structs import replace

from promoter.copying.calls import Calls
from promoter.copying.evidence import Known, newest_statement
from promoter.copying.pending_entries import PendingEntries
from promoter.copying.ports import Description
from promoter.copying.results import Outcome
from promoter.intake.event import AnswerEvent
from promoter.packages.candidate import Arrival, Candidate
from promoter.packages.patterns import path_of
from promoter.rules.decision import needed, selecting
from promoter.rules.evidence import Evidence, Question, UnusableAnswer
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import PUBLISHED, Statement
from promoter.waiting.names import answer_package


class Asked(Struct, frozen=True):
    """A candidate that an answer is about, with what was looked up on the way."""

    arrival: Arrival
    known: Known


class AnswerEvents:
    """Finds the candidates that answers are about."""

    def __init__(self, rule_set: RuleSet, calls: Calls, entries: PendingEntries, now: float) -> None:
        """`now` is in UTC seconds since the epoch."""
        self._rule_set = rule_set
        self._calls = calls
        self._entries = entries
        self._now = now

    def resolve(self, event: AnswerEvent) -> list[Asked] | UnusableAnswer | Outcome:
        """The candidates of the newest answer, one for each hop that asks for it.

        An answer that cannot be used has none. A look-up that failed is the outcome of the whole message.
        """
        if not any(each.asks_in(event.namespace) for each in self._rule_set.promotions):
            return []
        number = event.delivery.number
        found = newest_statement(event.namespace, event.package, self._calls, number, event.version)
        if not isinstance(found, Statement):
            return [] if found is None else found
        if not event.package.startswith(answer_package(found.candidate)):
            return UnusableAnswer(
                found.answer.version, f"it is about {found.subject}, but its package is not named so"
            )
        return self._candidates(event, found)

    def _candidates(self, event: AnswerEvent, statement: Statement) -> list[Asked] | UnusableAnswer | Outcome:
        asked: list[Asked] = []
        for hop, question in self._asking(event, statement):
            found = self._candidate(event, statement, hop, question)
            if isinstance(found, UnusableAnswer | Outcome):
                return found
            asked += found
        return asked

    def _candidate(
        self, event: AnswerEvent, statement: Statement, hop: Hop, question: Question
    ) -> list[Asked] | UnusableAnswer | Outcome:
        """The candidate on one hop, or none if it is superseded or the version's own event is still to come."""
        candidate = replace(statement.candidate, repository=hop.source, available_since=self._now)
        package, version = candidate.package, candidate.version
        described = self._calls.find(hop.source, package, version, event.delivery.number)
        if isinstance(described, Outcome):
            return described
        if described is None or not _is_about(candidate, described):
            return []
        answer = statement.answer
        if question.hop and not self._decides(answer.promotion, candidate, hop, described):
            text = f'it names promotion "{answer.promotion}", which does not decide about {statement.subject}'
            return UnusableAnswer(answer.version, text)
        arrival = self._with_entries(event, candidate, hop)
        if isinstance(arrival, Outcome):
            return arrival
        return [Asked(arrival, Known(described, {question: answer}))]

    def _asking(self, event: AnswerEvent, statement: Statement) -> list[tuple[Hop, Question]]:
        """The hops that ask for this answer, with the question that its package answers."""
        candidates = [replace(statement.candidate, repository=source) for source in self._rule_set.hops]
        needs = [each for one in candidates for each in needed(one, self._rule_set).items()]
        questions = [(hop, need) for hop, wanted in needs for need in wanted if isinstance(need, Question)]
        return [
            (hop, question)
            for hop, question in questions
            if question.namespace == event.namespace
            and event.package == answer_package(statement.candidate, question.hop)
        ]

    def _decides(self, promotion: str, candidate: Candidate, hop: Hop, described: Description) -> bool:
        """True if this promotion, or none, decides about the candidate."""
        hop_rules = next(each for each in self._rule_set.hops[hop.source] if each.hop == hop)
        selected = selecting(hop_rules, path_of(candidate.package), Evidence(described.origin))
        return not selected or selected[0].name == promotion

    def _with_entries(self, event: AnswerEvent, candidate: Candidate, hop: Hop) -> Arrival | Outcome:
        """The candidate with its pending entries. Its time is that of their events, so that a soak goes on."""
        number = event.delivery.number
        names = self._entries.find(candidate, hop, number)
        if isinstance(names, Outcome):
            return names
        since = self._entries.event_time(names, number)
        if isinstance(since, Outcome):
            return since
        known_since = self._now if since is None else min(since, self._now)
        dated = replace(candidate, available_since=known_since)
        return Arrival(dated, event.delivery, hop.destination, tuple(names))


def _is_about(candidate: Candidate, described: Description) -> bool:
    return (described.status, described.revision) == (PUBLISHED, candidate.revision)
