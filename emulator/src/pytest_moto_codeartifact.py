"""Fixtures of pytest: `codeartifact_endpoint`, `codeartifact_domain` and `published`.

They serve CodeArtifact on loopback, for boto3, the AWS CLI, npm, pip, twine, uv and Maven alike. This module is
not part of the package, because pytest imports it even if no test uses it, and moto is slow to import.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from moto_codeartifact.domain_under_test import DomainUnderTest, Published
    from moto_codeartifact.server import Server

REGION = "us-east-1"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
}
OTHERS = ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the domain to pytest's configuration file."""
    parser.addini("codeartifact_domain", "The name of the domain", default="acme")
    parser.addini(
        "codeartifact_repositories",
        "The repositories of the domain, each as NAME[:UPSTREAM,...]",
        type="args",
        default=["dev", "prod"],
    )


@pytest.fixture(scope="session")
def _codeartifact_server() -> Iterator["Server"]:
    # imported late: moto is slow to import, and most tests do not need it
    from moto_codeartifact.server import start_server

    with start_server() as server:
        yield server


@pytest.fixture
def codeartifact_endpoint(
    _codeartifact_server: "Server", monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of an empty AWS. Clients that are created in the test use it, without any configuration."""
    from moto.core.base_backend import BackendDict

    for name in OTHERS:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", _codeartifact_server.url)
    BackendDict.reset()
    yield _codeartifact_server.url
    BackendDict.reset()


@pytest.fixture
def codeartifact_domain(
    codeartifact_endpoint: str, pytestconfig: pytest.Config
) -> "DomainUnderTest":
    """A domain with the repositories that the configuration names: dev and prod, if it names none."""
    from moto_codeartifact.domain_under_test import create_domain

    return create_domain(
        codeartifact_endpoint,
        REGION,
        pytestconfig.getini("codeartifact_domain"),
        pytestconfig.getini("codeartifact_repositories"),
    )


@pytest.fixture
def published(
    codeartifact_domain: "DomainUnderTest",
) -> Callable[..., "Published"]:
    """A function that publishes a version: `published("npm", "@acme/widget", "1.0.0", to="dev")`."""
    return codeartifact_domain.publish
