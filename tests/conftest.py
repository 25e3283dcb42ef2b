"""What all tests share: how hypothesis looks for examples, what the function prints, and an AWS account."""

import sys
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings

from tests.support.account import REGION, Account, open_account
from tests.support.printed import Printed

settings.register_profile("here", deadline=None, print_blob=True)  # other processes share the machine
settings.load_profile("here")


class _Output:
    """Standard output as it is when somebody writes: the logger keeps the one that it began with."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture(scope="session", autouse=True)
def _logged() -> None:
    from promoter.lambda_function import logger

    logger.registered_handler.setStream(_Output())


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """What the function prints, its log included."""
    return Printed(lambda: capsys.readouterr().out)


@pytest.fixture(scope="session")
def _clients() -> Mapping[str, Any]:
    """What a person uses; made once, for that takes as long as a test."""
    import boto3
    from moto import mock_aws

    from local.moto_patches.register import plug

    plug()
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    with mock_aws():
        session = boto3.Session(region_name=REGION, **keys)
        return {name: session.client(name) for name in ("codeartifact", "events", "sns", "sqs")}


@pytest.fixture(scope="session")
def _loader() -> Any:
    """The SDK's service models, read once."""
    from botocore.loaders import create_loader

    return create_loader()


@pytest.fixture(params=["same", "fresh"])
def account(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    _clients: Mapping[str, Any],
    _loader: Any,
) -> Iterator[Account]:
    """An account whose copies keep their revision, and one whose copies get another."""
    import botocore.endpoint
    from moto import mock_aws

    from emulator.settings import Settings
    from promoter.aws import clients

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    # the SDK's second attempt need not wait
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))
    with mock_aws():
        for cached in (clients.function_client, clients._function_session):
            cached.cache_clear()
        made = open_account(_clients)
        made.backend.settings = Settings(copied_revision=request.param)
        clients._function_session()._session.register_component("data_loader", _loader)
        clients._function_session().events.register(
            "request-created",
            lambda event_name, **_: made.requests.append(event_name.removeprefix("request-created.")),
        )
        yield made
        for cached in (clients.function_client, clients._function_session):
            cached.cache_clear()
