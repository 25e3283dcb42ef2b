"""The npm endpoint: the registry requests of `npm publish`, `install`, `view`, `ping` and `dist-tag`."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import PackageRequest, answer
from .exceptions import ConflictException, package_not_found, version_not_found
from .packages import PUBLISHED, UNLISTED, Asset, Metadata, Package, PackageKey, PackageVersion
from .publishing import Upload

ASSET = "package.tgz"

NAME = r"(?P<name>(@[^/]+/)?[^/@-][^/]*)"
TAGS = re.compile(rf"-/package/{NAME}/dist-tags")
TAG = re.compile(rf"-/package/{NAME}/dist-tags/(?P<tag>[^/]+)")
TARBALL = re.compile(rf"{NAME}/-/(?P<file>([^/]+/)?[^/]+)\.tgz")
PACKAGE = re.compile(NAME)


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of an npm client."""
    if request.path == "-/ping":
        return _json({})
    for method, path, handler in ROUTES:
        match = path.fullmatch(request.path)
        if match and method == request.method:
            return handler(request, _key(match["name"]), match.groupdict())
    return answer(404, "Not found")


def _json(body: Any, status: int = 200) -> TYPE_RESPONSE:
    return answer(status, json.dumps(body), "application/json")


def _key(name: str) -> PackageKey:
    """Split a name. The namespace is the scope without its `@` (User Guide: service-event-format-example)."""
    scope, _, rest = name.rpartition("/")
    return PackageKey("npm", scope.removeprefix("@"), rest)


def _publish_version(request: PackageRequest, key: PackageKey, _: dict[str, str]) -> TYPE_RESPONSE:
    document = json.loads(request.body)
    if not document.get("_attachments"):
        return answer(400, "Only publishing is supported: the document has no attachments")
    package = request.repository.packages.get(key)
    [(version, manifest)] = document["versions"].items()
    if package is not None and version in package.versions:
        # an npm version takes no more files, not even the same one (User Guide: packages-overview)
        raise ConflictException(f"Package version {key.display_name} {version} already exists")
    [attachment] = [item for name, item in document["_attachments"].items() if name.endswith(".tgz")]
    upload = Upload(
        key=key,
        version=version,
        asset=Asset(ASSET, b64decode(attachment["data"])),
        metadata=_metadata(key, manifest),
        finished=True,
    )
    request.upload(upload)
    request.repository.package(key).dist_tags.update(document.get("dist-tags", {}))
    return _json({"ok": True}, 201)


def _metadata(key: PackageKey, manifest: dict[str, Any]) -> Metadata:
    """Convert the manifest. Fields that depend on the client or the registry are dropped."""
    kept = {name: value for name, value in manifest.items() if name != "dist" and not name.startswith("_")}
    source, license_ = manifest.get("repository"), manifest.get("license")
    return Metadata(
        display_name=key.display_name,
        summary=manifest.get("description"),
        home_page=manifest.get("homepage"),
        source_code_repository=source.get("url") if isinstance(source, dict) else source,
        license=license_ if isinstance(license_, str) else None,
        manifest=json.dumps(kept, sort_keys=True),
    )


def _get_packument(request: PackageRequest, key: PackageKey, _: dict[str, str]) -> TYPE_RESPONSE:
    package = request.repository.package(key)
    listed = package.published()
    if not listed:
        raise package_not_found(request.repository.name, key.format, key.namespace, key.name)
    body = {
        "_id": key.display_name,
        "name": key.display_name,
        "dist-tags": _listed_tags(package),
        "versions": {version.version: _manifest(request, key, version) for version in reversed(listed)},
        "time": {version.version: version.published_time.isoformat() + "Z" for version in reversed(listed)},
    }
    return _json(body)


def _listed_tags(package: Package) -> dict[str, str]:
    """Return the tags of published versions. Our choice: clients fail on a tag of an unlisted version."""
    return {tag: to for tag, to in package.dist_tags.items() if package.versions[to].status == PUBLISHED}


def _manifest(request: PackageRequest, key: PackageKey, version: PackageVersion) -> dict[str, Any]:
    hashes = version.assets[ASSET].hashes
    path = quote(f"{key.display_name}/-/{key.name}-{version.version}.tgz", safe="/@")
    dist = {
        "tarball": f"{request.endpoint}{path}",
        "shasum": hashes["SHA-1"],
        "integrity": "sha512-" + b64encode(bytes.fromhex(hashes["SHA-512"])).decode(),
    }
    manifest: dict[str, Any] = json.loads(version.metadata.manifest or "{}")
    return {**manifest, "_id": f"{key.display_name}@{version.version}", "dist": dist}


def _get_tarball(request: PackageRequest, key: PackageKey, match: dict[str, str]) -> TYPE_RESPONSE:
    version = match["file"].rpartition("/")[2].removeprefix(f"{key.name}-")
    found = request.repository.version(key, version)
    if found.status not in (PUBLISHED, UNLISTED):
        raise version_not_found(request.repository.name, key.name, version)
    return answer(200, found.assets[ASSET].content, "application/octet-stream")


def _get_tags(request: PackageRequest, key: PackageKey, _: dict[str, str]) -> TYPE_RESPONSE:
    return _json(_listed_tags(request.repository.package(key)))


def _put_tag(request: PackageRequest, key: PackageKey, match: dict[str, str]) -> TYPE_RESPONSE:
    request.require_allowed("PutPackageMetadata", key)
    version = request.repository.version(key, json.loads(request.body)).version
    request.repository.package(key).dist_tags[match["tag"]] = version
    return _json({"ok": True}, 201)


def _delete_tag(request: PackageRequest, key: PackageKey, match: dict[str, str]) -> TYPE_RESPONSE:
    request.require_allowed("PutPackageMetadata", key)
    request.repository.package(key).dist_tags.pop(match["tag"], None)
    return _json({"ok": True})


Route = Callable[[PackageRequest, PackageKey, dict[str, str]], TYPE_RESPONSE]
ROUTES: tuple[tuple[str, re.Pattern[str], Route], ...] = (
    ("GET", TAGS, _get_tags),
    ("PUT", TAG, _put_tag),
    ("DELETE", TAG, _delete_tag),
    ("GET", TARBALL, _get_tarball),
    ("PUT", PACKAGE, _publish_version),
    ("GET", PACKAGE, _get_packument),
)
