"""UpdatePackageVersionsStatus, DisposePackageVersions, DeletePackageVersions and DeletePackage."""

from dataclasses import replace
from typing import Any

import pytest

from emulator_support.codeartifact_calls import MODEL, outcome, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents

DEV = {**MODEL, "repository": "dev"}


def statuses(ca: Any) -> dict[str, str]:
    return {
        v["version"]: v["status"] for v in ca.list_package_versions(**DEV)["versions"]
    }


def update(ca: Any, *versions: str, to: str = "Archived", **more: Any) -> Any:
    return ca.update_package_versions_status(
        **DEV, versions=list(versions), targetStatus=to, **more
    )


def test_a_status_changes_without_a_new_revision(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]
    receive_events()

    response = update(ca, "1.0", to="Unlisted")

    assert response["successfulVersions"] == {
        "1.0": {"revision": revision, "status": "Unlisted"}
    }
    assert response["failedVersions"] == {}
    [event] = receive_events()
    assert event["detail"]["operationType"] == "Updated"
    assert event["detail"]["packageVersionState"] == "Unlisted"
    assert event["detail"]["packageVersionRevision"] == revision
    assert event["detail"]["changes"] == {
        "assetsAdded": 0,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": False,
        "statusChanged": True,
    }


def test_setting_the_current_status_succeeds_without_an_event(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    receive_events()

    assert outcome(update(ca, "1.0", to="Published")) == ({"1.0": "Published"}, {})
    assert receive_events() == []


def test_an_unfinished_version_can_be_published_but_not_archived(ca: Any) -> None:
    publish_generic(ca, "1.0", unfinished=True)

    assert outcome(update(ca, "1.0")) == (
        {},
        {
            "1.0": (
                "NOT_ALLOWED",
                "version 1.0 is Unfinished and cannot become Archived",
            )
        },
    )
    assert outcome(update(ca, "1.0", to="Published")) == ({"1.0": "Published"}, {})


@pytest.mark.parametrize("target", ["Unfinished", "Disposed", "Deleted"])
def test_some_statuses_cannot_be_set(ca: Any, target: str) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ValidationException) as error:
        update(ca, "1.0", to=target)

    assert (
        error.value.response["Error"]["Message"] == f"targetStatus cannot be {target}"
    )


def test_a_missing_version_leaves_the_others_unchanged(ca: Any) -> None:
    publish_generic(ca, "1.0")

    assert outcome(update(ca, "1.0", "4.0.0")) == (
        {},
        {
            "1.0": ("SKIPPED", "version 1.0 is skipped"),
            "4.0.0": ("NOT_FOUND", "version 4.0.0 not found"),
        },
    )
    assert statuses(ca) == {"1.0": "Published"}


def test_a_setting_allows_partial_success(aws: Aws, ca: Any) -> None:
    aws.backend.settings = replace(aws.backend.settings, all_or_nothing=False)
    publish_generic(ca, "1.0")

    assert outcome(update(ca, "1.0", "4.0.0")) == (
        {"1.0": "Archived"},
        {"4.0.0": ("NOT_FOUND", "version 4.0.0 not found")},
    )


def test_an_expected_status_is_checked(ca: Any) -> None:
    publish_generic(ca, "1.0")

    assert outcome(update(ca, "1.0", expectedStatus="Unlisted")) == (
        {},
        {
            "1.0": (
                "MISMATCHED_STATUS",
                "current status: Published, expected status: Unlisted",
            )
        },
    )


def test_an_expected_revision_is_checked(ca: Any) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]

    assert outcome(update(ca, "1.0", versionRevisions={"1.0": "older"})) == (
        {},
        {
            "1.0": (
                "MISMATCHED_REVISION",
                f"current revision: {revision}, expected revision: older",
            )
        },
    )
    assert outcome(update(ca, "1.0", versionRevisions={"1.0": revision})) == (
        {"1.0": "Archived"},
        {},
    )


def test_expected_revisions_must_name_the_same_versions(ca: Any) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ValidationException) as error:
        update(ca, "1.0", versionRevisions={"2.0": "r"})

    assert error.value.response["Error"]["Message"] == (
        "versionRevisions must name the same versions as versions"
    )


def test_a_disposed_version_has_no_assets_and_cannot_be_restored(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]
    receive_events()

    response = ca.dispose_package_versions(**DEV, versions=["1.0"])

    assert response["successfulVersions"] == {
        "1.0": {"revision": revision, "status": "Disposed"}
    }
    assert ca.list_package_version_assets(**DEV, packageVersion="1.0")["assets"] == []
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.get_package_version_asset(**DEV, packageVersion="1.0", asset="model.bin")
    assert outcome(update(ca, "1.0", to="Published")) == (
        {},
        {"1.0": ("NOT_ALLOWED", "version 1.0 is Disposed and cannot become Published")},
    )
    [event] = receive_events()
    assert event["detail"]["packageVersionState"] == "Disposed"
    assert event["detail"]["changes"]["assetsRemoved"] == 1


def test_a_deleted_version_can_be_published_again(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]
    receive_events()

    response = ca.delete_package_versions(**DEV, versions=["1.0"])

    assert response["successfulVersions"] == {
        "1.0": {"revision": revision, "status": "Deleted"}
    }
    assert statuses(ca) == {}
    [event] = receive_events()
    assert event["detail"]["operationType"] == "Deleted"
    assert event["detail"]["packageVersionState"] == "Deleted"
    assert publish_generic(ca, "1.0", b"other")["versionRevision"] != revision


def test_a_version_without_the_expected_status_is_not_deleted(ca: Any) -> None:
    publish_generic(ca, "1.0")

    response = ca.delete_package_versions(
        **DEV, versions=["1.0"], expectedStatus="Archived"
    )

    assert outcome(response) == (
        {},
        {
            "1.0": (
                "MISMATCHED_STATUS",
                "current status: Published, expected status: Archived",
            )
        },
    )
    assert statuses(ca) == {"1.0": "Published"}


def test_deleting_a_package_sends_an_event_per_version(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0")
    receive_events()

    deleted = ca.delete_package(**DEV)["deletedPackage"]

    assert (deleted["format"], deleted["namespace"], deleted["package"]) == (
        "generic",
        "acme",
        "model",
    )
    sent = [
        (e["detail"]["operationType"], e["detail"]["packageVersion"])
        for e in receive_events()
    ]
    assert sent == [("Deleted", "1.0"), ("Deleted", "2.0")]
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.describe_package(**DEV)


def test_a_copy_stays_when_its_source_is_deleted(ca: Any) -> None:
    publish_generic(ca, "1.0")
    ca.copy_package_versions(
        **MODEL,
        sourceRepository="dev",
        destinationRepository="staging",
        versions=["1.0"],
    )
    ca.delete_package(**DEV)

    staged = {
        **MODEL,
        "repository": "staging",
        "packageVersion": "1.0",
        "asset": "model.bin",
    }
    assert ca.get_package_version_asset(**staged)["asset"].read() == b"x"
