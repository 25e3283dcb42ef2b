"""What inspection needs from the outside: lists of what repositories have."""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from promoter.copying.ports import Assets, Description
from promoter.packages.package import Package
from promoter.rules.vocabulary import Origin


class VersionSummary(Struct, frozen=True):
    """An entry of ListPackageVersions."""

    version: str
    revision: str
    status: str
    origin: Origin | None = None


class RepositoryPackage(Struct, frozen=True):
    """A package in a repository.

    `published_here` is True if only publishing is allowed (the package was first published in the domain), False
    if only fetching is, None if the origin controls do not tell.
    """

    package: Package
    published_here: bool | None


class Reader(Protocol):
    """Reads the repositories of one domain. Every method raises ApiError."""

    def packages(
        self, repository: str, format_: str = "", namespace: str = "", prefix: str = ""
    ) -> Iterator[RepositoryPackage]:
        """The packages of a repository; with a format, those whose namespace and name begin with these texts."""
        ...

    def versions(self, repository: str, package: Package, status: str = "") -> Iterator[VersionSummary]:
        """The versions of a package, of one status or of all."""
        ...

    def find(self, repository: str, package: Package, version: str) -> Description | None:
        """Describe one version, or return None if the repository itself does not have it."""
        ...

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        """List all assets of one version."""
        ...
