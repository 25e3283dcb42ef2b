"""The whole pipeline on one machine: the real template, the real function, and what comes of it."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from local.cloudformation import translate
from local.lambda_runtime.execution_environment import InitError
from local.stack import TEMPLATE, PortTakenError, Stack

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
DEAD = "PromotionDeadLetterQueueUrl"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"
OPERATORS = "arn:aws:iam::123456789012:role/operators"


@pytest.fixture(scope="module")
def log() -> list[str]:
    return []


@pytest.fixture(scope="module")
def stack(log: list[str]) -> Iterator[Stack]:
    parameters = {"SettleSeconds": "0", "PromoteCopiesPerSecond": "10"}
    with Stack.start(parameters=parameters, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


def publish(stack: Stack, version: str, content: bytes = b"weights", *, to: str = "dev", **more: str) -> Any:
    coordinates = {"format": "generic", "namespace": "acme", "package": "model"} | more
    return stack.client("codeartifact").publish_package_version(
        domain="acme",
        repository=to,
        packageVersion=version,
        assetName="model.bin",
        assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest(),
        **coordinates,
    )


def versions(stack: Stack, repository: str, **more: str) -> set[str]:
    coordinates = {"format": "generic", "namespace": "acme", "package": "model"} | more
    client = stack.client("codeartifact")
    try:
        listed = client.list_package_versions(domain="acme", repository=repository, **coordinates)
    except client.exceptions.ResourceNotFoundException:
        return set()
    return {each["version"] for each in listed["versions"]}


def send_past_the_rule(stack: Stack, body: str) -> None:
    """Put a message on the queue that no rule let through."""
    stack.client("sqs").send_message(QueueUrl=stack.outputs["PromotionQueueUrl"], MessageBody=body)


def taken(stack: Stack, queue: str) -> list[dict[str, Any]]:
    """The messages of a queue, which are then no longer there."""
    sqs, url = stack.client("sqs"), stack.outputs[queue]
    reply = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    messages: list[dict[str, Any]] = reply.get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return messages


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


class TestPromotion:
    def test_a_version_that_is_published_arrives_in_prod(self, stack: Stack) -> None:
        publish(stack, "1.0")
        stack.settle()
        assert "1.0" in versions(stack, "staging") & versions(stack, "prod")

    def test_what_no_rule_selects_stays_where_it_is(self, stack: Stack) -> None:
        publish(stack, "1.0", namespace="others")
        stack.settle()
        assert versions(stack, "dev", namespace="others") == {"1.0"}
        assert versions(stack, "staging", namespace="others") == set()

    def test_a_version_that_stands_there_with_other_bytes_is_refused_and_told(self, stack: Stack) -> None:
        heard = subscribe(stack)
        publish(stack, "2.0", b"theirs", to="prod")
        stack.settle()
        publish(stack, "2.0", b"ours")
        stack.settle()
        (message,) = taken_from(stack, heard)
        assert "2.0" in message["Message"]
        assert "ALREADY_EXISTS" in message["Message"]

    def test_a_message_that_is_no_event_is_set_aside_and_its_neighbours_are_served(
        self, stack: Stack
    ) -> None:
        send_past_the_rule(stack, "not json")
        publish(stack, "3.0")
        stack.settle()
        assert "3.0" in versions(stack, "prod")
        (letter,) = taken(stack, DEAD)
        assert letter["Body"] == "not json"
        assert letter["MessageAttributes"]

    def test_metrics_reach_cloudwatch(self, stack: Stack) -> None:
        publish(stack, "4.0")
        stack.settle()
        found = stack.client("cloudwatch").list_metrics(Namespace="PackagePromoter")["Metrics"]
        assert "Promoted" in {metric["MetricName"] for metric in found}

    def test_a_failure_breaches_the_alarm_that_watches_for_it(self, stack: Stack) -> None:
        assert not breached(stack, "local-failed-versions", offset=2)
        publish(stack, "6.0", b"theirs", to="prod")
        publish(stack, "6.0", b"ours")
        stack.settle()
        assert breached(stack, "local-failed-versions")

    def test_each_decision_is_one_line_of_the_log(self, stack: Stack, log: list[str]) -> None:
        log.clear()
        publish(stack, "5.0")
        stack.settle()
        decisions = [record for record in map(json.loads, log) if "verdict" in record]
        hops = [(each["hop"]["from"], each["hop"]["to"], each["outcome"]) for each in decisions]
        assert hops == [("dev", "staging", "copied"), ("staging", "prod", "copied")]


def breached(stack: Stack, name: str, *, offset: int = 0) -> bool:
    """Whether the alarm would ring by what its metric is now, or was so many periods ago; moto evaluates none."""
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


def subscribe(stack: Stack) -> str:
    """A queue that is subscribed to the notifications; its URL."""
    sqs = stack.client("sqs")
    queue = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = stack.outputs["NotificationTopicArn"]
    stack.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(queue)


def taken_from(stack: Stack, queue: str) -> list[dict[str, Any]]:
    reply = stack.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in reply.get("Messages", [])]


class TestSamples:
    @pytest.mark.parametrize("name", ["maven", "nuget", "ruby", "swift", "cargo"])
    def test_of_a_format_that_no_rule_selects_cause_no_decision(self, stack: Stack, name: str) -> None:
        assert stack.invoke(sample(f"{name}-published.json"))["decisions"] == []

    @pytest.mark.parametrize("name", ["npm", "pypi", "generic"])
    def test_of_a_format_that_a_rule_selects_are_decided(
        self, stack: Stack, name: str, log: list[str]
    ) -> None:
        log.clear()
        send_past_the_rule(stack, json.dumps(sample(f"{name}-published.json")))
        stack.settle()
        (decision,) = [record for record in map(json.loads, log) if record.get("outcome") == "superseded"]
        assert (decision["format"], decision["verdict"], decision["hop"]["to"]) == (
            name,
            "promote",
            "staging",
        )

    def test_of_what_stands_in_the_repository_is_copied(self, stack: Stack) -> None:
        event = sample("generic-published.json")
        published = publish(stack, event["detail"]["packageVersion"])
        stack.settle()
        event["detail"]["packageVersionRevision"] = published["versionRevision"]
        (decision,) = stack.invoke(event)["decisions"]
        assert decision["outcome"] == "unchanged"
        assert event["detail"]["packageVersion"] in versions(stack, "prod")

    def test_the_batch_is_answered_message_by_message(self, stack: Stack) -> None:
        batch = sample("sqs-batch.json")
        queue = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"][0][
            "EventSourceArn"
        ]
        for record in batch["Records"]:
            record["eventSourceARN"] = queue
        failed = {item["itemIdentifier"] for item in stack.invoke(batch)["batchItemFailures"]}
        # neither was published here, and the first time that may be the API's delay
        assert {record["messageId"] for record in batch["Records"][:2]} <= failed


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on the PATH")
class TestRunbook:
    def test_sends_on_what_the_rule_could_not_deliver(
        self, stack: Stack, log: list[str], tmp_path: Path
    ) -> None:
        sqs, url = stack.client("sqs"), stack.outputs["RuleDeadLetterQueueUrl"]
        event = sample("generic-published.json")
        for version in ("8.1", "8.2"):
            event["detail"]["packageVersion"] = version
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event, indent=1))
        log.clear()
        run_shell(stack.exports(), tmp_path, runbook("output()"), runbook("while message="))
        stack.settle()
        decided = {record["version"] for record in map(json.loads, log) if "verdict" in record}
        assert (decided, taken(stack, "RuleDeadLetterQueueUrl")) == ({"8.1", "8.2"}, [])


class TestPackage:
    def test_for_other_tools_is_the_template_with_the_code_in_the_bucket(
        self, stack: Stack, tmp_path: Path
    ) -> None:
        stack.client("s3").create_bucket(Bucket="your-bucket")
        (command,) = [
            line
            for line in runbook("packaged.yaml", "terraform-and-cdk.md").splitlines()
            if "packaged" in line
        ]
        command = command.replace(".venv/bin/aws", "aws").replace(
            ".aws-sam/build/template.yaml", str(TEMPLATE)
        )
        packaged = tmp_path / "packaged.yaml"
        run_shell(stack.exports(), tmp_path, f"{command.replace(packaged.name, str(packaged))} 2>progress")
        found, ours = (yaml_parse(file.read_text("utf-8")) for file in (packaged, TEMPLATE))
        function, own = (each["Resources"]["PromoteFunction"]["Properties"] for each in (found, ours))
        assert function.pop("CodeUri").startswith("s3://your-bucket/")
        assert own.pop("CodeUri") == "functions/"
        assert found == ours


def runbook(beginning: str, name: str = "operating.md") -> str:
    """The block of a document that has this text."""
    text = (ROOT / "docs" / name).read_text("utf-8").replace("package-promoter", "local")
    (found,) = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if beginning in block]
    return str(found)


def run_shell(exports: dict[str, str], home: Path, *blocks: str) -> None:
    # version 1 of the CLI passes over AWS_ENDPOINT_URL for SQS
    real = Path(sys.executable).with_name("aws")
    (home / "aws").write_text(f'#!/bin/sh\nexec {real} "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n')
    (home / "aws").chmod(0o755)
    environment = {**exports, "HOME": str(home), "PATH": f"{home}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


class TestResources:
    def test_are_those_of_the_template_without_what_no_parameter_asks_for(self, stack: Stack) -> None:
        parameters = stack.hops.parameters
        declared = translate(TEMPLATE.read_text("utf-8"), parameters, stack="local")["Resources"]
        assert set(stack.resources) == set(declared) - {
            "KeyPolicy",
            "NotificationEmailSubscription",
            "RedriveRole",
        }

    def test_of_the_dashboard_are_those_that_were_made(self, stack: Stack) -> None:
        cloudwatch = stack.client("cloudwatch")
        body = cloudwatch.get_dashboard(DashboardName=stack.outputs["DashboardName"])["DashboardBody"]
        (alarms,) = [each for each in json.loads(body)["widgets"] if each["type"] == "alarm"]
        made = {each["AlarmArn"] for each in cloudwatch.describe_alarms()["MetricAlarms"]}
        assert set(alarms["properties"]["alarms"]) == made
        assert "${" not in body
        for output in ("PromotionQueueUrl", "PromotionDeadLetterQueueUrl", "RuleDeadLetterQueueUrl"):
            assert f'"{stack.outputs[output].rpartition("/")[2]}"' in body

    def test_of_the_alarms_tell_the_topic_that_was_made(self, stack: Stack) -> None:
        alarms = stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert {each["AlarmName"] for each in alarms} >= {"local-failed-versions", "local-dead-letters"}
        assert [each["AlarmActions"] for each in alarms] == [[stack.outputs["NotificationTopicArn"]]] * len(
            alarms
        )


class TestStart:
    def test_a_broken_rules_file_stops_it_with_the_functions_own_message(self, tmp_path: Path) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text((ROOT / "functions" / "rules.toml").read_text("utf-8").replace("exclude", "exlude"))
        with pytest.raises(InitError) as caught:
            Stack.start(rules=rules)
        assert "exlude" in str(caught.value)
        assert str(rules) in str(caught.value)
        assert "Traceback" not in str(caught.value)

    def test_a_rules_file_that_is_not_toml_stops_it_likewise(self, tmp_path: Path) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text("domain = acme")
        with pytest.raises(InitError, match=r"rules\.toml:1"):
            Stack.start(rules=rules)

    def test_a_port_that_is_taken_is_named(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(PortTakenError, match=f"port {port} is taken"):
                Stack.start(port=port)


class TestUpdate:
    def test_other_parameters_are_deployed_over_the_same_queues(self) -> None:
        with Stack.start(parameters={"SettleSeconds": "0"}) as stack:
            before = stack.outputs
            mail = "a@example.com"
            stack.update({"SettleSeconds": "2", "NotificationEmail": mail, "LogLevel": "DEBUG"})
            assert stack.outputs == before
            queue = stack.client("sqs").get_queue_attributes(
                QueueUrl=before["PromotionQueueUrl"], AttributeNames=["DelaySeconds", "Policy"]
            )["Attributes"]
            assert queue["DelaySeconds"] == "2"
            assert "NobodyElseSends" in queue["Policy"]
            function = stack.client("lambda").get_function_configuration(
                FunctionName=before["PromoteFunctionName"]
            )
            assert function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == "DEBUG"
            (subscription,) = stack.client("sns").list_subscriptions()["Subscriptions"]
            assert subscription["Endpoint"] == mail
            stack.create_repositories()
            publish(stack, "1.0")
            stack.settle()
            assert versions(stack, "prod") == {"1.0"}

    def test_a_key_and_a_redrive_role_are_given_and_taken_away_again(self) -> None:
        with Stack.start() as stack:
            before = stack.outputs
            assert encryption(stack) == ("true", None, None)
            stack.update({"KmsKeyArn": KEY, "RedrivePrincipalArn": OPERATORS})
            assert encryption(stack) == ("false", KEY, KEY)
            role = stack.outputs["RedriveRoleArn"]
            assert f'"aws:PrincipalArn": "{role}"' in policy_of_the_queue(stack)
            assert {**stack.outputs, "RedriveRoleArn": role} == {**before, "RedriveRoleArn": role}
            stack.update({})
            assert encryption(stack) == ("true", None, None)
            assert stack.outputs == before
            assert "aws:PrincipalArn" not in policy_of_the_queue(stack)


def encryption(stack: Stack) -> tuple[str, str | None, str | None]:
    """Whether SQS encrypts by itself, the key of the queue, and that of the topic."""
    queue = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["PromotionQueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    topic = stack.client("sns").get_topic_attributes(TopicArn=stack.outputs["NotificationTopicArn"])[
        "Attributes"
    ]
    return queue["SqsManagedSseEnabled"], queue.get("KmsMasterKeyId"), topic.get("KmsMasterKeyId") or None


def policy_of_the_queue(stack: Stack) -> str:
    found = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["PromotionQueueUrl"], AttributeNames=["Policy"]
    )
    return str(found["Attributes"]["Policy"])


class TestCommand:
    @pytest.fixture
    def running(self) -> Iterator["subprocess.Popen[str]"]:
        environment = {**os.environ, "PORT": str(free_port())}
        process = subprocess.Popen(
            [sys.executable, "-m", "local.stack"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        yield process
        process.kill()
        process.communicate()

    def test_prints_exports_that_lead_the_aws_cli_here_and_ends_clean(
        self, running: "subprocess.Popen[str]", tmp_path: Path
    ) -> None:
        assert running.stdout
        introduction = [running.stdout.readline()]
        while "Ctrl-C" not in introduction[-1]:
            assert introduction[-1], "it ended before it said how to end it"
            introduction.append(running.stdout.readline())
        exports = dict(
            line.split("export ", 1)[1].strip().split("=", 1) for line in introduction if "export " in line
        )
        assert list_repositories(exports, tmp_path) == {"dev", "staging", "prod"}
        publish_by_cli(exports, tmp_path)
        assert running.stdout.readline().split()[1:5] == ["PROMOTE", "generic", "acme/model", "1.0"]
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=20)
        assert (running.returncode, errors) == (0, "")

    def test_says_in_one_sentence_that_a_port_is_taken(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            environment = {**os.environ, "PORT": str(other.getsockname()[1])}
            done = subprocess.run(
                [sys.executable, "-m", "local.stack"],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("port ")
        assert len(done.stderr.splitlines()) == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def aws(exports: dict[str, str], home: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("aws")), "codeartifact", *arguments, "--domain", "acme"]
    environment = {**exports, "HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def list_repositories(exports: dict[str, str], home: Path) -> set[str]:
    found = json.loads(aws(exports, home, "list-repositories-in-domain"))
    return {repository["name"] for repository in found["repositories"]}


def publish_by_cli(exports: dict[str, str], home: Path) -> None:
    asset = home / "model.bin"
    asset.write_bytes(b"weights")
    aws(
        exports,
        home,
        "publish-package-version",
        *("--repository", "dev", "--format", "generic", "--namespace", "acme", "--package", "model"),
        *("--package-version", "1.0", "--asset-name", asset.name, "--asset-content", str(asset)),
        *("--asset-sha256", hashlib.sha256(b"weights").hexdigest()),
    )
