"""pending, explain and status about the entries of the deployed stack on the local AWS."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from emulator_support.codeartifact_calls import archive, list_versions, publish_generic
from local.clients import ACCOUNT, REGION
from local.stack import LocalStack
from moto_codeartifact.models import codeartifact_backends
from moto_codeartifact.settings import EmulatorSettings
from promoter.aws import clients
from promoter.times import format_time
from tests.support.command_line import Ran, promoter
from tests.support.paths import EVENTS
from tests.support.samples import promotion, rules_text

HOUR = 3600
MODELS = ["pkg:generic/acme/model"]
RULES = rules_text(
    promotion("soaked", packages=MODELS, soak="24h")
    + promotion("checked", packages=["pkg:generic/acme/checked"], checks=["sca"])
    + promotion("approved", packages=["pkg:generic/acme/approved"], approval="payments")
    + '\n[[hold]]\npackage = "pkg:generic/acme/model@6.6"\nreason = "leaks"\n'
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rules") / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture(scope="module")
def deployed(rules: Path) -> Iterator[LocalStack]:
    with LocalStack.start(rules_file=rules, parameters={"SettleSeconds": "0"}, retry_after=0) as stack:
        stack.create_repositories()
        yield stack


@pytest.fixture
def stack(deployed: LocalStack) -> Iterator[LocalStack]:
    """The stack without entries, in a domain whose own events are lost: a test sends those that it wants."""
    backend = codeartifact_backends[ACCOUNT][REGION]
    backend.settings = EmulatorSettings(event_deliveries=0)
    yield deployed
    deployed.wait_until_idle()
    scheduler, group = deployed.client("scheduler"), deployed.resources["ScheduleGroup"]
    for name in entries(deployed):
        scheduler.delete_schedule(GroupName=group, Name=name)
    client = deployed.client("codeartifact")
    for repository in ("dev", "staging", "evidence"):
        for each in client.list_packages(domain="acme", repository=repository)["packages"]:
            named = {key: each[key] for key in ("format", "namespace", "package")}
            client.delete_package(domain="acme", repository=repository, **named)
    backend.settings = EmulatorSettings()


@pytest.fixture
def run(stack: LocalStack, rules: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)

    def call(command: str, *arguments: object, on_disk: Path = rules) -> Ran:
        return promoter(command, *arguments, "--stack", "local", "--rules", on_disk)

    return call


def entries(stack: LocalStack) -> list[str]:
    scheduler, group = stack.client("scheduler"), stack.resources["ScheduleGroup"]
    pages = scheduler.get_paginator("list_schedules").paginate(GroupName=group)
    return [each["Name"] for page in pages for each in page["Schedules"]]


def arrive(stack: LocalStack, version: str, *, ago: float, package: str = "model") -> float:
    """Publish a version to dev, and send its event as if it had come some time ago. Return that time."""
    published = publish_generic(stack.client("codeartifact"), version, package=package)
    since = float(int(time.time() - ago))
    shape = json.loads((EVENTS / "generic-published.json").read_text("utf-8"))
    shape["time"] = format_time(since)
    shape["detail"] |= {
        "packageName": package,
        "packageVersion": version,
        "packageVersionRevision": published["versionRevision"],
    }
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["PromotionQueueUrl"], MessageBody=json.dumps(shape)
    )
    stack.wait_until_idle()
    return since


def add_entry(stack: LocalStack, name: str, body: str) -> None:
    """Put an entry into the group, as somebody could who is not the function."""
    moment = datetime.fromtimestamp(time.time() + HOUR, UTC)
    stack.client("scheduler").create_schedule(
        Name=name,
        GroupName=stack.resources["ScheduleGroup"],
        ScheduleExpression=f"at({moment:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": stack.outputs["PromotionQueueArn"],
            "RoleArn": "arn:aws:iam::123456789012:role/x",
            "Input": body,
        },
    )


@dataclass
class Calls:
    """The calls of the command line, by operation. `denied` names an operation that is denied."""

    made: Counter[str] = field(default_factory=Counter)
    denied: str = ""

    def count(self, model: Any, **_: Any) -> None:
        self.made[model.name] += 1
        if model.name == self.denied:
            error = {"Code": "AccessDeniedException", "Message": f"no permission for {model.name}"}
            raise ClientError({"Error": error}, model.name)  # type: ignore[typeddict-item]


@pytest.fixture
def calls(run: Any, monkeypatch: pytest.MonkeyPatch) -> Calls:
    counted = Calls()

    def session(*_: Any) -> Any:
        made = boto3.Session()
        made.events.register("before-call", counted.count)
        return made

    monkeypatch.setattr(clients, "_user_session", session)
    return counted


class TestPending:
    def test_the_oldest_come_first_each_with_until_when_or_for_whom(
        self, stack: LocalStack, run: Any
    ) -> None:
        soaks = arrive(stack, "1.0", ago=2 * HOUR)
        arrive(stack, "2.0", ago=5 * HOUR, package="approved")
        arrive(stack, "3.0", ago=3 * HOUR, package="checked")
        arrive(stack, "6.6", ago=1 * HOUR)

        ran = run("pending")

        assert ran.code == 0
        assert ran.lines[0].startswith("4 versions wait in acme   ruleset ")
        rows = [" ".join(line.split()) for line in ran.lines[1:5]]
        assert rows == [
            "? generic acme/approved 2.0 dev -> staging approval of payments: none yet since 5h "
            'promoter approve pkg:generic/acme/approved@2.0 --promotion approved --reason "..."',
            "? generic acme/checked 3.0 dev -> staging check sca: no answer yet since 3h "
            'promoter answer pkg:generic/acme/checked@3.0 --check sca --result passed --reason "..."',
            f"? generic acme/model 1.0 dev -> staging soak: 2h of 24h until {format_time(soaks + 24 * HOUR)}",
            '? generic acme/model 6.6 dev -> staging soak: 1h of 24h; held: "leaks" since 1h',
        ]
        assert ran.lines[-1].startswith("Next: promoter explain pkg:generic/acme/approved@2.0 ")

    def test_each_shown_entry_costs_one_get_and_the_rest_none(
        self, stack: LocalStack, run: Any, calls: Calls
    ) -> None:
        for number in range(5):
            arrive(stack, f"1.{number}", ago=(9 - number) * HOUR)

        ran = run("pending", "--limit", 3)

        assert ran.lines[0].startswith("5 versions wait in acme")
        assert [line.split()[3] for line in ran.lines[1:4]] == ["1.0", "1.1", "1.2"]
        assert ran.lines[4] == "and 2 more; --limit shows them"
        scheduler = {name: count for name, count in calls.made.items() if "Schedule" in name}
        assert scheduler == {"ListSchedules": 1, "GetSchedule": 3}
        assert calls.made["DescribePackageVersion"] == 3

    def test_a_hundred_are_shown_unless_more_are_asked_for(
        self, stack: LocalStack, run: Any, calls: Calls
    ) -> None:
        arrive(stack, "1.0", ago=HOUR)
        [name] = entries(stack)
        group, client = stack.resources["ScheduleGroup"], stack.client("scheduler")
        text = client.get_schedule(GroupName=group, Name=name)["Target"]["Input"]
        for number in range(102):  # versions that are gone
            add_entry(stack, f"{number:020x}-{name[21:]}", text.replace('"1.0"', f'"0.{number}"'))

        ran = run("pending")

        assert ran.lines[0].startswith("103 versions wait")
        assert "and 3 more; --limit shows them" in ran.lines
        assert calls.made["GetSchedule"] == 100
        assert sum(line.startswith("  ?") for line in ran.lines) == 100
        assert sum(line.startswith("  ?") for line in run("pending", "--limit", 200).lines) == 103

    def test_it_is_decided_again_by_the_rules_on_disk(
        self, stack: LocalStack, run: Any, tmp_path: Path
    ) -> None:
        arrive(stack, "1.0", ago=2 * HOUR)
        before = entries(stack)
        other = tmp_path / "other.toml"
        other.write_text(RULES.replace('soak = "24h"', 'soak = "1h"'))

        assert "soak: 2h of 24h" in run("pending").out
        assert "nothing: it is promoted when the entry fires" in run("pending", on_disk=other).out

        stack.wait_until_idle()
        assert entries(stack) == before
        assert list_versions(stack.client("codeartifact"), "staging") == set()

    def test_it_is_decided_again_by_the_answers_of_now(
        self, stack: LocalStack, run: Any, rules: Path
    ) -> None:
        arrive(stack, "3.0", ago=HOUR, package="checked")
        answer = (
            "answer",
            "pkg:generic/acme/checked@3.0",
            "--check",
            "sca",
            "--reason",
            "x",
            "--rules",
            rules,
        )

        promoter(*answer, "--result", "failed")
        assert "nothing: check sca: FAILED" in " ".join(run("pending").out.split())
        promoter(*answer, "--result", "passed")
        assert "nothing: it is promoted when the entry fires" in run("pending").out

    def test_what_will_not_be_promoted_any_more_says_why(self, stack: LocalStack, run: Any) -> None:
        client = stack.client("codeartifact")
        for hours, version in ((3, "1.0"), (2, "1.1"), (1, "1.2")):
            arrive(stack, version, ago=hours * HOUR)
        archive(client, "1.0")
        for version in ("1.1", "1.2"):
            client.delete_package_versions(
                domain="acme",
                repository="dev",
                format="generic",
                namespace="acme",
                package="model",
                versions=[version],
            )
        publish_generic(client, "1.2", b"again")

        out = [" ".join(line.split()) for line in run("pending").lines]

        assert "nothing: " in out[1]
        assert "Archived in dev; only Published versions are promoted" in out[1]
        assert "nothing: it is no longer in dev" in out[2]
        assert "nothing: dev has a newer revision, which is decided on its own" in out[3]

    def test_json_has_the_decision_the_entry_and_the_commands(self, stack: LocalStack, run: Any) -> None:
        since = arrive(stack, "2.0", ago=5 * HOUR, package="approved")
        [name] = entries(stack)
        add_entry(stack, "backup", "{}")

        shape = json.loads(run("pending", "--output", "json").out)

        assert (shape["rest"], shape["otherEntries"]) == (0, ["backup"])
        [one] = shape["pending"]
        assert (one["purl"], one["verdict"], one["promotion"]) == (
            "pkg:generic/acme/approved@2.0",
            "hold",
            "approved",
        )
        assert (one["entry"], one["since"]) == (name, format_time(since))
        assert [each["code"] for each in one["reasons"] if not each["met"]] == ["approval"]
        assert [each.split()[1] for each in one["commands"]] == ["approve", "refuse"]

    def test_without_an_entry_nothing_waits(self, run: Any) -> None:
        ran = run("pending")
        assert ran.lines == [f"no versions wait in acme   ruleset {ran.lines[0][-8:]}"]
        assert ran.code == 0

    @pytest.mark.parametrize("operation", ["ListSchedules", "GetSchedule", "DescribeStacks"])
    def test_a_missing_permission_is_one_sentence(
        self, stack: LocalStack, run: Any, calls: Calls, operation: str
    ) -> None:
        arrive(stack, "1.0", ago=HOUR)
        calls.denied = operation
        ran = run("pending")
        assert (ran.code != 0, ran.out, ran.err.count("\n")) == (True, "", 1)
        assert f"no permission for {operation}" in ran.err
        assert "ask for the permission that the message names" in ran.err

    def test_a_version_or_an_answer_that_may_not_be_read_is_unknown(
        self, stack: LocalStack, run: Any, calls: Calls
    ) -> None:
        arrive(stack, "3.0", ago=HOUR, package="checked")

        calls.denied = "DescribePackageVersion"
        assert "unknown: cannot look up the version in dev: no permission" in run("pending").out
        calls.denied = "ListPackageVersions"
        ran = run("pending")
        assert "unknown: cannot read the answers in namespace check-sca: no permission" in ran.out
        assert ran.code == 0


class TestExplain:
    def test_a_soak_counts_from_the_time_in_the_entry(self, stack: LocalStack, run: Any) -> None:
        since = arrive(stack, "1.0", ago=7 * HOUR)

        ran = run("explain", "pkg:generic/acme/model@1.0")

        until = format_time(since + 24 * HOUR)
        assert ran.lines[0].endswith(f"WAITS UNTIL {until}")
        assert "  no  soak           7h of 24h" in ran.lines
        assert f"  in dev since {format_time(since)}; the pending entry fires at {until}" in ran.lines
        assert "publishedTime" not in ran.out
        assert ran.code == 1

    def test_the_answers_are_read(self, stack: LocalStack, run: Any, rules: Path) -> None:
        arrive(stack, "2.0", ago=HOUR, package="approved")
        purl = "pkg:generic/acme/approved@2.0"
        assert "  no  approval       none yet" in run("explain", purl).out
        promoter(
            *("refuse", purl, "--promotion", "approved", "--by", "ann", "--reason", "no", "--rules", rules)
        )

        ran = run("explain", purl)

        assert "FAILED by ann: no" in ran.out
        assert "REJECT" in ran.out
        promoter(
            *("approve", purl, "--promotion", "approved", "--by", "bob", "--reason", "y", "--rules", rules)
        )
        ran = run("explain", purl)
        assert "  ok  approval       PASSED by bob: y" in ran.out
        assert "the pipeline decides again when the entry fires, and copies it to staging" in ran.out

    def test_entries_that_may_not_be_read_are_unknown(
        self, stack: LocalStack, run: Any, calls: Calls
    ) -> None:
        arrive(stack, "1.0", ago=HOUR)
        calls.denied = "ListSchedules"
        ran = run("explain", "pkg:generic/acme/model@1.0")
        assert "unknown: pending entries: cannot read the pending entries: no permission" in ran.out
        assert "publishedTime" in ran.out
        assert ran.code == 1


class TestStatus:
    def test_what_is_pending_is_counted(self, stack: LocalStack, run: Any) -> None:
        assert json.loads(run("status", "--output", "json").out)["pending"] == 0
        arrive(stack, "1.0", ago=HOUR)
        assert any(line.split()[:4] == ["pending", "1", "version", "waits;"] for line in run("status").lines)
        arrive(stack, "2.0", ago=HOUR, package="approved")
        ran = run("status")
        assert "  pending       2 versions wait; promoter pending shows them" in ran.lines
        assert json.loads(run("status", "--output", "json").out)["pending"] == 2
