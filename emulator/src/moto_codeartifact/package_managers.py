"""Routes the requests of npm, pip, twine and Maven: finds the repository and checks the token."""

import logging
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import ServiceException
from moto.core.request import Request, normalize_request

from . import maven, npm, pypi
from .addresses import PREFIX, repository_endpoint
from .dispatch import backend_of, error_answer
from .endpoints import (
    Body,
    PackageRequest,
    RejectedError,
    answer,
    json_answer,
    read_body,
)
from .exceptions import ValidationException
from .formats import FORMATS
from .models import CodeArtifactBackend
from .principals import Caller

log = logging.getLogger(__name__)

HANDLERS: dict[str, Callable[[PackageRequest], TYPE_RESPONSE]] = {
    "maven": maven.serve,
    "npm": npm.serve,
    "pypi": pypi.serve,
}
STATUSES = {
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 402,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
USERS = ("aws", "__token__")
"""The user of `Basic` credentials. `__token__` is that of `uv publish --token`."""

AWS_HOST = re.compile(
    r"(?P<domain>[^.]+)-(?P<owner>\d{12})\.d\.codeartifact\.(?P<region>[^.]+)\.amazonaws\.com"
)
LOCAL_PATH = re.compile(
    rf"{PREFIX}/(?P<region>[^/]+)/(?P<domain>[^/]+)-(?P<owner>\d{{12}})(?P<rest>/.*)"
)
REPOSITORY_PATH = re.compile(r"/(?P<format>[a-z]+)/(?P<repository>[^/]+)/(?P<path>.*)")


def serve_packages(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
    """Answer a request of any package manager."""
    normalised = normalize_request(request)
    place = _locate(normalised)
    if place is None or place["format"] not in FORMATS:
        return answer(404, "No such endpoint")
    status, headers, body = _answer(normalised, place)
    if normalised.method == "HEAD" and normalised.from_wsgi_server:
        size = len(body if isinstance(body, bytes) else body.encode())
        return status, {**headers, "content-length": str(size)}, b""
    return status, headers, body


def _answer(request: Request, place: dict[str, str]) -> TYPE_RESPONSE:
    try:
        return _serve(request, place)
    except RejectedError as rejection:
        return _error(place["format"], rejection.status, rejection.message)
    except ServiceException as error:
        return _error(
            place["format"], STATUSES.get(error.code, 500), str(error.message)
        )
    except Exception as error:
        log.exception("a request of %s failed", place["format"])
        return _error(place["format"], 500, f"The emulator failed: {error!r}")


def _error(format_: str, status: int, message: str) -> TYPE_RESPONSE:
    """Return an error as the package manager shows it."""
    return (
        json_answer(status, {"error": message})
        if format_ == "npm"
        else answer(status, message)
    )


def _serve(request: Request, place: dict[str, str]) -> TYPE_RESPONSE:
    try:
        backend = backend_of(place["owner"], place["region"])
    except ValidationException as error:
        raise RejectedError(404, str(error.message)) from None
    caller = backend.find_token_owner(_token(request), place["domain"])
    if caller is None:
        return answer(
            401, "Unauthorized", WWW_Authenticate='Basic realm="codeartifact"'
        )
    serve = HANDLERS.get(place["format"])
    if serve is None:
        message = f"The endpoint of {place['format']} is not served by this emulator"
        return error_answer(501, "NotImplemented", message)
    packages_request = _package_request(request, place, backend, caller)
    with CodeArtifactBackend.lock:
        return serve(packages_request)


def _read_body(request: Request, backend: CodeArtifactBackend, format_: str) -> Body:
    """Read the body, unless it declares to be too large (User Guide: packages-overview)."""
    settings = backend.settings
    most = (
        settings.npm_request_maximum
        if format_ == "npm"
        else settings.asset_size_maximum
    )
    if (request.content_length or 0) > most:
        raise RejectedError(413, f"The request is larger than {most} bytes")
    return read_body(request, most)


def _locate(request: Request) -> dict[str, str] | None:
    """Return domain, owner, region, format, repository and path; None if the URL is not an endpoint's."""
    host = AWS_HOST.fullmatch(urlsplit(request.raw_url).hostname or "")
    local = LOCAL_PATH.fullmatch(request.raw_path)
    location = host or local
    rest = REPOSITORY_PATH.fullmatch(
        request.raw_path if host else local["rest"] if local else ""
    )
    return {**location.groupdict(), **rest.groupdict()} if location and rest else None


def _token(request: Request) -> str:
    """Return the token of `Bearer TOKEN` or `Basic aws:TOKEN` (User Guide: tokens-authentication)."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return str(credentials)
    try:
        user, _, password = b64decode(credentials).decode().partition(":")
    except ValueError:
        return ""
    return password if scheme == "Basic" and user in USERS else ""


def _package_request(
    request: Request,
    place: dict[str, str],
    backend: CodeArtifactBackend,
    caller: Caller,
) -> PackageRequest:
    repository = backend.describe_repository(place["domain"], place["repository"])
    split = urlsplit(request.raw_url)
    return PackageRequest(
        method="GET" if request.method == "HEAD" else request.method,
        raw_path=place["path"],
        endpoint=repository_endpoint(
            f"{split.scheme}://{split.netloc}", repository, place["format"]
        ),
        repository=repository,
        backend=backend,
        caller=caller,
        body=_read_body(request, backend, place["format"]),
        headers=request.headers,
    )
