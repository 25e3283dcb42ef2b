"""Reasons: the answers of conditions, each with the condition's code and a sentence."""

from typing import Protocol

from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.rules.evidence import Evidence, Need
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_time


class Waived(Struct, frozen=True):
    """The waiver of a reason: why it is waived, and until when, in UTC seconds since the epoch."""

    reason: str
    until: float


class Reason(Struct, frozen=True, omit_defaults=True):
    """The answer of one condition. `until` is in UTC seconds since the epoch, `name` is the name of a check.

    A waived reason keeps its answer, but it does not count for the verdict.
    """

    code: ReasonCode
    met: bool
    seen: str
    wanted: str
    text: str
    verdict: Verdict = Verdict.PROMOTE
    until: float | None = None
    name: str = ""
    waived: Waived | None = None

    @property
    def counts(self) -> bool:
        """True if the reason counts for the verdict."""
        return self.waived is None

    @property
    def marked_text(self) -> str:
        """The sentence, and the waiver if there is one."""
        if self.waived is None:
            return self.text
        return f'{self.text} (waived until {format_time(self.waived.until)}: "{self.waived.reason}")'


class Condition(Protocol):
    """One requirement."""

    @property
    def needs(self) -> frozenset[Need]:
        """The facts and the questions that have to be looked up for it."""
        ...

    def check(self, candidate: Candidate, evidence: Evidence, now: float) -> Reason:
        """Answer whether the condition is met at `now` (UTC seconds since the epoch), and why."""
        ...
