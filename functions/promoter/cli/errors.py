"""What a user did or has to mend, each in a sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NO, USAGE = 1, 2


class UserError(Exception):
    """A mistake that its reader can mend; the message says what and how."""

    exit_code = NO


class BadUsage(UserError):  # noqa: N818  it is shown as its message
    """Bad arguments, or rules that cannot be used."""

    exit_code = USAGE


@contextmanager
def aws_errors(what: str) -> Iterator[None]:
    """Turn what the SDK raises into a sentence; `what` says what was attempted, as in "list the repositories"."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        EndpointConnectionError,
        NoCredentialsError,
        NoRegionError,
        ProfileNotFound,
    )

    try:
        yield
    except NoCredentialsError:
        raise UserError(
            f"cannot {what}: no AWS credentials; log in, or name a profile with --profile"
        ) from None
    except NoRegionError:
        raise UserError(
            f"cannot {what}: no AWS region; set AWS_REGION, or name a profile with --profile"
        ) from None
    except ProfileNotFound as error:
        raise BadUsage(f"{error}; `aws configure list-profiles` lists them") from None
    except EndpointConnectionError as error:
        raise UserError(f"cannot {what}: {error} Is the network up, and AWS_ENDPOINT_URL right?") from None
    except ClientError as error:
        raise UserError(f"cannot {what}: {_sentence(error)}") from None
    except ValueError as error:
        if "endpoint" not in str(error):
            raise
        raise BadUsage(f"cannot {what}: {error}; see AWS_ENDPOINT_URL") from None
    except BotoCoreError as error:
        raise UserError(f"cannot {what}: {error}") from None


def _sentence(error: object) -> str:
    answer = getattr(error, "response", {}).get("Error", {})
    code, message = answer.get("Code", "unknown"), answer.get("Message", "")
    mends = {
        "AccessDeniedException": "ask for the right that it names",
        "ExpiredTokenException": "log in again",
        "UnrecognizedClientException": "log in again",
        "ResourceNotFoundException": "see whether it is spelt right, and in this account and region",
        "ThrottlingException": "wait a little and try again",
    }
    mend = mends.get(code)
    return f"{message or code} ({code})" + (f"; {mend}" if mend else "")
