"""Reads the documents that npm sends. What npm's registry would not understand is refused here."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .contents import Content, content_of
from .endpoints import RejectedError
from .formats import version_of_client
from .packages import Dependency, License, Metadata, PackageKey

DEPENDENCIES = {
    "dependencies": "regular",
    "devDependencies": "dev",
    "peerDependencies": "peer",
    "optionalDependencies": "optional",
}
"""The members of a manifest, and the type that the API gives to their packages."""
SRI = {"sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A version to publish."""

    version: str
    metadata: Metadata
    content: Content
    tags: Mapping[str, str]


def read_document(body: bytes, key: PackageKey) -> dict[str, Any]:
    """Return the document, which must be about the package of the path."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise RejectedError(400, "The body is not JSON") from None
    if not isinstance(document, dict):
        raise RejectedError(400, "The body is not a JSON object")
    for member in ("name", "_id"):
        if document.get(member, key.display_name) != key.display_name:
            raise RejectedError(
                400,
                f"The document's {member} is {document[member]!r}, not {key.display_name!r}",
            )
    return document


def read_publication(document: Mapping[str, Any], key: PackageKey) -> Publication:
    """Return the version that `npm publish` sends."""
    version, manifest = _only(_object(document, "versions"), "version")
    if not isinstance(manifest, dict):
        raise RejectedError(400, f"The manifest of {version} is not an object")
    stored = version_of_client("npm", version)
    for member, wanted in (("name", key.display_name), ("version", version)):
        if manifest.get(member) != wanted:
            raise RejectedError(
                400,
                f"The manifest's {member} is {manifest.get(member)!r}, not {wanted!r}",
            )
    content = _attachment(_object(document, "_attachments"))
    require_integrity(manifest.get("dist", {}), content)
    tags = read_tags(document)
    unknown = sorted({to for to in tags.values() if to != version})
    if unknown:
        raise RejectedError(
            400, f"dist-tags name {', '.join(unknown)}, but {version} is published"
        )
    return Publication(
        version=stored,
        metadata=read_metadata(key, manifest, document),
        content=content,
        tags=tags,
    )


def read_tags(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a document."""
    tags = _object(document, "dist-tags")
    if not all(isinstance(to, str) and tag for tag, to in tags.items()):
        raise RejectedError(400, "dist-tags is not a map of tags to versions")
    return tags


def read_deprecations(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions of a document, each with the text of `npm deprecate`; empty if it has none."""
    versions = _object(document, "versions")
    if not all(isinstance(manifest, dict) for manifest in versions.values()):
        raise RejectedError(400, "A manifest is not an object")
    return {
        version: str(manifest.get("deprecated") or "")
        for version, manifest in versions.items()
    }


def read_version(body: bytes) -> str:
    """Return the version that `npm dist-tag add` sends."""
    try:
        version = json.loads(body)
    except ValueError:
        version = None
    if not isinstance(version, str):
        raise RejectedError(400, "The body is not a version in JSON")
    return version


def require_integrity(dist: Any, content: Content) -> None:
    """Refuse content that does not have the digests of the manifest."""
    if not isinstance(dist, dict):
        raise RejectedError(400, "The manifest's dist is not an object")
    if dist.get("shasum", content.hashes["SHA-1"]) != content.hashes["SHA-1"]:
        raise RejectedError(
            400, "The attachment does not have the shasum of the manifest"
        )
    for text in str(dist.get("integrity") or "").split():
        algorithm, _, digest = text.partition("-")
        if algorithm in SRI and digest.split("?")[0] != sri_digest(
            content, SRI[algorithm]
        ):
            raise RejectedError(
                400,
                f"The attachment does not have the {algorithm} integrity of the manifest",
            )


def sri_digest(content: Content, name: str) -> str:
    """Return a digest as `integrity` has it: in base64."""
    return b64encode(bytes.fromhex(content.hashes[name])).decode()


def read_metadata(
    key: PackageKey, manifest: dict[str, Any], document: Mapping[str, Any]
) -> Metadata:
    """Convert the manifest. Fields that depend on the client or the registry are dropped."""
    kept = {
        name: value
        for name, value in manifest.items()
        if name not in ("dist", "readme") and not name.startswith("_")
    }
    source = manifest.get("repository")
    return Metadata(
        display_name=key.display_name,
        summary=_text(manifest.get("description")),
        home_page=_text(manifest.get("homepage")),
        source_code_repository=_text(
            source.get("url") if isinstance(source, dict) else source
        ),
        licenses=tuple(_licenses(manifest.get("license"))),
        dependencies=tuple(_dependencies(manifest)),
        readme=_text(manifest.get("readme")) or _text(document.get("readme")),
        manifest=json.dumps(kept, sort_keys=True),
    )


def _licenses(value: Any) -> Iterator[License]:
    """Yield the license, which old packages wrote as an object."""
    if isinstance(value, str):
        yield License(value)
    elif isinstance(value, dict) and _text(value.get("type")):
        yield License(value["type"], _text(value.get("url")))


def _dependencies(manifest: dict[str, Any]) -> Iterator[Dependency]:
    """Yield the dependencies, without those of bundles, which are regular ones, too."""
    for member, kind in DEPENDENCIES.items():
        found = manifest.get(member)
        for name, wanted in found.items() if isinstance(found, dict) else ():
            scope, _, rest = name.rpartition("/")
            yield Dependency(
                namespace=scope.removeprefix("@") or None,
                package=rest,
                dependency_type=kind,
                version_requirement=_text(wanted),
            )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _object(document: Mapping[str, Any], member: str) -> dict[str, Any]:
    value = document.get(member, {})
    if not isinstance(value, dict):
        raise RejectedError(400, f"The document's {member} is not an object")
    return value


def _only(items: dict[str, Any], what: str) -> tuple[str, Any]:
    if len(items) != 1:
        raise RejectedError(
            400, f"The document has {len(items)} {what}s, must have one"
        )
    return next(iter(items.items()))


def _attachment(attachments: dict[str, Any]) -> Content:
    """Return the package. A provenance bundle may be attached, too."""
    packages = {
        name: item for name, item in attachments.items() if name.endswith(".tgz")
    }
    _, attachment = _only(packages, "attachment")
    try:
        data = b64decode(attachment["data"], validate=True)
    except (ValueError, TypeError, KeyError):
        raise RejectedError(400, "The attachment has no data in base64") from None
    if attachment.get("length", len(data)) != len(data):
        raise RejectedError(
            400, f"The attachment has {len(data)} bytes, not {attachment['length']}"
        )
    return content_of(data)
