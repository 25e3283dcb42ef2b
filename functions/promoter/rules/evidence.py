"""Evidence: facts and answers about a candidate that cost a call to look up."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from promoter.rules.vocabulary import Hop, Origin

APPROVAL = "approval"  # the namespace of approvals that have no name
_CHECK = "check"


class Fact(StrEnum):
    """A fact that a promotion or a condition may need."""

    ORIGIN = "origin"
    STATUS = "status"


class Question(Struct, frozen=True):
    """A question about one revision that a person or a program answers.

    `namespace` is that of its answers in the evidence repository. An approval is about one hop, a check is not.
    """

    namespace: str
    hop: Hop | None = None


Need = Fact | Question
NOTHING: frozenset[Need] = frozenset()


class Answer(Struct, frozen=True):
    """The newest answer to a question. WARNED passes, too.

    `reason` is its sentence, `by` who claims to have answered, `url` where to read more. `promotion` is the name of the
    promotion that an approval is for. `version` is the answer's own version in the evidence repository, `published`
    when it was published there, in UTC seconds since the epoch.
    """

    result: Literal["PASSED", "WARNED", "FAILED"]
    reason: str = ""
    by: str = ""
    url: str = ""
    promotion: str = ""
    version: str = ""
    published: float | None = None


class UnusableAnswer(Struct, frozen=True):
    """The newest answer to a question if it does not count. `problem` says why, in one sentence."""

    version: str
    problem: str


class Evidence(Struct, frozen=True):
    """The facts and answers that were looked up about one candidate; a fact that nobody needed is None.

    `origin` says where the package first came from (API reference: PackageVersionOrigin). `status` is the
    version's status in the candidate's repository. `answers` has the questions that were looked up; None means that
    nobody has answered.
    """

    origin: Origin | None = None
    status: str | None = None
    answers: Mapping[Question, Answer | UnusableAnswer | None] = {}


def check_namespace(name: str) -> str:
    """The namespace of the answers to a check."""
    return f"{_CHECK}-{name}"


def is_check(namespace: str) -> bool:
    """True for the answers to a check, False for those of people about one hop."""
    return namespace.startswith(f"{_CHECK}-")


def approval_namespace(name: str = "") -> str:
    """The namespace of approvals; those that have a name have a namespace of their own."""
    return f"{APPROVAL}-{name}" if name else APPROVAL
