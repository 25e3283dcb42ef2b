"""The Maven endpoint, with the requests that the User Guide shows on the page maven-curl."""

import hashlib
from typing import Any

import pytest
import requests

from tests.support.event_listener import ReceiveEvents
from tests.support.package_uploads import endpoint

APP = {"domain": "acme", "repository": "dev", "format": "maven", "namespace": "com.acme", "package": "app"}
JAR = "com/acme/app/1.0/app-1.0.jar"
METADATA = "com/acme/app/maven-metadata.xml"
LISTING = b"<metadata><versioning><versions><version>1.0</version></versions></versioning></metadata>"


def put(ca: Any, path: str, content: bytes) -> int:
    url, headers = endpoint(ca, "maven")
    return requests.put(url + path, data=content, headers=headers, timeout=10).status_code


def get(ca: Any, path: str) -> requests.Response:
    url, headers = endpoint(ca, "maven")
    return requests.get(url + path, headers=headers, timeout=10)


def test_a_version_is_unfinished_until_its_metadata_is_uploaded(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    assert put(ca, JAR, b"jar") == 201
    assert get(ca, JAR).status_code == 404
    assert put(ca, "com/acme/app/1.0/app-1.0.pom", b"pom") == 201
    assert put(ca, METADATA, LISTING) == 201

    events = [event["detail"] for event in receive_events()]
    assert [(e["operationType"], e["packageVersionState"]) for e in events] == [
        ("Created", "Unfinished"),
        ("Updated", "Unfinished"),
        ("Updated", "Published"),
    ]
    assert events[2]["changes"] == {
        "assetsAdded": 0,
        "assetsRemoved": 0,
        "assetsUpdated": 0,
        "metadataUpdated": False,
        "statusChanged": True,
    }
    assert events[1]["packageVersionRevision"] == events[2]["packageVersionRevision"]
    assert (events[0]["packageNamespace"], events[0]["packageName"]) == ("com.acme", "app")


def test_a_published_version_can_be_downloaded_with_checksums_and_metadata(ca: Any) -> None:
    put(ca, JAR, b"jar")
    put(ca, METADATA, LISTING)

    assert get(ca, JAR).content == b"jar"
    assert get(ca, f"{JAR}.sha1").text == hashlib.sha1(b"jar").hexdigest()
    assert "<version>1.0</version>" in get(ca, METADATA).text


def test_a_published_version_accepts_new_files_but_no_changed_file(ca: Any) -> None:
    put(ca, JAR, b"jar")
    put(ca, METADATA, LISTING)
    before = ca.describe_package_version(**APP, packageVersion="1.0")["packageVersion"]

    assert put(ca, "com/acme/app/1.0/app-1.0-sources.jar", b"sources") == 201
    assert put(ca, JAR, b"jar") == 201
    assert put(ca, JAR, b"another jar") == 409

    after = ca.describe_package_version(**APP, packageVersion="1.0")["packageVersion"]
    assert after["status"] == "Published"
    assert after["revision"] != before["revision"]


@pytest.mark.parametrize(("checksum", "status"), [(hashlib.sha1(b"jar").hexdigest(), 201), ("0" * 40, 400)])
def test_a_checksum_must_match_its_file(ca: Any, checksum: str, status: int) -> None:
    put(ca, JAR, b"jar")

    assert put(ca, f"{JAR}.sha1", checksum.encode()) == status
    [version] = ca.list_package_versions(**APP)["versions"]
    assert version["status"] == "Unfinished"


def test_the_api_requires_a_namespace(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.list_package_versions(domain="acme", repository="dev", format="maven", package="app")

    assert error.value.response["Error"]["Message"] == "Packages of format maven require a namespace"
