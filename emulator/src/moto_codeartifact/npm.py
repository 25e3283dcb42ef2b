"""The npm endpoint (User Guide: npm-commands, npm-tags)."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from moto.core.common_types import TYPE_RESPONSE

from .endpoints import PackageRequest, RejectedError, answer, json_answer
from .exceptions import ConflictException
from .formats import package_of_client, version_of_client
from .npm_documents import (
    read_deprecations,
    read_document,
    read_publication,
    read_version,
)
from .packages import Asset, PackageKey, PackageVersion, new_revision
from .publishing import Upload

ASSET = "package.tgz"

NAME = r"(?P<name>(@[^/]+/)?[^/@-][^/]*)"
TAGS = re.compile(rf"-/package/{NAME}/dist-tags")
TAG = re.compile(rf"-/package/{NAME}/dist-tags/(?P<tag>[^/]+)")
TARBALL = re.compile(rf"{NAME}/-/(?P<file>([^/]+/)?[^/]+)\.tgz")
PACKAGE = re.compile(NAME)
REVISION = re.compile(rf"{NAME}(/-/[^/]+\.tgz)?/-rev/(?P<revision>[^/]+)")


def serve(request: PackageRequest) -> TYPE_RESPONSE:
    """Answer one request of an npm client."""
    if request.path == "-/ping":
        return json_answer(200, {})
    for method, path, handler in ROUTES:
        match = path.fullmatch(request.path)
        if match and method == request.method:
            return handler(request, _key(match["name"]), match.groupdict())
    raise RejectedError(404, f"{request.method} {request.path} is not served")


def _key(name: str) -> PackageKey:
    """Split a name. The namespace is the scope without its `@` (User Guide: service-event-format-example)."""
    scope, _, rest = name.rpartition("/")
    return package_of_client("npm", scope.removeprefix("@"), rest)


def _put_document(
    request: PackageRequest, key: PackageKey, _: dict[str, str]
) -> TYPE_RESPONSE:
    document = read_document(request.body.content.read(), key)
    if document.get("_attachments"):
        return _publish_version(request, key, document)
    return _deprecate(request, key, document)


def _publish_version(
    request: PackageRequest, key: PackageKey, document: dict[str, Any]
) -> TYPE_RESPONSE:
    publication = read_publication(document, key)
    package = request.repository.packages.get(key)
    if package is not None and publication.version in package.versions:
        # an npm version takes no more files, not even the same one (User Guide: packages-overview)
        raise ConflictException(
            f"Package version {key.display_name} {publication.version} already exists"
        )
    upload = Upload(
        key=key,
        version=publication.version,
        asset=Asset(ASSET, publication.content),
        metadata=publication.metadata,
        finished=True,
    )
    request.upload(upload)
    request.repository.package(key).dist_tags.update(publication.tags)
    return json_answer(201, {"ok": True})


def _deprecate(
    request: PackageRequest, key: PackageKey, document: dict[str, Any]
) -> TYPE_RESPONSE:
    """Store the texts of `npm deprecate`, which sends the whole document back.

    Our choice: a changed text is changed metadata, so that the version gets a new revision.
    """
    request.require_allowed("PutPackageMetadata", key)
    package = request.repository.package(key)
    texts = read_deprecations(document)
    if not texts or not texts.keys() <= package.versions.keys():
        raise RejectedError(
            400,
            "The document has no attachments, and not only versions of the repository",
        )
    for version, text in texts.items():
        before = package.versions[version]
        if text != (before.metadata.deprecated or ""):
            metadata = replace(before.metadata, deprecated=text or None)
            changed = replace(before, metadata=metadata, revision=new_revision())
            request.backend.store(request.repository, key, changed)
    return json_answer(200, {"ok": True})


def _get_packument(
    request: PackageRequest, key: PackageKey, _: dict[str, str]
) -> TYPE_RESPONSE:
    listed = request.listed(key)
    times = {
        each.version: _released(each).isoformat() + "Z" for each in reversed(listed)
    }
    body = {
        "_id": key.display_name,
        "name": key.display_name,
        "dist-tags": _listed_tags(request, key, listed),
        "versions": {
            version.version: _manifest(request, key, version)
            for version in reversed(listed)
        },
        "time": {
            "created": min(times.values()),
            "modified": max(times.values()),
            **times,
        },
    }
    return json_answer(200, body)


def _released(version: PackageVersion) -> datetime:
    """Return when the version was published in the repository that it comes from."""
    return version.assets[ASSET].uploaded or version.published_time


def _listed_tags(
    request: PackageRequest, key: PackageKey, listed: list[PackageVersion]
) -> dict[str, str]:
    """Return the tags of published versions. Our choice: clients fail on a tag of an unlisted version."""
    names = {version.version for version in listed}
    tags = request.backend.list_client_tags(request.repository, key)
    return {tag: to for tag, to in tags.items() if to in names}


def _manifest(
    request: PackageRequest, key: PackageKey, version: PackageVersion
) -> dict[str, Any]:
    hashes = version.assets[ASSET].hashes
    path = quote(f"{key.display_name}/-/{key.name}-{version.version}.tgz", safe="/@")
    dist = {
        "tarball": f"{request.endpoint}{path}",
        "shasum": hashes["SHA-1"],
        "integrity": "sha512-" + b64encode(bytes.fromhex(hashes["SHA-512"])).decode(),
    }
    manifest: dict[str, Any] = json.loads(version.metadata.manifest or "{}")
    deprecated = (
        {"deprecated": version.metadata.deprecated}
        if version.metadata.deprecated
        else {}
    )
    return {
        **manifest,
        "_id": f"{key.display_name}@{version.version}",
        "dist": dist,
        **deprecated,
    }


def _get_tarball(
    request: PackageRequest, key: PackageKey, match: dict[str, str]
) -> TYPE_RESPONSE:
    version = match["file"].rpartition("/")[2].removeprefix(f"{key.name}-")
    found = request.fetch(key, version)
    return answer(200, found.assets[ASSET].content.read(), "application/octet-stream")


def _get_tags(
    request: PackageRequest, key: PackageKey, _: dict[str, str]
) -> TYPE_RESPONSE:
    return json_answer(200, _listed_tags(request, key, request.listed(key)))


def _put_tag(
    request: PackageRequest, key: PackageKey, match: dict[str, str]
) -> TYPE_RESPONSE:
    request.require_allowed("PutPackageMetadata", key)
    wanted = version_of_client("npm", read_version(request.body.content.read()))
    version = request.repository.version(key, wanted).version
    request.repository.package(key).dist_tags[match["tag"]] = version
    return json_answer(201, {"ok": True})


def _delete_tag(
    request: PackageRequest, key: PackageKey, match: dict[str, str]
) -> TYPE_RESPONSE:
    request.require_allowed("PutPackageMetadata", key)
    request.repository.package(key).dist_tags.pop(match["tag"], None)
    return json_answer(200, {"ok": True})


def _unpublish(
    request: PackageRequest, key: PackageKey, _: dict[str, str]
) -> TYPE_RESPONSE:
    """Refuse `npm unpublish` (User Guide: npm-commands). npm takes a 404 for success."""
    raise RejectedError(405, "unpublish is not supported; use delete-package-versions")


Route = Callable[[PackageRequest, PackageKey, dict[str, str]], TYPE_RESPONSE]
ROUTES: tuple[tuple[str, re.Pattern[str], Route], ...] = (
    ("GET", TAGS, _get_tags),
    ("PUT", TAG, _put_tag),
    ("DELETE", TAG, _delete_tag),
    ("GET", TARBALL, _get_tarball),
    ("PUT", REVISION, _unpublish),
    ("DELETE", REVISION, _unpublish),
    ("PUT", PACKAGE, _put_document),
    ("GET", PACKAGE, _get_packument),
)
