"""CodeArtifact: a reader of repositories, and a class that can copy too."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from promoter.aws.errors import api_errors
from promoter.copying.plan import Copy
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.inspection.ports import (
    ExternalConnection,
    RepositoryLinks,
    RepositoryPackage,
    VersionSummary,
)
from promoter.packages.package import FORMATS, Package
from promoter.rules.vocabulary import Origin

_PAGE_SIZE = 1000  # API reference: the most entries of a page


class CodeArtifactReader:
    """Reads the repositories of one domain. It has no method that could change anything.

    Every method raises ApiError if a call is refused or gets no answer.
    """

    def __init__(
        self,
        client: Any,
        domain: str,
        owner: str | None = None,
        acquire: Callable[[], None] = lambda: None,
    ) -> None:
        """`client` is the SDK's. `acquire` is called before each call and may wait.

        Without an `owner` the domain is the one of the caller's account (User Guide: domain-overview).
        """
        self._client = client
        self._domain = {"domain": domain} | ({"domainOwner": owner} if owner else {})
        self._acquire = acquire

    def repositories(self) -> list[str]:
        """The names of the domain's repositories. Source: API reference, ListRepositoriesInDomain."""
        entries = self._entries("list_repositories_in_domain", "repositories")
        return sorted(entry["name"] for entry in entries)

    def links(self, repository: str) -> RepositoryLinks:
        """The direct upstreams and external connections of a repository.

        Source: API reference, DescribeRepository.
        """
        found = self._call("describe_repository", repository=repository)["repository"]
        return RepositoryLinks(
            tuple(each["repositoryName"] for each in found.get("upstreams", ())),
            tuple(
                ExternalConnection(each["externalConnectionName"], each["packageFormat"])
                for each in found.get("externalConnections", ())
            ),
        )

    def packages(
        self, repository: str, format_: str = "", namespace: str = "", prefix: str = ""
    ) -> Iterator[RepositoryPackage]:
        """The packages of a repository; with a format, those whose namespace and name begin with these texts.

        Packages that only an upstream has are not listed. Source: API reference, ListPackages.
        """
        wanted = {"format": format_, "namespace": namespace, "packagePrefix": prefix}
        filters = {name: value for name, value in wanted.items() if value}
        for entry in self._entries("list_packages", "packages", repository=repository, **filters):
            if entry["format"] in FORMATS:  # AWS may add formats; no rule can name them
                package = Package(entry["format"], entry.get("namespace") or "", entry["package"])
                yield RepositoryPackage(package, _published_here(entry))

    def versions(self, repository: str, package: Package, status: str = "") -> Iterator[VersionSummary]:
        """The versions of a package, of one status or of all. Source: API reference, ListPackageVersions."""
        filters = {"status": status} if status else {}
        entries = self._entries(
            "list_package_versions", "versions", repository=repository, **_coordinates(package), **filters
        )
        for entry in entries:
            yield VersionSummary(entry["version"], entry.get("revision", ""), entry["status"], _origin(entry))

    def describe(self, repository: str, package: Package, version: str) -> Description:
        """Describe one version. Source: API reference, DescribePackageVersion."""
        answer = self._call(
            "describe_package_version",
            repository=repository,
            packageVersion=version,
            **_coordinates(package),
        )
        found = answer["packageVersion"]
        published = found.get("publishedTime")
        seconds = float(int(published.timestamp())) if published else 0.0
        return Description(found["revision"], found["status"], seconds, _origin(found))

    def find(self, repository: str, package: Package, version: str) -> Description | None:
        """Describe one version, or return None if the repository itself does not have it."""
        try:
            return self.describe(repository, package, version)
        except ApiError as error:
            missing = error.code == "ResourceNotFoundException"
            if missing and error.resource_type not in ("domain", "repository"):
                return None
            raise

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        """List all assets of one version. Source: API reference, ListPackageVersionAssets."""
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

    def _entries(self, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        for page in self._pages(operation, **parameters):
            yield from page.get(key, ())

    def _pages(self, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        paginator = self._client.get_paginator(operation)
        found = paginator.paginate(**self._domain, **parameters, PaginationConfig={"PageSize": _PAGE_SIZE})
        pages = iter(found)
        more = True
        while more:
            page = self._answer(lambda: next(pages))
            yield page
            more = bool(page.get("nextToken"))

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._answer(lambda: getattr(self._client, operation)(**self._domain, **parameters))

    def _answer(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The answer of one call, made when the rate limit allows it; raises ApiError."""
        self._acquire()
        with api_errors():
            return call()


class CodeArtifact(CodeArtifactReader):
    """Reads the repositories of one domain, and copies between them."""

    def copy_versions(self, instruction: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """Copy versions, each only if the source still has it at its revision.

        Source: API reference, CopyPackageVersions.
        """
        options = {"allowOverwrite": overwrite, "includeFromUpstream": instruction.include_from_upstream}
        answer = self._call(
            "copy_package_versions",
            sourceRepository=instruction.hop.source,
            destinationRepository=instruction.hop.destination,
            versionRevisions=dict(revisions),
            **_coordinates(instruction.package),
            **{name: True for name, value in options.items() if value},
        )
        successful, failed = answer.get("successfulVersions") or {}, answer.get("failedVersions") or {}
        return Reply(
            {
                version: Success(entry.get("revision", ""), entry.get("status", ""))
                for version, entry in successful.items()
            },
            {
                version: Failure(entry.get("errorCode", "unknown"), entry.get("errorMessage", ""))
                for version, entry in failed.items()
            },
        )


def _coordinates(package: Package) -> dict[str, str]:
    """The parameters that name a package. The API refuses an empty namespace, so an absent one is left out."""
    namespace = {"namespace": package.namespace} if package.namespace else {}
    return {"format": package.format, "package": package.name, **namespace}


def _origin(entry: Mapping[str, Any]) -> Origin | None:
    """Where a version first came from (API reference: PackageVersionOrigin); None is unknown."""
    found = str(entry.get("origin", {}).get("originType", "")).lower()
    return cast("Origin", found) if found in ("internal", "external") else None


def _published_here(entry: Mapping[str, Any]) -> bool | None:
    """Source: User Guide, package-origin-controls, default settings."""
    restrictions = (entry.get("originConfiguration") or {}).get("restrictions") or {}
    if restrictions.get("publish") == "BLOCK":
        return False
    return True if restrictions.get("upstream") == "BLOCK" else None
