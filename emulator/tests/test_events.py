"""The events for EventBridge, as the User Guide shows them on the page service-event-format-example."""

import base64
import re
from dataclasses import replace
from typing import Any

import pytest

from emulator_support.codeartifact_calls import copy, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents, listen
from emulator_support.package_uploads import post_pypi, put_npm

ENVELOPE = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
]
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


def test_an_event_has_the_documented_fields_and_no_others(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]

    [event] = receive_events()

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


def test_the_resource_is_the_package_without_its_version(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    put_npm(ca, "@acme/widget", "1.0.0")
    put_npm(ca, "widget", "1.0.0")
    post_pypi(ca, "Acme_Gadget", "1.0", "acme_gadget-1.0.tar.gz", b"files")

    arn = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/dev"
    assert {
        (e["resources"][0], e["detail"]["packageNamespace"]) for e in receive_events()
    } == {
        (f"{arn}/npm/acme/widget", "acme"),
        (f"{arn}/npm//widget", None),
        (f"{arn}/pypi//acme-gadget", None),
    }


def test_a_copy_sends_one_event_from_the_destination(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0", asset="one", unfinished=True)
    publish_generic(ca, "1.0", asset="two")
    receive_events()

    copy(ca, "1.0")

    [event] = receive_events()
    assert event["detail"]["repositoryName"] == "staging"
    assert (
        event["detail"]["operationType"],
        event["detail"]["packageVersionState"],
    ) == (
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


def test_a_failed_copy_sends_no_event(ca: Any, receive_events: ReceiveEvents) -> None:
    publish_generic(ca, "1.0")
    receive_events()

    copy(ca, "1.0", "9.9")

    assert receive_events() == []


def test_the_sequence_number_counts_per_repository_and_package(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0")
    copy(ca, "1.0")
    put_npm(ca, "widget", "1.0.0")

    numbers = {
        (
            e["detail"]["repositoryName"],
            e["detail"]["packageName"],
            e["detail"]["packageVersion"],
        ): (e["detail"]["sequenceNumber"])
        for e in receive_events()
    }

    assert numbers == {
        ("dev", "model", "1.0"): 1,
        ("dev", "model", "2.0"): 2,
        ("staging", "model", "1.0"): 1,
        ("dev", "widget", "1.0.0"): 1,
    }


def test_the_sequence_continues_after_the_package_was_deleted(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    ca.delete_package(
        domain="acme",
        repository="dev",
        format="generic",
        namespace="acme",
        package="model",
    )
    publish_generic(ca, "1.0")

    assert [e["detail"]["sequenceNumber"] for e in receive_events()] == [1, 2, 3]


def test_domain_owner_and_administrator_each_receive_the_event(
    aws: Aws, ca: Any
) -> None:
    other = aws.as_account("210987654321")
    theirs = other.client("codeartifact")
    theirs.create_repository(
        domain="acme", domainOwner="123456789012", repository="theirs"
    )
    listeners = [
        listen(each.client("sqs"), each.client("events")) for each in (aws, other)
    ]

    publish_generic(theirs, "1.0", to="theirs", domainOwner="123456789012")

    received = [event for receive in listeners for event in receive()]
    assert [event["account"] for event in received] == ["123456789012", "210987654321"]
    assert {event["detail"]["repositoryAdministrator"] for event in received} == {
        "210987654321"
    }
    assert {event["detail"]["domainOwner"] for event in received} == {"123456789012"}
    assert [r["name"] for r in theirs.list_repositories()["repositories"]] == ["theirs"]


@pytest.mark.parametrize(
    ("setting", "numbers"),
    [
        ({"event_deliveries": 2}, [1, 1]),
        ({"event_deliveries": 0}, []),
        ({"sequence_step": 7}, [7]),
    ],
)
def test_events_can_be_repeated_lost_or_numbered_with_gaps(
    aws: Aws,
    ca: Any,
    receive_events: ReceiveEvents,
    setting: dict[str, Any],
    numbers: list[int],
) -> None:
    aws.backend.settings = replace(aws.backend.settings, **setting)

    publish_generic(ca, "1.0")

    events = receive_events()
    assert [event["detail"]["sequenceNumber"] for event in events] == numbers
    assert len({event["detail"]["eventDeduplicationId"] for event in events}) <= 1


def test_settings_omit_the_administrator_and_write_booleans_as_strings(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    aws.backend.settings = replace(
        aws.backend.settings,
        repository_administrator_in_events=False,
        booleans_as_strings=True,
    )

    publish_generic(ca, "1.0")

    [event] = receive_events()
    assert "repositoryAdministrator" not in event["detail"]
    assert event["detail"]["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": "true",
        "statusChanged": "true",
    }


def test_a_disabled_rule_receives_nothing(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    aws.client("events").disable_rule(Name="all")

    publish_generic(ca, "1.0")

    assert receive_events() == []


def test_an_unreachable_target_does_not_affect_the_publisher(
    aws: Aws, ca: Any, receive_events: ReceiveEvents
) -> None:
    missing = "arn:aws:sqs:eu-west-1:123456789012:gone"
    events = aws.client("events")
    events.put_rule(
        Name="a-broken-one", EventPattern='{"source": ["aws.codeartifact"]}'
    )
    events.put_targets(Rule="a-broken-one", Targets=[{"Id": "1", "Arn": missing}])

    assert publish_generic(ca, "1.0")["status"] == "Published"

    assert len(receive_events()) == 1
