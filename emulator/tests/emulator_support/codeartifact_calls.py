"""Calls of the CodeArtifact API about the generic package acme/model, unless a test says otherwise."""

import hashlib
from collections.abc import Iterable
from typing import Any

DOMAIN = "acme"
MODEL = {"domain": DOMAIN, "format": "generic", "namespace": "acme", "package": "model"}
STAGES = ("dev", "staging", "prod")


def create_repositories(
    client: Any, names: Iterable[str] = (*STAGES, "evidence")
) -> None:
    """Create the domain with the repositories dev, staging and prod, and one for answers."""
    client.create_domain(domain=DOMAIN)
    for repository in names:
        client.create_repository(domain=DOMAIN, repository=repository)


def publish_generic(
    client: Any,
    version: str,
    content: bytes = b"x",
    *,
    to: str = "dev",
    asset: str = "model.bin",
    **more: Any,
) -> Any:
    """Publish one file of a generic package version. Return the response."""
    return client.publish_package_version(
        **{**MODEL, **more},
        repository=to,
        packageVersion=version,
        assetName=asset,
        assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest(),
    )


def copy(
    client: Any, *versions: str, source: str = "dev", to: str = "staging", **more: Any
) -> Any:
    """Copy versions. A parameter that is None is omitted. Return the response."""
    named = {"versions": list(versions)} if versions else {}
    request = {
        **MODEL,
        "sourceRepository": source,
        "destinationRepository": to,
        **named,
        **more,
    }
    return client.copy_package_versions(**without_none(request))


def archive(client: Any, version: str, repository: str = "dev") -> None:
    """Archive a version."""
    client.update_package_versions_status(
        **MODEL, repository=repository, versions=[version], targetStatus="Archived"
    )


def unlist(client: Any, version: str, repository: str = "dev") -> None:
    """Unlist a version."""
    client.update_package_versions_status(
        **MODEL, repository=repository, versions=[version], targetStatus="Unlisted"
    )


def dispose(client: Any, version: str, repository: str = "dev") -> None:
    """Dispose of a version: its files are deleted, its name and revision stay."""
    client.dispose_package_versions(**MODEL, repository=repository, versions=[version])


def list_versions(client: Any, repository: str, **more: str | None) -> set[str]:
    """Return the versions of a package in a repository; an empty set if it does not have the package.

    A parameter that is None is omitted.
    """
    request = {**MODEL, "repository": repository, **more}
    try:
        listed = client.list_package_versions(**without_none(request))["versions"]
    except client.exceptions.ResourceNotFoundException:
        return set()
    return {version["version"] for version in listed}


def outcome(response: Any) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the statuses of the successful versions, and the codes and messages of the failed versions."""
    return (
        {
            name: success["status"]
            for name, success in response["successfulVersions"].items()
        },
        {
            name: (failure["errorCode"], failure["errorMessage"])
            for name, failure in response["failedVersions"].items()
        },
    )


def without_none(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that are not None."""
    return {name: value for name, value in parameters.items() if value is not None}
