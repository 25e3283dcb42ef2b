"""The whole pipeline on one machine: the real template, the real function, and the results."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator_support.codeartifact_calls import list_versions, publish_generic
from emulator_support.queues import subscribe_queue, take_messages
from local.seed import seed_sample_versions
from local.stack import LocalStack
from tests.support.paths import EVENTS

DEAD = "PromotionDeadLetterQueueUrl"


def send_message(stack: LocalStack, body: str) -> None:
    """Send a message to the promotion queue, without the rule."""
    stack.client("sqs").send_message(QueueUrl=stack.outputs["PromotionQueueUrl"], MessageBody=body)


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


class TestPromotion:
    def test_a_published_version_arrives_in_prod(self, stack: LocalStack) -> None:
        publish_generic(stack.client("codeartifact"), "1.0")
        stack.wait_until_idle()
        assert "1.0" in list_versions(stack.client("codeartifact"), "staging") & list_versions(
            stack.client("codeartifact"), "prod"
        )

    def test_a_version_that_no_rule_selects_is_not_promoted(self, stack: LocalStack) -> None:
        publish_generic(stack.client("codeartifact"), "1.0", namespace="others")
        stack.wait_until_idle()
        assert list_versions(stack.client("codeartifact"), "dev", namespace="others") == {"1.0"}
        assert list_versions(stack.client("codeartifact"), "staging", namespace="others") == set()

    def test_a_version_that_exists_with_different_files_is_refused_and_reported(
        self, stack: LocalStack
    ) -> None:
        topic = stack.outputs["NotificationTopicArn"]
        subscriber = subscribe_queue(stack.client("sqs"), stack.client("sns"), topic)
        publish_generic(stack.client("codeartifact"), "2.0", b"theirs", to="prod")
        stack.wait_until_idle()
        publish_generic(stack.client("codeartifact"), "2.0", b"ours")
        stack.wait_until_idle()
        (message,) = take_messages(stack.client("sqs"), subscriber)
        assert "2.0" in message["Body"]
        assert "ALREADY_EXISTS" in message["Body"]

    def test_a_malformed_message_becomes_a_dead_letter_and_the_others_are_served(
        self, stack: LocalStack
    ) -> None:
        send_message(stack, "not json")
        publish_generic(stack.client("codeartifact"), "3.0")
        stack.wait_until_idle()
        assert "3.0" in list_versions(stack.client("codeartifact"), "prod")
        (letter,) = take_messages(stack.client("sqs"), stack.outputs[DEAD])
        assert letter["Body"] == "not json"
        assert letter["MessageAttributes"]

    def test_metrics_reach_cloudwatch(self, stack: LocalStack) -> None:
        publish_generic(stack.client("codeartifact"), "4.0")
        stack.wait_until_idle()
        found = stack.client("cloudwatch").list_metrics(Namespace="PackagePromoter")["Metrics"]
        assert "Promoted" in {metric["MetricName"] for metric in found}

    def test_a_failure_breaches_its_alarm(self, stack: LocalStack) -> None:
        assert not breached(stack, "local-failed-versions", offset=2)
        publish_generic(stack.client("codeartifact"), "6.0", b"theirs", to="prod")
        publish_generic(stack.client("codeartifact"), "6.0", b"ours")
        stack.wait_until_idle()
        assert breached(stack, "local-failed-versions")

    def test_each_decision_is_one_log_line(self, stack: LocalStack, log: list[str]) -> None:
        log.clear()
        publish_generic(stack.client("codeartifact"), "5.0")
        stack.wait_until_idle()
        decisions = [record for record in map(json.loads, log) if "verdict" in record]
        hops = [(each["hop"]["from"], each["hop"]["to"], each["outcome"]) for each in decisions]
        assert hops == [("dev", "staging", "copied"), ("staging", "prod", "copied")]


def breached(stack: LocalStack, name: str, *, offset: int = 0) -> bool:
    """Return True if the metric breaches the alarm now, or did so `offset` periods ago. moto evaluates no alarms."""
    cloudwatch = stack.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == ("GreaterThanOrEqualToThreshold", 1)
    period = timedelta(seconds=alarm["Period"])
    end = datetime.now(UTC) + timedelta(seconds=1) - period * offset
    metric = {key: alarm[key] for key in ("Namespace", "MetricName", "Dimensions")}
    (found,) = cloudwatch.get_metric_data(
        StartTime=end - period,
        EndTime=end,
        MetricDataQueries=[
            {"Id": "m", "MetricStat": {"Metric": metric, "Period": 300, "Stat": alarm["Statistic"]}}
        ],
    )["MetricDataResults"]
    return any(value >= alarm["Threshold"] for value in found["Values"])


class TestSamples:
    @pytest.mark.parametrize("name", ["maven", "nuget", "ruby", "swift", "cargo"])
    def test_of_formats_that_no_rule_selects_cause_no_decision(
        self, stack: LocalStack, name: str, log: list[str]
    ) -> None:
        assert decisions_about(stack, sample(f"{name}-published.json"), log) == []

    @pytest.mark.parametrize("name", ["npm", "pypi", "generic"])
    def test_of_formats_that_a_rule_selects_are_promoted(
        self, stack: LocalStack, name: str, log: list[str]
    ) -> None:
        seed_sample_versions()
        found = decisions_about(stack, sample(f"{name}-published.json"), log)
        assert [(each["format"], each["hop"]["to"], each["outcome"]) for each in found] == [
            (name, "staging", "copied"),
            (name, "prod", "copied"),
        ]

    def test_of_an_existing_version_are_unchanged_after_a_copy(
        self, stack: LocalStack, log: list[str]
    ) -> None:
        event = sample("generic-published.json")
        event["detail"]["packageVersion"] = "8.0"
        published = publish_generic(stack.client("codeartifact"), "8.0")
        stack.wait_until_idle()
        event["detail"]["packageVersionRevision"] = published["versionRevision"]
        (decision,) = decisions_about(stack, event, log)
        assert decision["outcome"] == "unchanged"
        assert "8.0" in list_versions(stack.client("codeartifact"), "prod")

    def test_are_older_than_what_is_published_now(self, stack: LocalStack) -> None:
        seed_sample_versions()
        codeartifact = stack.client("codeartifact")
        publish_generic(codeartifact, "9.0", package="model")
        stack.wait_until_idle()
        listed = codeartifact.list_package_versions(
            domain="acme",
            repository="dev",
            format="generic",
            namespace="acme",
            package="model",
            sortBy="PUBLISHED_TIME",
        )["versions"]
        assert listed[0]["version"] == "9.0"
        assert "2026.1" in {version["version"] for version in listed[1:]}

    def test_in_a_batch_are_answered_message_by_message(self, stack: LocalStack) -> None:
        seed_sample_versions()
        batch = sample("sqs-batch.json")
        queue = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"][0][
            "EventSourceArn"
        ]
        for record in batch["Records"]:
            record["eventSourceARN"] = queue
        event = json.loads(batch["Records"][0]["body"])
        event["detail"]["packageVersion"] = "1.4.999"
        batch["Records"][0]["body"] = json.dumps(event)
        failed = [item["itemIdentifier"] for item in stack.invoke(batch)["batchItemFailures"]]
        # the version does not exist; at the first delivery, the API may only be late
        assert failed == [batch["Records"][0]["messageId"]]


def decisions_about(stack: LocalStack, event: Any, log: list[str]) -> list[dict[str, Any]]:
    """Send an event to the queue. Return the decisions that follow."""
    log.clear()
    send_message(stack, json.dumps(event))
    stack.wait_until_idle()
    return [record for record in map(json.loads, log) if "verdict" in record]
