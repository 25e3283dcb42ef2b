"""Requests of clients through upstream repositories and external connections.

User Guide: repo-upstream-behavior, package-origin-controls, python- and maven-upstream-external-connections-request.
"""

from dataclasses import replace

from moto.core.utils import utcnow

from .domains import Domain
from .exceptions import ConflictException, package_not_found, version_not_found
from .faults import Faults
from .outbox import locked
from .packages import PUBLISHED, Package, PackageKey, PackageVersion, new_revision
from .public_repositories import PublicRepository
from .publishing import Upload
from .repositories import Repository
from .settings import EmulatorSettings
from .upstreams import BLOCK, READABLE, Search, Source

# the origin controls (publish, upstream) of a package, by how its first version came into the repository
OF_PUBLISHED = ("ALLOW", "BLOCK")
OF_INGESTED = ("BLOCK", "ALLOW")
OF_RETAINED = ("ALLOW", "ALLOW")
"""Our choice: AWS does not document it for a package that was published to an upstream repository."""


class UpstreamBackend:
    """What clients see through upstreams. CodeArtifactBackend inherits this."""

    domains: dict[str, Domain]
    settings: EmulatorSettings
    faults: Faults
    public_repositories: dict[str, PublicRepository]

    def store(
        self,
        repository: Repository,
        key: PackageKey,
        version: PackageVersion,
        controls: tuple[str, str] = OF_PUBLISHED,
    ) -> None:
        """Store a version in a repository."""
        raise NotImplementedError

    def _search(self, repository: Repository, key: PackageKey) -> Search:
        return Search(
            key,
            self.domains[repository.domain_name].repositories,
            self.public_repositories,
        )

    def _sources(
        self, repository: Repository, key: PackageKey, version: str
    ) -> list[Source]:
        """Return where a version is, in the order of priority."""
        return [
            each
            for each in self._search(repository, key).sources(repository)
            if each.version(version)
        ]

    @locked
    def fetch_version(
        self, repository: Repository, key: PackageKey, version: str
    ) -> PackageVersion:
        """Return a version that a client downloads. If it came through an upstream, it is retained.

        The first repository that contains it decides: if it is archived there, it is not found.
        """
        sources = self._sources(repository, key, version)
        found = sources[0].version(version) if sources else None
        if found is None or found.status not in READABLE:
            raise version_not_found(repository.name, key.name, version)
        return self._retain(sources[0], found, repository)

    def _retain(
        self, source: Source, version: PackageVersion, repository: Repository
    ) -> PackageVersion:
        """Store the version where it was ingested and where it was requested, but not in between."""
        key, retained = source.package.key, version
        if source.is_public:
            retained = replace(version, published_time=utcnow())
            self.store(source.repository, key, retained, OF_INGESTED)
        if source.repository is not repository:
            if self.settings.copied_revision == "fresh":
                retained = replace(retained, revision=new_revision())
            external = retained.origin.external_connection_name is not None
            self.store(
                repository, key, retained, OF_INGESTED if external else OF_RETAINED
            )
        return retained

    def list_client_versions(
        self, repository: Repository, key: PackageKey
    ) -> list[PackageVersion]:
        """Return the published versions that a client sees, newest first, or raise ResourceNotFoundException."""
        first: dict[str, PackageVersion] = {}
        for source in self._search(repository, key).sources(repository):
            for name in source.names:
                first.setdefault(name, source.package.versions[name])
        listed = [version for version in first.values() if version.status == PUBLISHED]
        if not listed:
            raise package_not_found(
                repository.name, key.format, key.namespace, key.name
            )
        return sorted(
            listed,
            key=lambda version: (version.published_time, version.version),
            reverse=True,
        )

    def list_client_tags(
        self, repository: Repository, key: PackageKey
    ) -> dict[str, str]:
        """Return the npm tags that a client sees."""
        return self._search(repository, key).tags(repository)

    @locked
    def refresh(self, repository: Repository, key: PackageKey, version: str) -> None:
        """Add the files and the yanked mark that a version has got where it came from."""
        sources = self._sources(repository, key, version)
        for below, above in zip(sources[-2::-1], sources[:0:-1], strict=False):
            self._refresh_from(below, above, version)

    def _refresh_from(self, below: Source, above: Source, name: str) -> None:
        mine, theirs = below.package.versions[name], above.package.versions[name]
        readable = mine.status in READABLE and theirs.status in READABLE
        if (
            not readable
            or mine.origin != theirs.origin
            or mine.origin.external_connection_name is None
        ):
            return
        assets = {**theirs.assets, **mine.assets}
        metadata = replace(mine.metadata, yanked=theirs.metadata.yanked)
        if assets.keys() != mine.assets.keys() or metadata != mine.metadata:
            changed = replace(
                mine, assets=assets, metadata=metadata, revision=new_revision()
            )
            self.store(below.repository, below.package.key, changed)

    def require_publishable(self, repository: Repository, upload: Upload) -> None:
        """Raise ConflictException if the origin controls or an upstream do not let the version be published.

        Our choice: AWS does not document the error of a blocked publication.
        """
        key, package = upload.key, repository.packages.get(upload.key)
        if package is not None and package.publish == BLOCK:
            raise _conflict(
                f"Publishing {key.display_name} is blocked by its origin controls",
                upload,
            )
        if key.format == "generic":
            return
        beyond = [
            source
            for source in self._sources(repository, key, upload.version)
            if source.is_public or source.repository is not repository
        ]
        if beyond:
            text = f"Package version {key.display_name} {upload.version} is present in an upstream repository"
            raise _conflict(text, upload)


def _conflict(text: str, upload: Upload) -> ConflictException:
    return ConflictException(text, upload.version, "package-version")


def new_package(key: PackageKey, controls: tuple[str, str]) -> Package:
    """Create a package with these origin controls."""
    return Package(key, publish=controls[0], upstream=controls[1])
