"""The operations on packages, and the storage of their versions."""

from .listing import PackageFilter, list_packages
from .notifications import Change, send_events
from .outbox import locked
from .packages import Package, PackageKey, PackageVersion
from .paging import Page, PageRequest, take_page
from .repositories import Repository
from .upstream_backend import OF_PUBLISHED, UpstreamBackend, new_package


class PackageBackend(UpstreamBackend):
    """The operations on packages. CodeArtifactBackend inherits them."""

    def list_packages(
        self, repository: Repository, wanted: PackageFilter, request: PageRequest
    ) -> Page[Package]:
        """Return a page of packages."""
        return take_page(
            request, list_packages(repository.packages, wanted, request.after)
        )

    def describe_package(self, repository: Repository, key: PackageKey) -> Package:
        """Return a package, or raise ResourceNotFoundException."""
        return repository.package(key)

    @locked
    def delete_package(self, repository: Repository, key: PackageKey) -> Package:
        """Delete the package and its versions. Send one event per version (User Guide: monitoring-events)."""
        package = repository.package(key)
        for version in list(package.versions):
            self.remove(repository, key, version)
        return repository.packages.pop(key)

    @locked
    def put_package_origin_configuration(
        self, repository: Repository, key: PackageKey, restrictions: dict[str, str]
    ) -> Package:
        """Store the restrictions of a package, which may be new."""
        package = repository.packages.setdefault(key, Package(key))
        package.publish, package.upstream = (
            restrictions["publish"],
            restrictions["upstream"],
        )
        return package

    # Storage

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
            send_events(
                repository,
                Change(key, before, version),
                self.settings,
                self.faults.events,
            )

    @locked
    def remove(self, repository: Repository, key: PackageKey, version: str) -> None:
        """Remove a version and its npm tags from a repository. Send an event."""
        package = repository.packages[key]
        before = package.versions.pop(version)
        package.wrong_checksums = {
            each for each in package.wrong_checksums if each[0] != version
        }
        package.dist_tags = {
            tag: to for tag, to in package.dist_tags.items() if to != version
        }
        send_events(
            repository, Change(key, before, None), self.settings, self.faults.events
        )
