"""Snapshots, as the User Guide's page maven-snapshots has them."""

import hashlib
from typing import Any

import pytest

from emulator_support.event_listener import ReceiveEvents
from test_maven import APP, get, put

FOLDER = "com/acme/app/1.0-SNAPSHOT"
FIRST, SECOND = "1.0-20260728.194552-1", "1.0-20260729.171330-2"


def metadata(build: str, *, value: str | None = None) -> bytes:
    """Write the metadata that a client uploads with a build."""
    _, timestamp, number = build.split("-")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<metadata>
  <groupId>com.acme</groupId><artifactId>app</artifactId><version>1.0-SNAPSHOT</version>
  <versioning>
    <snapshot><timestamp>{timestamp}</timestamp><buildNumber>{number}</buildNumber></snapshot>
    <snapshotVersions>
      <snapshotVersion><extension>jar</extension><value>{value or build}</value></snapshotVersion>
    </snapshotVersions>
  </versioning>
</metadata>""".encode()


def deploy(ca: Any, build: str, content: bytes = b"jar") -> None:
    """Send the requests of `mvn deploy`."""
    for extension, data in (("jar", content), ("pom", b"<project/>")):
        path = f"{FOLDER}/app-{build}.{extension}"
        assert put(ca, path, data) == 201
        assert put(ca, f"{path}.sha1", hashlib.sha1(data).hexdigest().encode()) == 201
    assert put(ca, f"{FOLDER}/maven-metadata.xml", metadata(build)) == 201
    assert put(ca, f"{FOLDER}/maven-metadata.xml.sha1", b"any") == 201


def versions(ca: Any) -> dict[str, str]:
    return {
        each["version"]: each["status"]
        for each in ca.list_package_versions(**APP)["versions"]
    }


def assets(ca: Any, version: str) -> list[str]:
    listed = ca.list_package_version_assets(**APP, packageVersion=version)["assets"]
    return [asset["name"] for asset in listed]


def test_files_of_a_snapshot_become_an_unfinished_build(ca: Any) -> None:
    put(ca, f"{FOLDER}/app-{FIRST}.jar", b"jar")
    put(ca, f"{FOLDER}/app-{FIRST}-sources.jar", b"sources")

    assert versions(ca) == {FIRST: "Unfinished"}
    assert assets(ca, FIRST) == [f"app-{FIRST}-sources.jar", f"app-{FIRST}.jar"]
    assert get(ca, f"{FOLDER}/app-{FIRST}.jar").status_code == 404


def test_the_metadata_publishes_the_snapshot_and_unlists_the_build(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    deploy(ca, FIRST)

    listed = ca.list_package_versions(**APP)
    assert versions(ca) == {"1.0-SNAPSHOT": "Published", FIRST: "Unlisted"}
    assert listed["defaultDisplayVersion"] == "1.0-SNAPSHOT"
    assert (
        assets(ca, "1.0-SNAPSHOT")
        == assets(ca, FIRST)
        == [f"app-{FIRST}.jar", f"app-{FIRST}.pom"]
    )
    assert len({each["revision"] for each in listed["versions"]}) == 2
    last = {
        event["detail"]["packageVersion"]: event["detail"] for event in receive_events()
    }
    states = {
        name: (d["operationType"], d["packageVersionState"]) for name, d in last.items()
    }
    assert states == {
        "1.0-SNAPSHOT": ("Created", "Published"),
        FIRST: ("Updated", "Unlisted"),
    }
    assert last["1.0-SNAPSHOT"]["changes"]["assetsAdded"] == 2


def test_the_snapshot_always_refers_to_the_latest_build(ca: Any) -> None:
    deploy(ca, FIRST, b"old")
    deploy(ca, SECOND, b"new")

    assert versions(ca) == {
        "1.0-SNAPSHOT": "Published",
        FIRST: "Unlisted",
        SECOND: "Unlisted",
    }
    assert assets(ca, "1.0-SNAPSHOT") == [f"app-{SECOND}.jar", f"app-{SECOND}.pom"]
    assert get(ca, f"{FOLDER}/app-{SECOND}.jar").content == b"new"
    assert get(ca, f"{FOLDER}/app-{FIRST}.jar").content == b"old"
    assert get(ca, f"com/acme/app/{FIRST}/app-{FIRST}.jar").content == b"old"


def test_the_same_metadata_again_changes_nothing(
    ca: Any, receive_events: ReceiveEvents
) -> None:
    deploy(ca, FIRST)
    receive_events()

    assert put(ca, f"{FOLDER}/maven-metadata.xml", metadata(FIRST)) == 201

    assert receive_events() == []


def test_the_generated_metadata_names_the_files_of_the_latest_build(ca: Any) -> None:
    deploy(ca, FIRST)
    deploy(ca, SECOND)

    response = get(ca, f"{FOLDER}/maven-metadata.xml")

    assert response.status_code == 200
    assert (
        "<timestamp>20260729.171330</timestamp><buildNumber>2</buildNumber>"
        in response.text
    )
    assert f"<extension>pom</extension><value>{SECOND}</value>" in response.text
    assert FIRST not in response.text
    sha1 = hashlib.sha1(response.content).hexdigest()
    assert get(ca, f"{FOLDER}/maven-metadata.xml.sha1").text == sha1


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (metadata(SECOND), 404),
        (metadata(FIRST, value=SECOND), 400),
        (b"<metadata><versioning/></metadata>", 400),
        (b"no XML", 400),
        (b"\xff\xfe", 400),
        (b"", 400),
    ],
    ids=["another build", "another value", "no timestamp", "text", "binary", "empty"],
)
def test_metadata_that_does_not_fit_the_build_is_refused(
    ca: Any, document: bytes, status: int
) -> None:
    put(ca, f"{FOLDER}/app-{FIRST}.jar", b"jar")

    assert put(ca, f"{FOLDER}/maven-metadata.xml", document) == status
    assert versions(ca) == {FIRST: "Unfinished"}


@pytest.mark.parametrize(
    "file",
    [
        "app-1.0-SNAPSHOT.jar",
        "app-1.0.jar",
        "lib-1.0-20260728.194552-1.jar",
        f"app-2{FIRST}.jar",
    ],
)
def test_a_snapshot_that_is_not_unique_is_refused(ca: Any, file: str) -> None:
    assert put(ca, f"{FOLDER}/{file}", b"jar") == 400
    assert ca.list_packages(domain="acme", repository="dev")["packages"] == []


def test_snapshots_and_releases_are_told_apart_in_the_packages_metadata(
    ca: Any,
) -> None:
    put(ca, "com/acme/app/0.9/app-0.9.jar", b"jar")
    put(
        ca,
        "com/acme/app/maven-metadata.xml",
        b"<m><versioning><versions><version>0.9</version></versions></versioning></m>",
    )
    deploy(ca, FIRST)

    text = get(ca, "com/acme/app/maven-metadata.xml").text

    assert "<latest>1.0-SNAPSHOT</latest><release>0.9</release>" in text
    assert "<version>0.9</version><version>1.0-SNAPSHOT</version>" in text
    assert FIRST not in text
