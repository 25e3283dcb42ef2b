"""Announcements of answers -> the candidates that they are about."""

from collections.abc import Iterator

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
            candidate = replace(statement.candidate, repository=hop.source, available_since=self._now)
            described = self._calls.find(
                hop.source, candidate.package, candidate.version, event.delivery.number
            )
            if isinstance(described, Outcome):
                return described
            if described is None or not _is_about(candidate, described):
                continue  # superseded, or the version's own event is still to come
            if question.hop and not self._names_promotion(candidate, hop, described, statement):
                return UnusableAnswer(
                    statement.answer.version,
                    f'it names promotion "{statement.answer.promotion}", which does not decide about {statement.subject}',
                )
            one = self._with_entries(event, candidate, hop)
            if isinstance(one, Outcome):
                return one
            asked.append(Asked(one, Known(described, {question: statement.answer})))
        return asked

    def _asking(self, event: AnswerEvent, statement: Statement) -> Iterator[tuple[Hop, Question]]:
        """The hops that ask for this answer, with the question that its package answers."""
        for source in self._rule_set.hops:
            candidate = replace(statement.candidate, repository=source)
            for hop, needs in needed(candidate, self._rule_set).items():
                for need in needs:
                    if (
                        isinstance(need, Question)
                        and need.namespace == event.namespace
                        and event.package == answer_package(candidate, need.hop)
                    ):
                        yield hop, need

    def _names_promotion(
        self, candidate: Candidate, hop: Hop, described: Description, statement: Statement
    ) -> bool:
        path = path_of(candidate.package)
        hop_rules = next(each for each in self._rule_set.hops[hop.source] if each.hop == hop)
        deciding = selecting(hop_rules, path, Evidence(described.origin))[:1]
        return not deciding or deciding[0].name == statement.answer.promotion

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
