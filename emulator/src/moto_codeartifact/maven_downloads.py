"""Downloads of Maven clients: files, their checksums, and the metadata that the service generates."""

from datetime import datetime

from moto.core.common_types import TYPE_RESPONSE
from werkzeug.http import http_date

from .contents import content_of
from .endpoints import PackageRequest, answer
from .exceptions import asset_not_found, version_not_found
from .maven_documents import package_metadata, snapshot_metadata
from .maven_names import SNAPSHOT
from .maven_paths import MavenPath, build_of
from .packages import Asset, PackageKey

XML = "text/xml"


def get_file(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    """Answer with a file of a version, or with its checksum."""
    assert path.version is not None
    asset = _find_asset(request, path.key, path.version, path.file)
    if path.checksum:
        return answer(200, asset.hashes[path.checksum])
    return answer(
        200,
        asset.content.read(),
        "application/octet-stream",
        **_last_modified(asset.uploaded),
    )


def _find_asset(
    request: PackageRequest, key: PackageKey, version: str, file: str
) -> Asset:
    """Return a file that can be downloaded; that of an older build is not in the snapshot version itself."""
    found = request.fetch(key, version)
    if version.endswith(SNAPSHOT) and file not in found.assets:
        found = request.fetch(key, build_of(key, version, file))
    if file not in found.assets:
        found = request.refresh(key, found.version)
    if file not in found.assets:
        raise asset_not_found(version, file)
    return found.assets[file]


def _last_modified(moment: datetime | None) -> dict[str, str]:
    return {"Last_Modified": http_date(moment)} if moment else {}


def get_metadata(request: PackageRequest, path: MavenPath) -> TYPE_RESPONSE:
    """Answer with generated metadata, or with its checksum."""
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
