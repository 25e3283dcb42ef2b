"""clients: attempts and time-outs fit into an invocation, and no container uses the user's credentials."""

from collections.abc import Iterator

import pytest

from promoter.aws import clients
from promoter.copying.calls import RESERVE_SECONDS

BACKOFF = 1.0  # seconds; SDK reference guide, feature-retry-behavior: before the second attempt


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-users-own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-users-own")
    monkeypatch.delenv("AWS_SAM_LOCAL", raising=False)
    _forget()
    yield monkeypatch
    _forget()


def _forget() -> None:
    clients.function_client.cache_clear()
    clients._function_session.cache_clear()


@pytest.mark.parametrize("service", ["codeartifact", "sqs", "sns"])
def test_all_attempts_of_a_call_end_before_the_reserve_of_the_invocation_does(service: str) -> None:
    config = clients.function_client(service).meta.config

    attempts = config.retries["total_max_attempts"]
    longest = attempts * (config.connect_timeout + config.read_timeout) + (attempts - 1) * BACKOFF
    assert (attempts, config.retries["mode"]) == (2, "standard")
    assert longest <= RESERVE_SECONDS


def test_calls_name_the_product() -> None:
    assert "codeartifact-promoter" in clients.function_client("codeartifact").meta.config.user_agent_extra
    assert "codeartifact-promoter-cli" in clients.user_clients()("codeartifact").meta.config.user_agent_extra


def test_a_client_is_made_once() -> None:
    assert clients.function_client("sqs") is clients.function_client("sqs")
    of_user = clients.user_clients()
    assert of_user("sqs") is of_user("sqs")


def test_the_function_uses_its_role_and_under_sam_local_never_the_credentials_of_the_user(
    environment: pytest.MonkeyPatch,
) -> None:
    assert clients._function_session().get_credentials().access_key == "the-users-own"
    _forget()
    environment.setenv("AWS_SAM_LOCAL", "true")
    assert clients._function_session().get_credentials().access_key == "local"


def test_people_may_name_their_region_as_in_other_sdks(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("AWS_DEFAULT_REGION")
    environment.setenv("AWS_REGION", "eu-north-1")
    client = clients.user_clients()("codeartifact")
    assert client.meta.region_name == "eu-north-1"
    assert client.meta.config.retries["total_max_attempts"] == 3
