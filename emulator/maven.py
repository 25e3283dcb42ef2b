"""The Maven endpoint: clients PUT files, and `maven-metadata.xml` completes a version."""

import hashlib
import re

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import PackageRequest, answer
from .exceptions import asset_not_found
from .formats import package_of_client
from .packages import PUBLISHED, UNFINISHED, UNLISTED, Asset, Metadata, PackageKey
from .publishing import Upload
from .statuses import StatusChange

METADATA = re.compile(r"(?P<group>.+)/(?P<artifact>[^/]+)/maven-metadata\.xml")
FILE = re.compile(r"(?P<group>.+)/(?P<artifact>[^/]+)/(?P<version>[^/]+)/(?P<file>[^/]+)")
CHECKSUM = re.compile(r"(?P<path>.+)\.(?P<algorithm>md5|sha1|sha256|sha512)")


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of Maven, Gradle or curl (User Guide: maven-curl)."""
    checksum = CHECKSUM.fullmatch(request.path)
    algorithm = checksum["algorithm"] if checksum else None
    path = checksum["path"] if checksum else request.path
    match = METADATA.fullmatch(path) or FILE.fullmatch(path)
    if match is None or request.method not in ("GET", "HEAD", "PUT"):
        return answer(404, "Not found")
    key = package_of_client("maven", match["group"].replace("/", "."), match["artifact"])
    if match.re is METADATA:
        return _serve_metadata(request, key, algorithm)
    return _serve_file(request, key, match["version"], match["file"], algorithm)


def _serve_file(
    request: PackageRequest, key: PackageKey, version: str, file: str, algorithm: str | None
) -> TYPE_RESPONSE:
    if request.method == "PUT" and algorithm is None:
        metadata = Metadata(display_name=key.name)
        asset = Asset(file, request.body.content)
        upload = Upload(key=key, version=version, asset=asset, metadata=metadata, finished=False)
        request.upload(upload)
        return answer(201)
    found = request.repository.version(key, version)
    readable = (PUBLISHED, UNLISTED, UNFINISHED) if request.method == "PUT" else (PUBLISHED, UNLISTED)
    if found.status not in readable or file not in found.assets:
        raise asset_not_found(version, file)
    content = found.assets[file].content.read()
    if request.method == "PUT":
        # a wrong checksum is refused and does not change the version (User Guide: maven-checksums)
        correct = _digest(content, algorithm).split() == request.body.content.read().split()[:1]
        return answer(201) if correct else answer(400, f"Checksum of {file} does not match")
    return answer(200, _digest(content, algorithm) if algorithm else content, "application/octet-stream")


def _digest(content: bytes, algorithm: str | None) -> bytes:
    return hashlib.new(algorithm or "sha1", content, usedforsecurity=False).hexdigest().encode()


def _serve_metadata(request: PackageRequest, key: PackageKey, algorithm: str | None) -> TYPE_RESPONSE:
    package = request.repository.package(key)
    if request.method == "PUT":
        request.require_allowed("PutPackageMetadata", key)
        listed = re.findall(r"<version>\s*([^<\s]+)\s*</version>", request.body.content.read().decode())
        ready = [n for n in listed if n in package.versions and package.versions[n].status == UNFINISHED]
        if ready:
            complete = StatusChange(target=PUBLISHED, versions=ready)
            request.backend.change_statuses(request.repository, key, complete)
        return answer(201)
    # the service generates this file from the published versions
    versions = "".join(f"<version>{v.version}</version>" for v in reversed(package.published()))
    document = (
        f"<metadata><groupId>{key.namespace}</groupId><artifactId>{key.name}</artifactId>"
        f"<versioning><versions>{versions}</versions></versioning></metadata>"
    ).encode()
    return answer(200, _digest(document, algorithm) if algorithm else document, "text/xml")
