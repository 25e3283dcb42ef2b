"""Handles requests about packages and their versions."""

from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult

from .copying import CopyRequest, wanted_revisions
from .exceptions import ValidationException
from .formats import package_of_request, version_name
from .listing import PackageFilter, VersionFilter
from .models import CodeArtifactBackend
from .packages import (
    DELETED,
    DISPOSED,
    Asset,
    Metadata,
    Package,
    PackageKey,
    PackageVersion,
)
from .paging import read_page_request
from .publishing import Upload
from .repositories import Repository
from .statuses import StatusChange, require_settable

PACKAGES_ON_A_PAGE = 100
VERSIONS_ON_A_PAGE = 50
ASSETS_ON_A_PAGE = 100


class PackageResponses:
    """The operations on packages. CodeArtifactResponse inherits them."""

    params: dict[str, Any]

    @property
    def backend(self) -> CodeArtifactBackend:
        """The backend that owns the requested domain."""
        raise NotImplementedError

    def _repository(self, parameter: str = "repository") -> Repository:
        raise NotImplementedError

    def _key(self) -> PackageKey:
        return package_of_request(self.params["format"], self.params.get("namespace"), self.params["package"])

    def _version_name(self) -> str:
        return version_name(self.params["format"], self.params["packageVersion"])

    def _version_names(self) -> list[str] | None:
        given = self.params.get("versions")
        return None if given is None else [version_name(self.params["format"], each) for each in given]

    def _version_revisions(self) -> dict[str, str] | None:
        given = self.params.get("versionRevisions")
        if given is None:
            return None
        return {version_name(self.params["format"], each): revision for each, revision in given.items()}

    def _version(self) -> PackageVersion:
        return self._repository().version(self._key(), self._version_name())

    # Packages

    def list_packages(self) -> ActionResult:
        if "namespace" in self.params and "format" not in self.params:
            raise ValidationException("namespace can only be given together with format")
        wanted = PackageFilter(
            format=self.params.get("format"),
            namespace_prefix=self.params.get("namespace", ""),
            name_prefix=self.params.get("packagePrefix", ""),
            publish=self.params.get("publish"),
            upstream=self.params.get("upstream"),
        )
        request = read_page_request(self.params, PACKAGES_ON_A_PAGE)
        page = self.backend.list_packages(self._repository(), wanted, request)
        described = [self._described_package(package) for package in page.items]
        return ActionResult({"packages": described, "next_token": page.next_token})

    def _described_package(self, package: Package, name_key: str = "package") -> dict[str, Any]:
        return {
            **package.key.coordinates(name_key),
            "origin_configuration": package.origin_configuration,
        }

    def describe_package(self) -> ActionResult:
        package = self._repository().package(self._key())
        return ActionResult({"package": self._described_package(package, "name")})

    def delete_package(self) -> ActionResult:
        package = self.backend.delete_package(self._repository(), self._key())
        return ActionResult({"deleted_package": self._described_package(package)})

    def put_package_origin_configuration(self) -> ActionResult:
        package = self.backend.put_origin_configuration(
            self._repository(), self._key(), self.params["restrictions"]
        )
        return ActionResult({"origin_configuration": package.origin_configuration})

    # Read versions

    def list_package_versions(self) -> ActionResult:
        package = self._repository().package(self._key())
        wanted = VersionFilter(
            status=self.params.get("status"),
            origin_type=self.params.get("originType"),
            by_time="sortBy" in self.params,
        )
        request = read_page_request(self.params, VERSIONS_ON_A_PAGE)
        page = self.backend.list_package_versions(package, wanted, request)
        listed = {"versions": page.items, "next_token": page.next_token}
        display = {"default_display_version": package.default_display_version}
        return ActionResult({**listed, **package.key.coordinates(), **display})

    def describe_package_version(self) -> ActionResult:
        version, key = self._version(), self._key()
        metadata = version.metadata
        description = {
            **key.coordinates("package_name"),
            "display_name": metadata.display_name,
            "version": version.version,
            "summary": metadata.summary,
            "home_page": metadata.home_page,
            "source_code_repository": metadata.source_code_repository,
            "published_time": version.published_time,
            "licenses": [{"name": each.name, "url": each.url} for each in metadata.licenses],
            "revision": version.revision,
            "status": version.status,
            "origin": version.origin,
        }
        return ActionResult({"package_version": description})

    def list_package_version_assets(self) -> ActionResult:
        version = self._version()
        request = read_page_request(self.params, ASSETS_ON_A_PAGE)
        page = self.backend.list_package_version_assets(version, request)
        identity = {"version": version.version, "version_revision": version.revision}
        listed = {"assets": page.items, "next_token": page.next_token}
        return ActionResult({**listed, **self._key().coordinates(), **identity})

    def get_package_version_asset(self) -> TYPE_RESPONSE:
        version, asset = self.backend.get_asset(
            self._repository(),
            self._key(),
            self._version_name(),
            self.params["asset"],
            self.params.get("packageVersionRevision"),
        )
        headers = {
            "Content-Type": "application/octet-stream",
            "X-AssetName": asset.name,
            "X-PackageVersion": version.version,
            "X-PackageVersionRevision": version.revision,
        }
        return 200, headers, asset.content.read()

    # Write versions

    def publish_package_version(self) -> ActionResult:
        key = self._key()
        upload = Upload(
            key=key,
            version=self._version_name(),
            asset=Asset.of(self.params["assetName"], self.params.get("assetContent", b"")),
            metadata=Metadata(display_name=key.name),
            finished=not self.params.get("unfinished", False),
        )
        version = self.backend.publish_package_version(self._repository(), upload, self.params["assetSHA256"])
        return ActionResult(
            {
                **key.coordinates(),
                "version": version.version,
                "version_revision": version.revision,
                "status": version.status,
                "asset": upload.asset,
            }
        )

    def copy_package_versions(self) -> ActionResult:
        request = CopyRequest(
            key=self._key(),
            revisions=wanted_revisions(self._version_names(), self._version_revisions()),
            allow_overwrite=self.params.get("allowOverwrite", False),
            include_from_upstream=self.params.get("includeFromUpstream", False),
        )
        source = self._repository("sourceRepository")
        outcomes = self.backend.copy_package_versions(source, self.params["destinationRepository"], request)
        return ActionResult(outcomes)

    def _change_statuses(self, target: str) -> ActionResult:
        change = StatusChange(
            target=target,
            versions=self._version_names() or [],
            revisions=self._version_revisions() or {},
            expected_status=self.params.get("expectedStatus"),
        )
        return ActionResult(self.backend.change_statuses(self._repository(), self._key(), change))

    def update_package_versions_status(self) -> ActionResult:
        require_settable(self.params["targetStatus"])
        return self._change_statuses(self.params["targetStatus"])

    def dispose_package_versions(self) -> ActionResult:
        return self._change_statuses(DISPOSED)

    def delete_package_versions(self) -> ActionResult:
        return self._change_statuses(DELETED)
