"""A domain in memory, as inspection reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from promoter.copying.ports import ApiError, Assets, Description
from promoter.inspection.ports import (
    ExternalConnection,
    RepositoryLinks,
    RepositoryPackage,
    VersionSummary,
)
from promoter.packages.package import Package
from promoter.rules.vocabulary import Origin
from tests.support.samples import MORNING, WIDGET


@dataclass(frozen=True)
class Published:
    """A version in one repository."""

    revision: str
    status: str
    published: float
    origin: Origin | None
    hashes: Mapping[str, str]


@dataclass
class InMemoryReader:
    """The repositories of one domain. `calls` has every call as (operation, repository, ...)."""

    contents: dict[str, dict[tuple[Package, str], Published]]
    calls: list[tuple[str, ...]] = field(default_factory=list)
    linked: dict[str, RepositoryLinks] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()  # repositories that may not be described

    @classmethod
    def of(cls, *repositories: str) -> "InMemoryReader":
        """A domain with empty repositories."""
        return cls({name: {} for name in repositories})

    def put(
        self,
        repository: str,
        version: str = "1.0.0",
        package: Package = WIDGET,
        *,
        revision: str = "r1",
        status: str = "Published",
        published: float = MORNING,
        origin: Origin | None = "internal",
        content: str = "aa",
        **more: str,
    ) -> None:
        """Put a version with one file into a repository, or with `more` files by name. A disposed one has none."""
        hashes = {} if status == "Disposed" else {"package.tgz": content, **more}
        self.contents[repository][package, version] = Published(revision, status, published, origin, hashes)

    def link(self, repository: str, *upstreams: str, connection: str = "", format_: str = "npm") -> None:
        """Give a repository upstreams and an external connection."""
        connections = (ExternalConnection(connection, format_),) if connection else ()
        self.contents.setdefault(repository, {})
        self.linked[repository] = RepositoryLinks(upstreams, connections)

    def links(self, repository: str) -> RepositoryLinks:
        self.calls.append(("links", repository))
        if repository in self.denied:
            raise ApiError("AccessDeniedException", f"no permission for {repository}")
        self._of(repository)
        return self.linked.get(repository, RepositoryLinks())

    def repositories(self) -> list[str]:
        return sorted(self.contents)

    def packages(
        self, repository: str, format_: str = "", namespace: str = "", prefix: str = ""
    ) -> Iterator[RepositoryPackage]:
        self.calls.append(("packages", repository, format_, namespace, prefix))
        for package in sorted({package for package, _ in self._of(repository)}):
            if format_ and package.format != format_:
                continue
            if package.namespace.startswith(namespace) and package.name.startswith(prefix):
                yield RepositoryPackage(package, None)

    def versions(self, repository: str, package: Package, status: str = "") -> Iterator[VersionSummary]:
        self.calls.append(("versions", repository, package.name, status))
        for (found, version), each in self._of(repository).items():
            if found == package and status in ("", each.status):
                yield VersionSummary(version, each.revision, each.status, each.origin)

    def find(self, repository: str, package: Package, version: str) -> Description | None:
        self.calls.append(("find", repository, package.name, version))
        found = self._of(repository).get((package, version))
        return Description(found.revision, found.status, found.published, found.origin) if found else None

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        self.calls.append(("list_assets", repository, package.name, version))
        found = self._of(repository)[package, version]
        return Assets(found.revision, found.hashes)

    def _of(self, repository: str) -> dict[tuple[Package, str], Published]:
        if repository not in self.contents:
            raise ApiError("ResourceNotFoundException", f"Repository not found: {repository}", "repository")
        return self.contents[repository]
