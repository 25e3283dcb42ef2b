"""Operations of the backend on packages and their versions."""

from typing import Any

from moto.core.utils import utcnow

from .copying import CopyRequest, copy_versions
from .exceptions import ConflictException, asset_not_found
from .listing import PackageFilter, VersionFilter, list_packages, list_versions
from .notifications import Change, send_events
from .outbox import locked
from .outcomes import Outcomes
from .packages import DISPOSED, Asset, Package, PackageKey, PackageVersion
from .paging import Page, PageRequest, take_page
from .publishing import Upload, require_generic, with_asset
from .repositories import Repository
from .statuses import StatusChange, change_statuses
from .upstream_backend import OF_INGESTED, OF_PUBLISHED, UpstreamBackend, new_package
from .upstreams import with_upstreams


class PackageBackend(UpstreamBackend):
    """The operations on packages. CodeArtifactBackend inherits them."""

    def describe_repository(self, domain_name: str, name: str) -> Repository:
        """Return the repository, or raise ResourceNotFoundException."""
        raise NotImplementedError

    def list_packages(
        self, repository: Repository, wanted: PackageFilter, request: PageRequest
    ) -> Page[Package]:
        """Return a page of packages."""
        return take_page(request, list_packages(repository.packages, wanted, request.after))

    def list_package_versions(
        self, package: Package, wanted: VersionFilter, request: PageRequest
    ) -> Page[PackageVersion]:
        """Return a page of versions."""
        return take_page(request, list_versions(package, wanted, request.after))

    def list_package_version_assets(self, version: PackageVersion, request: PageRequest) -> Page[Asset]:
        """Return a page of files by name."""
        assets = (([name], version.assets[name]) for name in sorted(version.assets))
        return take_page(request, request.skip(assets))

    @locked
    def store(
        self,
        repository: Repository,
        key: PackageKey,
        version: PackageVersion,
        controls: tuple[str, str] = OF_PUBLISHED,
    ) -> None:
        """Store a version in a repository. Send an event if this changes it.

        `controls` are the origin controls of a new package.
        """
        package = repository.packages.setdefault(key, new_package(key, controls))
        before = package.versions.get(version.version)
        package.versions[version.version] = version
        if before != version:
            send_events(repository, Change(key, before, version), self.settings)

    @locked
    def remove(self, repository: Repository, key: PackageKey, version: str) -> None:
        """Remove a version and its npm tags from a repository. Send an event."""
        package = repository.packages[key]
        before = package.versions.pop(version)
        package.wrong_checksums = {each for each in package.wrong_checksums if each[0] != version}
        package.dist_tags = {tag: to for tag, to in package.dist_tags.items() if to != version}
        send_events(repository, Change(key, before, None), self.settings)

    @locked
    def upload(self, repository: Repository, upload: Upload) -> PackageVersion:
        """Add a file to a version, which may be new. With an external connection, this is an ingestion."""
        ingested = upload.external_connection is not None
        if not ingested:
            self.require_publishable(repository, upload)
        version = with_asset(repository, upload, utcnow())
        self.store(repository, upload.key, version, OF_INGESTED if ingested else OF_PUBLISHED)
        return version

    @locked
    def publish_package_version(self, repository: Repository, upload: Upload, sha256: str) -> PackageVersion:
        """Add a file to a version of a generic package."""
        require_generic(repository, upload, sha256)
        return self.upload(repository, upload)

    @locked
    def copy_package_versions(self, source: Repository, destination: str, request: CopyRequest) -> Outcomes:
        """Copy versions within the domain."""
        siblings = self.domains[source.domain_name].repositories
        target = self.describe_repository(source.domain_name, destination)
        sources = list(with_upstreams(source, siblings)) if request.include_from_upstream else [source]
        return copy_versions(request, sources, target, self.settings, self.store)

    @locked
    def change_statuses(self, repository: Repository, key: PackageKey, change: StatusChange) -> Outcomes:
        """Update, dispose or delete versions."""
        return change_statuses(
            change,
            repository.package(key),
            all_or_nothing=self.settings.all_or_nothing,
            store=lambda version: self.store(repository, key, version),
            remove=lambda version: self.remove(repository, key, version),
        )

    @locked
    def delete_package(self, repository: Repository, key: PackageKey) -> Package:
        """Delete the package and its versions. Send one event per version (User Guide: monitoring-events)."""
        package = repository.package(key)
        for version in list(package.versions):
            self.remove(repository, key, version)
        return repository.packages.pop(key)

    def get_asset(
        self, repository: Repository, key: PackageKey, version: str, asset: str, revision: str | None
    ) -> tuple[PackageVersion, Asset]:
        """Return an asset and its version, which must have the given revision, if any."""
        found = repository.version(key, version)
        if revision is not None and revision != found.revision:
            raise ConflictException(
                f"current revision: {found.revision}, expected revision: {revision}",
                version,
                "package-version",
            )
        if found.status == DISPOSED or asset not in found.assets:
            raise asset_not_found(version, asset)
        return found, found.assets[asset]

    @locked
    def put_origin_configuration(
        self, repository: Repository, key: PackageKey, restrictions: dict[str, Any]
    ) -> Package:
        """Store the restrictions of a package, which may be new."""
        package = repository.packages.setdefault(key, Package(key))
        package.publish, package.upstream = restrictions["publish"], restrictions["upstream"]
        return package
