"""Reads the XML documents that Maven clients upload, and writes those that the service generates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from .endpoints import RejectedError
from .maven_names import SNAPSHOT
from .packages import Dependency, License, Metadata, PackageKey, PackageVersion


@dataclass(frozen=True)
class SnapshotBuild:
    """The build of a snapshot that its metadata names."""

    timestamp: str
    number: str
    values: frozenset[str]
    """The versions of its files."""


def parse_xml(content: bytes) -> ET.Element:
    """Parse a document. One with a DOCTYPE is refused, since it could expand without end."""
    try:
        if b"<!DOCTYPE" in content:
            raise RejectedError(400, "A document type declaration is not allowed")
        return ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError):
        raise RejectedError(400, "The document is not XML") from None


def listed_versions(document: ET.Element) -> list[str]:
    """Return the versions of a package's `maven-metadata.xml`."""
    return [
        text
        for each in document.iterfind("{*}versioning/{*}versions/{*}version")
        if (text := _text(each))
    ]


def snapshot_build(document: ET.Element) -> SnapshotBuild:
    """Return the build that a snapshot's `maven-metadata.xml` is about."""
    snapshot = "{*}versioning/{*}snapshot"
    timestamp = _text(document.find(f"{snapshot}/{{*}}timestamp"))
    number = _text(document.find(f"{snapshot}/{{*}}buildNumber"))
    if not timestamp or not number:
        raise RejectedError(
            400, "The metadata has no timestamp and buildNumber of a snapshot"
        )
    values = document.iterfind(
        "{*}versioning/{*}snapshotVersions/{*}snapshotVersion/{*}value"
    )
    return SnapshotBuild(
        timestamp, number, frozenset(_text(value) or "" for value in values)
    )


def pom_metadata(key: PackageKey, content: bytes) -> Metadata | None:
    """Return the metadata of a POM; None if it is not one. Our choice: it is stored all the same."""
    try:
        pom = parse_xml(content)
    except RejectedError:
        return None
    return Metadata(
        display_name=_text(pom.find("{*}name")) or key.name,
        summary=_text(pom.find("{*}description")),
        home_page=_text(pom.find("{*}url")),
        source_code_repository=_text(pom.find("{*}scm/{*}url")),
        licenses=tuple(_licenses(pom)),
        dependencies=tuple(_dependencies(pom)),
    )


def _text(element: ET.Element | None) -> str | None:
    text = (element.text or "").strip() if element is not None else ""
    return text or None


def _licenses(pom: ET.Element) -> Iterator[License]:
    for each in pom.iterfind("{*}licenses/{*}license"):
        yield License(_text(each.find("{*}name")), _text(each.find("{*}url")))


def _dependencies(pom: ET.Element) -> Iterator[Dependency]:
    for each in pom.iterfind("{*}parent"):
        yield _dependency(each, "parent")
    for each in pom.iterfind("{*}dependencies/{*}dependency"):
        optional = _text(each.find("{*}optional")) == "true"
        yield _dependency(
            each, "optional" if optional else _text(each.find("{*}scope")) or "compile"
        )


def _dependency(element: ET.Element, kind: str) -> Dependency:
    return Dependency(
        namespace=_text(element.find("{*}groupId")),
        package=_text(element.find("{*}artifactId")) or "",
        dependency_type=kind,
        version_requirement=_text(element.find("{*}version")),
    )


def package_metadata(key: PackageKey, versions: list[PackageVersion]) -> bytes:
    """Write the `maven-metadata.xml` of a package from its published versions, oldest first."""
    names = [version.version for version in versions]
    releases = [name for name in names if not name.endswith(SNAPSHOT)]
    root = _root(key)
    versioning = ET.SubElement(root, "versioning")
    _add(versioning, "latest", names[-1])
    if releases:
        _add(versioning, "release", releases[-1])
    listed = ET.SubElement(versioning, "versions")
    for name in names:
        _add(listed, "version", name)
    _add(
        versioning,
        "lastUpdated",
        _stamp(max(_changed(version) for version in versions)),
    )
    return _written(root)


def snapshot_metadata(key: PackageKey, version: PackageVersion) -> bytes:
    """Write the `maven-metadata.xml` of a snapshot version from its files."""
    base = version.version.removesuffix(SNAPSHOT)
    pattern = re.compile(
        rf"{re.escape(key.name)}-(?P<value>{re.escape(base)}-(?P<timestamp>\d{{8}}\.\d{{6}})-(?P<number>\d+))"
        r"(-(?P<classifier>[^.]+))?\.(?P<extension>.+)"
    )
    files = [match for name in version.assets if (match := pattern.fullmatch(name))]
    root = _root(key)
    _add(root, "version", version.version)
    versioning = ET.SubElement(root, "versioning")
    updated = _stamp(_changed(version))
    if files:
        snapshot = ET.SubElement(versioning, "snapshot")
        _add(snapshot, "timestamp", files[0]["timestamp"])
        _add(snapshot, "buildNumber", files[0]["number"])
    _add(versioning, "lastUpdated", updated)
    _add_files(ET.SubElement(versioning, "snapshotVersions"), files, updated)
    return _written(root)


def _add_files(
    parent: ET.Element, files: Iterable[re.Match[str]], updated: str
) -> None:
    for file in files:
        listed = ET.SubElement(parent, "snapshotVersion")
        if file["classifier"]:
            _add(listed, "classifier", file["classifier"])
        _add(listed, "extension", file["extension"])
        _add(listed, "value", file["value"])
        _add(listed, "updated", updated)


def _root(key: PackageKey) -> ET.Element:
    root = ET.Element("metadata", modelVersion="1.1.0")
    _add(root, "groupId", key.namespace)
    _add(root, "artifactId", key.name)
    return root


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _changed(version: PackageVersion) -> datetime:
    times = [asset.uploaded for asset in version.assets.values() if asset.uploaded]
    return max([*times, version.published_time])


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
