"""The adapter of npm's tags: requests, tokens and errors."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3

from promoter.aws.npm_tags import NpmTags
from promoter.copying.npm_latest import NpmPackage
from promoter.copying.ports import ApiError
from promoter.packages.package import Package
from tests.support.clocks import Clock
from tests.support.moto_http import HttpAnswer
from tests.support.samples import WIDGET

ENDPOINT = "https://acme-123456789012.d.codeartifact.eu-west-1.amazonaws.com/npm/prod/"
PACKUMENT = {"versions": {"1.4.0": {}, "1.5.0": {}}, "dist-tags": {"latest": "1.4.0", "next": "1.5.0"}}


@dataclass
class Client:
    """The SDK's client: a new token for each call, 900 s valid."""

    clock: Clock
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def get_authorization_token(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(("token", parameters))
        tokens = sum(name == "token" for name, _ in self.calls)
        return {
            "authorizationToken": f"token-{tokens}",
            "expiration": datetime.fromtimestamp(self.clock() + 900, UTC),
        }

    def get_repository_endpoint(self, **parameters: Any) -> dict[str, Any]:
        self.calls.append(("endpoint", parameters))
        return {"repositoryEndpoint": ENDPOINT}


@dataclass
class Http:
    """Answers requests with one answer."""

    answer: HttpAnswer | Exception = field(
        default_factory=lambda: HttpAnswer(200, json.dumps(PACKUMENT).encode())
    )
    requests: list[tuple[str, str, bytes | None, dict[str, str]]] = field(default_factory=list)

    def request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> HttpAnswer:
        self.requests.append((method, url, body, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class Setup:
    clock: Clock = field(default_factory=Clock)
    http: Http = field(default_factory=Http)

    def __post_init__(self) -> None:
        self.client = Client(self.clock)
        self.tags = NpmTags(self.client, "acme", "123456789012", self.http, self.clock)


def test_the_versions_and_the_tag_are_read_from_the_endpoint() -> None:
    setup = Setup()

    assert setup.tags.read("prod", WIDGET) == NpmPackage(frozenset({"1.4.0", "1.5.0"}), "1.4.0")
    [(method, url, body, headers)] = setup.http.requests
    assert (method, url, body) == ("GET", f"{ENDPOINT}@acme%2Fwidget", None)
    assert headers["Authorization"] == "Bearer token-1"
    domain = {"domain": "acme", "domainOwner": "123456789012"}
    assert setup.client.calls == [
        ("token", {**domain, "durationSeconds": 900}),
        ("endpoint", {**domain, "repository": "prod", "format": "npm"}),
    ]


def test_a_package_without_the_tag_has_none() -> None:
    http = Http(HttpAnswer(200, b'{"versions": {"1.0.0": {}}}'))

    assert Setup(http=http).tags.read("prod", WIDGET).latest == ""


@pytest.mark.parametrize(
    ("package", "path"),
    [(WIDGET, "@acme%2Fwidget"), (Package("npm", "", "left-pad"), "left-pad")],
)
def test_the_tag_is_set_as_npm_sets_it(package: Package, path: str) -> None:
    setup = Setup(http=Http(HttpAnswer(201, b"")))

    setup.tags.move_latest("prod", package, "1.5.0")

    [(method, url, body, headers)] = setup.http.requests
    assert (method, url) == ("PUT", f"{ENDPOINT}-/package/{path}/dist-tags/latest")
    assert body == b'"1.5.0"'
    assert headers["Content-Type"] == "application/json"


def test_token_and_endpoint_are_kept_until_the_token_is_about_to_expire() -> None:
    setup = Setup()

    for seconds in (0, 800, 100):
        setup.clock.now += seconds
        setup.tags.read("prod", WIDGET)

    assert [name for name, _ in setup.client.calls] == ["token", "endpoint", "token"]
    assert [each[3]["Authorization"][-1] for each in setup.http.requests] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, "ValidationException"),
        (400, "ValidationException"),
        (401, "AccessDeniedException"),
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (503, "InternalServerException"),
    ],
)
def test_an_error_of_the_endpoint_has_the_code_of_the_api(status: int, code: str) -> None:
    setup = Setup(http=Http(HttpAnswer(status, b"no such thing " * 100)))

    with pytest.raises(ApiError) as caught:
        setup.tags.move_latest("prod", WIDGET, "1.5.0")

    assert caught.value.code == code
    assert caught.value.message.startswith("no such thing")
    assert 300 < len(caught.value.message) <= 500


def test_a_token_that_is_refused_is_not_used_again() -> None:
    setup = Setup(http=Http(HttpAnswer(401, b"")))

    for _ in range(2):
        with pytest.raises(ApiError):
            setup.tags.read("prod", WIDGET)

    assert [each[3]["Authorization"] for each in setup.http.requests] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(
    "content", [b"<html>", b"[]", b"{}", b'{"versions": 1}', b'{"versions": {}, "dist-tags": 1}']
)
def test_an_answer_that_is_no_packument_is_an_error(content: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        Setup(http=Http(HttpAnswer(200, content))).tags.read("prod", WIDGET)

    assert caught.value.code == "InternalServerException"


def test_an_endpoint_that_cannot_be_reached_is_an_error() -> None:
    http = Http(urllib3.exceptions.TimeoutError("too slow"))

    with pytest.raises(ApiError) as caught:
        Setup(http=http).tags.read("prod", WIDGET)

    assert (caught.value.code, caught.value.message) == ("Unreachable", "too slow")


def test_a_redirect_is_not_followed_and_calls_have_time_outs() -> None:
    options = NpmTags(None, "acme")._http.connection_pool_kw

    assert (options["retries"].total, options["retries"].redirect) == (False, 0)
    assert (options["timeout"].connect_timeout, options["timeout"].read_timeout) == (3, 10)
