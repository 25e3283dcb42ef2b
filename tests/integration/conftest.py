"""An AWS account in this process, for tests of the real function."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.endpoint
import pytest
from botocore.loaders import create_loader
from moto import mock_aws

from emulator_support.fixtures import aws, ca, credentials, one_server, server, server_ca  # noqa: F401
from moto_codeartifact.register import register_codeartifact
from moto_codeartifact.settings import EmulatorSettings
from promoter.aws import clients
from tests.support.account import REGION, Account, open_account


@pytest.fixture(scope="session")
def _clients() -> Mapping[str, Any]:
    """The clients of a person. They are created once, because that takes as long as a test."""
    register_codeartifact()
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    with mock_aws():
        session = boto3.Session(region_name=REGION, **keys)
        return {name: session.client(name) for name in ("codeartifact", "events", "scheduler", "sns", "sqs")}


@pytest.fixture(scope="session")
def _loader() -> Any:
    """The loader of the SDK's service models. It caches what it has read."""
    return create_loader()


@pytest.fixture(params=["same", "fresh"])
def account(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    _clients: Mapping[str, Any],
    _loader: Any,
) -> Iterator[Account]:
    """An account whose copies keep their revision, then one whose copies get a new revision."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    # the SDK must not wait before its second attempt
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))
    with mock_aws():
        _clear_client_caches()
        opened = open_account(_clients)
        opened.backend.settings = EmulatorSettings(copied_revision=request.param)
        clients._function_session()._session.register_component("data_loader", _loader)
        clients._function_session().events.register(
            "request-created",
            lambda event_name, **_: opened.requests.append(event_name.removeprefix("request-created.")),
        )
        yield opened
        _clear_client_caches()


def _clear_client_caches() -> None:
    for cached in (clients.function_client, clients._function_session):
        cached.cache_clear()
