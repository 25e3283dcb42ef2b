"""Lines of the decision log -> recorded decisions."""

import re
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.evidence import Answer, Evidence, Question, UnusableAnswer, is_check
from promoter.rules.vocabulary import Hop, Origin

_BEGINNING = re.compile(rb'\{"message": ?"decision"')  # tools put the time and the stream before it

CUT_OFF = "the line is cut off"
OLDER = "an older version wrote the line, without what is needed to decide again"
NOT_DECIDED = "the evidence could not be looked up, so nothing was decided"


class RecordedHop(Struct, frozen=True, gc=False):
    """The hop of a line."""

    from_: str = msgspec.field(name="from")
    to: str


class RecordedReason(Struct, frozen=True):
    """A reason of a line."""

    code: str
    met: bool
    text: str
    name: str = ""
    waived: dict[str, str] | None = None


class RecordedAnswer(Struct, frozen=True, gc=False):
    """An answer of a line; one with a `problem` did not count."""

    version: str = ""
    problem: str | None = None
    result: Literal["PASSED", "WARNED", "FAILED"] = "FAILED"
    reason: str = ""
    by: str = ""
    url: str = ""
    promotion: str = ""


class Recorded(Struct, frozen=True):
    """A recorded decision: a line of the decision log. `decided` is None in lines of older versions."""

    purl: str
    format: str
    namespace: str | None
    package: str
    version: str
    revision: str
    hop: RecordedHop
    promotion: str
    verdict: str
    reasons: tuple[RecordedReason, ...]
    ruleset: str
    published: datetime
    decided: datetime | None = None
    until: str = ""
    outcome: str = ""
    code: str = ""
    text: str = ""
    cause: str = ""
    observed: bool = False
    duplicate: bool = False
    origin: Origin | None = None
    status: str | None = None
    answers: dict[str, RecordedAnswer | None] = {}

    @property
    def candidate(self) -> Candidate:
        """The candidate that was decided."""
        package = Package(self.format, self.namespace or "", self.package)
        return Candidate(package, self.version, self.revision, self.hop.from_, self.published.timestamp())

    @property
    def evidence(self) -> Evidence:
        """The evidence that was looked up."""
        if not self.answers:
            return Evidence(self.origin, self.status)
        hop = Hop(self.hop.from_, self.hop.to)
        answers = {
            Question(name, None if is_check(name) else hop): _answer(each)
            for name, each in self.answers.items()
        }
        return Evidence(self.origin, self.status, answers)


class Unreadable(Struct, frozen=True):
    """A line of the decision log that cannot be used, and why."""

    reason: str


_decode = msgspec.json.Decoder(Recorded).decode


def parse_line(line: bytes) -> Recorded | Unreadable | None:
    """Read one line of a log. None if it is no line of the decision log, but one of the function or of Lambda."""
    beginning = _BEGINNING.search(line)
    if beginning is None:
        return None
    try:
        return _decode(line[beginning.start() :])
    except msgspec.ValidationError:
        return Unreadable(OLDER)
    except msgspec.DecodeError:
        return Unreadable(CUT_OFF)


def _answer(answer: RecordedAnswer | None) -> Answer | UnusableAnswer | None:
    if answer is None:
        return None
    if answer.problem is not None:
        return UnusableAnswer(answer.version, answer.problem)
    return Answer(answer.result, answer.reason, answer.by, answer.url, answer.promotion, answer.version)
