"""errors: every error of AWS is one sentence with a fix."""

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    TokenRetrievalError,
)

from promoter.aws.errors import api_errors
from promoter.aws.web_pages import WebPageError
from promoter.cli.errors import EXIT_AWS, EXIT_USAGE, UserError, aws_errors, unknown_text
from promoter.copying.ports import ApiError
from promoter.inspection.ports import Unknown


def sentence(error: Exception) -> tuple[str, int]:
    with pytest.raises(UserError) as raised, aws_errors("read the alarms"):
        raise error
    assert raised.value.__suppress_context__, "a traceback would show the SDK's error"
    return str(raised.value), raised.value.exit_code


def from_adapter(error: Exception) -> ApiError:
    """The error as an adapter of promoter.aws raises it."""
    with pytest.raises(ApiError) as raised, api_errors():
        raise error
    return raised.value


def refusal(code: str, message: str = "a message", status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "DescribeAlarms")  # type: ignore[arg-type]


ERRORS = [
    (
        refusal("AccessDeniedException"),
        "cannot read the alarms: a message (AccessDeniedException); ask for the permission that the message names",
        EXIT_AWS,
    ),
    (
        refusal("AccessDenied"),
        "cannot read the alarms: a message (AccessDenied); ask for the permission that the message names",
        EXIT_AWS,
    ),
    (
        refusal("ExpiredTokenException"),
        "cannot read the alarms: a message (ExpiredTokenException); log in again",
        EXIT_AWS,
    ),
    (
        refusal("ResourceNotFoundException"),
        "cannot read the alarms: a message (ResourceNotFoundException); "
        "check the name, the account (--domain-owner, --profile) and the region (--region)",
        EXIT_AWS,
    ),
    (
        refusal("Throttling", status=429),
        "cannot read the alarms: a message (ThrottlingException); wait a moment and try again",
        EXIT_AWS,
    ),
    (
        refusal("Fault", status=500),
        "cannot read the alarms: a message (InternalServerException); try again",
        EXIT_AWS,
    ),
    (refusal("Unheard"), "cannot read the alarms: a message (Unheard)", EXIT_AWS),
    (refusal("Unheard", ""), "cannot read the alarms: AWS refused the call (Unheard)", EXIT_AWS),
    (
        NoCredentialsError(),
        "cannot read the alarms: no AWS credentials; log in, or name a profile with --profile",
        EXIT_AWS,
    ),
    (
        NoRegionError(),
        "cannot read the alarms: no AWS region; name one with --region, or a profile with --profile",
        EXIT_AWS,
    ),
    (
        ProfileNotFound(profile="me"),
        "cannot read the alarms: The config profile (me) could not be found; "
        "`aws configure list-profiles` lists your profiles",
        EXIT_USAGE,
    ),
    (
        EndpointConnectionError(endpoint_url="http://localhost:1"),
        'cannot read the alarms: Could not connect to the endpoint URL: "http://localhost:1"; '
        "check your network and AWS_ENDPOINT_URL",
        EXIT_AWS,
    ),
    (
        EndpointConnectionError(endpoint_url="https://codeartifact.eu-wst-1.amazonaws.com/v1/packages"),
        'cannot read the alarms: there is no AWS endpoint in region "eu-wst-1"; did you mean "eu-west-1"?',
        EXIT_USAGE,
    ),
    (
        EndpointConnectionError(endpoint_url="https://codeartifact.eu-west-1.amazonaws.com/"),
        "cannot read the alarms: Could not connect to the endpoint URL: "
        '"https://codeartifact.eu-west-1.amazonaws.com/"; '
        "check your network and AWS_ENDPOINT_URL",
        EXIT_AWS,
    ),
    (
        InvalidRegionError(region_name="eu_west_1"),
        'cannot read the alarms: there is no AWS endpoint in region "eu_west_1"; did you mean "eu-west-1"?',
        EXIT_USAGE,
    ),
    (
        WebPageError(status=200),
        "cannot read the alarms: a web page came instead of an answer of AWS (HTTP 200); "
        "check your proxy and AWS_ENDPOINT_URL",
        EXIT_AWS,
    ),
    (
        TokenRetrievalError(provider="sso", error_msg="Token has expired"),
        "cannot read the alarms: Error when retrieving token from sso: Token has expired",
        EXIT_AWS,
    ),
]
IDS = [str(number) for number, _ in enumerate(ERRORS)]


@pytest.mark.parametrize(("error", "text", "exit_code"), ERRORS, ids=IDS)
def test_an_error_of_the_sdk_is_a_sentence(error: Exception, text: str, exit_code: int) -> None:
    assert sentence(error) == (text, exit_code)


@pytest.mark.parametrize(("error", "text", "exit_code"), ERRORS, ids=IDS)
def test_an_error_of_an_adapter_is_the_same_sentence(error: Exception, text: str, exit_code: int) -> None:
    assert sentence(from_adapter(error)) == (text, exit_code)


def test_an_error_without_a_cause_is_a_sentence_too() -> None:
    error = ApiError("ResourceNotFoundException", "no such repository")

    assert sentence(error)[0] == (
        "cannot read the alarms: no such repository (ResourceNotFoundException); "
        "check the name, the account (--domain-owner, --profile) and the region (--region)"
    )


def test_an_endpoint_that_is_not_a_url_is_bad_usage() -> None:
    error = ValueError("Invalid endpoint: nonsense")

    assert sentence(error) == (
        "cannot read the alarms: Invalid endpoint: nonsense; check AWS_ENDPOINT_URL",
        EXIT_USAGE,
    )


@pytest.mark.parametrize("error", [ValueError("our own mistake"), KeyError("also ours")])
def test_our_own_errors_pass(error: Exception) -> None:
    with pytest.raises(type(error)), aws_errors("read the alarms"):
        raise error


def test_an_unknown_part_says_why_it_is_unknown() -> None:
    denied = from_adapter(refusal("AccessDenied"))

    assert unknown_text(Unknown("read the alarms", denied)) == ERRORS[1][1]
    assert unknown_text(Unknown("read PromotionQueue")) == (
        "cannot read PromotionQueue: the stack has no such resource; deploy this version of the template"
    )
