"""Gathers the evidence that decisions need."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from promoter.copying.ports import Description
from promoter.copying.results import Deferred, Outcome, OutcomeKind
from promoter.packages.candidate import Arrival, Candidate
from promoter.packages.package import Package
from promoter.rules.evidence import Answer, Evidence, Fact, Need, Question, UnusableAnswer
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import (
    PUBLISHED,
    AnswerVersion,
    Statement,
    check_subject,
    no_statement,
    not_published,
    read_statement,
)
from promoter.waiting.names import answer_package

GivenAnswer = Answer | UnusableAnswer | None


class AnswerSources(Protocol):
    """Where answers are looked up. Each method may return the outcome of a look-up that failed."""

    def newest_answers(
        self, namespace: str, package: str, delivery_number: int
    ) -> Sequence[AnswerVersion] | Outcome:
        """The newest versions of a package of answers, the newest first."""
        ...

    def statement(
        self, namespace: str, package: str, version: str, delivery_number: int
    ) -> bytes | Outcome | None:
        """The statement of an answer; None if it has none."""
        ...


class Sources(AnswerSources, Protocol):
    """Where evidence is looked up. Each method returns the outcome of a look-up that failed."""

    def describe(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome:
        """Describe one version."""
        ...


class Known(Struct, frozen=True):
    """What was looked up before the decision, so that it is not looked up again."""

    description: Description | None = None
    answers: Mapping[Question, GivenAnswer] = {}


def gather(
    arrival: Arrival, needed: Mapping[Hop, frozenset[Need]], sources: Sources, known: Known
) -> Evidence | Deferred:
    """Look up every fact and answer that some hop needs. A look-up that fails defers the candidate on these hops."""
    needs = frozenset[Need]().union(*needed.values())
    evidence = _describe(arrival, needs, sources, known.description)
    if isinstance(evidence, Deferred) or evidence.status not in (None, PUBLISHED):
        return evidence
    answers: dict[Question, GivenAnswer] = {}
    for question in {need for need in needs if isinstance(need, Question)}:
        answer = known.answers.get(question) or _answer(arrival, question, sources)
        if isinstance(answer, Outcome):
            return Deferred(answer)
        answers[question] = answer
    return Evidence(evidence.origin, evidence.status, answers)


def newest_statement(
    namespace: str, package: str, sources: AnswerSources, delivery_number: int, expected: str = ""
) -> Statement | UnusableAnswer | Outcome | None:
    """Read the newest answer, in any status: exactly this one counts. None if there is no answer.

    `expected` is a version that must be listed. The API may lag its events, so the first deliveries wait for it.
    """
    versions = sources.newest_answers(namespace, package, delivery_number)
    if isinstance(versions, Outcome):
        return versions
    if expected and delivery_number < _TRUST_THE_LIST and expected not in {each.version for each in versions}:
        return Outcome.retry("NOT_FOUND", "the API does not list the answer yet")
    if not versions:
        return None
    newest = versions[0]
    if newest.status != PUBLISHED:
        return not_published(newest)
    content = sources.statement(namespace, package, newest.version, delivery_number)
    if content is None:
        return no_statement(newest)
    return content if isinstance(content, Outcome) else read_statement(content, newest.version)


_TRUST_THE_LIST = 3  # the delivery that takes the list of answers as it is


def _describe(
    arrival: Arrival, needs: frozenset[Need], sources: Sources, known: Description | None
) -> Evidence | Deferred:
    """The origin and the status.

    The status is evidence only if it was asked for: right after an event the API may still show an older one.
    """
    if not needs & {Fact.ORIGIN, Fact.STATUS}:
        return Evidence()
    candidate, number = arrival.candidate, arrival.delivery.number
    described = known or sources.describe(candidate.repository, candidate.package, candidate.version, number)
    if isinstance(described, Outcome):
        return Deferred(described)
    if Fact.STATUS not in needs:
        return Evidence(described.origin)
    if described.status == "Unfinished":  # no version goes back to it, so the API lags behind its event
        return Deferred(Outcome.retry("NOT_FOUND", "the API does not show the published version yet"))
    if arrival.delivery.cause != "event" and described.revision != candidate.revision:
        return Deferred(_superseded(candidate))
    return Evidence(described.origin, described.status)


def _superseded(candidate: Candidate) -> Outcome:
    text = f"{candidate.repository} has a newer revision"
    return Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", text)


def _answer(arrival: Arrival, question: Question, sources: Sources) -> GivenAnswer | Outcome:
    package = answer_package(arrival.candidate, question.hop)
    found = newest_statement(question.namespace, package, sources, arrival.delivery.number)
    return check_subject(found, arrival.candidate) if isinstance(found, Statement) else found
