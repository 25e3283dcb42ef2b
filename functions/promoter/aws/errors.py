"""The SDK's errors -> ApiError."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from promoter.aws.web_pages import WebPageError
from promoter.copying.ports import ApiError

SetupProblem = Literal["no-credentials", "no-region", "no-profile", "no-connection", "web-page"]

_SETUP_PROBLEMS: tuple[tuple[type[Exception], SetupProblem], ...] = (
    (NoCredentialsError, "no-credentials"),
    (NoRegionError, "no-region"),
    (ProfileNotFound, "no-profile"),
    (NoConnectionError, "no-connection"),
    (HTTPClientError, "no-connection"),
    (WebPageError, "web-page"),
)


@contextmanager
def api_errors() -> Iterator[None]:
    """Raise ApiError instead of each error of the SDK. Its `__cause__` is the SDK's error."""
    try:
        yield
    except ClientError as error:
        raise _api_error(error) from error
    except BotoCoreError as error:  # time-outs, connections, credentials
        raise ApiError("Unreachable", str(error)) from error


def setup_problem(error: ApiError) -> SetupProblem | None:
    """The problem of configuration or connection that caused an error; None if AWS refused the call."""
    cause = error.__cause__
    return next((problem for type_, problem in _SETUP_PROBLEMS if isinstance(cause, type_)), None)


def _api_error(error: ClientError) -> ApiError:
    answer: Any = error.response
    code = answer.get("Error", {}).get("Code", "unknown")
    metadata = answer.get("ResponseMetadata", {})
    if metadata.get("HTTPStatusCode", 0) >= 500:
        code = "InternalServerException"
    elif metadata.get("HTTPStatusCode") == 429:
        code = "ThrottlingException"
    message = answer.get("Error", {}).get("Message", "")
    return ApiError(code, message, answer.get("resourceType", ""), metadata.get("RequestId", ""))
