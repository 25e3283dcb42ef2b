"""Handles requests about packages."""

from typing import Any

from moto.core.responses import ActionResult

from .exceptions import ValidationException
from .listing import PackageFilter
from .packages import Package
from .paging import read_page_request
from .request_parameters import RequestParameters

PACKAGES_ON_A_PAGE = 100


class PackageResponses(RequestParameters):
    """The operations on packages. CodeArtifactResponse inherits them."""

    def list_packages(self) -> ActionResult:
        if "namespace" in self.params and "format" not in self.params:
            raise ValidationException(
                "namespace can only be given together with format"
            )
        wanted = PackageFilter(
            format=self.params.get("format"),
            namespace_prefix=self.params.get("namespace", ""),
            name_prefix=self.params.get("packagePrefix", ""),
            publish=self.params.get("publish"),
            upstream=self.params.get("upstream"),
        )
        request = read_page_request(self.params, PACKAGES_ON_A_PAGE)
        page = self.backend.list_packages(self.repository(), wanted, request)
        described = [self._described_package(package) for package in page.items]
        return ActionResult({"packages": described, "next_token": page.next_token})

    def _described_package(
        self, package: Package, name_key: str = "package"
    ) -> dict[str, Any]:
        return {
            **package.key.coordinates(name_key),
            "origin_configuration": package.origin_configuration,
        }

    def describe_package(self) -> ActionResult:
        package = self.backend.describe_package(self.repository(), self.key())
        return ActionResult({"package": self._described_package(package, "name")})

    def delete_package(self) -> ActionResult:
        package = self.backend.delete_package(self.repository(), self.key())
        return ActionResult({"deleted_package": self._described_package(package)})

    def put_package_origin_configuration(self) -> ActionResult:
        package = self.backend.put_package_origin_configuration(
            self.repository(), self.key(), self.params["restrictions"]
        )
        return ActionResult({"origin_configuration": package.origin_configuration})
