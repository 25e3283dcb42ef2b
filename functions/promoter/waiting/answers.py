"""Answers: statements of people and programs about one revision, published as generic packages.

An answer is an in-toto Statement v1 with the predicate of a test result, in the asset `statement.json`.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from promoter.packages.candidate import Candidate
from promoter.packages.errors import PatternError
from promoter.packages.purl import parse_package
from promoter.rules.evidence import Answer, UnusableAnswer

ASSET = "statement.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
MAX_BYTES = 65_536
PUBLISHED = "Published"


class AnswerVersion(Struct, frozen=True):
    """One version of a package of answers, as the repository lists it."""

    version: str
    status: str


class Statement(Struct, frozen=True):
    """A statement about one revision of one version. Its repository is that of the hop that asks."""

    candidate: Candidate
    answer: Answer

    @property
    def subject(self) -> str:
        """The subject as text."""
        return f"{self.candidate.purl} at revision {self.candidate.revision}"


class _Digest(Struct, rename={"revision": "codeartifact-revision"}):
    revision: Annotated[str, Meta(min_length=1, max_length=50)]


class _Subject(Struct):
    name: str
    digest: _Digest


class _Predicate(Struct):
    result: Literal["PASSED", "WARNED", "FAILED"]
    reason: str = ""
    by: str = ""
    url: str = ""
    promotion: str = ""


class _Document(Struct, rename={"type_": "_type", "predicate_type": "predicateType"}):
    type_: Literal["https://in-toto.io/Statement/v1"]
    subject: Annotated[list[_Subject], Meta(min_length=1, max_length=1)]
    predicate_type: Literal["https://in-toto.io/attestation/test-result/v0.1"]
    predicate: _Predicate


_decode = msgspec.json.Decoder(_Document).decode


def read_statement(content: bytes, version: str) -> Statement | UnusableAnswer:
    """Read a statement. `version` is the version of the answer's package."""
    if len(content) > MAX_BYTES:
        return UnusableAnswer(version, f"{ASSET} is larger than {MAX_BYTES // 1024} KiB")
    try:
        document = _decode(content)
        subject = document.subject[0]
        package, subject_version = parse_package(subject.name)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return UnusableAnswer(version, f"{ASSET} is not a test result: {error}")
    except PatternError as error:
        return UnusableAnswer(version, f"{ASSET} does not name a version: {error}")
    if not subject_version:
        return UnusableAnswer(version, f'{ASSET} names "{subject.name}" without a version')
    given = document.predicate
    answer = Answer(given.result, given.reason, given.by, given.url, given.promotion, version)
    return Statement(Candidate(package, subject_version, subject.digest.revision, "", 0), answer)


def write_statement(statement: Statement) -> bytes:
    """Write a statement, as ASCII. The version of the answer and when it was published are not part of it."""
    candidate, answer = statement.candidate, statement.answer
    ours = {"reason": answer.reason, "by": answer.by, "url": answer.url, "promotion": answer.promotion}
    document = {
        "_type": STATEMENT,
        "subject": [{"name": candidate.purl, "digest": {"codeartifact-revision": candidate.revision}}],
        "predicateType": PREDICATE,
        "predicate": {
            "result": answer.result,
            "configuration": [],
            **{key: text for key, text in ours.items() if text},
        },
    }
    return json.dumps(document).encode()


def answer_version(now: float) -> str:
    """The version of an answer that is given at `now` (UTC seconds since the epoch): `20261125T174830.123Z`.

    It only has to be unique. The time of the publication counts, not this text.
    """
    moment = datetime.fromtimestamp(now, UTC)
    return f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03}Z"


def check_subject(statement: Statement, candidate: Candidate) -> Answer | UnusableAnswer:
    """The answer, if it is about this candidate. The package's name alone proves nothing."""
    said = statement.candidate
    if (said.purl, said.revision) == (candidate.purl, candidate.revision):
        return statement.answer
    return UnusableAnswer(statement.answer.version, f"it is about {statement.subject}")


def not_published(newest: AnswerVersion) -> UnusableAnswer:
    """The newest answer has another status than Published."""
    return UnusableAnswer(newest.version, f"its status is {newest.status}")


def no_statement(newest: AnswerVersion) -> UnusableAnswer:
    """The newest answer lacks its asset."""
    return UnusableAnswer(newest.version, f"it has no {ASSET}")
