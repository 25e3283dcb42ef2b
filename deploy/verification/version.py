"""The generic package version that the steps publish."""

import hashlib
from typing import Any

from deploy.verification.account import Account

FORMAT = "generic"
NAMESPACE = "promoter-verify"
PACKAGE = "promoter-verify"
PURL = f"pkg:{FORMAT}/{NAMESPACE}/{PACKAGE}"
_COORDINATES = {"format": FORMAT, "namespace": NAMESPACE, "package": PACKAGE}


def publish(account: Account, repository: str, version: str) -> str:
    """Publish a version with one small file. Return its revision.

    Source: CodeArtifact API reference, PublishPackageVersion.
    """
    content = f"{PURL}@{version}\n".encode()
    reply = account.client("codeartifact").publish_package_version(
        **account.domain,
        **_COORDINATES,
        repository=repository,
        packageVersion=version,
        assetName="verify.txt",
        assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest(),
    )
    return str(reply["versionRevision"])


def revision_in(account: Account, repository: str, version: str) -> str | None:
    """Return the revision of a version in a repository, or None if it is not there."""
    codeartifact = account.client("codeartifact")
    try:
        reply = codeartifact.describe_package_version(
            **account.domain, **_COORDINATES, repository=repository, packageVersion=version
        )
    except codeartifact.exceptions.ResourceNotFoundException:
        return None
    return str(reply["packageVersion"]["revision"])


def copy(account: Account, source: str, destination: str, version: str, revision: str) -> dict[str, Any]:
    """Copy a version as the function does. Return the API's reply."""
    reply: dict[str, Any] = account.client("codeartifact").copy_package_versions(
        **account.domain,
        **_COORDINATES,
        sourceRepository=source,
        destinationRepository=destination,
        versionRevisions={version: revision},
    )
    return reply


def delete(account: Account, repository: str, version: str) -> None:
    """Delete a version from a repository. It is no error if it is not there."""
    codeartifact = account.client("codeartifact")
    try:
        codeartifact.delete_package_versions(
            **account.domain, **_COORDINATES, repository=repository, versions=[version]
        )
    except codeartifact.exceptions.ResourceNotFoundException:
        return
