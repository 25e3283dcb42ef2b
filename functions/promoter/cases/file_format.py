"""The format of a case file: one struct per table."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from promoter.rules.vocabulary import Origin
from promoter.rules_file.file_format import Repository

NO_DECISION = "not-selected"  # the verdict of a version that no promotion selects
Moment = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(min_length=1)]
ExpectedVerdict = Literal["promote", "wait", "hold", "reject", "not-selected"]
Result = Literal["PASSED", "WARNED", "FAILED"]
# API reference: PackageVersionSummary; other statuses send no event that is decided
Status = Literal["Published", "Unlisted", "Archived", "Disposed"]


class Expectation(Struct, frozen=True, kw_only=True):
    """The expected decision on one hop. Keys that are missing are not compared.

    `met`, `unmet` and `waived` name conditions by their codes, a check as `check-NAME`. `texts` has the sentences of
    conditions.
    """

    to: Repository | None = None
    verdict: ExpectedVerdict | None = None
    promotion: Text | None = None
    met: tuple[Text, ...] | None = None
    unmet: tuple[Text, ...] | None = None
    waived: tuple[Text, ...] | None = None
    until: Moment | None = None
    texts: dict[str, str] = {}


class CaseEntry(Expectation, frozen=True, kw_only=True):
    """A `[[case]]`: a version, what is known about it, and the decision that the rules must come to.

    With `decisions` it has the decisions on all hops, and none of the keys of a single one.
    """

    name: Text
    version: Text
    rules: Text | None = None
    repository: Repository | None = None
    revision: Text = "r1"
    origin: Origin | None = None
    status: Status | None = None
    since: Moment | None = None
    now: Moment | None = None
    answers: dict[str, Any] = {}
    decisions: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)] | None = None


class AnswerEntry(Struct, frozen=True, kw_only=True):
    """The newest answer in one namespace: a result, or the `problem` of an answer that does not count."""

    result: Result | None = None
    problem: Text | None = None
    reason: str = ""
    by: str = ""
    url: str = ""
    promotion: str = ""
    version: str = "20260101T000000.000Z"


class CaseFileEntry(Struct, frozen=True, kw_only=True):
    """The whole file. `rules` are rules files by name, for cases that are not about the rules file beside them."""

    rules: dict[str, str] = {}
    case: tuple[dict[str, Any], ...] = msgspec.field(default=())
