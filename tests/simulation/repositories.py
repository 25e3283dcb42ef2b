"""The emulator's repositories behind the promoter's port, without HTTP, and with faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moto.core.exceptions import ServiceException

from moto_codeartifact.copying import CopyRequest
from moto_codeartifact.models import CodeArtifactBackend
from moto_codeartifact.packages import PackageKey
from promoter.copying.plan import Copy
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.packages.package import Package
from tests.support.samples import DOMAIN

if TYPE_CHECKING:
    from promoter.rules.vocabulary import Origin


class KilledError(BaseException):
    """The worker was killed in the middle of an invocation."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next call of an operation; `after_effect` loses the answer only."""

    operation: str
    error: BaseException
    after_effect: bool = False


@dataclass
class SimulatedRepositories:
    """CopyPackageVersions, ListPackageVersionAssets and DescribePackageVersion of one domain."""

    backend: CodeArtifactBackend
    faults: list[Fault] = field(default_factory=list)
    calls: int = 0

    def copy_versions(self, instruction: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        fault = self._begin("copy")
        source = self._repository(instruction.hop.source)
        request = CopyRequest(_key(instruction.package), dict(revisions), overwrite, False)
        try:
            outcomes = self.backend.copy_package_versions(source, instruction.hop.destination, request)
        except ServiceException as error:
            raise _api_error(error) from error
        _end(fault)
        return Reply(
            {
                name: Success(each["revision"], each["status"])
                for name, each in outcomes.successful_versions.items()
            },
            {
                name: Failure(each.error_code, each.error_message)
                for name, each in outcomes.failed_versions.items()
            },
        )

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        fault = self._begin("list")
        found = self._version(repository, package, version)
        _end(fault)
        hashes = {name: asset.hashes["SHA-256"] for name, asset in found.assets.items()}
        return Assets(found.revision, hashes)

    def describe(self, repository: str, package: Package, version: str) -> Description:
        fault = self._begin("describe")
        found = self._version(repository, package, version)
        _end(fault)
        origin: Origin = "external" if found.origin.external_connection_name else "internal"
        return Description(found.revision, found.status, 0.0, origin)

    def _repository(self, name: str):  # type: ignore[no-untyped-def]  # the emulator's
        try:
            return self.backend.describe_repository(DOMAIN, name)
        except ServiceException as error:
            raise _api_error(error) from error

    def _version(self, repository: str, package: Package, version: str):  # type: ignore[no-untyped-def]
        try:
            return self._repository(repository).version(_key(package), version)
        except ServiceException as error:
            raise _api_error(error) from error

    def _begin(self, operation: str) -> Fault | None:
        self.calls += 1
        due = next((fault for fault in self.faults if fault.operation == operation), None)
        if due is None:
            return None
        self.faults.remove(due)
        if not due.after_effect:
            raise due.error
        return due


def _end(fault: Fault | None) -> None:
    if fault is not None:
        raise fault.error


def _key(package: Package) -> PackageKey:
    return PackageKey(package.format, package.namespace, package.name)


def _api_error(error: ServiceException) -> ApiError:
    return ApiError(error.code, str(error.message), getattr(error, "resource_type", None) or "")
