"""The statuses of package versions, changed with a person's own permissions."""

from typing import Any

from promoter.aws.errors import api_errors
from promoter.copying.ports import Failure
from promoter.packages.package import Package


class VersionStatuses:
    """Changes the status of versions in the repositories of one domain. Every method raises ApiError."""

    def __init__(self, client: Any, domain: str, owner: str | None = None) -> None:
        """`client` is the SDK's client of CodeArtifact. Without an `owner` the domain is the caller's."""
        self._client = client
        self._domain = {"domain": domain} | ({"domainOwner": owner} if owner else {})

    def change(
        self, repository: str, package: Package, version: str, *, revision: str, current: str, target: str
    ) -> Failure | None:
        """Change the status of one version, if it still has this revision and its current status.

        Return the failure that AWS reports inside HTTP 200; None if the status has changed. Source: API reference,
        UpdatePackageVersionsStatus.
        """
        namespace = {"namespace": package.namespace} if package.namespace else {}
        with api_errors():
            answer = self._client.update_package_versions_status(
                **self._domain,
                repository=repository,
                format=package.format,
                package=package.name,
                **namespace,
                versions=[version],
                versionRevisions={version: revision},
                expectedStatus=current,
                targetStatus=target,
            )
        failed = (answer.get("failedVersions") or {}).get(version)
        if failed is not None:
            return Failure(failed.get("errorCode", "unknown"), failed.get("errorMessage", ""))
        if version in (answer.get("successfulVersions") or {}):
            return None
        return Failure("unknown", "AWS did not confirm the change")
