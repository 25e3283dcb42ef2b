"""The operations on package versions."""

from dataclasses import replace

from moto.core.utils import utcnow

from .copying import CopyRequest, copy_versions
from .exceptions import ConflictException, asset_not_found, readme_not_found
from .listing import VersionFilter, list_versions
from .outbox import locked
from .outcomes import Outcomes
from .package_backend import PackageBackend
from .packages import (
    ARCHIVED,
    DELETED,
    DISPOSED,
    Asset,
    Dependency,
    PackageKey,
    PackageVersion,
)
from .paging import Page, PageRequest, Position, take_page
from .publishing import Upload, require_generic, with_asset
from .repositories import Repository
from .statuses import StatusChange, change_statuses, require_settable
from .upstream_backend import OF_INGESTED, OF_PUBLISHED
from .upstreams import with_upstreams


class VersionBackend(PackageBackend):
    """The operations on versions. CodeArtifactBackend inherits them."""

    def describe_repository(self, domain_name: str, name: str) -> Repository:
        """Return the repository, or raise ResourceNotFoundException."""
        raise NotImplementedError

    # Read

    def list_package_versions(
        self,
        repository: Repository,
        key: PackageKey,
        wanted: VersionFilter,
        request: PageRequest,
    ) -> Page[PackageVersion]:
        """Return a page of versions."""
        return take_page(
            request, list_versions(repository.package(key), wanted, request.after)
        )

    def describe_package_version(
        self, repository: Repository, key: PackageKey, version: str
    ) -> PackageVersion:
        """Return a version, or raise ResourceNotFoundException. Upstreams are not searched."""
        return repository.version(key, version)

    def get_package_version_readme(
        self, repository: Repository, key: PackageKey, version: str
    ) -> PackageVersion:
        """Return a version that has a readme, or raise ResourceNotFoundException."""
        found = repository.version(key, version)
        if found.metadata.readme is None:
            raise readme_not_found(version)
        return found

    def list_package_version_dependencies(
        self, version: PackageVersion, request: PageRequest
    ) -> Page[Dependency]:
        """Return a page of dependencies in the order of the package's own file."""
        entries: list[tuple[Position, Dependency]] = [
            ([number], each)
            for number, each in enumerate(version.metadata.dependencies)
        ]
        return take_page(request, request.skip(entries))

    def list_package_version_assets(
        self, version: PackageVersion, request: PageRequest
    ) -> Page[Asset]:
        """Return a page of files by name."""
        assets = (([name], version.assets[name]) for name in sorted(version.assets))
        return take_page(request, request.skip(assets))

    def get_package_version_asset(
        self,
        repository: Repository,
        key: PackageKey,
        version: str,
        asset: str,
        revision: str | None,
    ) -> tuple[PackageVersion, Asset]:
        """Return an asset and its version, which must have the given revision, if any."""
        found = repository.version(key, version)
        if revision is not None and revision != found.revision:
            raise ConflictException(
                f"current revision: {found.revision}, expected revision: {revision}",
                version,
                "package-version",
            )
        if found.status in (ARCHIVED, DISPOSED) or asset not in found.assets:
            raise asset_not_found(version, asset)
        return found, found.assets[asset]

    # Write

    @locked
    def upload(self, repository: Repository, upload: Upload) -> PackageVersion:
        """Add a file to a version, which may be new. With an external connection, this is an ingestion."""
        ingested = upload.external_connection is not None
        if not ingested:
            self.require_publishable(repository, upload)
        version = with_asset(repository, upload, utcnow())
        self.store(
            repository, upload.key, version, OF_INGESTED if ingested else OF_PUBLISHED
        )
        return version

    @locked
    def publish_package_version(
        self, repository: Repository, upload: Upload, sha256: str
    ) -> PackageVersion:
        """Add a file to a version of a generic package."""
        require_generic(repository, upload, sha256)
        return self.upload(repository, upload)

    @locked
    def copy_package_versions(
        self, source: Repository, destination: str, request: CopyRequest
    ) -> Outcomes:
        """Copy versions within the domain."""
        siblings = self.domains[source.domain_name].repositories
        target = self.describe_repository(source.domain_name, destination)
        sources = (
            list(with_upstreams(source, siblings))
            if request.include_from_upstream
            else [source]
        )
        return copy_versions(
            request,
            sources,
            target,
            self.settings,
            self.store,
            self.faults.of_versions("CopyPackageVersions"),
        )

    def update_package_versions_status(
        self, repository: Repository, key: PackageKey, change: StatusChange
    ) -> Outcomes:
        """Publish, unlist or archive versions."""
        require_settable(change.target)
        return self.change_statuses(
            repository, key, change, "UpdatePackageVersionsStatus"
        )

    def dispose_package_versions(
        self, repository: Repository, key: PackageKey, change: StatusChange
    ) -> Outcomes:
        """Remove the files of versions."""
        return self.change_statuses(
            repository, key, replace(change, target=DISPOSED), "DisposePackageVersions"
        )

    def delete_package_versions(
        self, repository: Repository, key: PackageKey, change: StatusChange
    ) -> Outcomes:
        """Remove versions."""
        return self.change_statuses(
            repository, key, replace(change, target=DELETED), "DeletePackageVersions"
        )

    @locked
    def change_statuses(
        self,
        repository: Repository,
        key: PackageKey,
        change: StatusChange,
        operation: str = "",
    ) -> Outcomes:
        """Update, dispose or delete versions. `operation` is that of the API, if one was called."""
        return change_statuses(
            change,
            repository.package(key),
            all_or_nothing=self.settings.all_or_nothing,
            store=lambda version: self.store(repository, key, version),
            remove=lambda version: self.remove(repository, key, version),
            find_fault=self.faults.of_versions(operation),
        )
