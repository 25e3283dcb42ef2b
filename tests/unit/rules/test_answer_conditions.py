"""answer_conditions: only a newest answer that passes is a yes."""

import pytest

from promoter.rules.answer_conditions import Approved, CheckPassed, ManuallyRequested
from promoter.rules.evidence import Answer, Evidence, Question, UnusableAnswer
from promoter.rules.reasons import Condition, Reason
from promoter.rules.vocabulary import Hop, Verdict
from tests.support.samples import MORNING, candidate

STAGING = Hop("dev", "staging")
APPROVAL = Question("approval-payments", STAGING)
CHECK = CheckPassed("sca")
APPROVED = Approved(APPROVAL, "web")
REQUESTED = ManuallyRequested(APPROVAL, "web")
CONDITIONS = pytest.mark.parametrize(
    "condition", [CHECK, APPROVED, REQUESTED], ids=["check", "approval", "manual"]
)
PASSED = Answer("PASSED", "no findings", "scanner", promotion="web", version="20260101T000000.000Z")


def ask(condition: Condition, answer: Answer | UnusableAnswer | None) -> Reason:
    [question] = condition.needs
    assert isinstance(question, Question)
    return condition.check(candidate(), Evidence(answers={question: answer}), MORNING)


def test_a_check_asks_one_question_for_all_hops_and_an_approval_one_for_each() -> None:
    assert CHECK.needs == {Question("check-sca")}
    assert APPROVED.needs == REQUESTED.needs == {Question("approval-payments", STAGING)}


@CONDITIONS
def test_an_answer_that_was_not_looked_up_is_no_yes(condition: Condition) -> None:
    reason = condition.check(candidate(), Evidence("internal", "Published"), MORNING)

    assert (reason.met, reason.verdict, reason.seen) == (False, Verdict.HOLD, "not looked up")
    assert reason.text.endswith("not looked up")


def test_the_answer_to_another_question_is_no_yes() -> None:
    others = {Question("check-qa"): PASSED, Question("approval-payments", Hop("dev", "prod")): PASSED}

    for condition in (CHECK, APPROVED, REQUESTED):
        assert condition.check(candidate(), Evidence(answers=others), MORNING).seen == "not looked up"


@pytest.mark.parametrize(
    ("condition", "text"),
    [(CHECK, "sca: no answer yet"), (APPROVED, "none yet"), (REQUESTED, "only when a person asks")],
)
def test_no_answer_is_no_yes(condition: Condition, text: str) -> None:
    reason = ask(condition, None)

    assert (reason.met, reason.verdict, reason.seen, reason.text) == (False, Verdict.HOLD, "none", text)


@CONDITIONS
def test_an_answer_that_cannot_be_used_is_no_yes_and_the_reason_says_why(condition: Condition) -> None:
    reason = ask(condition, UnusableAnswer("20260101T000000.000Z", "it is about another revision"))

    assert (reason.met, reason.verdict) == (False, Verdict.HOLD)
    assert reason.text.endswith(
        "the newest answer (20260101T000000.000Z) does not count: it is about another revision"
    )


@CONDITIONS
def test_a_failed_answer_rejects_with_its_own_sentence(condition: Condition) -> None:
    reason = ask(condition, Answer("FAILED", "it leaks", "Ann", promotion="web"))

    assert (reason.met, reason.verdict, reason.seen) == (False, Verdict.REJECT, "FAILED")
    assert reason.text.endswith("FAILED by Ann: it leaks")


@CONDITIONS
@pytest.mark.parametrize("result", ["PASSED", "WARNED"])
def test_a_passed_or_warned_answer_is_a_yes_that_keeps_its_sentence(
    condition: Condition, result: str
) -> None:
    reason = ask(condition, Answer(result, "two findings", promotion="web"))  # type: ignore[arg-type]

    assert (reason.met, reason.verdict, reason.seen) == (True, Verdict.PROMOTE, result)
    assert reason.text.endswith(f"{result}: two findings")


def test_an_answer_without_a_sentence_has_its_result_alone() -> None:
    assert ask(APPROVED, Answer("PASSED", promotion="web")).text == "PASSED"


@pytest.mark.parametrize(
    ("named", "problem"),
    [("other", 'it names promotion "other", not "web"'), ("", 'it names no promotion, not "web"')],
)
@pytest.mark.parametrize("condition", [APPROVED, REQUESTED])
@pytest.mark.parametrize("result", ["PASSED", "WARNED", "FAILED"])
def test_an_approval_of_another_promotion_does_not_count(
    condition: Condition, named: str, problem: str, result: str
) -> None:
    reason = ask(condition, Answer(result, promotion=named, version="v1"))  # type: ignore[arg-type]

    assert (reason.met, reason.verdict) == (False, Verdict.HOLD)
    assert reason.text == f"the newest answer (v1) does not count: {problem}"


def test_a_check_does_not_have_to_name_a_promotion() -> None:
    assert ask(CHECK, Answer("PASSED")).met


def test_only_the_reason_of_a_check_has_a_name() -> None:
    assert (ask(CHECK, PASSED).name, ask(APPROVED, PASSED).name, ask(REQUESTED, PASSED).name) == (
        "sca",
        "",
        "",
    )
    assert [ask(each, PASSED).code for each in (CHECK, APPROVED, REQUESTED)] == [
        "check",
        "approval",
        "manual",
    ]
