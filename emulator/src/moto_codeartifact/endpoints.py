"""The requests and responses that all package managers' endpoints share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from urllib.parse import unquote

from moto.core.common_types import TYPE_RESPONSE
from moto.core.request import Request

from .authorization import Question
from .contents import Content, TooLargeError, content_of, read_content
from .models import CodeArtifactBackend
from .packages import PackageKey, PackageVersion
from .principals import Caller
from .publishing import Upload
from .repositories import Repository


class RejectedError(Exception):
    """A package manager's request that is answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class UploadedFile:
    """A file of a form."""

    name: str
    content: Content


@dataclass(frozen=True)
class Body:
    """The body of a request: plain, or a form."""

    content: Content = field(default_factory=lambda: content_of(b""))
    fields: Mapping[str, str] = field(default_factory=dict)
    repeated: Mapping[str, list[str]] = field(default_factory=dict)
    """All values of each field."""
    files: Mapping[str, UploadedFile] = field(default_factory=dict)


def read_body(request: Request, limit: int) -> Body:
    """Read the body of a request, of which no file may be larger than the limit."""
    try:
        if request.mimetype == "multipart/form-data":
            files = {
                name: UploadedFile(
                    file.filename or "",
                    read_content(cast("BinaryIO", file.stream), limit),
                )
                for name, file in request.files.items()
            }
            return Body(
                fields=request.form.to_dict(),
                repeated=request.form.to_dict(flat=False),
                files=files,
            )
        return Body(content=read_content(cast("BinaryIO", request.stream), limit))
    except TooLargeError:
        raise RejectedError(413, f"The file is larger than {limit} bytes") from None


@dataclass(frozen=True)
class PackageRequest:
    """A package manager's request to one repository, with a valid token."""

    method: str
    """GET for HEAD, too."""
    raw_path: str
    """The path below the repository's endpoint, as it was sent."""
    endpoint: str
    """The repository's endpoint as the client knows it."""
    repository: Repository
    backend: CodeArtifactBackend
    caller: Caller
    """Who called GetAuthorizationToken."""
    body: Body
    headers: Any

    @property
    def path(self) -> str:
        """The decoded path below the repository's endpoint."""
        return unquote(self.raw_path)

    @property
    def segments(self) -> list[str]:
        """The decoded segments of the path. An encoded slash separates nothing."""
        return [unquote(segment) for segment in self.raw_path.split("/")]

    def listed(self, key: PackageKey) -> list[PackageVersion]:
        """Return the published versions that the client sees, newest first."""
        return self.backend.list_client_versions(self.repository, key)

    def fetch(self, key: PackageKey, version: str) -> PackageVersion:
        """Return a version that can be downloaded. If it came through an upstream, it is retained."""
        return self.backend.fetch_version(self.repository, key, version)

    def refresh(self, key: PackageKey, version: str) -> PackageVersion:
        """Return the version with the files that it has got where it came from."""
        self.backend.refresh(self.repository, key, version)
        return self.repository.version(key, version)

    def upload(self, upload: Upload) -> None:
        """Add a file to a version if the caller may publish it."""
        self.require_allowed("PublishPackageVersion", upload.key)
        self.backend.upload(self.repository, upload)

    def require_allowed(self, operation: str, key: PackageKey) -> None:
        """Raise AccessDeniedException unless the caller may do this to the package."""
        domain = self.backend.domains[self.repository.domain_name]
        question = Question(self.caller.principal(), operation, self.repository, domain)
        question.require_allowed([self.repository.package_arn(key)])


def answer(
    status: int,
    body: str | bytes = b"",
    content_type: str = "text/plain",
    **headers: str,
) -> TYPE_RESPONSE:
    """Return a response. Underscores in the names of headers become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": content_type, **named}, body


def json_answer(
    status: int, document: Any, content_type: str = "application/json"
) -> TYPE_RESPONSE:
    """Return a response in JSON."""
    return answer(status, json.dumps(document), content_type)
