"""Conditions that somebody else answers: checks, approvals, and requests for a promotion.

A missing answer, an answer that cannot be used and an answer that was not looked up are never a yes.
"""

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.rules.evidence import Answer, Evidence, Need, Question, UnusableAnswer, check_namespace
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict

NOT_LOOKED_UP = "not looked up"  # `seen` of a reason whose question was not looked up


class CheckPassed(Struct, frozen=True):
    """A named check has passed for the revision."""

    name: str

    @property
    def question(self) -> Question:
        """The question that the check answers."""
        return Question(check_namespace(self.name))

    @property
    def needs(self) -> frozenset[Need]:
        """The question that has to be looked up."""
        return frozenset({self.question})

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        asked = _Asked(ReasonCode.CHECK, "passed", "no answer yet", self.name)
        return asked.reason(self.question, evidence)


class Approved(Struct, frozen=True):
    """A person has approved the revision for this promotion."""

    question: Question
    promotion: str

    @property
    def needs(self) -> frozenset[Need]:
        """The question that has to be looked up."""
        return frozenset({self.question})

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        asked = _Asked(ReasonCode.APPROVAL, "one for this revision", "none yet", promotion=self.promotion)
        return asked.reason(self.question, evidence)


class ManuallyRequested(Struct, frozen=True):
    """A person has requested the promotion of the revision: `mode = "manual"`. An approval is such a request."""

    question: Question
    promotion: str

    @property
    def needs(self) -> frozenset[Need]:
        """The question that has to be looked up."""
        return frozenset({self.question})

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        nobody = "only when a person asks"
        asked = _Asked(ReasonCode.MANUAL, "a request", nobody, promotion=self.promotion)
        return asked.reason(self.question, evidence)


class _Asked(Struct, frozen=True):
    """A condition that asks a question.

    `nobody` is the sentence if nobody has answered. If `promotion` is not "", the answer has to name it.
    """

    code: ReasonCode
    wanted: str
    nobody: str
    name: str = ""
    promotion: str = ""

    def reason(self, question: Question, evidence: Evidence) -> Reason:
        """The reason that follows from the newest answer."""
        if question not in evidence.answers:
            return self._held(NOT_LOOKED_UP, NOT_LOOKED_UP)
        answer = self._about_promotion(evidence.answers[question])
        if answer is None:
            return self._held("none", self.nobody)
        if isinstance(answer, UnusableAnswer):
            text = f"the newest answer ({answer.version}) does not count: {answer.problem}"
            return self._held("an answer that does not count", text)
        if answer.result == "FAILED":
            return self._reason(False, answer.result, _sentence(answer), Verdict.REJECT)
        return self._reason(True, answer.result, _sentence(answer), Verdict.PROMOTE)

    def _about_promotion(self, answer: Answer | UnusableAnswer | None) -> Answer | UnusableAnswer | None:
        if not isinstance(answer, Answer) or not self.promotion or answer.promotion == self.promotion:
            return answer
        named = f'promotion "{answer.promotion}"' if answer.promotion else "no promotion"
        return UnusableAnswer(answer.version, f'it names {named}, not "{self.promotion}"')

    def _held(self, seen: str, text: str) -> Reason:
        return self._reason(False, seen, text, Verdict.HOLD)

    def _reason(self, met: bool, seen: str, text: str, verdict: Verdict) -> Reason:
        text = f"{self.name}: {text}" if self.name else text
        return Reason(self.code, met, seen, self.wanted, text, verdict, name=self.name)


def _sentence(answer: Answer) -> str:
    """The statement's own sentence, with its result and who claims to have made it."""
    by = f" by {answer.by}" if answer.by else ""
    return f"{answer.result}{by}" + (f": {answer.reason}" if answer.reason else "")
