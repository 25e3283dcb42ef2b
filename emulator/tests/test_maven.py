"""The Maven endpoint, with the requests that the User Guide shows on the page maven-curl."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from emulator_support.event_listener import ReceiveEvents
from emulator_support.package_uploads import endpoint

APP = {
    "domain": "acme",
    "repository": "dev",
    "format": "maven",
    "namespace": "com.acme",
    "package": "app",
}
JAR = "com/acme/app/1.0/app-1.0.jar"
METADATA = "com/acme/app/maven-metadata.xml"
LISTING = b"<metadata><versioning><versions><version>1.0</version></versions></versioning></metadata>"


def put(ca: Any, path: str, content: bytes) -> int:
    url, headers = endpoint(ca, "maven")
    return requests.put(
        url + path, data=content, headers=headers, timeout=10
    ).status_code


def get(ca: Any, path: str) -> requests.Response:
    url, headers = endpoint(ca, "maven")
    return requests.get(url + path, headers=headers, timeout=10)


def describe(ca: Any) -> dict[str, Any]:
    return dict(
        ca.describe_package_version(**APP, packageVersion="1.0")["packageVersion"]
    )


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
    assert (events[0]["packageNamespace"], events[0]["packageName"]) == (
        "com.acme",
        "app",
    )


def test_a_published_version_can_be_downloaded_with_checksums_and_metadata(
    ca: Any,
) -> None:
    put(ca, JAR, b"jar")
    put(ca, METADATA, LISTING)

    assert get(ca, JAR).content == b"jar"
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        assert (
            get(ca, f"{JAR}.{algorithm}").text
            == hashlib.new(algorithm, b"jar").hexdigest()
        )
    document = get(ca, METADATA)
    assert re.search(
        r"<versioning><latest>1.0</latest><release>1.0</release>"
        r"<versions><version>1.0</version></versions><lastUpdated>\d{14}</lastUpdated></versioning>",
        document.text,
    )
    assert (
        get(ca, f"{METADATA}.sha256").text
        == hashlib.sha256(document.content).hexdigest()
    )


def test_a_file_says_when_it_was_uploaded(ca: Any) -> None:
    put(ca, JAR, b"jar")
    put(ca, METADATA, LISTING)

    uploaded = parsedate_to_datetime(get(ca, JAR).headers["Last-Modified"])

    assert timedelta() <= datetime.now(UTC) - uploaded < timedelta(minutes=1)


POM = b"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>7</version></parent>
  <name>The App</name><description>Does it</description><url>https://example.com</url>
  <licenses><license><name>MIT</name><url>https://example.com/mit</url></license></licenses>
  <scm><url>https://example.com/git</url></scm>
  <dependencies>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>[4,5)</version><scope>test</scope></dependency>
  </dependencies>
</project>"""


def test_the_pom_describes_the_version(ca: Any, receive_events: ReceiveEvents) -> None:
    put(ca, JAR, b"jar")
    assert describe(ca)["displayName"] == "app"

    put(ca, "com/acme/app/1.0/app-1.0.pom", POM)

    described = describe(ca)
    assert (described["displayName"], described["summary"]) == ("The App", "Does it")
    assert described["licenses"] == [{"name": "MIT", "url": "https://example.com/mit"}]
    assert described["sourceCodeRepository"] == "https://example.com/git"
    _, updated = receive_events()
    assert updated["detail"]["changes"]["metadataUpdated"]


@pytest.mark.parametrize(
    "pom",
    [
        b"",
        b"no XML",
        b"\xff\xff",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><project><name>&a;</name></project>",
    ],
)
def test_a_pom_that_cannot_be_read_describes_nothing(ca: Any, pom: bytes) -> None:
    assert put(ca, "com/acme/app/1.0/app-1.0.pom", pom) == 201
    assert describe(ca)["displayName"] == "app"


@pytest.mark.parametrize(
    "document", [b"", b"no XML", b"\xff\xfe", b"<metadata>", b"<!DOCTYPE m><m/>"]
)
def test_metadata_that_cannot_be_read_is_refused(ca: Any, document: bytes) -> None:
    put(ca, JAR, b"jar")

    assert put(ca, METADATA, document) == 400
    assert describe(ca)["status"] == "Unfinished"


def test_a_wrong_checksum_keeps_the_version_unfinished_until_it_is_right(
    ca: Any,
) -> None:
    put(ca, JAR, b"jar")
    sha1 = hashlib.sha1(b"jar").hexdigest().encode()

    assert put(ca, f"{JAR}.sha1", sha1.upper()) == 400
    assert put(ca, METADATA, LISTING) == 400
    assert describe(ca)["status"] == "Unfinished"
    assert put(ca, f"{JAR}.sha1", sha1) == 201
    assert put(ca, METADATA, LISTING) == 201
    assert describe(ca)["status"] == "Published"


def test_a_checksum_of_a_missing_file_is_not_found(ca: Any) -> None:
    assert put(ca, f"{JAR}.sha1", b"0" * 40) == 404
    put(ca, JAR, b"jar")
    assert put(ca, "com/acme/app/1.0/app-1.0.pom.sha1", b"0" * 40) == 404


def test_a_published_file_whose_checksum_was_wrong_can_be_downloaded(ca: Any) -> None:
    put(ca, JAR, b"jar")
    put(ca, METADATA, LISTING)

    assert put(ca, f"{JAR}.sha1", b"0" * 40) == 400
    assert get(ca, f"{JAR}.sha1").text == hashlib.sha1(b"jar").hexdigest()
    assert get(ca, JAR).content == b"jar"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_other_methods_are_not_allowed(ca: Any, method: str) -> None:
    url, headers = endpoint(ca, "maven")

    assert (
        requests.request(method, url + JAR, headers=headers, timeout=10).status_code
        == 405
    )


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


@pytest.mark.parametrize(
    ("checksum", "status"), [(hashlib.sha1(b"jar").hexdigest(), 201), ("0" * 40, 400)]
)
def test_a_checksum_must_match_its_file(ca: Any, checksum: str, status: int) -> None:
    put(ca, JAR, b"jar")

    assert put(ca, f"{JAR}.sha1", checksum.encode()) == status
    [version] = ca.list_package_versions(**APP)["versions"]
    assert version["status"] == "Unfinished"


def test_the_api_requires_a_namespace(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException) as error:
        ca.list_package_versions(
            domain="acme", repository="dev", format="maven", package="app"
        )

    assert (
        error.value.response["Error"]["Message"]
        == "Packages of format maven require a namespace"
    )
