"""npm's dist-tags. No operation of CodeArtifact's API has them, only the npm endpoint of a repository."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import urllib3

from promoter.aws.errors import api_errors
from promoter.copying.npm_latest import LATEST, NpmPackage
from promoter.copying.ports import ApiError
from promoter.packages.package import Package

_TOKEN_SECONDS = 900  # API reference, GetAuthorizationToken: the shortest
_MARGIN_SECONDS = 60  # do not start with a token that is about to expire
_MESSAGE = 500  # characters: AWS names the user, the action, the resource and the policy
_TIMEOUT = urllib3.Timeout(connect=3, read=10)
_CODES = {
    401: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    429: "ThrottlingException",
}
_ABBREVIATED = "application/vnd.npm.install-v1+json, application/json;q=0.8"


class NpmTags:
    """The tags of the repositories of one domain. Every method raises ApiError."""

    def __init__(
        self,
        client: Any,
        domain: str,
        owner: str | None = None,
        http: Any = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`client` is the SDK's client of CodeArtifact. Without an `owner` the domain is the caller's.

        `http` is a pool of urllib3, and `clock` gives UTC seconds since the epoch.
        """
        self._client = client
        self._domain = {"domain": domain} | ({"domainOwner": owner} if owner else {})
        self._clock = clock
        # the queue retries; a redirect could take the token elsewhere
        self._http = http or urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self._endpoints: dict[str, str] = {}
        self._token = ""
        self._expires = 0.0

    def read(self, repository: str, package: Package) -> NpmPackage:
        """The versions that npm clients see, and the one with the tag `latest`."""
        document = self._request("GET", repository, _name(package))
        try:
            return NpmPackage(frozenset(document["versions"]), document.get("dist-tags", {}).get(LATEST, ""))
        except (TypeError, KeyError, AttributeError):
            raise ApiError("InternalServerException", "the npm endpoint answered without versions") from None

    def move_latest(self, repository: str, package: Package, version: str) -> None:
        """Set the tag `latest` (User Guide: npm-commands, dist-tag)."""
        self._request("PUT", repository, f"-/package/{_name(package)}/dist-tags/{LATEST}", version)

    def _request(self, method: str, repository: str, path: str, body: str | None = None) -> Any:
        headers = {
            "Authorization": f"Bearer {self._current_token()}",
            "Accept": _ABBREVIATED,
            "Content-Type": "application/json",
            "User-Agent": "codeartifact-promoter",
        }
        content = None if body is None else json.dumps(body).encode()
        try:
            answer = self._http.request(
                method, self._endpoint(repository) + path, body=content, headers=headers
            )
        except urllib3.exceptions.HTTPError as error:
            raise ApiError("Unreachable", str(error)) from error
        if answer.status >= 300:
            raise self._error(answer.status, answer.data)
        return _parsed(answer.data) if method == "GET" else None

    def _error(self, status: int, data: bytes) -> ApiError:
        if status == 401:
            self._expires = 0.0  # the next call gets a new token
        code = "InternalServerException" if status >= 500 else _CODES.get(status, "ValidationException")
        return ApiError(code, data[:_MESSAGE].decode(errors="replace").strip() or f"HTTP {status}")

    def _endpoint(self, repository: str) -> str:
        """Source: API reference, GetRepositoryEndpoint. A local AWS answers with its own address."""
        if repository not in self._endpoints:
            with api_errors():
                answer = self._client.get_repository_endpoint(
                    **self._domain, repository=repository, format="npm"
                )
            self._endpoints[repository] = answer["repositoryEndpoint"].rstrip("/") + "/"
        return self._endpoints[repository]

    def _current_token(self) -> str:
        """Source: API reference, GetAuthorizationToken."""
        if self._clock() > self._expires - _MARGIN_SECONDS:
            with api_errors():
                answer = self._client.get_authorization_token(**self._domain, durationSeconds=_TOKEN_SECONDS)
            self._token, self._expires = answer["authorizationToken"], answer["expiration"].timestamp()
        return self._token


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise ApiError("InternalServerException", "the npm endpoint answered without JSON") from None


def _name(package: Package) -> str:
    """The name in a URL: `@scope%2Fname`."""
    name = f"@{package.namespace}/{package.name}" if package.namespace else package.name
    return quote(name, safe="@")
