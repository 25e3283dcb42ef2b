"""Routes the requests of npm, pip, twine and Maven: finds the repository and checks the token."""

import re
from base64 import b64decode
from typing import Any
from urllib.parse import unquote, urlsplit

from moto.core.common_types import TYPE_RESPONSE
from moto.core.request import Request, normalize_request

from . import maven, npm, pypi
from .endpoints import PREFIX, PackageRequest, answer, repository_endpoint
from .exceptions import AccessDeniedException, ConflictException, ResourceNotFoundException
from .models import CodeArtifactBackend, codeartifact_backends
from .principals import Caller

HANDLERS = {"maven": maven.serve, "npm": npm.serve, "pypi": pypi.serve}

AWS_HOST = re.compile(
    r"(?P<domain>[^.]+)-(?P<owner>\d{12})\.d\.codeartifact\.(?P<region>[^.]+)\.amazonaws\.com"
)
LOCAL_PATH = re.compile(rf"{PREFIX}/(?P<region>[^/]+)/(?P<domain>[^/]+)-(?P<owner>\d{{12}})(?P<rest>/.*)")
REPOSITORY_PATH = re.compile(r"/(?P<format>[a-z]+)/(?P<repository>[^/]+)/(?P<path>.*)")


def serve_packages(request: Any, full_url: str, headers: Any) -> TYPE_RESPONSE:
    """Answer a request of any package manager."""
    normalised = normalize_request(request)
    place = _locate(normalised)
    if place is None:
        return answer(404, "No such endpoint")
    backend = codeartifact_backends[place["owner"]][place["region"]]
    caller = backend.find_token_owner(_token(normalised), place["domain"])
    if caller is None:
        status, rejected, body = answer(401, "Unauthorized")
        return status, {**rejected, "WWW-Authenticate": 'Basic realm="codeartifact"'}, body
    with CodeArtifactBackend.lock:
        try:
            serve = HANDLERS.get(place["format"])
            if serve is None:
                return answer(404, f"No endpoint for format {place['format']}")
            return serve(_package_request(normalised, place, backend, caller))
        except AccessDeniedException as error:
            return answer(403, error.message)
        except ResourceNotFoundException as error:
            return answer(404, error.message)
        except ConflictException as error:
            return answer(409, error.message)


def _locate(request: Request) -> dict[str, str] | None:
    """Return domain, owner, region, format, repository and path; None if the URL is not an endpoint's."""
    host = AWS_HOST.fullmatch(urlsplit(request.raw_url).hostname or "")
    local = LOCAL_PATH.fullmatch(request.raw_path)
    location = host or local
    rest = REPOSITORY_PATH.fullmatch(request.raw_path if host else local["rest"] if local else "")
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
    return password if scheme == "Basic" and user == "aws" else ""


def _package_request(
    request: Request, place: dict[str, str], backend: CodeArtifactBackend, caller: Caller
) -> PackageRequest:
    repository = backend.describe_repository(place["domain"], place["repository"])
    split = urlsplit(request.raw_url)
    form = {**request.form.to_dict(), **request.files.to_dict()}
    return PackageRequest(
        method=request.method,
        path=unquote(place["path"]),
        endpoint=repository_endpoint(f"{split.scheme}://{split.netloc}", repository, place["format"]),
        repository=repository,
        backend=backend,
        caller=caller,
        body=request.data,
        form=form,
    )
