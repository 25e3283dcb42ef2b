"""The Maven endpoint: clients PUT files, and `maven-metadata.xml` completes a version.

User Guide: maven-curl, maven-checksums, maven-snapshots.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from moto.core.common_types import TYPE_RESPONSE
from werkzeug.http import http_date

from .contents import content_of
from .endpoints import PackageRequest, RejectedError, answer
from .exceptions import asset_not_found, version_not_found
from .formats import asset_of_client, package_of_client, require_name, version_of_client
from .maven_documents import (
    SnapshotBuild,
    listed_versions,
    package_metadata,
    parse_xml,
    pom_metadata,
    snapshot_build,
    snapshot_metadata,
)
from .maven_names import SNAPSHOT
from .packages import PUBLISHED, UNFINISHED, UNLISTED, Asset, Metadata, PackageKey, new_revision
from .publishing import Upload
from .statuses import StatusChange

METADATA = "maven-metadata.xml"
ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
XML = "text/xml"


@dataclass(frozen=True)
class MavenPath:
    """A path below a repository: of a file, or of generated metadata."""

    key: PackageKey
    version: str | None
    """The folder of the file; None for the metadata of the package."""
    file: str
    """The name of the file, without the extension of a checksum."""
    checksum: str | None
    """The name of the digest if the path is that of a checksum."""

    @property
    def is_metadata(self) -> bool:
        """True if the service generates the file."""
        return self.file == METADATA and (self.version is None or self.version.endswith(SNAPSHOT))


def read_path(segments: list[str]) -> MavenPath:
    """Split a path into group, artifact, version and file."""
    *folders, last = segments
    stem, _, extension = last.rpartition(".")
    checksum = ALGORITHMS.get(extension)
    file = stem if checksum else last
    has_version = file != METADATA or (folders[-1:] != [] and folders[-1].endswith(SNAPSHOT))
    if len(folders) < (3 if has_version else 2):
        raise RejectedError(404, "The path has no group, artifact and file")
    version = version_of_client("maven", folders.pop()) if has_version else None
    *group, artifact = folders
    for part in group:
        require_name("group", part)
    key = package_of_client("maven", ".".join(group), artifact)
    return MavenPath(key, version, asset_of_client(file), checksum)


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of Maven, Gradle or curl."""
    path = read_path(request.segments)
    if request.method == "PUT":
        return _put_checksum(request, path) if path.checksum else _put(request, path)
    if request.method != "GET":
        raise RejectedError(405, "Method not allowed")
    return _get_metadata(request, path) if path.is_metadata else _get_file(request, path)


# Publish


def _put(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    if not path.is_metadata:
        return _put_file(request, path)
    request.require_allowed("PutPackageMetadata", path.key)
    document = parse_xml(request.body.content.read())
    if path.version is None:
        _finish_versions(request, path.key, listed_versions(document))
    else:
        _publish_snapshot(request, path.key, path.version, snapshot_build(document))
    return answer(201)


def _put_file(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    assert path.version is not None
    content = request.body.content
    pom = pom_metadata(path.key, content.read()) if path.file.endswith(".pom") else None
    upload = Upload(
        key=path.key,
        version=_build_of(path.key, path.version, path.file),
        asset=Asset(path.file, content),
        metadata=pom or Metadata(display_name=path.key.name),
        finished=False,
        describes=pom is not None,
    )
    request.upload(upload)
    return answer(201)


def _build_of(key: PackageKey, version: str, file: str) -> str:
    """Return the version of a file. That of a snapshot's file is its build: `1.0-<timestamp>-<number>`."""
    if not version.endswith(SNAPSHOT):
        return version
    base = version.removesuffix(SNAPSHOT)
    build = re.match(rf"{re.escape(key.name)}-(?P<build>{re.escape(base)}-\d{{8}}\.\d{{6}}-\d+)[-.]", file)
    if build is None:
        raise RejectedError(400, f"{file} is no file of a unique snapshot; others are not supported")
    return build["build"]


def _finish_versions(request: PackageRequest, key: PackageKey, listed: list[str]) -> None:
    package = request.repository.package(key)
    ready = [name for name in listed if name in package.versions]
    for name in ready:
        _require_checksums(request, key, name)
    unfinished = [name for name in ready if package.versions[name].status == UNFINISHED]
    if unfinished:
        complete = StatusChange(target=PUBLISHED, versions=unfinished)
        request.backend.change_statuses(request.repository, key, complete)


def _publish_snapshot(request: PackageRequest, key: PackageKey, version: str, found: SnapshotBuild) -> None:
    """Make the snapshot version refer to a build, and unlist the build."""
    name = f"{version.removesuffix(SNAPSHOT)}-{found.timestamp}-{found.number}"
    if name not in found.values:
        raise RejectedError(400, f"No snapshotVersion of the metadata has the value {name}")
    build = request.repository.version(key, name)
    _require_checksums(request, key, name)
    before = request.repository.package(key).versions.get(version)
    same = before is not None and before.assets == build.assets
    snapshot = replace(build, version=version, revision=new_revision(), status=PUBLISHED)
    if not same:
        request.backend.store(request.repository, key, snapshot)
    if build.status == UNFINISHED:
        request.backend.store(request.repository, key, replace(build, status=UNLISTED))


def _put_checksum(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    """Compare a checksum with the file. It is not stored (User Guide: maven-checksums)."""
    request.require_allowed("PublishPackageVersion", path.key)
    if path.is_metadata or path.version is None:
        return answer(201)
    name = _build_of(path.key, path.version, path.file)
    version, package = request.repository.version(path.key, name), request.repository.package(path.key)
    if path.file not in version.assets:
        raise asset_not_found(name, path.file)
    given = request.body.content.read().decode("utf-8", "replace").split()[:1]
    if given == [version.assets[path.file].hashes[str(path.checksum)]]:
        package.wrong_checksums.discard((name, path.file))
        return answer(201)
    package.wrong_checksums.add((name, path.file))
    raise RejectedError(400, f"The checksum of {path.file} does not match")


def _require_checksums(request: PackageRequest, key: PackageKey, version: str) -> None:
    wrong = [file for name, file in request.repository.package(key).wrong_checksums if name == version]
    if wrong:
        raise RejectedError(400, f"The checksum of {wrong[0]} did not match")


# Read


def _get_file(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    assert path.version is not None
    asset = _find_asset(request, path.key, path.version, path.file)
    if path.checksum:
        return answer(200, asset.hashes[path.checksum])
    return answer(200, asset.content.read(), "application/octet-stream", **_last_modified(asset.uploaded))


def _find_asset(request: PackageRequest, key: PackageKey, version: str, file: str) -> Asset:
    """Return a file that can be downloaded; that of an older build is not in the snapshot version itself."""
    found = request.fetch(key, version)
    if version.endswith(SNAPSHOT) and file not in found.assets:
        found = request.fetch(key, _build_of(key, version, file))
    if file not in found.assets:
        found = request.refresh(key, found.version)
    if file not in found.assets:
        raise asset_not_found(version, file)
    return found.assets[file]


def _last_modified(moment: datetime | None) -> dict[str, str]:
    return {"Last_Modified": http_date(moment)} if moment else {}


def _get_metadata(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    document = _generated(request, path)
    if path.checksum:
        return answer(200, content_of(document).hashes[path.checksum])
    return answer(200, document, XML)


def _generated(request: PackageRequest, path: MavenPath) -> bytes:
    """Write the metadata that the service generates from the published versions."""
    listed = request.listed(path.key)
    if path.version is None:
        return package_metadata(path.key, listed[::-1])
    for version in listed:
        if version.version == path.version:
            return snapshot_metadata(path.key, version)
    raise version_not_found(request.repository.name, path.key.name, path.version)
