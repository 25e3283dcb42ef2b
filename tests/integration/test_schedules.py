"""EventBridge Scheduler on the local AWS: moto's with the patches, and the thread that fires."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict

from emulator_support.queues import create_queue
from local.clients import ACCOUNT, REGION, make_client
from local.moto_patches.resource_types import register_resource_types
from local.scheduler.clock import Clock
from local.scheduler.firing import ScheduleRunner
from moto_codeartifact.server import Server, start_server

Create = Callable[..., dict[str, Any]]
GROUP = "promoter"
DAY = 86_400


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server
    BackendDict.reset()


@pytest.fixture(scope="module")
def clients(server: Server) -> dict[str, Any]:
    return {name: make_client(name, server.url) for name in ("cloudformation", "scheduler", "sqs")}


@pytest.fixture
def sqs(clients: dict[str, Any]) -> Any:
    BackendDict.reset()
    return clients["sqs"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runner(sqs: Any, clock: Clock) -> Iterator[ScheduleRunner]:
    runner = ScheduleRunner(clock, sqs, account=ACCOUNT, region=REGION)
    runner.start()
    yield runner
    runner.stop()


@pytest.fixture
def scheduler(clients: dict[str, Any], runner: ScheduleRunner) -> Any:
    client = clients["scheduler"]
    client.create_schedule_group(Name=GROUP)
    return client


@pytest.fixture
def queue(sqs: Any) -> str:
    url, _ = create_queue(sqs, "queue")
    return url


@pytest.fixture
def dead(sqs: Any) -> str:
    url, _ = create_queue(sqs, "dead")
    return url


@pytest.fixture
def create(scheduler: Any, clock: Clock) -> Create:
    """A function that creates a schedule `after` seconds from now."""

    def create(name: str, after: float = DAY, target: str = "queue", **more: Any) -> dict[str, Any]:
        defaults: dict[str, Any] = {
            "GroupName": GROUP,
            "ScheduleExpression": at(clock.now() + after),
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": _target(target, Input=name),
        }
        return dict(scheduler.create_schedule(Name=name, **defaults | more))

    return create


def at(moment: float) -> str:
    return f"at({datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S})"


def names(scheduler: Any, **query: Any) -> list[str]:
    return [each["Name"] for each in scheduler.list_schedules(GroupName=GROUP, **query)["Schedules"]]


def receive(sqs: Any, queue: str, wait: int = 0) -> list[dict[str, Any]]:
    reply = sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait, MessageAttributeNames=["All"]
    )
    return list(reply.get("Messages", ()))


def code_of(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


class TestFiring:
    def test_a_schedule_fires_in_its_second_and_is_deleted(
        self, sqs: Any, queue: str, create: Create, scheduler: Any, runner: ScheduleRunner, clock: Clock
    ) -> None:
        moment = int(clock.now()) + 2
        create("soon", ScheduleExpression=at(moment))
        (message,) = receive(sqs, queue, wait=5)
        assert moment <= clock.now() < moment + 1
        runner.wait_until_fired(5)
        assert (message["Body"], names(scheduler)) == ("soon", [])

    def test_the_clock_of_a_test_brings_it_forward(
        self, sqs: Any, queue: str, create: Create, scheduler: Any, runner: ScheduleRunner, clock: Clock
    ) -> None:
        create("week", 7 * DAY)
        create("month", 30 * DAY)
        clock.advance(7 * DAY + 1)
        runner.wait_until_fired(5)
        assert [message["Body"] for message in receive(sqs, queue)] == ["week"]
        assert names(scheduler) == ["month"]

    def test_schedules_fire_in_the_order_of_their_times(
        self, sqs: Any, queue: str, create: Create, runner: ScheduleRunner, clock: Clock
    ) -> None:
        for hours in (3, 1, 2):
            create(f"after-{hours}-hours", hours * 3600)
        clock.advance(DAY)
        runner.wait_until_fired(5)
        assert [m["Body"] for m in receive(sqs, queue)] == [f"after-{hours}-hours" for hours in (1, 2, 3)]

    def test_a_zone_other_than_utc_counts(
        self, sqs: Any, queue: str, create: Create, runner: ScheduleRunner, clock: Clock
    ) -> None:
        zone = "Asia/Tokyo"  # nine hours ahead of UTC
        create("tokyo", ScheduleExpression=at(clock.now() + 10 * 3600), ScheduleExpressionTimezone=zone)
        clock.advance(3500)
        runner.wait_until_fired(5)
        assert receive(sqs, queue) == []
        clock.advance(100)
        runner.wait_until_fired(5)
        assert len(receive(sqs, queue)) == 1

    @pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
    def test_it_fires_once_and_only_when_enabled(
        self,
        sqs: Any,
        queue: str,
        create: Create,
        scheduler: Any,
        runner: ScheduleRunner,
        clock: Clock,
        state: str,
    ) -> None:
        create("kept", ActionAfterCompletion="NONE", State=state)
        for _ in range(2):
            clock.advance(2 * DAY)
            runner.wait_until_fired(5)
        assert len(receive(sqs, queue)) == (1 if state == "ENABLED" else 0)
        assert names(scheduler) == ["kept"]

    def test_a_deleted_schedule_does_not_fire(
        self, sqs: Any, queue: str, create: Create, scheduler: Any, runner: ScheduleRunner, clock: Clock
    ) -> None:
        create("gone")
        scheduler.delete_schedule(GroupName=GROUP, Name="gone")
        clock.advance(2 * DAY)
        runner.wait_until_fired(5)
        assert receive(sqs, queue) == []

    def test_a_missing_target_makes_a_dead_letter(
        self, sqs: Any, dead: str, create: Create, scheduler: Any, runner: ScheduleRunner, clock: Clock
    ) -> None:
        create("lost", target="missing")
        clock.advance(2 * DAY)
        runner.wait_until_fired(5)
        (letter,) = receive(sqs, dead)
        url = f"{sqs.meta.endpoint_url}/{ACCOUNT}/missing"
        assert json.loads(letter["Body"]) == {"MessageBody": "lost", "QueueUrl": url}
        code = letter["MessageAttributes"]["ERROR_CODE"]["StringValue"]
        assert code == "AWS.SimpleQueueService.NonExistentQueue"
        assert names(scheduler) == []

    def test_a_refused_message_makes_a_dead_letter(
        self, sqs: Any, queue: str, dead: str, create: Create, runner: ScheduleRunner, clock: Clock
    ) -> None:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
        create("large", Target=_target(Input="x" * 2000))
        clock.advance(2 * DAY)
        runner.wait_until_fired(5)
        (letter,) = receive(sqs, dead)
        assert json.loads(letter["Body"]) == {"MessageBody": "x" * 2000, "QueueUrl": queue}

    def test_a_schedule_without_a_dead_letter_queue_is_lost(
        self, sqs: Any, dead: str, create: Create, scheduler: Any, runner: ScheduleRunner, clock: Clock
    ) -> None:
        target = _target("missing")
        del target["DeadLetterConfig"]
        create("lost", Target=target)
        clock.advance(2 * DAY)
        runner.wait_until_fired(5)
        assert (receive(sqs, dead), names(scheduler)) == ([], [])


class TestCreateSchedule:
    def test_a_taken_name_is_a_conflict(self, create: Create) -> None:
        create("one")
        assert code_of(create, "one") == ("ConflictException", 409)

    def test_one_of_many_that_create_the_same_name_succeeds(self, create: Create) -> None:
        start = threading.Barrier(8)

        def attempt(_: int) -> bool:
            start.wait(10)
            try:
                create("one")
            except ClientError:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(attempt, range(8))) == 1

    @pytest.mark.parametrize("name", ["x" * 65, "a b", "a:b", "ä"])
    def test_a_name_that_aws_refuses_is_refused(self, create: Create, name: str) -> None:
        assert code_of(create, name) == ("ValidationException", 400)

    def test_a_name_of_64_characters_is_accepted(self, create: Create, scheduler: Any) -> None:
        name = "Az09-_." + "x" * 57
        create(name)
        assert names(scheduler) == [name]

    def test_a_time_in_the_past_is_refused(self, create: Create) -> None:
        assert code_of(create, "late", -2) == ("ValidationException", 400)

    @pytest.mark.parametrize("expression", ["at(2026-13-01T00:00:00)", "at(tomorrow)", "at(2026-12-01)"])
    def test_a_malformed_time_is_refused(self, create: Create, expression: str) -> None:
        assert code_of(create, "wrong", ScheduleExpression=expression) == ("ValidationException", 400)

    def test_an_unknown_group_is_refused(self, create: Create) -> None:
        assert code_of(create, "one", GroupName="other") == ("ResourceNotFoundException", 404)

    def test_get_shows_what_was_created(self, create: Create, scheduler: Any) -> None:
        create("one")
        shown = scheduler.get_schedule(GroupName=GROUP, Name="one")
        assert (shown["Target"]["Input"], shown["ActionAfterCompletion"]) == ("one", "DELETE")


class TestListSchedules:
    def test_finds_names_by_their_prefix(self, create: Create, scheduler: Any) -> None:
        for name in ("ab-1", "ab-2", "a", "b"):
            create(name)
        assert names(scheduler, NamePrefix="ab-") == ["ab-1", "ab-2"]

    def test_shows_neither_expression_nor_input(self, server: Server, create: Create) -> None:
        create("one")
        request = urllib.request.Request(f"{server.url}/schedules?ScheduleGroup={GROUP}")
        scope = f"Credential=local/20261126/{REGION}/scheduler/aws4_request"
        request.add_header("Authorization", f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0")
        with urllib.request.urlopen(request) as reply:
            (shown,) = json.load(reply)["Schedules"]
        dates = {"CreationDate", "LastModificationDate"}
        assert shown.keys() == {"Arn", "Name", "GroupName", "State", "Target"} | dates
        assert shown["Target"].keys() == {"Arn"}

    def test_pages_go_on_when_the_next_one_was_deleted(self, create: Create, scheduler: Any) -> None:
        for name in "abcd":
            create(name)
        first = scheduler.list_schedules(GroupName=GROUP, MaxResults=2)
        scheduler.delete_schedule(GroupName=GROUP, Name="c")
        rest = scheduler.list_schedules(GroupName=GROUP, MaxResults=2, NextToken=first["NextToken"])
        assert [each["Name"] for each in first["Schedules"] + rest["Schedules"]] == ["a", "b", "d"]
        assert "NextToken" not in rest

    def test_a_page_has_100(self, create: Create, scheduler: Any) -> None:
        for number in range(101):
            create(f"{number:03}")
        pages = list(scheduler.get_paginator("list_schedules").paginate(GroupName=GROUP))
        assert [len(page["Schedules"]) for page in pages] == [100, 1]

    def test_an_unknown_group_is_refused(self, scheduler: Any) -> None:
        assert code_of(scheduler.list_schedules, GroupName="other") == ("ResourceNotFoundException", 404)


class TestGroup:
    def test_its_schedules_go_with_it(self, create: Create, scheduler: Any) -> None:
        create("one")
        scheduler.delete_schedule_group(Name=GROUP)
        scheduler.create_schedule_group(Name=GROUP)
        assert names(scheduler) == []

    def test_a_taken_name_is_a_conflict_and_keeps_the_schedules(self, create: Create, scheduler: Any) -> None:
        create("one")
        assert code_of(scheduler.create_schedule_group, Name=GROUP) == ("ConflictException", 409)
        assert names(scheduler) == ["one"]

    def test_an_unknown_group_cannot_be_deleted(self, scheduler: Any) -> None:
        assert code_of(scheduler.delete_schedule_group, Name="other") == ("ResourceNotFoundException", 404)

    def test_the_default_group_cannot_be_deleted(self, scheduler: Any) -> None:
        assert code_of(scheduler.delete_schedule_group, Name="default") == ("ValidationException", 400)


class TestCloudFormation:
    @pytest.fixture
    def cloudformation(self, clients: dict[str, Any], scheduler: Any) -> Any:
        register_resource_types()
        return clients["cloudformation"]

    def test_creates_keeps_and_deletes_a_group(
        self, cloudformation: Any, scheduler: Any, create: Create
    ) -> None:
        cloudformation.create_stack(StackName="stack", TemplateBody=_template("first"))
        (stack,) = cloudformation.describe_stacks(StackName="stack")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/stack"
        assert outputs == {"Name": "stack", "Arn": arn}
        create("one", GroupName="stack")

        cloudformation.update_stack(StackName="stack", TemplateBody=_template("second"))
        kept = scheduler.list_schedules(GroupName="stack")["Schedules"]
        assert [each["Name"] for each in kept] == ["one"]

        cloudformation.delete_stack(StackName="stack")
        assert code_of(scheduler.get_schedule_group, Name="stack") == ("ResourceNotFoundException", 404)


class TestWaiting:
    def test_it_does_not_wait_for_later_schedules(self, create: Create, runner: ScheduleRunner) -> None:
        create("later")
        runner.wait_until_fired(0)

    def test_it_raises_an_error_of_the_thread(
        self, create: Create, runner: ScheduleRunner, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def breaks(_: Any) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(runner, "_fire", breaks)
        create("one")
        clock.advance(2 * DAY)
        with pytest.raises(RuntimeError, match="broken"):
            runner.wait_until_fired(5)


def _target(queue: str = "queue", **more: str) -> dict[str, Any]:
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
    role = f"arn:aws:iam::{ACCOUNT}:role/scheduler"
    return {
        "Arn": arn + queue,
        "RoleArn": role,
        "Input": "{}",
        "DeadLetterConfig": {"Arn": arn + "dead"},
    } | more


def _template(tag: str) -> str:
    group = {
        "Type": "AWS::Scheduler::ScheduleGroup",
        "Properties": {"Name": {"Ref": "AWS::StackName"}, "Tags": [{"Key": "release", "Value": tag}]},
    }
    outputs = {
        "Name": {"Value": {"Ref": "Group"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}},
    }
    return json.dumps({"Resources": {"Group": group}, "Outputs": outputs})
