"""reports: what an invocation prints and publishes, and which messages come again if it could not."""

import json
from typing import Any

import pytest

from promoter.copying.results import Outcome, OutcomeKind, Result, Run
from promoter.reporting.reports import Reports
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_function import InMemoryTopic
from tests.support.samples import BEGINS, MORNING, promotion, result, rules

HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
TELLING = rules(promotion(notify=["failed", "approval", "extended", "promoted", "rejected"]))
HELD = rules(promotion(), HOLD)
REJECTED = rules(promotion(exclude=["pkg:npm/@acme/*"], notify=["rejected"]))
FAILED = Outcome(OutcomeKind.FAILED, "NOT_ALLOWED", "no")


class Log:
    """Keeps what was logged as an exception."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def exception(self, message: str, **_: Any) -> None:
        self.messages.append(message)


def reports(topic: InMemoryTopic, log: Log | None = None) -> Reports:
    return Reports("acme", "d1", "7d0e", topic, log or Log())  # type: ignore[arg-type]


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_result_is_a_line_before_the_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run([result(Outcome(OutcomeKind.COPIED)), result(FAILED, version="2")], {})

    reports(InMemoryTopic()).publish(run, {}, MORNING)

    lines = printed(capsys)
    assert [line.get("version", "metrics") for line in lines] == ["1.0.0", "2", "metrics", "metrics"]
    assert (lines[0]["ruleset"], lines[0]["requestId"]) == ("d1", "7d0e")


def test_a_crash_is_counted_once_as_a_retry(capsys: pytest.CaptureFixture[str]) -> None:
    """A message that crashed while it was decided has no result; one that crashed in a copy has one."""
    crashed_in_copy = result(Outcome.retry("InternalError", "oh"), message_id="m1")
    run = Run([crashed_in_copy], {"m1": ValueError(), "m2": ValueError()})

    reports(InMemoryTopic()).publish(run, {"Malformed": 3}, MORNING)

    [metrics] = [line for line in printed(capsys) if "_aws" in line]
    assert (metrics["Retried"], metrics["Malformed"]) == ([2.0], [3.0])


@pytest.mark.parametrize(
    ("outcome", "rule_set", "kept"),
    [
        (FAILED, TELLING, True),
        (None, HELD, True),
        (None, REJECTED, True),
        (Outcome(OutcomeKind.COPIED), TELLING, False),
        (Outcome(OutcomeKind.COPIED, extended=True), TELLING, False),
        (Outcome(OutcomeKind.UNCHANGED), TELLING, False),
    ],
)
def test_while_the_topic_is_down_only_what_a_second_delivery_would_tell_again_is_kept(
    outcome: Outcome | None, rule_set: RuleSet, kept: bool
) -> None:
    told: Result = result(outcome, rule_set, message_id="m1", pending=BEGINS)

    found = reports(InMemoryTopic(down=True)).publish(Run([told], {}), {}, MORNING)

    assert found == ({"m1"} if kept else set())


def test_a_topic_that_is_down_is_logged_and_stops_nothing() -> None:
    log = Log()

    reports(InMemoryTopic(down=True), log).publish(Run([result(FAILED)], {}), {}, MORNING)

    assert log.messages == ["could not publish to SNS"]


def test_what_was_told_is_not_kept() -> None:
    topic = InMemoryTopic()

    assert reports(topic).publish(Run([result(FAILED)], {}), {}, MORNING) == set()
    assert len(topic.published) == 1
