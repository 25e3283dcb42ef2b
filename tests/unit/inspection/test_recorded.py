"""recorded: lines of the decision log become recorded decisions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.results import Result
from promoter.inspection.recorded import CUT_OFF, OLDER, Recorded, Unreadable, parse_line
from promoter.reporting.decision_log import log_line, log_record
from promoter.rules.decision import decide
from promoter.rules.evidence import Answer, Evidence, Question, UnusableAnswer
from promoter.rules.vocabulary import Hop
from tests.support.samples import MORNING, candidate, delivery, promotion, result, rules

NOTHING = Evidence()
ASKING = rules(promotion("to-staging", checks=["sca", "qa"], approval="leads"))
SCA, QA, LEADS = (
    Question("check-sca"),
    Question("check-qa"),
    Question("approval-leads", Hop("dev", "staging")),
)
ANSWERS = {
    SCA: Answer("FAILED", "leaks", "sca 2", "https://sca", "to-staging", "20260101T000000.000Z", MORNING),
    QA: None,
    LEADS: UnusableAnswer("20260102T000000.000Z", "it is malformed"),
}


def line_of(evidence: Evidence = NOTHING, **changes: Any) -> bytes:
    [decision] = decide(candidate(**changes), evidence, ASKING, MORNING + 0.5)
    return log_line(log_record(Result.of(decision, delivery()), ASKING.digest, "7d0e")).encode()


def test_a_line_has_the_candidate_and_the_evidence_that_were_decided() -> None:
    evidence = Evidence("internal", "Published", ANSWERS)

    recorded = parse_line(line_of(evidence, available_since=MORNING + 0.25))

    assert isinstance(recorded, Recorded)
    assert recorded.candidate == candidate(available_since=MORNING + 0.25, sequence_number=0)
    assert recorded.decided is not None
    assert recorded.decided.timestamp() == MORNING + 0.5
    found = recorded.evidence
    assert (found.origin, found.status) == ("internal", "Published")
    assert found.answers[QA] is None
    assert found.answers[LEADS] == ANSWERS[LEADS]
    sca = found.answers[SCA]
    assert isinstance(sca, Answer)
    assert (sca.result, sca.reason, sca.by, sca.url) == ("FAILED", "leaks", "sca 2", "https://sca")


def test_what_was_not_looked_up_is_not_in_the_line() -> None:
    line = line_of()
    recorded = parse_line(line)

    assert isinstance(recorded, Recorded)
    assert recorded.evidence == Evidence()
    assert {"origin", "status", "answers"}.isdisjoint(json.loads(line))


def test_a_time_and_a_stream_before_the_line_do_not_matter() -> None:
    line = line_of()

    assert parse_line(b"2026-01-02T03:04:05 2026/01/02/[$LATEST]ab " + line + b"\r\n") == parse_line(line)


def test_a_line_with_other_characters_than_ascii_is_read() -> None:
    recorded = parse_line(line_of(version="1.0.0-\u00fc"))

    assert isinstance(recorded, Recorded)
    assert recorded.version == "1.0.0-\u00fc"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"START RequestId: 7d0e Version: $LATEST",
        b'{"_aws": {}, "Promoted": 1}',
        b'{"level":"INFO","message":"counts","decision":1}',
    ],
)
def test_other_lines_of_the_log_are_no_decisions(line: bytes) -> None:
    assert parse_line(line) is None


def test_a_line_that_is_cut_off_says_so() -> None:
    line = line_of()

    assert all(parse_line(line[:end]) == Unreadable(CUT_OFF) for end in range(30, len(line)))


def test_a_line_of_another_format_says_so() -> None:
    without = {key: value for key, value in json.loads(line_of()).items() if key != "published"}

    assert parse_line(json.dumps(without).encode()) == Unreadable(OLDER)
    assert parse_line(b'{"message":"decision","purl":7}') == Unreadable(OLDER)


def test_a_line_of_an_older_version_has_no_time_of_the_decision() -> None:
    older = {key: value for key, value in json.loads(line_of()).items() if key != "decided"}

    recorded = parse_line(json.dumps(older).encode())

    assert isinstance(recorded, Recorded)
    assert recorded.decided is None


def test_a_deferred_line_is_read() -> None:
    deferred = Result(candidate(), ASKING.promotions[0], delivery(), outcome=result().outcome)

    recorded = parse_line(log_line(log_record(deferred, "d", "r")).encode())

    assert isinstance(recorded, Recorded)
    assert recorded.verdict == "deferred"


@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    assert not isinstance(parse_line(content), Recorded)
    assert isinstance(parse_line(b'{"message":"decision",' + content), Unreadable)
