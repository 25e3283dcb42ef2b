"""The errors of the CodeArtifact API. The service's model defines their HTTP status and members."""

from typing import Any

from moto.core.exceptions import ServiceException


class CodeArtifactException(ServiceException):
    """Base of all errors. moto finds their model by the second part of the module's name."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__module__ = "moto.codeartifact.exceptions"


class AccessDeniedException(CodeArtifactException):
    """The caller is not allowed to do this."""

    code = "AccessDeniedException"


class InternalServerException(CodeArtifactException):
    """The service failed."""

    code = "InternalServerException"


class ThrottlingException(CodeArtifactException):
    """The caller sent too many requests; `Retry-After` says when to try again."""

    code = "ThrottlingException"

    def __init__(self, message: str, retry_after_seconds: int = 1):
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ValidationException(CodeArtifactException):
    """The request is not valid. `reason` is a value of the model's ValidationExceptionReason."""

    code = "ValidationException"

    def __init__(self, message: str, reason: str = "OTHER"):
        super().__init__(message)
        self.reason = reason


class ResourceException(CodeArtifactException):
    """Base of the errors about one resource."""

    def __init__(
        self,
        message: str,
        resource_id: str | None = None,
        resource_type: str | None = None,
    ):
        super().__init__(message)
        self.resource_id = resource_id
        self.resource_type = resource_type


class ConflictException(ResourceException):
    """The state of the resource does not allow the request."""

    code = "ConflictException"


class ServiceQuotaExceededException(ResourceException):
    """The request would exceed a quota."""

    code = "ServiceQuotaExceededException"


class ResourceNotFoundException(ResourceException):
    """A domain, repository, package, package version or asset does not exist."""

    code = "ResourceNotFoundException"


ERRORS: dict[str, type[ServiceException]] = {
    error.code: error
    for error in (
        AccessDeniedException,
        ConflictException,
        InternalServerException,
        ResourceNotFoundException,
        ServiceQuotaExceededException,
        ThrottlingException,
        ValidationException,
    )
}


def domain_not_found(name: str, owner: str) -> ResourceNotFoundException:
    """Create the error for a domain that the account does not own."""
    return ResourceNotFoundException(
        f"Domain not found. Domain '{name}' owned by account '{owner}' does not exist",
        name,
        "domain",
    )


def repository_not_found(
    name: str, domain: str, owner: str
) -> ResourceNotFoundException:
    """Create the error for a repository that is not in the domain."""
    return ResourceNotFoundException(
        f"Repository not found. Repository '{name}' in domain '{domain}' owned by account '{owner}'"
        " does not exist",
        name,
        "repository",
    )


def package_not_found(
    repository: str, format_: str, namespace: str | None, name: str
) -> ResourceException:
    """Create the error for a package that is not in the repository.

    The text is AWS's own (User Guide: upstream-repo-api-behavior).
    """
    namespace_part = f", namespace={namespace}" if namespace else ""
    return ResourceNotFoundException(
        f"Package not found in repository. RepoId: {repository}, "
        f"Package = PackageCoordinate{{packageType={format_}{namespace_part}, packageName={name}}}",
        name,
        "package",
    )


def version_not_found(
    repository: str, name: str, version: str
) -> ResourceNotFoundException:
    """Create the error for a package version that is not in the repository."""
    return ResourceNotFoundException(
        f"Package version not found. Version '{version}' of package '{name}' in repository '{repository}'"
        " does not exist",
        version,
        "package-version",
    )


def asset_not_found(version: str, asset: str) -> ResourceNotFoundException:
    """Create the error for an asset that the package version does not have."""
    return ResourceNotFoundException(
        f"Asset not found. Asset '{asset}' of version '{version}' does not exist",
        asset,
        "asset",
    )


def readme_not_found(version: str) -> ResourceNotFoundException:
    """Create the error for a version without a readme. The text is AWS's own."""
    return ResourceNotFoundException(
        "The readme file of this package version is not found", version, "asset"
    )
