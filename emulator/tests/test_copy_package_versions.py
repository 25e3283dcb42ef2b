"""CopyPackageVersions, as the User Guide describes it on the page copy-package."""

from dataclasses import replace
from typing import Any

import pytest
import requests

from emulator_support.codeartifact_calls import (
    MODEL,
    copy,
    list_versions,
    outcome,
    publish_generic,
)
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents
from emulator_support.package_uploads import endpoint, post_pypi, put_npm

WIDGET = {"format": "npm", "namespace": "acme", "package": "widget"}
GADGET = {"format": "pypi", "namespace": None, "package": "gadget"}


def assets(ca: Any, repository: str, version: str) -> dict[str, str]:
    listed = ca.list_package_version_assets(
        **MODEL, repository=repository, packageVersion=version
    )["assets"]
    return {asset["name"]: asset["hashes"]["SHA-256"] for asset in listed}


def tags(ca: Any, repository: str) -> dict[str, str]:
    url, headers = endpoint(ca, "npm", repository)
    found: dict[str, str] = requests.get(
        f"{url}-/package/@acme%2fwidget/dist-tags", headers=headers, timeout=10
    ).json()
    return found


def test_a_version_is_copied_with_all_its_assets_and_its_origin(ca: Any) -> None:
    publish_generic(ca, "1.0", b"one", asset="one", unfinished=True)
    publish_generic(ca, "1.0", b"two", asset="two")

    assert outcome(copy(ca, "1.0")) == ({"1.0": "Published"}, {})

    assert assets(ca, "staging", "1.0") == assets(ca, "dev", "1.0")
    described = ca.describe_package_version(
        **MODEL, repository="staging", packageVersion="1.0"
    )
    assert described["packageVersion"]["origin"] == {
        "domainEntryPoint": {"repositoryName": "dev"},
        "originType": "INTERNAL",
    }


def test_an_identical_version_is_in_neither_map_and_causes_no_event(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    copy(ca, "1.0")
    receive_events()

    assert outcome(copy(ca, "1.0")) == ({}, {})
    assert outcome(copy(ca, "1.0", allowOverwrite=True)) == ({}, {})
    assert receive_events() == []


def test_a_missing_version_fails_and_the_others_are_skipped(ca: Any) -> None:
    publish_generic(ca, "0.1.0")
    publish_generic(ca, "0.2.0")

    assert outcome(copy(ca, "0.1.0", "5.6.7", "0.2.0")) == (
        {},
        {
            "0.1.0": ("SKIPPED", "Version 0.1.0 was skipped"),
            "0.2.0": ("SKIPPED", "Version 0.2.0 was skipped"),
            "5.6.7": ("NOT_FOUND", "Could not find version 5.6.7"),
        },
    )
    assert list_versions(ca, "staging") == set()


def test_different_content_in_the_destination_fails_and_the_others_are_skipped(
    ca: Any,
) -> None:
    publish_generic(ca, "0.3.2", b"new")
    publish_generic(ca, "0.2.0")
    publish_generic(ca, "0.3.2", b"old", to="staging")

    assert outcome(copy(ca, "0.3.2", "0.2.0")) == (
        {},
        {
            "0.3.2": ("ALREADY_EXISTS", "Version 0.3.2 already exists"),
            "0.2.0": ("SKIPPED", "Version 0.2.0 was skipped"),
        },
    )


def test_the_same_files_with_different_metadata_are_different_content(ca: Any) -> None:
    put_npm(ca, "@acme/widget", "1.0.0", description="A new widget")
    put_npm(ca, "@acme/widget", "1.0.0", description="A widget", to="staging")

    assert outcome(copy(ca, "1.0.0", **WIDGET)) == (
        {},
        {"1.0.0": ("ALREADY_EXISTS", "Version 1.0.0 already exists")},
    )


def test_the_same_files_with_the_same_metadata_are_identical(ca: Any) -> None:
    put_npm(ca, "@acme/widget", "1.0.0")
    put_npm(ca, "@acme/widget", "1.0.0", to="staging")

    assert outcome(copy(ca, "1.0.0", **WIDGET)) == ({}, {})


def test_allow_overwrite_replaces_different_content(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0", b"new", asset="same", unfinished=True)
    publish_generic(ca, "1.0", b"added", asset="added")
    publish_generic(ca, "1.0", b"old", asset="same", to="staging", unfinished=True)
    publish_generic(ca, "1.0", b"gone", asset="gone", to="staging")
    receive_events()

    assert outcome(copy(ca, "1.0", allowOverwrite=True)) == ({"1.0": "Published"}, {})

    assert assets(ca, "staging", "1.0") == assets(ca, "dev", "1.0")
    [event] = receive_events()
    assert event["detail"]["operationType"] == "Updated"
    assert event["detail"]["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 1,
        "assetsUpdated": 1,
        "metadataUpdated": False,
        "statusChanged": False,
    }


def test_a_copy_pinned_to_the_current_revision_succeeds(ca: Any) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]

    response = copy(ca, versionRevisions={"1.0": revision})

    assert response["successfulVersions"] == {
        "1.0": {"revision": revision, "status": "Published"}
    }


def test_a_copy_pinned_to_an_older_revision_fails(ca: Any) -> None:
    current = publish_generic(ca, "1.0")["versionRevision"]
    other = publish_generic(ca, "1.1")["versionRevision"]

    assert outcome(copy(ca, versionRevisions={"1.0": "older", "1.1": other})) == (
        {},
        {
            "1.0": (
                "MISMATCHED_REVISION",
                f"current revision: {current}, expected revision: older",
            ),
            "1.1": ("SKIPPED", "Version 1.1 was skipped"),
        },
    )


@pytest.mark.parametrize("status", ["Published", "Unlisted", "Archived"])
def test_the_status_is_kept(ca: Any, status: str) -> None:
    publish_generic(ca, "1.0")
    ca.update_package_versions_status(
        **MODEL, repository="dev", versions=["1.0"], targetStatus=status
    )

    assert outcome(copy(ca, "1.0")) == ({"1.0": status}, {})


def test_unfinished_and_disposed_versions_cannot_be_copied(ca: Any) -> None:
    publish_generic(ca, "1.0", unfinished=True)
    publish_generic(ca, "1.1")
    ca.dispose_package_versions(**MODEL, repository="dev", versions=["1.1"])

    assert outcome(copy(ca, "1.0", "1.1")) == (
        {},
        {
            "1.0": ("NOT_ALLOWED", "Version 1.0 is Unfinished and cannot be copied"),
            "1.1": ("NOT_ALLOWED", "Version 1.1 is Disposed and cannot be copied"),
        },
    )


def test_upstreams_are_searched_only_if_requested(ca: Any) -> None:
    for name, upstream in (("middle", "dev"), ("edge", "middle")):
        ca.create_repository(
            domain="acme", repository=name, upstreams=[{"repositoryName": upstream}]
        )
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0", to="edge")

    assert outcome(copy(ca, "1.0", source="edge")) == (
        {},
        {"1.0": ("NOT_FOUND", "Could not find version 1.0")},
    )
    assert outcome(copy(ca, "1.0", source="edge", includeFromUpstream=True)) == (
        {"1.0": "Published"},
        {},
    )


def test_the_upstream_that_comes_first_wins(ca: Any) -> None:
    upstreams = [{"repositoryName": "prod"}, {"repositoryName": "dev"}]
    ca.create_repository(domain="acme", repository="edge", upstreams=upstreams)
    publish_generic(ca, "1.0", b"from dev", to="dev")
    publish_generic(ca, "1.0", b"from prod", to="prod")

    copy(ca, "1.0", source="edge", includeFromUpstream=True)

    assert assets(ca, "staging", "1.0") == assets(ca, "prod", "1.0")


@pytest.mark.parametrize("upstream", [False, True])
def test_a_missing_package_is_an_error(ca: Any, upstream: bool) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        copy(ca, "1.0", **WIDGET, includeFromUpstream=upstream)

    assert error.value.response["Error"]["Message"] == (
        "Package not found in repository. RepoId: dev, "
        "Package = PackageCoordinate{packageType=npm, namespace=acme, packageName=widget}"
    )
    assert error.value.response["resourceType"] == "package"


@pytest.mark.parametrize("parameter", ["source", "to"])
def test_a_missing_repository_is_an_error(ca: Any, parameter: str) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        copy(ca, "1.0", **{parameter: "nowhere"})

    assert error.value.response["Error"]["Message"] == (
        "Repository not found. Repository 'nowhere' in domain 'acme' owned by account '123456789012'"
        " does not exist"
    )
    assert error.value.response["resourceType"] == "repository"
    assert error.value.response["resourceId"] == "nowhere"


@pytest.mark.parametrize(
    ("parameters", "message", "reason"),
    [
        ({}, "Specify either versions or versionRevisions, and not both", "OTHER"),
        (
            {"versions": ["1.0"], "versionRevisions": {"1.0": "r"}},
            "Specify either versions or versionRevisions, and not both",
            "OTHER",
        ),
        (
            {"versions": [f"1.{n}" for n in range(101)]},
            "Invalid value: versions has 101 items, must have 0 to 100",
            "FIELD_VALIDATION_FAILED",
        ),
        (
            {"versionRevisions": {f"1.{n}": "r" for n in range(101)}},
            "versionRevisions has more than 100 items",
            "FIELD_VALIDATION_FAILED",
        ),
        (
            {"versions": ["1 0"]},
            r"Invalid value: versions is '1 0', must match [^#/\s]+",
            "FIELD_VALIDATION_FAILED",
        ),
        (
            {"versions": ["1.0"], "namespace": None},
            "Packages of format generic require a namespace",
            "FIELD_VALIDATION_FAILED",
        ),
        (
            {"versions": ["1.0"], "format": "rpm"},
            "Invalid value: format is 'rpm', must be one of "
            "npm, pypi, maven, nuget, generic, ruby, swift, cargo",
            "FIELD_VALIDATION_FAILED",
        ),
    ],
    ids=[
        "neither",
        "both",
        "101 versions",
        "101 revisions",
        "bad version",
        "no namespace",
        "bad format",
    ],
)
def test_a_malformed_request_is_refused(
    ca: Any, parameters: dict[str, Any], message: str, reason: str
) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ValidationException) as error:
        copy(ca, **parameters)

    assert error.value.response["Error"]["Message"] == message
    assert error.value.response["reason"] == reason


def test_a_call_copies_up_to_a_hundred_versions(ca: Any) -> None:
    names = [f"1.{n}" for n in range(100)]
    for name in names:
        publish_generic(ca, name)

    assert outcome(copy(ca, *names)) == (dict.fromkeys(names, "Published"), {})


def test_npm_tags_of_the_version_are_copied_and_moved(ca: Any) -> None:
    put_npm(ca, "@acme/widget", "1.0.0", tag="latest")
    put_npm(ca, "@acme/widget", "2.0.0", tag="next")
    put_npm(ca, "@acme/widget", "3.0.0", tag="latest", to="staging")

    copy(ca, "1.0.0", **WIDGET)

    assert tags(ca, "staging") == {"latest": "1.0.0"}
    assert tags(ca, "dev") == {"latest": "1.0.0", "next": "2.0.0"}


def test_a_file_added_after_the_copy_causes_a_conflict(ca: Any) -> None:
    post_pypi(ca, "gadget", "1.0", "gadget-1.0.tar.gz", b"source")
    copy(ca, "1.0", **GADGET)
    post_pypi(ca, "gadget", "1.0", "gadget-1.0-py3-none-any.whl", b"wheel")

    assert outcome(copy(ca, "1.0", **GADGET)) == (
        {},
        {"1.0": ("ALREADY_EXISTS", "Version 1.0 already exists")},
    )


@pytest.mark.parametrize(("setting", "kept"), [("same", True), ("fresh", False)])
def test_a_setting_decides_whether_the_copy_keeps_the_revision(
    aws: Aws, ca: Any, setting: Any, kept: bool
) -> None:
    aws.backend.settings = replace(aws.backend.settings, copied_revision=setting)
    revision = publish_generic(ca, "1.0")["versionRevision"]

    copied = copy(ca, "1.0")["successfulVersions"]["1.0"]["revision"]

    assert (copied == revision) == kept
    described = ca.describe_package_version(
        **MODEL, repository="staging", packageVersion="1.0"
    )
    assert described["packageVersion"]["revision"] == copied
    assert outcome(copy(ca, "1.0")) == ({}, {})


def test_a_setting_allows_partial_success(aws: Aws, ca: Any) -> None:
    aws.backend.settings = replace(aws.backend.settings, all_or_nothing=False)
    publish_generic(ca, "1.0")

    assert outcome(copy(ca, "1.0", "9.9")) == (
        {"1.0": "Published"},
        {"9.9": ("NOT_FOUND", "Could not find version 9.9")},
    )
    assert list_versions(ca, "staging") == {"1.0"}
