"""The built function in real containers: SAM invokes it with the sample events, and it uses the local AWS."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.queues import subscribe_queue, take_messages
from tests.container.conftest import Lambda, Local, sam
from tests.support.paths import EVENTS, ROOT

pytestmark = pytest.mark.timeout(300)

README = "sam local invoke PromoteFunction -e events/npm-published.json"
SELECTED = ("generic", "npm", "pypi")  # by the project's own rules
FORMATS = (*SELECTED, "cargo", "maven", "nuget", "ruby", "swift")


def invoke(file: str) -> Any:
    """Invoke the function with the event in a file. Return its answer."""
    done = sam("local", "invoke", "PromoteFunction", "-e", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def event(format_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{format_}-published.json").read_text("utf-8"))
    return found


def package(detail: Mapping[str, Any]) -> dict[str, str]:
    namespace = {"namespace": detail["packageNamespace"]} if detail["packageNamespace"] else {}
    return {"format": detail["packageFormat"], "package": detail["packageName"], **namespace}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_version_of_an_event_is_promoted_if_a_rule_selects_it(local: Local, format_: str) -> None:
    detail = event(format_)["detail"]
    assert local.versions("dev", **package(detail)) == {detail["packageVersion"]}

    answer = invoke(f"events/{format_}-published.json")

    outcomes = [(each["hop"]["to"], each["outcome"]) for each in answer["decisions"]]
    assert outcomes == ([("staging", "copied")] if format_ in SELECTED else [])
    promoted = {detail["packageVersion"]} if format_ in SELECTED else set()
    assert local.versions("staging", **package(detail)) == promoted


def test_the_readme_has_the_tested_command() -> None:
    assert README in (ROOT / "README.md").read_text("utf-8").splitlines()


def test_a_batch_is_served_without_failures(local: Local) -> None:
    assert invoke("events/sqs-batch.json") == {"batchItemFailures": []}
    for format_ in SELECTED:
        detail = event(format_)["detail"]
        assert local.versions("staging", **package(detail)) == {detail["packageVersion"]}


def queue_url(local: Local, name: str) -> str:
    """Return the URL of a queue at this machine's address; the container has another address."""
    return str(local.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def publish(local: Local, name: str, content: bytes = b"bytes", *, to: str = "dev") -> str:
    """Publish version 1.0 of a generic package. Return its revision."""
    published = publish_generic(local.client("codeartifact"), "1.0", content, to=to, package=name)
    return str(published["versionRevision"])


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
        "eventSourceARN": local.variables["PROMOTION_QUEUE_ARN"],
    }


@pytest.fixture(scope="module")
def answer(local: Local, started: Lambda, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The answer to a batch: a good version, a missing one, one that differs, and a malformed message."""
    topic = local.variables["NOTIFICATION_TOPIC_ARN"]
    subscribe_queue(local.client("sqs"), local.client("sns"), topic)
    records = [
        record(local, "good", publish(local, "good")),
        record(local, "missing", "rv" * 22),
        record(local, "different", publish(local, "different")),
        {**record(local, "malformed", ""), "body": "not JSON"},
    ]
    publish(local, "different", b"different bytes", to="staging")
    return started.invoke({"Records": records}, tmp_path_factory.mktemp("cli"))


class TestStartLambda:
    def test_only_messages_to_retry_are_named(self, answer: Any) -> None:
        assert answer == {"batchItemFailures": [{"itemIdentifier": "missing"}]}

    def test_the_good_version_is_promoted(self, answer: Any, local: Local) -> None:
        model = {"format": "generic", "namespace": "acme"}
        assert local.versions("staging", **model, package="good") == {"1.0"}
        assert local.versions("staging", **model, package="missing") == set()

    def test_the_notification_names_the_failed_version_and_its_code(self, answer: Any, local: Local) -> None:
        (message,) = take_messages(local.client("sqs"), queue_url(local, "subscriber"))
        envelope = json.loads(message["Body"])
        (notice,) = json.loads(envelope["Message"])["notices"]
        assert "different 1.0" in envelope["Subject"]
        assert notice["failedVersions"]["1.0"]["errorCode"] == "ALREADY_EXISTS"

    def test_the_malformed_message_is_a_dead_letter_with_a_reason(self, answer: Any, local: Local) -> None:
        name = local.variables["DEAD_LETTER_QUEUE_URL"].rpartition("/")[2]
        (message,) = take_messages(local.client("sqs"), queue_url(local, name))
        assert message["Body"] == "not JSON"
        assert message["MessageAttributes"]["reason"]["StringValue"].startswith("JSON is malformed")


def test_without_the_file_of_variables_sam_refuses_to_invoke(tmp_path: Path) -> None:
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
    assert "SettingsError: AWS_ENDPOINT_URL is not set. Under sam local" in done.stderr
