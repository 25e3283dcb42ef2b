"""`promoter status`: its JSON, and its two ways to fail before anything is read."""

from typing import Any

import pytest
from msgspec.structs import replace

from promoter.cli import status as module
from promoter.cli.status import status_to_json
from promoter.copying.ports import ApiError
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription
from promoter.inspection.status import QUEUES, DailyCounts, PipelineStatus, QueueStatus, Unknown
from tests.support.command_line import promoter
from tests.support.samples import MORNING

EMPTY = QueueStatus("https://sqs/queue", QueueDepth(0, 0, 0), None)
DENIED = Unknown("read it", ApiError("AccessDenied", "no permission"))
WHY = "cannot read it: no permission (AccessDenied); ask for the permission that the message names"
GOOD = PipelineStatus(
    stack=StackDescription({"Domain": "acme"}, MORNING, {}),
    queues=dict.fromkeys(QUEUES, EMPTY),
    counts=DailyCounts(141, 9, 1, 161.0),
    alarms=[],
    alarm_count=3,
    serving="Enabled",
    ruleset=LoggedRuleset("abc", MORNING),
)


def test_json_of_a_pipeline_without_problems() -> None:
    empty = {"waiting": 0, "inFlight": 0, "delayed": 0, "oldestSeconds": None}

    assert status_to_json(GOOD, "promoter", "abc") == {
        "stack": "promoter",
        "domain": "acme",
        "serving": "Enabled",
        "ruleset": {"deployed": "abc", "onDisk": "abc", "same": True},
        "queues": dict.fromkeys(QUEUES, empty),
        "last24Hours": {"promoted": 141, "rejected": 9, "failed": 1, "publishToPromoteSeconds": 161.0},
        "alarms": [],
        "unknown": {},
    }


def test_json_has_null_for_what_is_unknown_and_says_why() -> None:
    unknown = replace(
        GOOD,
        queues=dict.fromkeys(QUEUES, DENIED),
        counts=DENIED,
        alarms=DENIED,
        serving=DENIED,
        ruleset=DENIED,
    )

    json_ = status_to_json(unknown, "promoter", "abc")

    assert json_["unknown"] == dict.fromkeys([*QUEUES, "last24Hours", "alarms", "serving", "ruleset"], WHY)
    assert json_["queues"] == dict.fromkeys(QUEUES)
    assert [json_[part] for part in ("last24Hours", "alarms", "serving")] == [None] * 3
    assert json_["ruleset"] == {"deployed": None, "onDisk": "abc", "same": None}


@pytest.mark.parametrize(
    ("ruleset", "on_disk", "same"),
    [
        (LoggedRuleset("abc", MORNING), "abd", False),
        (None, "abc", None),
        (LoggedRuleset("abc", MORNING), None, None),
    ],
)
def test_json_compares_the_rulesets_if_both_are_known(
    ruleset: LoggedRuleset | None, on_disk: str | None, same: bool | None
) -> None:
    assert status_to_json(replace(GOOD, ruleset=ruleset), "promoter", on_disk)["ruleset"]["same"] is same


def test_a_stack_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoStack:
        def find(self) -> None:
            return None

    monkeypatch.setattr(module, "connect_to_stack", lambda *_: NoStack())

    ran = promoter("status", "--stack", "none")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        'there is no stack "none" in this account and region; use --stack to name another, '
        "`aws cloudformation list-stacks` lists them\n"
    )


@pytest.mark.parametrize(("alarms", "code"), [([], 0), (["a"], 1)])
def test_an_alarm_exits_1(monkeypatch: pytest.MonkeyPatch, alarms: list[str], code: int) -> None:
    status: Any = replace(GOOD, alarms=alarms)
    monkeypatch.setattr(module, "connect_to_stack", lambda *_: None)
    monkeypatch.setattr(module, "read_status", lambda *_: status)

    assert promoter("status").code == code
