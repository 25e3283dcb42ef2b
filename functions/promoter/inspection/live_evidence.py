"""The evidence about a version, looked up with the user's own rights."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from promoter.copying.evidence import GivenAnswer, newest_statement
from promoter.copying.ports import Answers, ApiError, Description
from promoter.copying.results import Outcome
from promoter.inspection.ports import Unknown
from promoter.packages.candidate import Candidate
from promoter.rules.decision import to_look_up
from promoter.rules.evidence import Answer, Evidence, Question
from promoter.rules.rule_set import RuleSet
from promoter.waiting.answers import MAX_BYTES, PUBLISHED, AnswerVersion, Statement, check_subject
from promoter.waiting.names import answer_package

_TRUSTED = 3  # the list of answers is taken as it is


class LiveEvidence(Struct, frozen=True):
    """What was looked up, and the answers that could not be read."""

    evidence: Evidence
    unread: tuple[Unknown, ...] = ()


def look_up(
    candidate: Candidate,
    described: Description,
    rule_set: RuleSet,
    answers: Answers,
    now: float,
    known: Mapping[Question, Answer] = {},
) -> LiveEvidence:
    """The evidence on every hop that leaves the candidate's repository. `known` answers are not read.

    As in the pipeline, nothing is read for a hop that rejects the version anyway. `now` is in UTC seconds since the
    epoch.
    """
    given: dict[Question, GivenAnswer] = {}
    unread: list[Unknown] = []
    for question in _questions(candidate, described, rule_set, now):
        try:
            given[question] = known.get(question) or _newest(candidate, question, answers)
        except ApiError as error:
            unread.append(Unknown(f"read the answers in namespace {question.namespace}", error))
    return LiveEvidence(Evidence(described.origin, described.status, given), tuple(unread))


def _questions(candidate: Candidate, described: Description, rule_set: RuleSet, now: float) -> list[Question]:
    if described.status != PUBLISHED:
        return []
    needs = to_look_up(candidate, rule_set, now).values()
    asked = {need for wanted in needs for need in wanted if isinstance(need, Question)}
    return sorted(asked, key=lambda question: (question.namespace, str(question.hop)))


def _newest(candidate: Candidate, question: Question, answers: Answers) -> GivenAnswer:
    """The newest answer about this revision; raises ApiError."""
    package = answer_package(candidate, question.hop)
    found = newest_statement(question.namespace, package, _Direct(answers), _TRUSTED)
    assert not isinstance(found, Outcome)  # a call that fails raises
    return check_subject(found, candidate) if isinstance(found, Statement) else found


class _Direct:
    """Calls without the limits of an invocation. A call that fails raises ApiError."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def newest_answers(self, namespace: str, package: str, delivery_number: int) -> Sequence[AnswerVersion]:
        return self._answers.newest(namespace, package)

    def statement(self, namespace: str, package: str, version: str, delivery_number: int) -> bytes | None:
        return self._answers.statement(namespace, package, version, MAX_BYTES + 1)
