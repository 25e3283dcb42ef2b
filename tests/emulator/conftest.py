"""Runs each test in this process, under `mock_aws`, and through a server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict

from local.moto_patches.register import register_codeartifact
from local.moto_patches.server import Server, start_server
from tests.support.codeartifact_calls import STAGES, create_repositories
from tests.support.emulated_aws import Aws
from tests.support.event_listener import ReceiveEvents, listen


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture(scope="session")
def _one_server() -> Iterator[Server]:
    with start_server() as server:
        yield server


@pytest.fixture
def server(_one_server: Server) -> Iterator[Server]:
    """A server without any resources."""
    BackendDict.reset()
    _one_server.calls.clear()
    yield _one_server
    BackendDict.reset()


@pytest.fixture
def server_ca(server: Server) -> Any:
    """A client of the server, and a domain with three repositories."""
    client = Aws(server.url).client("codeartifact")
    create_repositories(client, STAGES)
    return client


@pytest.fixture(params=["in-process", "server"])
def aws(request: pytest.FixtureRequest) -> Iterator[Aws]:
    """An AWS in this process, then one behind a server."""
    if request.param == "server":
        yield Aws(request.getfixturevalue("server").url)
        return
    register_codeartifact()
    with mock_aws():
        yield Aws(None)


@pytest.fixture
def ca(aws: Aws) -> Any:
    """A client of CodeArtifact, and a domain with three repositories."""
    client = aws.client("codeartifact")
    create_repositories(client, STAGES)
    return client


@pytest.fixture
def receive_events(aws: Aws, ca: Any) -> ReceiveEvents:
    """A function that returns the events since its last call."""
    return listen(aws.client("sqs"), aws.client("events"))
