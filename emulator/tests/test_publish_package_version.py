"""PublishPackageVersion, and the operations that read the published version."""

import hashlib
from typing import Any

import pytest

from emulator_support.codeartifact_calls import MODEL, publish_generic
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents

ASSET = {**MODEL, "repository": "dev", "packageVersion": "1.0", "asset": "model.bin"}


def test_one_finished_asset_creates_a_published_version(ca: Any) -> None:
    content = b"\x00\xff binary"

    response = publish_generic(ca, "1.0", content)

    assert (response["namespace"], response["package"], response["version"]) == (
        "acme",
        "model",
        "1.0",
    )
    assert response["status"] == "Published"
    assert response["asset"]["size"] == len(content)
    assert response["asset"]["hashes"] == {
        "MD5": hashlib.md5(content).hexdigest(),
        "SHA-1": hashlib.sha1(content).hexdigest(),
        "SHA-256": hashlib.sha256(content).hexdigest(),
        "SHA-512": hashlib.sha512(content).hexdigest(),
    }


def test_the_content_is_returned_unchanged_with_its_headers(ca: Any) -> None:
    published = publish_generic(ca, "1.0", b"\x00\xff binary")

    response = ca.get_package_version_asset(
        **ASSET, packageVersionRevision=published["versionRevision"]
    )

    assert response["asset"].read() == b"\x00\xff binary"
    assert response["assetName"] == "model.bin"
    assert response["packageVersion"] == "1.0"
    assert response["packageVersionRevision"] == published["versionRevision"]


def test_an_empty_file_is_an_asset(ca: Any) -> None:
    assert publish_generic(ca, "1.0", b"")["asset"]["size"] == 0

    assert ca.get_package_version_asset(**ASSET)["asset"].read() == b""


def test_an_old_revision_is_not_served(ca: Any) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ConflictException):
        ca.get_package_version_asset(**ASSET, packageVersionRevision="older")


def test_a_missing_asset_is_named_in_the_error(ca: Any) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.get_package_version_asset(**{**ASSET, "asset": "other"})

    assert error.value.response["resourceType"] == "asset"
    assert error.value.response["Error"]["Message"] == (
        "Asset not found. Asset 'other' of version '1.0' does not exist"
    )


def test_a_version_stays_unfinished_until_its_last_asset(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    first = publish_generic(ca, "1.0", asset="one", unfinished=True)
    last = publish_generic(ca, "1.0", asset="two")

    assert (first["status"], last["status"]) == ("Unfinished", "Published")
    assert first["versionRevision"] != last["versionRevision"]
    created, updated = [event["detail"] for event in receive_events()]
    assert (created["operationType"], created["packageVersionState"]) == (
        "Created",
        "Unfinished",
    )
    assert (updated["operationType"], updated["packageVersionState"]) == (
        "Updated",
        "Published",
    )
    assert updated["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": False,
        "statusChanged": True,
    }


def test_an_unfinished_version_refuses_a_different_file_of_the_same_name(
    ca: Any,
) -> None:
    publish_generic(ca, "1.0", b"one", unfinished=True)

    with pytest.raises(ca.exceptions.ConflictException) as error:
        publish_generic(ca, "1.0", b"two")

    assert error.value.response["Error"]["Message"] == (
        "Asset 'model.bin' of model 1.0 already exists with other content"
    )


def test_a_published_version_refuses_all_files(ca: Any) -> None:
    publish_generic(ca, "1.0")

    with pytest.raises(ca.exceptions.ConflictException) as error:
        publish_generic(ca, "1.0")

    assert error.value.response["Error"]["Message"] == (
        "Cannot update existing generic package version 'acme/model/1.0' with status 'Published'."
        " Only 'Unfinished' package versions can be updated."
    )
    assert error.value.response["resourceType"] == "package-version"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_content_with_a_wrong_digest_is_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.publish_package_version(
            **MODEL,
            repository="dev",
            packageVersion="1.0",
            assetContent=b"x",
            assetName="model.bin",
            assetSHA256="0" * 64,
        )

    assert (
        error.value.response["Error"]["Message"]
        == "The SHA256 of the content is not the given assetSHA256"
    )


@pytest.mark.parametrize("name", ["a/b", "two  spaces", " first", ".", "..", "100%"])
def test_some_asset_names_are_refused(ca: Any, name: str) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        publish_generic(ca, "1.0", asset=name)

    assert error.value.response["Error"]["Message"] == f"Invalid asset name '{name}'"


@pytest.mark.parametrize("name", ["Grüße (1)~!@^&-_+[]{};,.bin", "one space"])
def test_asset_names_may_have_letters_digits_and_some_punctuation(
    ca: Any, name: str
) -> None:
    assert publish_generic(ca, "1.0", asset=name)["asset"]["name"] == name


def test_only_generic_packages_can_be_published(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        publish_generic(ca, "1.0", format="npm")

    assert error.value.response["Error"]["Message"] == (
        "Packages of format npm cannot be published by this operation"
    )


def test_describe_returns_the_entry_point_of_the_version(ca: Any) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]

    described = ca.describe_package_version(
        **MODEL, repository="dev", packageVersion="1.0"
    )["packageVersion"]

    assert described.pop("publishedTime") is not None
    assert described == {
        "format": "generic",
        "namespace": "acme",
        "packageName": "model",
        "displayName": "model",
        "version": "1.0",
        "licenses": [],
        "revision": revision,
        "status": "Published",
        "origin": {
            "domainEntryPoint": {"repositoryName": "dev"},
            "originType": "INTERNAL",
        },
    }


def test_the_api_does_not_search_upstreams(ca: Any) -> None:
    ca.create_repository(
        domain="acme", repository="edge", upstreams=[{"repositoryName": "dev"}]
    )
    publish_generic(ca, "1.0")
    publish_generic(ca, "2.0", to="edge")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_package_version(**MODEL, repository="edge", packageVersion="1.0")

    assert error.value.response["resourceType"] == "package-version"
    assert error.value.response["Error"]["Message"] == (
        "Package version not found. Version '1.0' of package 'model' in repository 'edge' does not exist"
    )


def test_the_domain_is_searched_in_the_named_account(aws: Aws, ca: Any) -> None:
    publish_generic(ca, "1.0", domainOwner="123456789012")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        publish_generic(ca, "1.1", domainOwner="210987654321")

    assert error.value.response["Error"]["Message"] == (
        "Domain not found. Domain 'acme' owned by account '210987654321' does not exist"
    )
    assert error.value.response["resourceType"] == "domain"
