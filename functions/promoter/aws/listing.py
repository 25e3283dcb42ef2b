"""CodeArtifact, read only: what a domain holds. There is no method here that could change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from promoter.copying.ports import Assets
from promoter.packages.package import FORMATS, Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 1000  # entries of a page


class VersionSummary(Struct, frozen=True):
    """One version in a repository's list. `origin` is "internal" or "external"; None is unknown."""

    version: str
    revision: str
    status: str
    origin: str | None = None


class Description(Struct, frozen=True):
    """One version looked up; `published` is publishedTime, in whole UTC seconds since the epoch.

    That is no reliable age: it is set when a version is ingested, and falls back to its last change (User
    Guide: package-version-age-gating).
    """

    revision: str
    status: str
    published: float
    origin: str | None = None


class Listing:
    """The repositories of one domain, to look at. Its methods raise the SDK's own errors."""

    def __init__(
        self, client: Any, domain: str, owner: str | None = None, take: Callable[[], None] = lambda: None
    ) -> None:
        """`client` is the SDK's; `take` is called before each call and may wait, to keep a pace.

        Without an `owner` the domain is that of the caller's account (User Guide: domain-overview).
        """
        self._client = client
        self._domain = {"domain": domain} | ({"domainOwner": owner} if owner else {})
        self._take = take

    def packages(
        self, repository: str, format_: str = "", namespace: str = "", prefix: str = ""
    ) -> Iterator[Package]:
        """The packages of a repository, or those of a format whose namespace and name begin with these.

        What only an upstream has is not among them; packages without a version may be. Source: API reference,
        ListPackages.
        """
        wanted = {"format": format_, "namespace": namespace, "packagePrefix": prefix}
        filters = {name: value for name, value in wanted.items() if value}
        for page in self._pages("list_packages", repository=repository, **filters):
            for entry in page.get("packages", ()):
                if entry["format"] in FORMATS:  # the vendor may add one; no rule can ask for it
                    yield Package(entry["format"], entry.get("namespace") or "", entry["package"])

    def versions(self, repository: str, package: Package, status: str = "") -> Iterator[VersionSummary]:
        """The versions of a package of this status, or of any. Source: API reference, ListPackageVersions."""
        filters = {"status": status} if status else {}
        pages = self._pages(
            "list_package_versions", repository=repository, **_coordinates(package), **filters
        )
        for page in pages:
            for entry in page.get("versions", ()):
                yield VersionSummary(
                    entry["version"], entry.get("revision", ""), entry["status"], _origin(entry)
                )

    def describe(self, repository: str, package: Package, version: str) -> Description | None:
        """One version; None where the repository itself has none. Source: API reference, DescribePackageVersion."""
        from botocore.exceptions import ClientError

        try:
            answer = self._call(
                "describe_package_version",
                repository=repository,
                packageVersion=version,
                **_coordinates(package),
            )
        except ClientError as error:
            if _is_missing_version(error):
                return None
            raise
        found = answer["packageVersion"]
        published = found.get("publishedTime")
        return Description(
            found["revision"],
            found["status"],
            float(int(published.timestamp())) if published else 0.0,
            _origin(found),
        )

    def assets(self, repository: str, package: Package, version: str) -> Assets:
        """All assets of one version. Source: API reference, ListPackageVersionAssets."""
        hashes: dict[str, str] = {}
        revision = ""
        pages = self._pages(
            "list_package_version_assets",
            repository=repository,
            packageVersion=version,
            **_coordinates(package),
        )
        for page in pages:
            revision = page.get("versionRevision", "")
            for asset in page.get("assets", ()):
                hashes[asset["name"]] = asset.get("hashes", {}).get("SHA-256", "")
        return Assets(revision, hashes)

    def _pages(self, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        token: dict[str, Any] = {}
        while True:
            page = self._call(operation, maxResults=_MOST, **parameters, **token)
            yield page
            if not page.get("nextToken"):
                return
            token = {"nextToken": page["nextToken"]}

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        self._take()
        answer: dict[str, Any] = getattr(self._client, operation)(**self._domain, **parameters)
        return answer


def _coordinates(package: Package) -> dict[str, str]:
    namespace = {"namespace": package.namespace} if package.namespace else {}
    return {"format": package.format, "package": package.name, **namespace}


def _origin(entry: dict[str, Any]) -> str | None:
    found = str(entry.get("origin", {}).get("originType", "")).lower()
    return found if found in ("internal", "external") else None


def _is_missing_version(error: Any) -> bool:
    answer = error.response
    return answer.get("Error", {}).get("Code") == "ResourceNotFoundException" and answer.get(
        "resourceType"
    ) not in ("domain", "repository")
