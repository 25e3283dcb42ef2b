"""The sample events: they have the documented shape, and the deployed rule accepts them."""

import hashlib
import json
import re
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.support.paths import EVENTS
from tests.support.translated_template import ACCOUNT, properties

FORMATS = ("npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo")
SHAPE: dict[str, Any] = {
    "version": "0",
    "id": str,
    "detail-type": "CodeArtifact Package Version State Change",
    "source": "aws.codeartifact",
    "account": ACCOUNT,
    "time": str,
    "region": "us-east-1",
    "resources": list,
    "detail": dict,
}
DETAIL: dict[str, Any] = {
    "domainName": "acme",
    "domainOwner": ACCOUNT,
    "repositoryName": "dev",
    "repositoryAdministrator": ACCOUNT,
    "packageFormat": str,
    "packageNamespace": (str, type(None)),
    "packageName": str,
    "packageVersion": str,
    "packageVersionState": "Published",
    "packageVersionRevision": str,
    "changes": dict,
    "operationType": str,
    "sequenceNumber": int,
    "eventDeduplicationId": str,
}


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


def has_shape(value: dict[str, Any], shape: dict[str, Any]) -> bool:
    return value.keys() == shape.keys() and all(
        value[key] == wanted if isinstance(wanted, str) else isinstance(value[key], wanted)
        for key, wanted in shape.items()
    )


def test_there_is_one_event_per_format_and_a_batch() -> None:
    names = {f"{name}-published.json" for name in FORMATS} | {"sqs-batch.json"}
    assert {file.name for file in EVENTS.iterdir()} == names


@pytest.mark.parametrize("name", FORMATS)
class TestPublished:
    def test_has_the_documented_shape(self, name: str) -> None:
        event = sample(f"{name}-published.json")
        assert has_shape(event, SHAPE)
        assert has_shape(event["detail"], DETAIL)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
        assert len(event["detail"]["packageVersionRevision"]) == 44

    def test_has_the_same_package_in_its_resource(self, name: str) -> None:
        event = sample(f"{name}-published.json")
        detail = event["detail"]
        assert detail["packageFormat"] == name
        path = f"{name}/{detail['packageNamespace'] or ''}/{detail['packageName']}"
        assert event["resources"] == [f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:package/acme/dev/{path}"]

    def test_matches_the_rule(self, name: str) -> None:
        pattern = EventPattern.load(json.dumps(properties("PublishRule")["EventPattern"]))
        event = sample(f"{name}-published.json")
        assert pattern.matches_event(event)
        event["detail"]["packageVersionState"] = "Unfinished"
        assert not pattern.matches_event(event)


def test_a_maven_version_becomes_published_by_a_status_update() -> None:
    detail = sample("maven-published.json")["detail"]
    assert (detail["operationType"], detail["sequenceNumber"]) == ("Updated", 2)
    assert {name for name, value in detail["changes"].items() if value} == {"statusChanged"}


def test_the_batch_contains_samples_as_records() -> None:
    records = sample("sqs-batch.json")["Records"]
    assert [json.loads(record["body"]) for record in records] == [
        sample(f"{name}-published.json") for name in ("npm", "pypi", "generic")
    ]
    assert len({record["messageId"] for record in records}) == len(records)
    for record in records:
        assert record["eventSource"] == "aws:sqs"
        assert record["eventSourceARN"].startswith(f"arn:aws:sqs:us-east-1:{ACCOUNT}:")
        assert record["attributes"]["ApproximateReceiveCount"] == "1"
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()
