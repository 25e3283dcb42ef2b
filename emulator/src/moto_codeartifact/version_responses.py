"""Handles requests about package versions."""

from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult

from .copying import CopyRequest, wanted_revisions
from .listing import VersionFilter
from .packages import DELETED, DISPOSED, Asset, Metadata, PackageVersion
from .paging import read_page_request
from .publishing import Upload
from .request_parameters import RequestParameters
from .statuses import StatusChange

VERSIONS_ON_A_PAGE = 50
ASSETS_ON_A_PAGE = 100
DEPENDENCIES_ON_A_PAGE = 1000


class VersionResponses(RequestParameters):
    """The operations on versions. CodeArtifactResponse inherits them."""

    # Read

    def _version(self) -> PackageVersion:
        return self.backend.describe_package_version(
            self.repository(), self.key(), self.version_name()
        )

    def list_package_versions(self) -> ActionResult:
        package = self.repository().package(self.key())
        wanted = VersionFilter(
            status=self.params.get("status"),
            origin_type=self.params.get("originType"),
            by_time="sortBy" in self.params,
        )
        request = read_page_request(self.params, VERSIONS_ON_A_PAGE)
        page = self.backend.list_package_versions(
            self.repository(), package.key, wanted, request
        )
        listed = {"versions": page.items, "next_token": page.next_token}
        display = {"default_display_version": package.default_display_version}
        return ActionResult({**listed, **package.key.coordinates(), **display})

    def describe_package_version(self) -> ActionResult:
        version, key = self._version(), self.key()
        metadata = version.metadata
        description = {
            **key.coordinates("package_name"),
            "display_name": metadata.display_name,
            "version": version.version,
            "summary": metadata.summary,
            "home_page": metadata.home_page,
            "source_code_repository": metadata.source_code_repository,
            "published_time": version.published_time,
            "licenses": [
                {"name": each.name, "url": each.url} for each in metadata.licenses
            ],
            "revision": version.revision,
            "status": version.status,
            "origin": version.origin,
        }
        return ActionResult({"package_version": description})

    def list_package_version_assets(self) -> ActionResult:
        version = self._version()
        request = read_page_request(self.params, ASSETS_ON_A_PAGE)
        page = self.backend.list_package_version_assets(version, request)
        listed = {"assets": page.items, "next_token": page.next_token}
        return ActionResult({**listed, **self._identity(version)})

    def _identity(self, version: PackageVersion) -> dict[str, Any]:
        identity = {"version": version.version, "version_revision": version.revision}
        return {**self.key().coordinates(), **identity}

    def list_package_version_dependencies(self) -> ActionResult:
        version = self._version()
        request = read_page_request(self.params, DEPENDENCIES_ON_A_PAGE)
        page = self.backend.list_package_version_dependencies(version, request)
        listed = {"dependencies": page.items, "next_token": page.next_token}
        return ActionResult({**listed, **self._identity(version)})

    def get_package_version_readme(self) -> ActionResult:
        version = self.backend.get_package_version_readme(
            self.repository(), self.key(), self.version_name()
        )
        return ActionResult(
            {"readme": version.metadata.readme, **self._identity(version)}
        )

    def get_package_version_asset(self) -> TYPE_RESPONSE:
        version, asset = self.backend.get_package_version_asset(
            self.repository(),
            self.key(),
            self.version_name(),
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

    # Write

    def publish_package_version(self) -> ActionResult:
        key = self.key()
        upload = Upload(
            key=key,
            version=self.version_name(),
            asset=Asset.of(
                self.params["assetName"], self.params.get("assetContent", b"")
            ),
            metadata=Metadata(display_name=key.name),
            finished=not self.params.get("unfinished", False),
        )
        version = self.backend.publish_package_version(
            self.repository(), upload, self.params["assetSHA256"]
        )
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
            key=self.key(),
            revisions=wanted_revisions(self.version_names(), self.version_revisions()),
            allow_overwrite=self.params.get("allowOverwrite", False),
            include_from_upstream=self.params.get("includeFromUpstream", False),
        )
        source = self.repository("sourceRepository")
        outcomes = self.backend.copy_package_versions(
            source, self.params["destinationRepository"], request
        )
        return ActionResult(outcomes)

    def _status_change(self, target: str) -> StatusChange:
        return StatusChange(
            target=target,
            versions=self.version_names() or [],
            revisions=self.version_revisions() or {},
            expected_status=self.params.get("expectedStatus"),
        )

    def update_package_versions_status(self) -> ActionResult:
        change = self._status_change(self.params["targetStatus"])
        return ActionResult(
            self.backend.update_package_versions_status(
                self.repository(), self.key(), change
            )
        )

    def dispose_package_versions(self) -> ActionResult:
        change = self._status_change(DISPOSED)
        return ActionResult(
            self.backend.dispose_package_versions(self.repository(), self.key(), change)
        )

    def delete_package_versions(self) -> ActionResult:
        change = self._status_change(DELETED)
        return ActionResult(
            self.backend.delete_package_versions(self.repository(), self.key(), change)
        )
