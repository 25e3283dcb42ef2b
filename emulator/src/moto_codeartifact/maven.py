"""The Maven endpoint: clients PUT files, and `maven-metadata.xml` completes a version.

User Guide: maven-curl, maven-checksums, maven-snapshots.
"""

from dataclasses import replace

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import PackageRequest, RejectedError, answer
from .exceptions import asset_not_found
from .maven_documents import (
    SnapshotBuild,
    listed_versions,
    parse_xml,
    pom_metadata,
    snapshot_build,
)
from .maven_downloads import get_file, get_metadata
from .maven_names import SNAPSHOT
from .maven_paths import MavenPath, build_of, read_path
from .packages import (
    PUBLISHED,
    UNFINISHED,
    UNLISTED,
    Asset,
    Metadata,
    PackageKey,
    new_revision,
)
from .publishing import Upload
from .statuses import StatusChange


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of Maven, Gradle or curl."""
    path = read_path(request.segments)
    if request.method == "PUT":
        return _put_checksum(request, path) if path.checksum else _put(request, path)
    if request.method != "GET":
        raise RejectedError(405, "Method not allowed")
    return get_metadata(request, path) if path.is_metadata else get_file(request, path)


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
        version=build_of(path.key, path.version, path.file),
        asset=Asset(path.file, content),
        metadata=pom or Metadata(display_name=path.key.name),
        finished=False,
        describes=pom is not None,
    )
    request.upload(upload)
    return answer(201)


def _finish_versions(
    request: PackageRequest, key: PackageKey, listed: list[str]
) -> None:
    package = request.repository.package(key)
    ready = [name for name in listed if name in package.versions]
    for name in ready:
        _require_checksums(request, key, name)
    unfinished = [name for name in ready if package.versions[name].status == UNFINISHED]
    if unfinished:
        complete = StatusChange(target=PUBLISHED, versions=unfinished)
        request.backend.change_statuses(request.repository, key, complete)


def _publish_snapshot(
    request: PackageRequest, key: PackageKey, version: str, found: SnapshotBuild
) -> None:
    """Make the snapshot version refer to a build, and unlist the build."""
    name = f"{version.removesuffix(SNAPSHOT)}-{found.timestamp}-{found.number}"
    if name not in found.values:
        raise RejectedError(
            400, f"No snapshotVersion of the metadata has the value {name}"
        )
    build = request.repository.version(key, name)
    _require_checksums(request, key, name)
    before = request.repository.package(key).versions.get(version)
    same = before is not None and before.assets == build.assets
    snapshot = replace(
        build, version=version, revision=new_revision(), status=PUBLISHED
    )
    if not same:
        request.backend.store(request.repository, key, snapshot)
    if build.status == UNFINISHED:
        request.backend.store(request.repository, key, replace(build, status=UNLISTED))


def _put_checksum(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    """Compare a checksum with the file. It is not stored (User Guide: maven-checksums)."""
    request.require_allowed("PublishPackageVersion", path.key)
    if path.is_metadata or path.version is None:
        return answer(201)
    name = build_of(path.key, path.version, path.file)
    version, package = (
        request.repository.version(path.key, name),
        request.repository.package(path.key),
    )
    if path.file not in version.assets:
        raise asset_not_found(name, path.file)
    given = request.body.content.read().decode("utf-8", "replace").split()[:1]
    if given == [version.assets[path.file].hashes[str(path.checksum)]]:
        package.wrong_checksums.discard((name, path.file))
        return answer(201)
    package.wrong_checksums.add((name, path.file))
    raise RejectedError(400, f"The checksum of {path.file} does not match")


def _require_checksums(request: PackageRequest, key: PackageKey, version: str) -> None:
    wrong = [
        file
        for name, file in request.repository.package(key).wrong_checksums
        if name == version
    ]
    if wrong:
        raise RejectedError(400, f"The checksum of {wrong[0]} did not match")
