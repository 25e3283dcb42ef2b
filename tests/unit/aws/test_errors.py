"""errors: the SDK's errors become ApiError."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    ReadTimeoutError,
)

from promoter.aws.errors import api_errors, setup_problem
from promoter.copying.ports import ApiError

ENDPOINT = "https://codeartifact.eu-west-1.amazonaws.com"


def converted(error: Exception) -> ApiError:
    with pytest.raises(ApiError) as raised, api_errors():
        raise error
    assert raised.value.__cause__ is error
    return raised.value


def refusal(status: int, code: str = "SomeException", **more: str) -> ClientError:
    metadata = {"HTTPStatusCode": status, "RequestId": "request-1"}
    answer = {"Error": {"Code": code, "Message": "a message"}, "ResponseMetadata": metadata, **more}
    return ClientError(answer, "CopyPackageVersions")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "SomeException"),
        (404, "SomeException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (503, "InternalServerException"),
    ],
)
def test_the_status_decides_about_throttling_and_server_errors(status: int, code: str) -> None:
    assert converted(refusal(status)).code == code


def test_a_refusal_keeps_its_message_its_resource_and_its_request() -> None:
    error = converted(refusal(404, "ResourceNotFoundException", resourceType="repository"))

    assert (error.message, error.resource_type, error.request_id) == ("a message", "repository", "request-1")
    assert setup_problem(error) is None


def test_a_refusal_without_details_is_unknown() -> None:
    error = converted(ClientError({}, "CopyPackageVersions"))

    assert (error.code, error.message) == ("unknown", "")


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (NoCredentialsError(), "no-credentials"),
        (NoRegionError(), "no-region"),
        (ProfileNotFound(profile="nobody"), "no-profile"),
        (EndpointConnectionError(endpoint_url=ENDPOINT), "no-connection"),
        (ConnectTimeoutError(endpoint_url=ENDPOINT), "no-connection"),
        (ReadTimeoutError(endpoint_url=ENDPOINT), "no-connection"),
        (BotoCoreError(), None),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_call_without_an_answer_is_unreachable_and_names_the_problem(
    error: BotoCoreError, problem: str | None
) -> None:
    made = converted(error)

    assert (made.code, made.message, setup_problem(made)) == ("Unreachable", str(error), problem)


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), api_errors():
        raise KeyError("ours")


def test_an_error_without_a_cause_names_no_problem() -> None:
    assert setup_problem(ApiError("Unreachable", "no answer")) is None
