"""`promoter status`: its JSON, and its two ways to fail before anything is read."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from promoter.cli import status as module
from promoter.cli.status import status_to_json
from promoter.copying.ports import ApiError
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription, Unknown
from promoter.inspection.status import (
    QUEUES,
    DailyCounts,
    PipelineStatus,
    QueueStatus,
    RuleStatus,
)
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.inspection.upstreams import UpstreamProblems
from tests.support.command_line import promoter
from tests.support.in_memory_reader import InMemoryReader
from tests.support.paths import RULES
from tests.support.samples import MORNING

EMPTY = QueueStatus("https://sqs/queue", QueueDepth(0, 0, 0), None)
DENIED = Unknown("read it", ApiError("AccessDenied", "no permission"))
WHY = "cannot read it: no permission (AccessDenied); ask for the permission that the message names"
GOOD = PipelineStatus(
    stack=StackDescription({"Domain": "acme"}, MORNING, {}),
    queues=dict.fromkeys(QUEUES, EMPTY),
    counts=DailyCounts(141, 1, 161.0),
    alarms=[],
    alarm_count=3,
    serving="Enabled",
    ruleset=LoggedRuleset("abc", MORNING),
    rule=RuleStatus("stack-publish", "ENABLED", ()),
)
NO_PROBLEMS = UpstreamCheck(UpstreamProblems((), ()), {})


def test_json_of_a_pipeline_without_problems() -> None:
    empty = {"waiting": 0, "inFlight": 0, "delayed": 0, "oldestSeconds": None}

    assert status_to_json(GOOD, "promoter", "abc", NO_PROBLEMS) == {
        "stack": "promoter",
        "domain": "acme",
        "serving": "Enabled",
        "paused": False,
        "rule": {"name": "stack-publish", "state": "ENABLED", "faults": []},
        "ruleset": {"deployed": "abc", "onDisk": "abc", "same": True},
        "queues": dict.fromkeys(QUEUES, empty),
        "pending": 0,
        "last24Hours": {"promoted": 141, "failed": 1, "publishToPromoteSeconds": 161.0},
        "alarms": [],
        "upstreams": {"faults": [], "warnings": [], "unknown": {}},
        "answers": None,
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
        rule=DENIED,
        pending=DENIED,
    )

    json_ = status_to_json(unknown, "promoter", "abc", "no rules")

    parts = dict.fromkeys([*QUEUES, "last24Hours", "alarms", "serving", "ruleset", "rule", "pending"], WHY)
    assert json_["unknown"] == {**parts, "upstreams": "no rules"}
    assert json_["queues"] == dict.fromkeys(QUEUES)
    assert [json_[part] for part in ("last24Hours", "alarms", "pending", "upstreams")] == [None] * 4
    assert [json_[part] for part in ("serving", "rule")] == [None] * 2
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
    json_ = status_to_json(replace(GOOD, ruleset=ruleset), "promoter", on_disk, NO_PROBLEMS)

    assert json_["ruleset"]["same"] is same


def test_json_has_the_chains_of_upstreams_and_what_could_not_be_read() -> None:
    found = UpstreamProblems((("prod", "staging"),), (("prod", "public:npmjs"),))
    check = UpstreamCheck(found, {"store": DENIED.error} if DENIED.error else {})

    assert status_to_json(GOOD, "promoter", "abc", check)["upstreams"] == {
        "faults": [["prod", "staging"]],
        "warnings": [["prod", "public:npmjs"]],
        "unknown": {"store": WHY.replace("read it", "read the upstreams of store")},
    }


def test_a_stack_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoStack:
        def find(self) -> None:
            return None

    monkeypatch.setattr(module, "connect_to_stack", lambda *_: NoStack())

    ran = promoter("status", "--stack", "none")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        'there is no stack "none" in this account and region; use --stack to name another, '
        "`aws cloudformation list-stacks` lists them\n"
    )


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> InMemoryReader:
    """The repositories of the shipped rules."""
    reader = InMemoryReader.of("dev", "staging", "prod")
    monkeypatch.setattr(module, "connect_to_domain", lambda *_: reader)
    return reader


@pytest.fixture
def status(monkeypatch: pytest.MonkeyPatch, reader: InMemoryReader) -> Any:
    """Run the command for this status of the pipeline."""

    def run(pipeline: PipelineStatus = GOOD, *arguments: str, rules: Path = RULES) -> Any:
        monkeypatch.setattr(module, "connect_to_stack", lambda *_: None)
        monkeypatch.setattr(module, "read_status", lambda *_: pipeline)
        return promoter("status", "--rules", rules, *arguments)

    return run


@pytest.mark.parametrize(("alarms", "code"), [([], 0), (["a"], 1)])
def test_an_alarm_exits_1(status: Any, alarms: list[str], code: int) -> None:
    assert status(replace(GOOD, alarms=alarms)).code == code


def test_a_fault_of_the_rule_exits_1(status: Any) -> None:
    faulty = RuleStatus("stack-publish", "DISABLED", ("the rule is DISABLED, so events are lost",))

    ran = status(replace(GOOD, rule=faulty))

    assert ran.code == 1
    assert "  rule          the rule is DISABLED, so events are lost" in ran.lines


@pytest.mark.parametrize("serving", ["Disabled", ""])
def test_a_mapping_that_is_off_exits_1(status: Any, serving: str) -> None:
    assert status(replace(GOOD, serving=serving)).code == 1


def test_a_source_among_the_upstreams_exits_1(status: Any, reader: InMemoryReader) -> None:
    reader.link("prod", "shared")
    reader.link("shared", "staging")

    ran = status()

    assert ran.code == 1
    assert any("prod <- shared <- staging" in line for line in ran.lines)
    assert "external" not in ran.out


def test_upstreams_that_may_not_be_read_are_unknown_and_exit_0(status: Any, reader: InMemoryReader) -> None:
    reader.denied = frozenset({"prod", "staging"})

    ran = status()

    assert ran.code == 0
    assert (
        "  upstreams     unknown: cannot read the upstreams of staging: no permission for staging" in ran.out
    )


def test_upstreams_are_unknown_without_usable_rules(
    status: Any, reader: InMemoryReader, tmp_path: Path
) -> None:
    bad = tmp_path / "rules.toml"
    bad.write_text("domain = 1")

    ran = status(rules=bad)

    assert (ran.code, reader.calls) == (0, [])
    assert f"  upstreams     unknown: {bad} has errors; run promoter validate" in ran.lines


def test_rules_for_another_domain_do_not_say_which_upstreams_to_read(
    status: Any, reader: InMemoryReader
) -> None:
    ran = status(replace(GOOD, stack=StackDescription({"Domain": "other"}, MORNING, {})))

    assert (ran.code, reader.calls) == (0, [])
    assert "  upstreams     unknown: the rules are for domain acme" in ran.lines


def test_upstreams_are_read_in_the_domain_of_the_stack(
    status: Any, reader: InMemoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def connect(*arguments: Any) -> InMemoryReader:
        asked.append(arguments)
        return reader

    monkeypatch.setattr(module, "connect_to_domain", connect)
    owned = StackDescription({"Domain": "acme", "DomainOwner": "210987654321"}, MORNING, {})

    status(replace(GOOD, stack=owned), "--profile", "p")
    status(GOOD)

    assert asked == [("acme", "210987654321", "p"), ("acme", None, None)]
