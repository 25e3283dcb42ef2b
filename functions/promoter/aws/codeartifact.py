"""CodeArtifact: copying versions, listing their assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promoter.aws.clients import client
from promoter.copying.ports import ApiError, Assets, Failure, Reply, Success

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promoter.copying.plan import Copy
    from promoter.packages.package import Package


class CodeArtifact:
    """The repositories of one domain. Its methods raise ApiError where a call is refused or lost."""

    def __init__(self, domain: str, owner: str) -> None:
        """Name the domain and the account that owns it; nothing is called yet."""
        self._domain = {"domain": domain, "domainOwner": owner}

    def copy(self, copy: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """Copy these versions, each only if the source still has it at its revision.

        Source: API reference, CopyPackageVersions.
        """
        options = {"allowOverwrite": overwrite, "includeFromUpstream": copy.include_from_upstream}
        answer = self._call(
            "copy_package_versions",
            sourceRepository=copy.source,
            destinationRepository=copy.destination,
            versionRevisions=dict(revisions),
            **_coordinates(copy.package),
            **{name: True for name, value in options.items() if value},
        )
        return Reply(
            {
                version: Success(entry.get("revision", ""), entry.get("status", ""))
                for version, entry in (answer.get("successfulVersions") or {}).items()
            },
            {
                version: Failure(entry.get("errorCode", "unknown"), entry.get("errorMessage", ""))
                for version, entry in (answer.get("failedVersions") or {}).items()
            },
        )

    def assets(self, repository: str, package: Package, version: str) -> Assets:
        """All assets of one version. Source: API reference, ListPackageVersionAssets."""
        hashes: dict[str, str] = {}
        page: dict[str, Any] = {}
        while True:
            answer = self._call(
                "list_package_version_assets",
                repository=repository,
                packageVersion=version,
                **_coordinates(package),
                **page,
            )
            hashes |= {
                asset["name"]: asset.get("hashes", {}).get("SHA-256", "")
                for asset in answer.get("assets", ())
            }
            if not answer.get("nextToken"):
                return Assets(answer.get("versionRevision", ""), hashes)
            page = {"nextToken": answer["nextToken"]}

    def origin(self, repository: str, package: Package, version: str) -> str | None:
        """Where a version first came from, "internal" or "external". Source: API reference, PackageVersionOrigin."""
        answer = self._call(
            "describe_package_version",
            repository=repository,
            packageVersion=version,
            **_coordinates(package),
        )
        found = answer["packageVersion"].get("origin", {}).get("originType", "").lower()
        return found if found in ("internal", "external") else None

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        codeartifact = client("codeartifact")
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: dict[str, Any] = getattr(codeartifact, operation)(**self._domain, **parameters)
        except ClientError as error:
            raise _translated(error) from error
        except BotoCoreError as error:  # time-outs, connections, credentials
            raise ApiError("Unreachable", str(error)) from error
        return answer


def _coordinates(package: Package) -> dict[str, str]:
    """The parameters that name a package: an absent namespace is left out, an empty one is refused."""
    namespace = {"namespace": package.namespace} if package.namespace else {}
    return {"format": package.format, "package": package.name, **namespace}


def _translated(error: Any) -> ApiError:
    answer = error.response
    code = answer.get("Error", {}).get("Code", "unknown")
    metadata = answer.get("ResponseMetadata", {})
    if metadata.get("HTTPStatusCode", 0) >= 500:
        code = "InternalServerException"
    elif metadata.get("HTTPStatusCode") == 429:
        code = "ThrottlingException"
    message = answer.get("Error", {}).get("Message", "")
    return ApiError(code, message, answer.get("resourceType", ""), metadata.get("RequestId", ""))
