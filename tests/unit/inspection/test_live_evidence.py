"""live evidence: the answers are read as the pipeline reads them, and what may not be read is said."""

import pytest

from promoter.copying.ports import ApiError, Description
from promoter.inspection.live_evidence import LiveEvidence, look_up
from promoter.rules.evidence import Answer, Question, UnusableAnswer
from promoter.rules.vocabulary import Hop
from tests.support.in_memory_waiting import InMemoryAnswers
from tests.support.samples import MORNING, candidate, promotion, rules

SCA = Question("check-sca")
APPROVAL = Question("approval", Hop("dev", "staging"))
ASKING = rules(promotion(checks=["sca"], approval=True))
DENIED = ApiError("AccessDeniedException", "no permission")


def found(answers: InMemoryAnswers, status: str = "Published", sca: Answer | None = None) -> LiveEvidence:
    described = Description("r1", status, MORNING, "internal")
    given = {SCA: sca} if sca else {}
    return look_up(candidate(), described, ASKING, answers, MORNING, given)


def test_nobody_has_answered() -> None:
    evidence = found(InMemoryAnswers()).evidence

    assert (evidence.origin, evidence.status) == ("internal", "Published")
    assert evidence.answers == {SCA: None, APPROVAL: None}


def test_the_newest_answer_counts_and_is_read_alone() -> None:
    answers = InMemoryAnswers()
    answers.publish(candidate(), result="PASSED")
    answers.publish(candidate(), result="FAILED", reason="a leak")
    answers.publish(candidate(), "approval", Hop("dev", "staging"), promotion="npm-to-staging")

    given = found(answers).evidence.answers

    sca, approval = given[SCA], given[APPROVAL]
    assert isinstance(sca, Answer)
    assert isinstance(approval, Answer)
    assert (sca.result, sca.reason, approval.promotion) == ("FAILED", "a leak", "npm-to-staging")
    assert answers.calls.count(("read", "check-sca")) == 1


def test_an_answer_about_another_revision_is_not_usable() -> None:
    answers = InMemoryAnswers()
    answers.publish(candidate(), subject=1, content=b"{}")

    assert isinstance(found(answers).evidence.answers[SCA], UnusableAnswer)


def test_a_known_answer_is_not_read() -> None:
    answers = InMemoryAnswers()

    given = found(answers, sca=Answer("PASSED")).evidence.answers

    assert given[SCA] == Answer("PASSED")
    assert ("list", "check-sca") not in answers.calls


def test_an_answer_that_may_not_be_read_is_not_looked_up_and_named() -> None:
    answers = InMemoryAnswers(faults={"list": DENIED})

    live = found(answers)

    assert list(live.evidence.answers) == [SCA]  # the approval, the first one, failed
    assert [(each.action, each.error) for each in live.unread] == [
        ("read the answers in namespace approval", DENIED)
    ]


@pytest.mark.parametrize("status", ["Unlisted", "Archived", "Disposed", "Unfinished"])
def test_nothing_is_read_about_a_version_that_is_not_published(status: str) -> None:
    answers = InMemoryAnswers()

    assert found(answers, status).evidence.answers == {}
    assert answers.calls == []


def test_nothing_is_read_where_the_rules_reject_anyway() -> None:
    answers = InMemoryAnswers()
    rejecting = rules(promotion(checks=["sca"], exclude=["pkg:npm/@acme/*"]))

    look_up(candidate(), Description("r1", "Published", MORNING), rejecting, answers, MORNING)

    assert answers.calls == []
