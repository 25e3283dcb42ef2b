"""The events that EventBridge gets, as the User Guide's page service-event-format-example has them."""

import base64
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.emulator.conftest import Aws, Heard, copy, listen, post_pypi, publish, put_npm

ENVELOPE = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
DETAIL = [
    "domainName",
    "domainOwner",
    "repositoryName",
    "repositoryAdministrator",
    "packageFormat",
    "packageNamespace",
    "packageName",
    "packageVersion",
    "packageVersionState",
    "packageVersionRevision",
    "changes",
    "operationType",
    "sequenceNumber",
    "eventDeduplicationId",
]


def test_an_event_has_the_documented_fields_and_no_others(ca: Any, heard: Heard) -> None:
    revision = publish(ca, "1.0")["versionRevision"]

    [event] = heard()

    assert list(event) == ENVELOPE
    assert list(event["detail"]) == DETAIL
    assert event["version"] == "0"
    assert event["detail-type"] == "CodeArtifact Package Version State Change"
    assert (event["source"], event["account"]) == ("aws.codeartifact", "123456789012")
    assert event["region"] == "eu-west-1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    assert event["detail"]["packageVersionRevision"] == revision
    for opaque in (revision, event["detail"]["eventDeduplicationId"]):
        assert (len(opaque), len(base64.b64decode(opaque, validate=True))) == (44, 32)


def test_the_resource_is_the_package_without_its_version(ca: Any, heard: Heard) -> None:
    put_npm(ca, "@acme/widget", "1.0.0")
    put_npm(ca, "widget", "1.0.0")
    post_pypi(ca, "Acme_Gadget", "1.0", "acme_gadget-1.0.tar.gz", b"files")

    arn = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/dev"
    assert {(e["resources"][0], e["detail"]["packageNamespace"]) for e in heard()} == {
        (f"{arn}/npm/acme/widget", "acme"),
        (f"{arn}/npm//widget", None),
        (f"{arn}/pypi//acme-gadget", None),
    }


def test_a_copy_is_announced_by_the_destination_alone(ca: Any, heard: Heard) -> None:
    publish(ca, "1.0", asset="one", unfinished=True)
    publish(ca, "1.0", asset="two")
    heard()

    copy(ca, "1.0")

    [event] = heard()
    assert event["detail"]["repositoryName"] == "staging"
    assert (event["detail"]["operationType"], event["detail"]["packageVersionState"]) == (
        "Created",
        "Published",
    )
    assert event["detail"]["changes"] == {
        "assetsAdded": 2,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": True,
        "statusChanged": True,
    }


def test_a_failed_copy_is_not_announced(ca: Any, heard: Heard) -> None:
    publish(ca, "1.0")
    heard()

    copy(ca, "1.0", "9.9")

    assert heard() == []


def test_the_sequence_number_counts_per_repository_and_package(ca: Any, heard: Heard) -> None:
    publish(ca, "1.0")
    publish(ca, "2.0")
    copy(ca, "1.0")
    put_npm(ca, "widget", "1.0.0")

    told = {
        (e["detail"]["repositoryName"], e["detail"]["packageName"], e["detail"]["packageVersion"]): (
            e["detail"]["sequenceNumber"]
        )
        for e in heard()
    }

    assert told == {
        ("dev", "blob", "1.0"): 1,
        ("dev", "blob", "2.0"): 2,
        ("staging", "blob", "1.0"): 1,
        ("dev", "widget", "1.0.0"): 1,
    }


def test_the_sequence_goes_on_after_the_package_was_deleted(ca: Any, heard: Heard) -> None:
    publish(ca, "1.0")
    ca.delete_package(domain="acme", repository="dev", format="generic", namespace="team", package="blob")
    publish(ca, "1.0")

    assert [e["detail"]["sequenceNumber"] for e in heard()] == [1, 2, 3]


def test_owner_and_administrator_are_both_told_each_by_its_own_account(aws: Aws, ca: Any) -> None:
    other = aws.of("210987654321")
    theirs = other.client("codeartifact")
    theirs.create_repository(domain="acme", domainOwner="123456789012", repository="theirs")
    ears = [listen(aws), listen(other)]

    publish(theirs, "1.0", to="theirs", domainOwner="123456789012")

    told = [event for heard in ears for event in heard()]
    assert [event["account"] for event in told] == ["123456789012", "210987654321"]
    assert {event["detail"]["repositoryAdministrator"] for event in told} == {"210987654321"}
    assert {event["detail"]["domainOwner"] for event in told} == {"123456789012"}
    assert [r["name"] for r in theirs.list_repositories()["repositories"]] == ["theirs"]


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [({"event_deliveries": 2}, [1, 1]), ({"event_deliveries": 0}, []), ({"sequence_step": 7}, [7])],
)
def test_events_can_be_repeated_lost_or_numbered_with_gaps(
    aws: Aws, ca: Any, heard: Heard, choice: dict[str, Any], numbers: list[int]
) -> None:
    aws.backend.settings = replace(aws.backend.settings, **choice)

    publish(ca, "1.0")

    events = heard()
    assert [event["detail"]["sequenceNumber"] for event in events] == numbers
    assert len({event["detail"]["eventDeduplicationId"] for event in events}) <= 1


def test_events_can_lack_the_administrator_and_spell_booleans_as_strings(
    aws: Aws, ca: Any, heard: Heard
) -> None:
    aws.backend.settings = replace(
        aws.backend.settings, repository_administrator_in_events=False, booleans_as_strings=True
    )

    publish(ca, "1.0")

    [event] = heard()
    assert "repositoryAdministrator" not in event["detail"]
    assert event["detail"]["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": "true",
        "statusChanged": "true",
    }


def test_a_disabled_rule_hears_nothing(aws: Aws, ca: Any, heard: Heard) -> None:
    aws.client("events").disable_rule(Name="all")

    publish(ca, "1.0")

    assert heard() == []


def test_a_target_that_cannot_be_reached_does_not_disturb_the_publisher(
    aws: Aws, ca: Any, heard: Heard
) -> None:
    gone = "arn:aws:sqs:eu-west-1:123456789012:gone"
    events = aws.client("events")
    events.put_rule(Name="a-broken-one", EventPattern='{"source": ["aws.codeartifact"]}')
    events.put_targets(Rule="a-broken-one", Targets=[{"Id": "1", "Arn": gone}])

    assert publish(ca, "1.0")["status"] == "Published"

    assert len(heard()) == 1
