"""answers: the answers of a case."""

import pytest

from promoter.rules.evidence import Answer, Question, UnusableAnswer
from promoter.rules.vocabulary import Hop
from tests.support.samples import promotion, rules
from tests.unit.cases.support import case_text, mistakes, read_one

SCA = Question("check-sca")
LEADS = Question("approval-leads", Hop("staging", "prod"))
VERSION = "20260101T000000.000Z"


def test_an_answer_is_a_result_or_a_table_or_none() -> None:
    passed = read_one('answers = { check-sca = "PASSED" }').evidence.answers[SCA]
    failed = read_one('answers = { check-sca = { result = "FAILED", reason = "no", by = "Ann" } }').evidence
    nobody = read_one('answers = { check-sca = "none" }').evidence.answers

    assert passed == Answer("PASSED", promotion="to-staging", version=VERSION)
    assert failed.answers[SCA] == Answer("FAILED", "no", "Ann", promotion="to-staging", version=VERSION)
    assert (SCA in nobody, nobody[SCA]) == (True, None)


def test_what_is_not_named_was_not_looked_up() -> None:
    assert read_one().evidence.answers == {}


def test_an_answer_may_not_count() -> None:
    found = read_one('answers = { check-sca = { problem = "it is too large" } }').evidence.answers[SCA]

    assert found == UnusableAnswer(VERSION, "it is too large")


def test_an_approval_is_for_the_promotion_that_asks_unless_it_names_another() -> None:
    own = read_one('answers = { approval-leads = "PASSED" }').evidence.answers[LEADS]
    other = read_one(
        'answers = { approval-leads = { result = "PASSED", promotion = "x" } }'
    ).evidence.answers[LEADS]

    assert (getattr(own, "promotion", ""), getattr(other, "promotion", "")) == ("to-prod", "x")


@pytest.mark.parametrize(
    ("answers", "problem", "fix"),
    [
        (
            'check-scan = "PASSED"',
            'no promotion asks for the answers "check-scan"',
            'did you mean "check-sca"?',
        ),
        ('check-sca = "passed"', 'answer "check-sca" of case "one" cannot be "passed"', '"PASSED"'),
        ("check-sca = true", 'answer "check-sca" of case "one" cannot be that', '"none"'),
        ('check-sca = { reason = "x" }', "needs either a result or a problem", "or a table with"),
        ('check-sca = { result = "PASSED", problem = "x" }', "needs either a result or a problem", ""),
        ('check-sca = { result = "OK" }', "is not one of FAILED, PASSED, WARNED", ""),
        ('check-sca = { reslt = "PASSED" }', 'unknown key "reslt"', 'did you mean "result"?'),
    ],
)
def test_a_wrong_answer_names_the_fix(answers: str, problem: str, fix: str) -> None:
    found = mistakes(case_text(f"answers = {{ {answers} }}"))

    assert problem in found
    assert fix in found


def test_answers_of_rules_that_ask_for_none_say_so() -> None:
    found = mistakes(case_text('answers = { check-sca = "PASSED" }'), rules(promotion()))

    assert "leave them out: no promotion asks for answers" in found
