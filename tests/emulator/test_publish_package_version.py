"""PublishPackageVersion and the operations that read what it made."""

import hashlib
from typing import Any

import pytest

from tests.emulator.conftest import BLOB, Aws, Heard, publish

ASSET = {**BLOB, "repository": "dev", "packageVersion": "1.0", "asset": "blob.bin"}


def test_one_finished_asset_makes_a_published_version(ca: Any) -> None:
    content = b"\x00\xff binary"

    response = publish(ca, "1.0", content)

    assert (response["namespace"], response["package"], response["version"]) == ("team", "blob", "1.0")
    assert response["status"] == "Published"
    assert response["asset"]["size"] == len(content)
    assert response["asset"]["hashes"] == {
        "MD5": hashlib.md5(content).hexdigest(),
        "SHA-1": hashlib.sha1(content).hexdigest(),
        "SHA-256": hashlib.sha256(content).hexdigest(),
        "SHA-512": hashlib.sha512(content).hexdigest(),
    }


def test_the_content_comes_back_as_it_was_with_its_headers(ca: Any) -> None:
    published = publish(ca, "1.0", b"\x00\xff binary")

    response = ca.get_package_version_asset(**ASSET, packageVersionRevision=published["versionRevision"])

    assert response["asset"].read() == b"\x00\xff binary"
    assert response["assetName"] == "blob.bin"
    assert response["packageVersion"] == "1.0"
    assert response["packageVersionRevision"] == published["versionRevision"]


def test_an_empty_file_is_an_asset_too(ca: Any) -> None:
    assert publish(ca, "1.0", b"")["asset"]["size"] == 0

    assert ca.get_package_version_asset(**ASSET)["asset"].read() == b""


def test_a_revision_that_is_no_longer_current_is_not_served(ca: Any) -> None:
    publish(ca, "1.0")

    with pytest.raises(ca.exceptions.ConflictException):
        ca.get_package_version_asset(**ASSET, packageVersionRevision="older")


def test_an_asset_that_does_not_exist_is_named(ca: Any) -> None:
    publish(ca, "1.0")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.get_package_version_asset(**{**ASSET, "asset": "other"})

    assert error.value.response["resourceType"] == "asset"
    assert error.value.response["Error"]["Message"] == (
        "Asset not found. Asset 'other' of version '1.0' does not exist"
    )


def test_a_version_stays_unfinished_until_its_last_asset(ca: Any, heard: Heard) -> None:
    first = publish(ca, "1.0", asset="one", unfinished=True)
    last = publish(ca, "1.0", asset="two")

    assert (first["status"], last["status"]) == ("Unfinished", "Published")
    assert first["versionRevision"] != last["versionRevision"]
    created, updated = [event["detail"] for event in heard()]
    assert (created["operationType"], created["packageVersionState"]) == ("Created", "Unfinished")
    assert (updated["operationType"], updated["packageVersionState"]) == ("Updated", "Published")
    assert updated["changes"] == {
        "assetsAdded": 1,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": False,
        "statusChanged": True,
    }


def test_an_unfinished_version_takes_no_other_content_under_a_name_it_has(ca: Any) -> None:
    publish(ca, "1.0", b"one", unfinished=True)

    with pytest.raises(ca.exceptions.ConflictException) as error:
        publish(ca, "1.0", b"two")

    assert error.value.response["Error"]["Message"] == (
        "Asset 'blob.bin' of blob 1.0 already exists with other content"
    )


def test_a_published_version_takes_nothing_not_even_the_same(ca: Any) -> None:
    publish(ca, "1.0")

    with pytest.raises(ca.exceptions.ConflictException) as error:
        publish(ca, "1.0")

    assert error.value.response["Error"]["Message"] == (
        "Cannot update existing generic package version 'team/blob/1.0' with status 'Published'."
        " Only 'Unfinished' package versions can be updated."
    )
    assert error.value.response["resourceType"] == "package-version"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_content_that_is_not_what_its_digest_says_is_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.publish_package_version(
            **BLOB,
            repository="dev",
            packageVersion="1.0",
            assetContent=b"x",
            assetName="blob.bin",
            assetSHA256="0" * 64,
        )

    assert (
        error.value.response["Error"]["Message"] == "The SHA256 of the content is not the given assetSHA256"
    )


@pytest.mark.parametrize("name", ["a/b", "two  spaces", " first", ".", "..", "100%"])
def test_some_asset_names_are_refused(ca: Any, name: str) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        publish(ca, "1.0", asset=name)

    assert error.value.response["Error"]["Message"] == f"Invalid asset name '{name}'"


@pytest.mark.parametrize("name", ["Grüße (1)~!@^&-_+[]{};,.bin", "one space"])
def test_asset_names_may_have_letters_digits_and_some_signs(ca: Any, name: str) -> None:
    assert publish(ca, "1.0", asset=name)["asset"]["name"] == name


def test_formats_with_a_client_of_their_own_are_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        publish(ca, "1.0", format="npm")

    assert error.value.response["Error"]["Message"] == (
        "Packages of format npm cannot be published by this operation"
    )


def test_describe_tells_where_the_version_entered_the_domain(ca: Any) -> None:
    revision = publish(ca, "1.0")["versionRevision"]

    described = ca.describe_package_version(**BLOB, repository="dev", packageVersion="1.0")["packageVersion"]

    assert described.pop("publishedTime") is not None
    assert described == {
        "format": "generic",
        "namespace": "team",
        "packageName": "blob",
        "displayName": "blob",
        "version": "1.0",
        "licenses": [],
        "revision": revision,
        "status": "Published",
        "origin": {"domainEntryPoint": {"repositoryName": "dev"}, "originType": "INTERNAL"},
    }


def test_a_version_of_an_upstream_is_not_found_by_the_api(ca: Any) -> None:
    ca.create_repository(domain="acme", repository="edge", upstreams=[{"repositoryName": "dev"}])
    publish(ca, "1.0")
    publish(ca, "2.0", to="edge")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        ca.describe_package_version(**BLOB, repository="edge", packageVersion="1.0")

    assert error.value.response["resourceType"] == "package-version"
    assert error.value.response["Error"]["Message"] == (
        "Package version not found. Version '1.0' of package 'blob' in repository 'edge' does not exist"
    )


def test_the_domain_is_looked_for_in_the_account_that_is_named(aws: Aws, ca: Any) -> None:
    publish(ca, "1.0", domainOwner="123456789012")

    with pytest.raises(ca.exceptions.ResourceNotFoundException) as error:
        publish(ca, "1.1", domainOwner="210987654321")

    assert error.value.response["Error"]["Message"] == (
        "Domain not found. Domain 'acme' owned by account '210987654321' does not exist"
    )
    assert error.value.response["resourceType"] == "domain"
