"""redrive against the local AWS with the deployed template."""

import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.queues import take_messages
from local.stack import LocalStack
from promoter.aws import clients
from promoter.aws.dead_letters import DeadLetters
from promoter.aws.stack import DeployedStack
from promoter.copying.ports import ApiError
from tests.support.aws_denied import DeniedClient
from tests.support.command_line import promoter
from tests.support.paths import EVENTS

OPERATORS = "arn:aws:iam::123456789012:role/operators"
REASON = {"reason": {"DataType": "String", "StringValue": "not JSON"}}
QUEUES = ("PromotionDeadLetterQueue", "RuleDeadLetterQueue", "ScheduleDeadLetterQueue")


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture(scope="module")
def stack(log: list[str]) -> Iterator[LocalStack]:
    parameters = {"RedrivePrincipalArn": OPERATORS}
    with LocalStack.start(parameters=parameters, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


@pytest.fixture
def redrive(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # nobody can be asked
    return lambda *arguments: promoter("redrive", "--stack", "local", *arguments)


def put(stack: LocalStack, queue: str, body: str, **more: Any) -> None:
    stack.client("sqs").send_message(QueueUrl=stack.resources[queue], MessageBody=body, **more)


def left(stack: LocalStack, queue: str) -> list[str]:
    return [each["Body"] for each in take_messages(stack.client("sqs"), stack.resources[queue])]


def event_about(stack: LocalStack, version: str) -> str:
    """The event of a version whose own event was lost."""
    shape = json.loads((EVENTS / "generic-published.json").read_text("utf-8"))
    published = publish_generic(stack.client("codeartifact"), version, namespace="others")
    shape["detail"] |= {"packageVersion": version, "packageVersionRevision": published["versionRevision"]}
    return json.dumps(shape)


def decided(log: list[str]) -> set[str]:
    return {line["version"] for line in map(json.loads, log) if line.get("verdict")}


def test_without_dead_letters_there_is_nothing_to_do(redrive: Any) -> None:
    ran = redrive()
    assert (ran.code, ran.out) == (0, "there are no dead letters\n")


def test_moves_the_messages_of_all_three_queues(stack: LocalStack, redrive: Any, log: list[str]) -> None:
    put(stack, QUEUES[0], event_about(stack, "1.1"))
    put(stack, QUEUES[1], event_about(stack, "1.2"))
    call = {"MessageBody": event_about(stack, "1.3"), "QueueUrl": stack.outputs["PromotionQueueUrl"]}
    put(stack, QUEUES[2], json.dumps(call))
    stack.wait_until_idle()
    log.clear()

    ran = redrive("--yes")

    assert ran.code == 0
    assert ran.lines[0] == "dead letters:"
    assert [line for line in ran.lines if "moved" in line] == [
        f"{queue}: 1 moved to the promotion queue, 0 malformed kept" for queue in QUEUES
    ]
    stack.wait_until_idle()
    assert decided(log) == {"1.1", "1.2", "1.3"}
    assert [left(stack, queue) for queue in QUEUES] == [[], [], []]


def test_an_entry_that_scheduler_could_not_deliver_is_unwrapped(stack: LocalStack, redrive: Any) -> None:
    arn, dead = stack.outputs["PromotionQueueArn"], stack.resources[QUEUES[2]].rpartition("/")[2]
    stack.client("scheduler").create_schedule(
        Name="lost",
        GroupName=stack.outputs["ScheduleGroupName"],
        ScheduleExpression=f"at({datetime.fromtimestamp(stack.clock.now() + 60, UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": f"{arn}-missing",
            "RoleArn": OPERATORS,
            "Input": "not an event",
            "DeadLetterConfig": {"Arn": f"{arn.rpartition(':')[0]}:{dead}"},
        },
    )
    stack.clock.advance(61)
    stack.wait_until_idle()

    assert redrive("--yes").code == 0

    stack.wait_until_idle()
    assert left(stack, QUEUES[0]) == ["not an event"]  # the function could not read it


def test_malformed_messages_stay_unless_they_are_asked_for(stack: LocalStack, redrive: Any) -> None:
    put(stack, QUEUES[0], "not json", MessageAttributes=REASON)
    put(stack, QUEUES[2], "not a call")

    ran = redrive("--yes", "--output", "json")

    nothing = {"moved": 0, "kept": 0}
    kept = {"moved": 0, "kept": 1}
    assert json.loads(ran.out) == {
        "stack": "local",
        "queues": {QUEUES[0]: kept, QUEUES[1]: nothing, QUEUES[2]: kept},
    }
    assert ran.code == 1
    text = redrive("--yes")
    assert "a redrive does not help malformed messages" in text.lines[-1]

    assert redrive("--yes", "--malformed").code == 0
    stack.wait_until_idle()
    assert sorted(left(stack, QUEUES[0])) == ["not a call", "not json"]  # the function sent both back
    assert left(stack, QUEUES[2]) == []


def test_messages_in_flight_are_not_called_none(stack: LocalStack, redrive: Any) -> None:
    sqs, url = stack.client("sqs"), stack.resources[QUEUES[1]]
    put(stack, QUEUES[1], "event")
    (taken,) = sqs.receive_message(QueueUrl=url)["Messages"]

    ran = redrive("--yes")

    assert "  RuleDeadLetterQueue       0 waiting, 1 in flight" in ran.lines
    assert ran.lines[-1].endswith("try again later")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])


class TestQuestion:
    @pytest.fixture(autouse=True)
    def letter(self, stack: LocalStack) -> Iterator[None]:
        put(stack, QUEUES[1], "not json")
        yield
        for queue in QUEUES:
            left(stack, queue)

    def test_a_pipe_has_to_say_yes(self, stack: LocalStack, redrive: Any) -> None:
        ran = redrive()
        assert (ran.code, ran.err) == (2, "nobody can be asked here; add --yes\n")
        assert left(stack, QUEUES[1]) == ["not json"]

    @pytest.mark.parametrize(("answer", "stays"), [("y\n", False), ("n\n", True), ("\n", True)])
    def test_on_a_terminal_only_yes_moves_them(
        self, stack: LocalStack, redrive: Any, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool
    ) -> None:
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)
        ran = redrive()
        assert "Move them to the promotion queue?" in ran.err
        stack.wait_until_idle()
        assert bool(left(stack, QUEUES[1])) is stays


class TestRole:
    def test_the_role_of_the_stack_is_assumed(
        self, stack: LocalStack, redrive: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assumed: list[str] = []
        real = clients.role_clients
        monkeypatch.setattr(
            clients, "role_clients", lambda role, profile: assumed.append(role) or real(role, profile)
        )
        assert redrive().code == 0
        assert assumed == [stack.outputs["RedriveRoleArn"]]

    def test_another_role_can_be_named(self, redrive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        assumed: list[str] = []
        real = clients.role_clients
        monkeypatch.setattr(
            clients, "role_clients", lambda role, profile: assumed.append(role) or real(role, profile)
        )
        assert redrive("--role", OPERATORS).code == 0
        assert assumed == [OPERATORS]

    def test_a_denied_send_without_the_role_names_the_parameter(
        self, stack: LocalStack, redrive: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(stack, QUEUES[1], "event")
        outputs = {name: value for name, value in stack.outputs.items() if name != "RedriveRoleArn"}
        find = DeployedStack.find
        monkeypatch.setattr(DeployedStack, "find", lambda self: replace(find(self), outputs=outputs))
        monkeypatch.setattr(DeadLetters, "move", _denied)
        ran = redrive("--yes")
        assert ran.code == 3
        assert "deploy the stack with RedrivePrincipalArn" in ran.err
        assert left(stack, QUEUES[1]) == ["event"]

    def test_a_role_that_cannot_be_assumed_is_one_sentence(
        self, redrive: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def denied(role: str, profile: str | None) -> None:
            DeniedClient().assume_role(RoleArn=role)

        monkeypatch.setattr(clients, "role_clients", denied)
        ran = redrive("--yes")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("cannot assume the role arn:aws:iam::")


def test_a_stack_that_does_not_exist_is_named(redrive: Any) -> None:
    ran = redrive("--stack", "other")
    assert (ran.code, ran.out) == (3, "")
    assert 'there is no stack "other"' in ran.err


def _denied(*_: Any, **__: Any) -> None:
    raise ApiError("AccessDenied", "with an explicit deny in a resource-based policy")
