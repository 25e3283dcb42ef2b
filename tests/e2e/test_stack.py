"""The whole pipeline on one machine: the real template, the real function, and what comes of it."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.functions import InitError
from local.stack import PortTakenError, Stack

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
DEAD = "PromotionDeadLetterQueueUrl"


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

    def test_each_decision_is_one_line_of_the_log(self, stack: Stack, log: list[str]) -> None:
        log.clear()
        publish(stack, "5.0")
        stack.settle()
        decisions = [record for record in map(json.loads, log) if "verdict" in record]
        hops = [(each["hop"]["from"], each["hop"]["to"], each["outcome"]) for each in decisions]
        assert hops == [("dev", "staging", "copied"), ("staging", "prod", "copied")]


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
