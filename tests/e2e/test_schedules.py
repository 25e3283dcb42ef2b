"""Pending entries of the deployed stack: they fire in their second, and they go with the stack."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator_support.codeartifact_calls import list_versions, publish_generic
from emulator_support.queues import take_messages
from local.stack import LocalStack
from tests.support.samples import event

DAY = 86_400
RULES = """
domain = "acme"

[[promotion]]
name = "models"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/**"]
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rules") / "rules.toml"
    held = '[[hold]]\npackage = "pkg:generic/acme/held"\nreason = "leaks"\n'
    file.write_text(f'{RULES}soak = "3s"\n{held}')
    return file


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture(scope="module")
def stack(log: list[str], rules: Path) -> Iterator[LocalStack]:
    with LocalStack.start(rules_file=rules, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


def entries(stack: LocalStack) -> list[str]:
    group = stack.resources["ScheduleGroup"]
    return [each["Name"] for each in stack.client("scheduler").list_schedules(GroupName=group)["Schedules"]]


def decisions(log: list[str], package: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, log) if line.get("package") == package and line.get("verdict")]


def create(stack: LocalStack, name: str, moment: float, body: Any, target: str = "PromotionQueueArn") -> None:
    """Create an entry as the function does, with the stack's own group, role and dead-letter queue."""
    queue = stack.outputs["PromotionQueueArn"]
    role = stack.client("iam").get_role(RoleName=stack.resources["SchedulerRole"])["Role"]["Arn"]
    dead = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["ScheduleDeadLetterQueueUrl"], AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    stack.client("scheduler").create_schedule(
        Name=name,
        GroupName=stack.outputs["ScheduleGroupName"],
        ScheduleExpression=f"at({datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": stack.outputs.get(target, f"{queue}-missing"),
            "RoleArn": role,
            "Input": json.dumps(body),
            "DeadLetterConfig": {"Arn": dead},
        },
    )


class TestEntry:
    def test_fires_in_its_second_and_reaches_the_function(self, stack: LocalStack, log: list[str]) -> None:
        detail = {"packageFormat": "generic", "packageName": "unknown", "packageVersion": "1.0"}
        moment = int(stack.clock.now()) + 3
        create(stack, "mine", moment, event(**detail) | {"promoter": {"to": "staging", "cause": "entry"}})
        while not decisions(log, "unknown"):
            assert stack.clock.now() < moment + 5
            stack.wait_until_idle()
        assert moment <= stack.clock.now() < moment + 3
        assert {each["cause"] for each in decisions(log, "unknown")} == {"entry"}
        assert entries(stack) == []

    def test_of_a_version_that_soaks_promotes_it_when_the_soak_ends(
        self, stack: LocalStack, log: list[str]
    ) -> None:
        publish_generic(stack.client("codeartifact"), "1.0")
        stack.wait_until_idle()
        assert list_versions(stack.client("codeartifact"), "staging") == set()
        [name] = entries(stack)
        fires = int(name.rpartition("-")[2])
        while not list_versions(stack.client("codeartifact"), "staging"):
            assert stack.clock.now() < fires + 5
            stack.wait_until_idle()
        assert fires <= stack.clock.now()
        verdicts = [(each["cause"], each["verdict"]) for each in decisions(log, "model")]
        assert verdicts == [("event", "wait"), ("entry", "promote")]
        assert entries(stack) == []

    def test_that_cannot_be_delivered_is_a_dead_letter_of_the_stack(self, stack: LocalStack) -> None:
        create(stack, "lost", stack.clock.now() + 60, {"a": 1}, target="none")
        stack.clock.advance(61)
        stack.wait_until_idle()
        [letter] = take_messages(stack.client("sqs"), stack.outputs["ScheduleDeadLetterQueueUrl"])
        found = json.loads(letter["Body"])
        assert json.loads(found["MessageBody"]) == {"a": 1}
        assert found["QueueUrl"].endswith("-missing")

    def test_of_a_held_version_is_renewed_every_week(self, stack: LocalStack, log: list[str]) -> None:
        publish_generic(stack.client("codeartifact"), "1.0", package="held")
        stack.wait_until_idle()
        [first] = entries(stack)
        stack.clock.advance(7 * DAY + 2)
        stack.wait_until_idle()
        [second] = entries(stack)
        times = [int(name.rpartition("-")[2]) for name in (first, second)]
        assert times[1] - times[0] == 7 * DAY
        assert [each["verdict"] for each in decisions(log, "held")] == ["hold", "hold"]


def test_the_group_and_its_entries_go_with_the_stack(rules: Path) -> None:
    with LocalStack.start(rules_file=rules) as stack:
        stack.create_repositories()
        publish_generic(stack.client("codeartifact"), "1.0", package="held")
        stack.wait_until_idle()
        scheduler, group = stack.client("scheduler"), stack.resources["ScheduleGroup"]
        [name] = entries(stack)
        assert group == "local"  # the name of the stack
        stack.client("cloudformation").delete_stack(StackName="local")
        for call, names in (
            (scheduler.get_schedule_group, {"Name": group}),
            (scheduler.get_schedule, {"GroupName": group, "Name": name}),
        ):
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                call(**names)
