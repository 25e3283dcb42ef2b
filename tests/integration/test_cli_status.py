"""status against the local AWS with the deployed template."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.stack import LocalStack
from promoter.aws import profile
from promoter.aws.stack import Deployment
from tests.support.aws_denied import Denied
from tests.support.codeartifact_calls import publish_generic
from tests.support.commands import run
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack.start(parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        yield stack


@pytest.fixture
def status(stack: LocalStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    rules = ROOT / "functions" / "rules.toml"
    return lambda *arguments: run(capsys, "status", "--stack", "local", "--rules", rules, *arguments)


def test_shows_a_pipeline_that_has_promoted(stack: LocalStack, status: Any) -> None:
    publish_generic(stack.client("codeartifact"), "1.0")
    stack.wait_until_idle()
    shape = json.loads(status("--output", "json").out)
    assert (shape["domain"], shape["serving"], shape["unknown"]) == ("acme", "Enabled", {})
    assert shape["last24Hours"]["promoted"] == 2
    assert shape["last24Hours"]["publishToPromoteSeconds"] > 0
    assert shape["queues"]["PromotionQueue"]["waiting"] == 0
    ran = status()
    assert ran.lines[0].startswith("acme   stack local, deployed ")
    assert ran.lines[0].endswith("   RUNNING")
    assert ran.code == 0


def test_dead_letters_fail_it_and_lead_to_explain(stack: LocalStack, status: Any) -> None:
    sqs, url = stack.client("sqs"), stack.outputs["PromotionDeadLetterQueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    ran = status()
    assert "  dead letters  1 waiting, 0 in flight, oldest unknown" in ran.lines
    assert f"--queue-url {url} > dead.json; promoter explain dead.json" in ran.lines[-1]
    assert ran.code == 1
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_the_age_of_a_message_comes_from_cloudwatch(stack: LocalStack) -> None:
    url = stack.outputs["PromotionQueueUrl"]
    name = {"Name": "QueueName", "Value": url.rpartition("/")[2]}
    data = {"MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [name], "Value": 125.0}
    deployment = Deployment(stack.client)
    assert deployment.oldest(url, time.time()) is None
    stack.client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[data])
    assert deployment.oldest(url, time.time() + 1) == 125.0


def test_the_ruleset_is_that_of_the_newest_decision_in_the_log(stack: LocalStack) -> None:
    logs, group = stack.client("logs"), stack.resources["PromoteLogGroup"]
    assert Deployment(stack.client).last_decision(group) is None
    now = int(time.time() * 1000)
    for stream, digest, at in (("new", "bbb", now), ("old", "aaa", now - 60_000)):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        line = json.dumps({"message": "decision", "ruleset": digest})
        events = [(at - 1, "START"), (at, line), (at, '{"message": "other", "ruleset": "ccc"}')]
        logs.put_log_events(
            logGroupName=group,
            logStreamName=stream,
            logEvents=[{"timestamp": when, "message": text} for when, text in events],
        )
    found = Deployment(stack.client).last_decision(group)
    assert found is not None
    assert (found.ruleset, found.at) == ("bbb", now / 1000)


def test_an_alarm_that_is_on_is_named(stack: LocalStack) -> None:
    cloudwatch = stack.client("cloudwatch")
    for name in ("on", "off"):
        cloudwatch.put_metric_alarm(
            AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1
        )
    cloudwatch.set_alarm_state(AlarmName="on", StateValue="ALARM", StateReason="a test")
    cloudwatch.set_alarm_state(AlarmName="off", StateValue="OK", StateReason="a test")
    deployment = Deployment(stack.client)
    assert deployment.alarming(["on", "off"]) == ["on"]
    assert deployment.alarming([]) == []


def test_a_missing_right_is_said_in_its_line(
    stack: LocalStack, status: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = profile.clients(None)
    monkeypatch.setattr(
        profile, "clients", lambda _: lambda service: Denied() if service == "sqs" else real(service)
    )
    ran = status()
    assert sum("ask for the right that it names" in line for line in ran.lines) == 3
    assert any(line.strip().startswith("last 24 h") and "promoted" in line for line in ran.lines)
    assert ran.code == 0
