"""An AWS in this process, under `mock_aws`, and one behind a server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict

from emulator_support.codeartifact_calls import STAGES, create_repositories
from emulator_support.emulated_aws import Aws
from emulator_support.event_listener import ReceiveEvents, listen
from moto_codeartifact.register import register_codeartifact
from moto_codeartifact.server import Server, start_server


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture(scope="session")
def one_server() -> Iterator[Server]:
    with start_server() as server:
        yield server


@pytest.fixture
def server(one_server: Server, credentials: None) -> Iterator[Server]:
    """A server without any resources."""
    BackendDict.reset()
    one_server.calls.clear()
    yield one_server
    BackendDict.reset()


@pytest.fixture
def server_ca(server: Server) -> Any:
    """A client of the server, and a domain with three repositories."""
    client = Aws(server.url).client("codeartifact")
    create_repositories(client, STAGES)
    return client


@pytest.fixture(params=["in-process", "server"])
def aws(request: pytest.FixtureRequest, credentials: None) -> Iterator[Aws]:
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
