"""Packages in a repository: coordinates, assets, versions."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.moto_api._internal import mock_random

from .contents import Content, content_of
from .ordering import SortedDict

PUBLISHED, UNFINISHED, UNLISTED = "Published", "Unfinished", "Unlisted"
ARCHIVED, DISPOSED, DELETED = "Archived", "Disposed", "Deleted"


def new_revision() -> str:
    """Create an opaque revision: 32 bytes in base64, as on AWS."""
    return b64encode(mock_random.randbytes(32)).decode()


@dataclass(frozen=True, order=True)
class PackageKey:
    """The format, namespace and name of a package, with normalised names."""

    format: str
    namespace: str
    name: str

    @property
    def display_name(self) -> str:
        """The name; for npm, with its scope."""
        return (
            f"@{self.namespace}/{self.name}"
            if self.format == "npm" and self.namespace
            else self.name
        )

    def coordinates(self, name_key: str = "package") -> dict[str, Any]:
        """Return the members of a response. An empty namespace is omitted."""
        return {
            "format": self.format,
            "namespace": self.namespace or None,
            name_key: self.name,
        }


@dataclass(frozen=True)
class Asset:
    """One file of a package version."""

    name: str
    content: Content
    uploaded: datetime | None = field(default=None, compare=False)
    """When the file came into the domain, or into the public repository that it was ingested from."""

    @classmethod
    def of(cls, name: str, data: bytes) -> "Asset":
        """Create a file from its bytes."""
        return cls(name, content_of(data))

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.content.size

    @property
    def hashes(self) -> dict[str, str]:
        """The four digests that the API shows."""
        return self.content.hashes


@dataclass(frozen=True)
class License:
    """A license of a version."""

    name: str | None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """A package that a version depends on (API: PackageDependency)."""

    package: str
    namespace: str | None = None
    dependency_type: str | None = None
    version_requirement: str | None = None


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The metadata of a version that its package manager sent."""

    display_name: str
    summary: str | None = None
    home_page: str | None = None
    source_code_repository: str | None = None
    licenses: tuple[License, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    readme: str | None = None
    requires_python: str | None = None
    yanked: str | None = None
    """pypi only: the reason why the version was yanked, which may be empty; None if it was not."""
    manifest: str | None = None
    """npm only: the version's package.json, as JSON text."""
    deprecated: str | None = None
    """npm only: the text of `npm deprecate`."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The entry point of a version into the domain. A copy keeps it (API: DomainEntryPoint)."""

    repository_name: str | None = None
    external_connection_name: str | None = None

    @property
    def origin_type(self) -> str:
        """EXTERNAL if the version was ingested from a public repository; INTERNAL if it was published."""
        return "EXTERNAL" if self.external_connection_name else "INTERNAL"

    @property
    def domain_entry_point(self) -> "Origin":
        """The repository or the external connection."""
        return self


@dataclass(frozen=True, kw_only=True)
class PackageVersion:
    """One version in one repository. It is immutable: a change creates a new object."""

    version: str
    revision: str
    status: str
    metadata: Metadata
    assets: dict[str, Asset]
    published_time: datetime
    origin: Origin

    def same_content(self, other: "PackageVersion") -> bool:
        """Return True if files and metadata are equal (User Guide: copy-package).

        Our choice: the status may differ.
        """
        mine = {name: asset.hashes["SHA-256"] for name, asset in self.assets.items()}
        theirs = {name: asset.hashes["SHA-256"] for name, asset in other.assets.items()}
        return mine == theirs and self.metadata == other.metadata


@dataclass
class Package:
    """A package in one repository. It stays when its last version is deleted."""

    key: PackageKey
    publish: str = "ALLOW"
    upstream: str = "BLOCK"
    versions: SortedDict[str, PackageVersion] = field(default_factory=SortedDict)
    dist_tags: dict[str, str] = field(default_factory=dict)
    wrong_checksums: set[tuple[str, str]] = field(default_factory=set)
    """maven only: the versions and files whose last uploaded checksum did not match."""
    _by_time: tuple[int, list[tuple[float, str]]] | None = None

    @property
    def origin_configuration(self) -> dict[str, Any]:
        """The origin controls. The defaults are those of a package that was published directly.

        User Guide: package-origin-controls.
        """
        return {"restrictions": {"publish": self.publish, "upstream": self.upstream}}

    def newest_first(self) -> list[tuple[float, str]]:
        """Return the versions by time, newest first: the negative time of each, and its name."""
        changes = self.versions.changes
        if self._by_time is None or self._by_time[0] != changes:
            order = sorted(
                (-each.published_time.timestamp(), name)
                for name, each in self.versions.items()
            )
            self._by_time = (changes, order)
        return self._by_time[1]

    def published(self) -> list[PackageVersion]:
        """Return the published versions, newest first."""
        found = (self.versions[name] for _, name in self.newest_first())
        return [version for version in found if version.status == PUBLISHED]

    @property
    def default_display_version(self) -> str | None:
        """The version of npm's tag `latest`, else the newest published one (API: ListPackageVersions)."""
        if "latest" in self.dist_tags:
            return self.dist_tags["latest"]
        names = (name for _, name in self.newest_first())
        return next(
            (name for name in names if self.versions[name].status == PUBLISHED), None
        )
