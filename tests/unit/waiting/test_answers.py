"""answers: a statement is read strictly, and anything else is no answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules.evidence import Answer, UnusableAnswer
from promoter.waiting.answers import (
    MAX_BYTES,
    AnswerVersion,
    Statement,
    check_subject,
    no_statement,
    not_published,
    read_statement,
)
from tests.support.in_memory_waiting import statement
from tests.support.samples import candidate

VERSION = "20260102T030405.000Z"


def read(content: bytes) -> Statement | UnusableAnswer:
    return read_statement(content, VERSION)


def changed(**keys: Any) -> bytes:
    """A valid statement with other values; None removes a key."""
    document = {**json.loads(statement(candidate())), **keys}
    return json.dumps({key: value for key, value in document.items() if value is not None}).encode()


def test_a_statement_is_read_with_all_that_it_says() -> None:
    found = read(
        statement(candidate(), result="WARNED", reason="old", by="ci", url="https://x", promotion="p")
    )

    assert isinstance(found, Statement)
    assert found.answer == Answer("WARNED", "old", "ci", "https://x", "p", VERSION)
    assert (found.candidate.purl, found.candidate.revision) == (candidate().purl, "r1")


def test_an_unencoded_scope_is_the_same_package() -> None:
    subject = [{"name": "pkg:npm/@acme/widget@1.0.0", "digest": {"codeartifact-revision": "r1"}}]

    found = read(changed(subject=subject))

    assert isinstance(found, Statement)
    assert check_subject(found, candidate()) == found.answer


SUBJECT = {"name": "pkg:npm/%40acme/widget@1.0.0", "digest": {"codeartifact-revision": "r1"}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        changed(_type=None),
        changed(_type="https://in-toto.io/Statement/v0.1"),
        changed(predicateType="https://slsa.dev/provenance/v1"),
        changed(subject=None),
        changed(subject=[]),
        changed(subject=[SUBJECT, SUBJECT]),
        changed(subject=[{**SUBJECT, "digest": {"sha256": "aa"}}]),
        changed(subject=[{**SUBJECT, "digest": {"codeartifact-revision": ""}}]),
        changed(subject=[{**SUBJECT, "name": "widget@1.0.0"}]),
        changed(subject=[{**SUBJECT, "name": "pkg:npm/%40acme/widget"}]),
        changed(subject=[{**SUBJECT, "name": "pkg:npm/%40acme/*@1.0.0"}]),
        changed(predicate=None),
        changed(predicate={}),
        changed(predicate={"result": "passed"}),
        changed(predicate={"result": True}),
        changed(predicate={"result": "PASSED", "reason": 1}),
        statement(candidate(), reason="x" * MAX_BYTES),
    ],
)
def test_anything_else_is_no_answer_and_says_why(content: bytes) -> None:
    found = read(content)

    assert isinstance(found, UnusableAnswer)
    assert found.version == VERSION
    assert "statement.json" in found.problem


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_content_raises(content: bytes) -> None:
    assert isinstance(read(content), Statement | UnusableAnswer)


@pytest.mark.parametrize("other", [candidate("1.0.1"), candidate(revision="r2")])
def test_an_answer_about_another_version_or_revision_does_not_count(other: Any) -> None:
    found = read(statement(other))

    assert isinstance(found, Statement)
    assert check_subject(found, candidate()) == UnusableAnswer(
        VERSION, f"it is about {other.purl} at revision {other.revision}"
    )


def test_the_newest_answer_in_another_status_does_not_count() -> None:
    assert not_published(AnswerVersion(VERSION, "Archived")).problem == "its status is Archived"
    assert no_statement(AnswerVersion(VERSION, "Published")).problem == "it has no statement.json"
