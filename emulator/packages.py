"""Packages as a repository holds them: coordinates, assets, versions."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from moto.moto_api._internal import mock_random

from .exceptions import ValidationException

PUBLISHED, UNFINISHED, UNLISTED = "Published", "Unfinished", "Unlisted"
ARCHIVED, DISPOSED, DELETED = "Archived", "Disposed", "Deleted"

NAMESPACE_REQUIRED = frozenset({"maven", "swift", "generic"})


def new_revision() -> str:
    """An opaque revision, 32 bytes in base64 like the real ones."""
    return b64encode(mock_random.randbytes(32)).decode()


def normalised_pypi(name: str) -> str:
    """The name as PEP 503 spells it (User Guide: python-name-normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True, order=True)
class PackageKey:
    """What identifies a package within a repository; the names are normalised."""

    format: str
    namespace: str
    name: str

    @classmethod
    def from_api(cls, format_: str, namespace: str | None, name: str) -> "PackageKey":
        """The package that an API call names.

        Python names have to be normalised by the caller; nuget and swift names are normalised here
        (User Guide: python-, nuget- and swift-name-normalization).
        """
        if format_ in NAMESPACE_REQUIRED and not namespace:
            raise ValidationException(
                f"Packages of format {format_} require a namespace", "FIELD_VALIDATION_FAILED"
            )
        if format_ == "pypi" and normalised_pypi(name) != name:
            raise ValidationException(
                f"Package name '{name}' is not normalized; use '{normalised_pypi(name)}'",
                "FIELD_VALIDATION_FAILED",
            )
        if format_ in ("nuget", "swift"):
            return cls(format_, (namespace or "").lower(), name.lower())
        return cls(format_, namespace or "", name)

    @property
    def display_name(self) -> str:
        """The name as npm writes it with its scope; the plain name elsewhere."""
        return f"@{self.namespace}/{self.name}" if self.format == "npm" and self.namespace else self.name

    def coordinates(self, name_key: str = "package") -> dict[str, Any]:
        """As responses carry them; a missing namespace is left out."""
        return {"format": self.format, "namespace": self.namespace or None, name_key: self.name}


@dataclass(frozen=True)
class Asset:
    """One file of a package version."""

    name: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The four digests that the API shows."""
        return {
            "MD5": hashlib.md5(self.content, usedforsecurity=False).hexdigest(),
            "SHA-1": hashlib.sha1(self.content, usedforsecurity=False).hexdigest(),
            "SHA-256": hashlib.sha256(self.content).hexdigest(),
            "SHA-512": hashlib.sha512(self.content).hexdigest(),
        }


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What the package manager told about a version, apart from its files."""

    display_name: str
    summary: str | None = None
    home_page: str | None = None
    source_code_repository: str | None = None
    license: str | None = None
    requires_python: str | None = None
    manifest: str | None = None
    """npm: the version's package.json, as JSON text."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Through what a version came into the domain; a copy keeps it (API: DomainEntryPoint)."""

    repository_name: str | None = None
    external_connection_name: str | None = None

    @property
    def origin_type(self) -> str:
        """Published here, or ingested from a public repository."""
        return "EXTERNAL" if self.external_connection_name else "INTERNAL"

    @property
    def domain_entry_point(self) -> "Origin":
        """The part of the origin that says where."""
        return self


@dataclass(frozen=True, kw_only=True)
class PackageVersion:
    """One version in one repository, at one moment; a change makes another object."""

    version: str
    revision: str
    status: str
    metadata: Metadata
    assets: dict[str, Asset]
    published_time: datetime
    origin: Origin

    def same_content(self, other: "PackageVersion") -> bool:
        """Whether files and metadata are equal (User Guide: copy-package).

        A choice: the status does not count.
        """
        mine = {name: asset.hashes["SHA-256"] for name, asset in self.assets.items()}
        theirs = {name: asset.hashes["SHA-256"] for name, asset in other.assets.items()}
        return mine == theirs and self.metadata == other.metadata


@dataclass
class Package:
    """A package in one repository; it may outlive its versions."""

    key: PackageKey
    publish: str = "ALLOW"
    upstream: str = "BLOCK"
    versions: dict[str, PackageVersion] = field(default_factory=dict)
    dist_tags: dict[str, str] = field(default_factory=dict)

    @property
    def origin_configuration(self) -> dict[str, Any]:
        """First published directly: publish ALLOW, upstream BLOCK (User Guide: package-origin-controls)."""
        return {"restrictions": {"publish": self.publish, "upstream": self.upstream}}

    def published(self) -> list[PackageVersion]:
        """The versions that clients see, newest first."""
        return self.list_versions(PUBLISHED, None, by_time=True)

    def list_versions(
        self, status: str | None, origin_type: str | None, *, by_time: bool
    ) -> list[PackageVersion]:
        """Newest first, or by name where AWS promises no order; None takes every status or origin."""
        chosen = [
            version
            for version in self.versions.values()
            if status in (None, version.status) and origin_type in (None, version.origin.origin_type)
        ]
        if by_time:
            return sorted(chosen, key=lambda version: version.published_time, reverse=True)
        return sorted(chosen, key=lambda version: version.version)

    @property
    def default_display_version(self) -> str | None:
        """The `latest` tag of npm, else the newest published version (API: ListPackageVersions)."""
        newest = next((version.version for version in self.published()), None)
        return self.dist_tags.get("latest", newest)
