"""status_lines: the deployed pipeline as people read it, a line for each part."""

from typing import Any

import pytest
from msgspec.structs import replace

from promoter.cli.status_lines import RulesOnDisk, show_status
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription
from promoter.inspection.status import QUEUES, DailyCounts, PipelineStatus, QueueStatus, RuleStatus
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.inspection.upstreams import UpstreamProblems
from tests.support.samples import MORNING
from tests.unit.cli.test_status import DENIED, GOOD, NO_PROBLEMS, WHY

DAY = 86_400
DEPLOYED = replace(
    GOOD,
    stack=StackDescription({"Domain": "acme"}, MORNING - 2 * DAY, {}),
    ruleset=LoggedRuleset("abc", MORNING - DAY),
)


def queue(*depth: int, age: float | None = None) -> QueueStatus:
    return QueueStatus("https://sqs/123456789012/queue", QueueDepth(*depth), age)


def shown(
    capsys: pytest.CaptureFixture[str],
    problem: str = "",
    upstreams: UpstreamCheck | str | None = None,
    policy: list[str] | str | None = None,
    **changes: Any,
) -> list[str]:
    status: PipelineStatus = replace(DEPLOYED, **changes)
    on_disk = RulesOnDisk(None if problem else "abc", problem)
    show_status(status, "promoter", on_disk, upstreams or NO_PROBLEMS, MORNING, policy)
    return capsys.readouterr().out.splitlines()


def test_a_pipeline_without_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == [
        "acme   stack promoter, deployed 48h ago   RUNNING",
        "  rule          ENABLED; pattern and target are as deployed",
        "  ruleset       abc (the same as on disk)",
        "  queue         0 waiting, 0 in flight, oldest -",
        "  dead letters  0 waiting, 0 in flight, oldest -",
        "  undelivered   0 waiting, 0 in flight, oldest -",
        "  not fired     0 waiting, 0 in flight, oldest -",
        "  pending       no versions wait",
        "  last 24 h     141 promoted, 1 failed; 161 s from publish to promote on average",
        "  alarms        none of 3",
        "  upstreams     no destination has one of its sources among its upstreams",
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"serving": "Disabled"}, "acme   stack promoter, deployed 48h ago   NOT RUNNING (Disabled)"),
        (
            {"serving": ""},
            "acme   stack promoter, deployed 48h ago   NOT RUNNING (no event source mapping)",
        ),
        (
            {"ruleset": None},
            "  ruleset       unknown (on disk abc; the log has no decision that names the deployed one)",
        ),
        (
            {"ruleset": LoggedRuleset("abd", MORNING)},
            "  ruleset       abd (the file on disk differs: abc)",
        ),
        (
            {"ruleset": LoggedRuleset("abd", MORNING - 3 * DAY)},
            "  ruleset       abd (logged before the last deployment; on disk abc)",
        ),
        ({"counts": DailyCounts(0, 0, None)}, "  last 24 h     0 promoted, 0 failed"),
        ({"alarms": ["a", "b"]}, "  alarms        2: a, b"),
        ({"pending": 1}, "  pending       1 version waits; promoter pending shows them"),
        ({"pending": 12}, "  pending       12 versions wait; promoter pending shows them"),
        ({"alarm_count": 0}, "  alarms        the stack has none"),
    ],
)
def test_each_part_has_its_line(
    capsys: pytest.CaptureFixture[str], changes: dict[str, Any], line: str
) -> None:
    assert line in shown(capsys, **changes)


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        ([], "  answers       only the principals that the policy names may answer"),
        ("no permission", "  answers       unknown: no permission"),
        (["evidence has no permissions policy"], "  answers       evidence has no permissions policy"),
    ],
)
def test_the_policy_of_the_answers_has_its_line_if_the_rules_ask(
    capsys: pytest.CaptureFixture[str], policy: list[str] | str, line: str
) -> None:
    lines = shown(capsys, policy=policy)

    assert line in lines
    assert ("Next: read docs/checks.md#who-may-answer" in lines) == (policy not in ([], "no permission"))


def test_rules_on_disk_that_cannot_be_used_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "rules.toml has errors; run promoter validate")

    assert "  ruleset       abc (rules.toml has errors; run promoter validate)" in lines


def test_a_queue_has_its_depth_and_the_age_of_its_oldest_message(capsys: pytest.CaptureFixture[str]) -> None:
    queues = {**GOOD.queues, "PromotionQueue": queue(2, 1, 3, age=300)}

    assert "  queue         5 waiting, 1 in flight, oldest 5m" in shown(capsys, queues=queues)


def test_dead_letters_have_a_command_that_explains_them(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, queues={**GOOD.queues, "PromotionDeadLetterQueue": queue(3, 0, 0)})

    assert "  dead letters  3 waiting, 0 in flight, oldest unknown" in lines
    assert lines[-2] == (
        "Next: aws sqs receive-message --max-number-of-messages 10 --visibility-timeout 0 "
        "--queue-url https://sqs/123456789012/queue > dead.json; promoter explain dead.json"
    )
    assert lines[-1] == "Next: fix the cause, then promoter redrive"


@pytest.mark.parametrize("part", ["counts", "alarms", "serving", "ruleset", "rule", "pending"])
def test_a_part_that_may_not_be_read_says_so_in_its_line(
    capsys: pytest.CaptureFixture[str], part: str
) -> None:
    changes: dict[str, Any] = {part: DENIED}

    lines = shown(capsys, **changes)

    assert sum(WHY in line for line in lines) == 1
    assert len(lines) == 11


def test_queues_that_may_not_be_read_say_so_in_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, queues=dict.fromkeys(QUEUES, DENIED))

    assert sum(WHY in line for line in lines) == len(QUEUES)


FIXES = "Next: read docs/operating.md#faults-that-status-finds"


def test_a_pause_is_not_taken_for_a_mapping_that_somebody_switched_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parameters = {"Domain": "acme", "Serving": "false"}
    paused = replace(DEPLOYED.stack, parameters=parameters)

    lines = shown(capsys, stack=paused, serving="Disabled")

    assert lines[0] == "acme   stack promoter, deployed 48h ago   PAUSED (the parameter Serving is false)"
    assert lines[-1] == FIXES


def test_each_fault_of_the_rule_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, rule=RuleStatus("s-publish", "DISABLED", ("it is off", "it sends elsewhere")))

    assert lines[1:3] == ["  rule          it is off", "                it sends elsewhere"]
    assert lines[-1] == FIXES


def test_each_chain_of_upstreams_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    found = UpstreamProblems((("prod", "shared", "staging"),), (("prod", "public:npmjs"),))
    assert DENIED.error is not None

    lines = shown(capsys, upstreams=UpstreamCheck(found, {"store": DENIED.error}))

    assert lines[-4:] == [
        "  upstreams     prod <- shared <- staging: clients of prod get every version of staging, promoted or not",
        "                warning: prod <- public:npmjs: clients of prod get public packages that were not promoted",
        f"                unknown: {WHY.replace('read it', 'read the upstreams of store')}",
        FIXES,
    ]


def test_a_warning_about_upstreams_needs_no_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    found = UpstreamProblems((), (("prod", "public:npmjs"),))

    assert not any("Next:" in line for line in shown(capsys, upstreams=UpstreamCheck(found, {})))


def test_upstreams_that_could_not_be_checked_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, upstreams="there is no file rules.toml")[-1] == (
        "  upstreams     unknown: there is no file rules.toml"
    )
