"""The built function in real containers, invoked by SAM with the events of events/, against the local AWS."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.container.conftest import ROOT, Lambda, Local, sam

pytestmark = pytest.mark.timeout(300)

README = "sam local invoke PromoteFunction -e events/npm-published.json"
SELECTED = ("generic", "npm", "pypi")  # by the rules that the project comes with
FORMATS = (*SELECTED, "cargo", "maven", "nuget", "ruby", "swift")


def invoke(file: str) -> Any:
    """What the function answers to an event in a file."""
    done = sam("local", "invoke", "PromoteFunction", "-e", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def event(format_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "events" / f"{format_}-published.json").read_text("utf-8"))
    return found


def package(detail: Mapping[str, Any]) -> dict[str, str]:
    namespace = {"namespace": detail["packageNamespace"]} if detail["packageNamespace"] else {}
    return {"format": detail["packageFormat"], "package": detail["packageName"], **namespace}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_version_that_an_event_announces_is_promoted_if_it_is_selected(
    local: Local, format_: str
) -> None:
    detail = event(format_)["detail"]
    assert local.versions("dev", **package(detail)) == {detail["packageVersion"]}

    answer = invoke(f"events/{format_}-published.json")

    outcomes = [(each["hop"]["to"], each["outcome"]) for each in answer["decisions"]]
    assert outcomes == ([("staging", "copied")] if format_ in SELECTED else [])
    promoted = {detail["packageVersion"]} if format_ in SELECTED else set()
    assert local.versions("staging", **package(detail)) == promoted


def test_the_line_of_the_readme_is_the_one_that_was_tried_here() -> None:
    assert README in (ROOT / "README.md").read_text("utf-8").splitlines()


def test_a_batch_is_served_and_nothing_comes_again(local: Local) -> None:
    assert invoke("events/sqs-batch.json") == {"batchItemFailures": []}
    for format_ in SELECTED:
        detail = event(format_)["detail"]
        assert local.versions("staging", **package(detail)) == {detail["packageVersion"]}


def received(local: Local, queue: str) -> list[Any]:
    sqs = local.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found: list[Any] = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages", [])
    return found


def subscribe(local: Local) -> None:
    sqs = local.client("sqs")
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = local.told["NOTIFICATION_TOPIC_ARN"]
    local.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)


def publish(local: Local, repository: str, name: str, content: bytes = b"bytes") -> str:
    """Publish version 1.0; its revision."""
    published: dict[str, str] = local.client("codeartifact").publish_package_version(
        domain="acme",
        repository=repository,
        format="generic",
        namespace="acme",
        package=name,
        packageVersion="1.0",
        assetName="model.bin",
        assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest(),
    )
    return published["versionRevision"]


def record(local: Local, name: str, revision: str) -> dict[str, Any]:
    body = event("generic")
    body["detail"] |= {
        "packageName": name,
        "packageVersion": "1.0",
        "packageVersionRevision": revision,
    }
    return {
        "messageId": name,
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSourceARN": local.told["PROMOTION_QUEUE_ARN"],
    }


@pytest.fixture(scope="module")
def answer(local: Local, started: Lambda, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `aws lambda invoke` gives for a batch: a good version, one that is gone, one that differs, nonsense."""
    subscribe(local)
    records = [
        record(local, "good", publish(local, "dev", "good")),
        record(local, "gone", "rv" * 22),
        record(local, "other", publish(local, "dev", "other")),
        {**record(local, "nonsense", ""), "body": "not JSON"},
    ]
    publish(local, "staging", "other", b"other bytes")
    return started.invoke({"Records": records}, tmp_path_factory.mktemp("cli"))


class TestStartLambda:
    def test_only_what_has_to_come_again_is_named(self, answer: Any) -> None:
        assert answer == {"batchItemFailures": [{"itemIdentifier": "gone"}]}

    def test_what_is_good_is_promoted(self, answer: Any, local: Local) -> None:
        model = {"format": "generic", "namespace": "acme"}
        assert local.versions("staging", **model, package="good") == {"1.0"}
        assert local.versions("staging", **model, package="gone") == set()

    def test_the_topic_tells_which_version_failed_and_why(self, answer: Any, local: Local) -> None:
        (message,) = received(local, "inbox")
        envelope = json.loads(message["Body"])
        (notice,) = json.loads(envelope["Message"])["notices"]
        assert "other 1.0" in envelope["Subject"]
        assert notice["failedVersions"]["1.0"]["errorCode"] == "ALREADY_EXISTS"

    def test_nonsense_is_set_aside_with_the_reason(self, answer: Any, local: Local) -> None:
        (message,) = received(local, local.told["DEAD_LETTER_QUEUE_URL"].rpartition("/")[2])
        assert message["Body"] == "not JSON"
        assert message["MessageAttributes"]["reason"]["StringValue"].startswith("JSON is malformed")


def test_without_the_file_of_variables_nothing_is_invoked(tmp_path: Path) -> None:
    done = sam(
        "local",
        "invoke",
        "PromoteFunction",
        "-e",
        "events/npm-published.json",
        "--env-vars",
        str(tmp_path / "no"),
    )
    assert done.returncode != 0


def test_without_an_endpoint_the_function_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "env.json").write_text("{}")
    repositories = "Domain=acme SourceRepositories=dev DestinationRepositories=staging"
    done = sam(
        *("local", "invoke", "PromoteFunction", "-e", "events/npm-published.json"),
        *("--env-vars", str(tmp_path / "env.json"), "--parameter-overrides", repositories),
    )
    assert "SettingsError: AWS_ENDPOINT_URL is not set: under sam local" in done.stderr
