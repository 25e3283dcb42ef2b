"""The errors of the CodeArtifact API; HTTP status and members come from the service's model."""

from moto.core.exceptions import ServiceException


class AccessDeniedException(ServiceException):
    """The caller may not do this."""

    code = "AccessDeniedException"


class InternalServerException(ServiceException):
    """The service failed."""

    code = "InternalServerException"


class ThrottlingException(ServiceException):
    """Too many requests; `Retry-After` says when to come back."""

    code = "ThrottlingException"

    def __init__(self, message: str, retry_after_seconds: int = 1):
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ValidationException(ServiceException):
    """The request breaks a rule of the API; `reason` is one of the model's ValidationExceptionReason."""

    code = "ValidationException"

    def __init__(self, message: str, reason: str = "OTHER"):
        super().__init__(message)
        self.reason = reason


class ResourceException(ServiceException):
    """What the errors about one resource have in common."""

    def __init__(self, message: str, resource_id: str | None = None, resource_type: str | None = None):
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


def domain_not_found(name: str, owner: str) -> ResourceNotFoundException:
    """No domain of that name in the owner's account."""
    return ResourceNotFoundException(
        f"Domain not found. Domain '{name}' owned by account '{owner}' does not exist", name, "domain"
    )


def repository_not_found(name: str, domain: str, owner: str) -> ResourceNotFoundException:
    """No repository of that name in the domain."""
    return ResourceNotFoundException(
        f"Repository not found. Repository '{name}' in domain '{domain}' owned by account '{owner}'"
        " does not exist",
        name,
        "repository",
    )


def package_not_found(repository: str, format_: str, namespace: str | None, name: str) -> ResourceException:
    """No such package in the repository (User Guide: upstream-repo-api-behavior has the text)."""
    where = f", namespace={namespace}" if namespace else ""
    return ResourceNotFoundException(
        f"Package not found in repository. RepoId: {repository}, "
        f"Package = PackageCoordinate{{packageType={format_}{where}, packageName={name}}}",
        name,
        "package",
    )


def version_not_found(repository: str, name: str, version: str) -> ResourceNotFoundException:
    """No such version of the package in the repository."""
    return ResourceNotFoundException(
        f"Package version not found. Version '{version}' of package '{name}' in repository '{repository}'"
        " does not exist",
        version,
        "package-version",
    )


def asset_not_found(version: str, asset: str) -> ResourceNotFoundException:
    """No such asset in the package version."""
    return ResourceNotFoundException(
        f"Asset not found. Asset '{asset}' of version '{version}' does not exist", asset, "asset"
    )
