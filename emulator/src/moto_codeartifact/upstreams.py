"""The repositories that a request through upstreams searches.

User Guide: repo-upstream-behavior, repo-upstream-search-order, package-origin-controls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .exceptions import (
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
    repository_not_found,
)
from .maven_names import SNAPSHOT
from .packages import PUBLISHED, UNLISTED, Package, PackageKey, PackageVersion
from .public_repositories import PublicRepository
from .repositories import Repository

MAX_DIRECT = 10
MAX_SEARCHED = 25
BLOCK = "BLOCK"
READABLE = (PUBLISHED, UNLISTED)


@dataclass(frozen=True)
class Source:
    """A package where a search has found it: in a repository, or in the public one behind its connection."""

    repository: Repository
    package: Package
    is_public: bool = False

    def version(self, name: str) -> PackageVersion | None:
        """Return a version if it can be had from here. Snapshots are not imported (User Guide: maven-snapshots)."""
        if (
            self.is_public
            and name.endswith(SNAPSHOT)
            and self.package.key.format == "maven"
        ):
            return None
        return self.package.versions.get(name)

    @property
    def names(self) -> list[str]:
        """The versions that can be had from here."""
        return [name for name in self.package.versions if self.version(name)]


@dataclass
class Search:
    """A search for one package, from one repository on."""

    key: PackageKey
    siblings: Mapping[str, Repository]
    public: Mapping[str, PublicRepository]
    _seen: set[str] = field(default_factory=set)

    def sources(self, repository: Repository) -> Iterator[Source]:
        """Yield where the package is, depth first, in the order of priority."""
        if repository.name in self._seen or len(self._seen) >= MAX_SEARCHED:
            return
        self._seen.add(repository.name)
        package = repository.packages.get(self.key)
        if package is not None:
            yield Source(repository, package)
        if package is None or package.upstream != BLOCK:
            yield from self._beyond(repository)

    def _beyond(self, repository: Repository) -> Iterator[Source]:
        for name in repository.upstreams:
            if name in self.siblings:
                yield from self.sources(self.siblings[name])
        public = (
            self.public[repository.external_connection]
            if repository.external_connection
            else None
        )
        if public is not None and self.key in public.packages:
            yield Source(repository, public.packages[self.key], is_public=True)

    def tags(self, repository: Repository) -> dict[str, str]:
        """Return npm's tags. Those of an upstream win (User Guide: npm-tags); the first of several upstreams wins."""
        if repository.name in self._seen or len(self._seen) >= MAX_SEARCHED:
            return {}
        self._seen.add(repository.name)
        package = repository.packages.get(self.key)
        own = dict(package.dist_tags) if package else {}
        if package is not None and package.upstream == BLOCK:
            return own
        public = (
            self.public[repository.external_connection]
            if repository.external_connection
            else None
        )
        found = public.packages.get(self.key) if public else None
        for tags in (
            dict(found.dist_tags) if found else {},
            *self._tags_of_upstreams(repository),
        ):
            own |= tags
        return own

    def _tags_of_upstreams(self, repository: Repository) -> list[dict[str, str]]:
        """Return the tags of each upstream, the last one first."""
        present = [
            self.siblings[name]
            for name in repository.upstreams
            if name in self.siblings
        ]
        return [self.tags(each) for each in present][::-1]


def with_upstreams(
    repository: Repository, siblings: Mapping[str, Repository]
) -> Iterator[Repository]:
    """Yield the repository and all its upstreams, depth first, in the order in which they are configured."""
    seen: set[str] = set()
    ahead = [repository.name]
    while ahead and len(seen) < MAX_SEARCHED:
        name = ahead.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name not in siblings:
            raise ResourceNotFoundException(
                f"Upstream repository '{name}' does not exist", name, "repository"
            )
        yield siblings[name]
        ahead = [*siblings[name].upstreams, *ahead]


def require_upstreams(
    name: str,
    upstreams: list[str],
    siblings: Mapping[str, Repository],
    domain: tuple[str, str],
) -> None:
    """Raise an error unless a repository can have these direct upstreams.

    Our choice: AWS does not document which error a duplicate or a cycle gets.
    """
    if len(upstreams) > MAX_DIRECT:
        raise ServiceQuotaExceededException(
            f"A repository has at most {MAX_DIRECT} direct upstreams",
            name,
            "repository",
        )
    for upstream in upstreams:
        if upstream not in siblings and upstream != name:
            raise repository_not_found(upstream, *domain)
    if len(set(upstreams)) < len(upstreams):
        raise ValidationException("An upstream repository is named twice")
    cycle = _find_cycle(name, upstreams, siblings)
    if cycle:
        raise ValidationException(
            f"The upstream repositories form a cycle: {' -> '.join(cycle)}"
        )


def _find_cycle(
    name: str, upstreams: list[str], siblings: Mapping[str, Repository]
) -> list[str]:
    """Return the way from the repository back to itself; an empty list if there is none."""
    ways = [[name, upstream] for upstream in upstreams]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == name:
            return way
        if way[-1] in siblings and way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, upstream] for upstream in siblings[way[-1]].upstreams]
    return []
