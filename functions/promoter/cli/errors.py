"""Errors that the user can fix, each as one sentence with the fix; and the exit codes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from promoter.copying.ports import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promoter.inspection.ports import Unknown

EXIT_OK, EXIT_NO, EXIT_USAGE, EXIT_AWS, EXIT_TIMEOUT = 0, 1, 2, 3, 4
EXIT_CODES = {  # the help and docs/commands.md show these texts
    EXIT_OK: "answered or done",
    EXIT_NO: "no: the version is not promoted, a case fails, or the set-up has a fault",
    EXIT_USAGE: "bad usage or bad rules",
    EXIT_AWS: "AWS refused a call or could not be reached",
    EXIT_TIMEOUT: "`wait` timed out",
}

_LOG_IN = "log in again"
_FIXES = {
    "AccessDenied": "ask for the permission that the message names",
    "AccessDeniedException": "ask for the permission that the message names",
    "ConflictException": "try again",
    "ExpiredToken": _LOG_IN,
    "ExpiredTokenException": _LOG_IN,
    "InternalServerException": "try again",
    "InvalidClientTokenId": _LOG_IN,
    "ResourceNotFoundException": "check the name, the account (--domain-owner, --profile) and the region (--region)",
    "Throttling": "wait a moment and try again",
    "ThrottlingException": "wait a moment and try again",
    "UnrecognizedClientException": _LOG_IN,
}
_SETUP_FIXES = {
    "no-credentials": "no AWS credentials; log in, or name a profile with --profile",
    "no-region": "no AWS region; name one with --region, or a profile with --profile",
    "no-profile": "{}; `aws configure list-profiles` lists your profiles",
    "no-connection": "{}; check your network and AWS_ENDPOINT_URL",
    "web-page": "{}; check your proxy and AWS_ENDPOINT_URL",
}


class UserError(Exception):
    """An error that the user can fix. The message says what is wrong and how to fix it.

    Each kind has its exit code; this one means that the answer is no.
    """

    exit_code = EXIT_NO


class BadUsage(UserError):  # noqa: N818  it is shown as its message
    """Bad arguments, or rules that cannot be used."""

    exit_code = EXIT_USAGE


class AwsRefused(UserError):  # noqa: N818  it is shown as its message
    """AWS refused a call, or could not be reached."""

    exit_code = EXIT_AWS


@contextmanager
def aws_errors(action: str) -> Iterator[None]:
    """Raise AwsRefused or BadUsage instead of ApiError and the SDK's errors.

    `action` is as in "list the repositories".
    """
    from promoter.aws.errors import api_errors  # the SDK costs more time than an offline command

    try:
        with api_errors():
            yield
    except ApiError as error:
        raise user_error(action, error) from None
    except ValueError as error:  # the SDK's, for an endpoint that is not a URL
        if "endpoint" not in str(error):
            raise
        raise BadUsage(f"cannot {action}: {error}; check AWS_ENDPOINT_URL") from None


def user_error(action: str, error: ApiError) -> UserError:
    """The error as one sentence with the fix."""
    from promoter.aws.errors import setup_problem
    from promoter.aws.regions import wrong_region

    region = wrong_region(error)
    if region is not None:
        from promoter.rules_file.spelling import suggest

        hint = suggest(region.name, region.known)
        return BadUsage(f'cannot {action}: there is no AWS endpoint in region "{region.name}"; {hint}')
    problem = setup_problem(error)
    if problem:
        kind = BadUsage if problem == "no-profile" else AwsRefused
        return kind(f"cannot {action}: {_SETUP_FIXES[problem].format(error.message)}")
    if error.code == "Unreachable":
        return AwsRefused(f"cannot {action}: {error.message}")
    fix = _FIXES.get(error.code)
    text = f"cannot {action}: {error.message or 'AWS refused the call'} ({error.code})"
    return AwsRefused(f"{text}; {fix}" if fix else text)


def no_stack(name: str) -> UserError:
    """The error of a stack that does not exist."""
    return AwsRefused(
        f'there is no stack "{name}" in this account and region; use --stack to name another, '
        "`aws cloudformation list-stacks` lists them"
    )


def unknown_text(unknown: Unknown) -> str:
    """The reason why a part is unknown, as one sentence."""
    if unknown.error is None:
        return f"cannot {unknown.action}: the stack has no such resource; deploy this version of the template"
    return str(user_error(unknown.action, unknown.error))
