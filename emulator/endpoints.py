"""What the package managers' endpoints have in common."""

from dataclasses import dataclass
from typing import Any

from moto.core.common_types import TYPE_RESPONSE

from .models import CodeArtifactBackend
from .repositories import Repository

PREFIX = "/d/codeartifact"


def repository_endpoint(server: str, repository: Repository, format_: str) -> str:
    """The URL for a package manager (API: GetRepositoryEndpoint).

    AWS puts domain, owner and region into the host name. On a server of another name they go into the
    path, below a segment too short to be an S3 bucket.
    """
    domain = f"{repository.domain_name}-{repository.domain_owner}"
    if server.endswith(".amazonaws.com"):
        host = f"https://{domain}.d.codeartifact.{repository.region}.amazonaws.com"
    else:
        host = f"{server}{PREFIX}/{repository.region}/{domain}"
    return f"{host}/{format_}/{repository.name}/"


@dataclass(frozen=True)
class PackageRequest:
    """A package manager's request to one repository, whose token was good."""

    method: str
    path: str
    """Below the repository's endpoint, decoded."""
    endpoint: str
    """The repository's endpoint, as the client knows it."""
    repository: Repository
    backend: CodeArtifactBackend
    body: bytes
    form: Any
    """twine: the fields, and the file under `content`."""


def answer(status: int, body: str | bytes = b"", content_type: str = "text/plain") -> TYPE_RESPONSE:
    """A response with a body of that type."""
    return status, {"Content-Type": content_type}, body
