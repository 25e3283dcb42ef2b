"""The requests and responses that all package managers' endpoints share."""

from dataclasses import dataclass
from typing import Any

from moto.core.common_types import TYPE_RESPONSE

from .authorization import Question
from .models import CodeArtifactBackend
from .packages import PackageKey
from .principals import Caller
from .publishing import Upload
from .repositories import Repository

PREFIX = "/d/codeartifact"


def repository_endpoint(server: str, repository: Repository, format_: str) -> str:
    """Return the URL of a repository for a package manager (API: GetRepositoryEndpoint).

    AWS has domain, owner and region in the host name. On any other server they are in the path, below a
    segment that is too short for the name of an S3 bucket.
    """
    domain = f"{repository.domain_name}-{repository.domain_owner}"
    if server.endswith(".amazonaws.com"):
        host = f"https://{domain}.d.codeartifact.{repository.region}.amazonaws.com"
    else:
        host = f"{server}{PREFIX}/{repository.region}/{domain}"
    return f"{host}/{format_}/{repository.name}/"


@dataclass(frozen=True)
class PackageRequest:
    """A package manager's request to one repository, with a valid token."""

    method: str
    path: str
    """The decoded path below the repository's endpoint."""
    endpoint: str
    """The repository's endpoint as the client knows it."""
    repository: Repository
    backend: CodeArtifactBackend
    caller: Caller
    """Who called GetAuthorizationToken."""
    body: bytes
    form: Any
    """The form that twine sends: its fields, and the file under `content`."""

    def upload(self, upload: Upload) -> None:
        """Add a file to a version if the caller may publish it."""
        self.require_allowed("PublishPackageVersion", upload.key)
        self.backend.upload(self.repository, upload)

    def require_allowed(self, operation: str, key: PackageKey) -> None:
        """Raise AccessDeniedException unless the caller may do this to the package."""
        question = Question(self.caller.principal(), operation, self.repository)
        question.require_allowed([self.repository.package_arn(key)])


def answer(status: int, body: str | bytes = b"", content_type: str = "text/plain") -> TYPE_RESPONSE:
    """Return a response."""
    return status, {"Content-Type": content_type}, body
