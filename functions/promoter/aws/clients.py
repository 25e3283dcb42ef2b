"""SDK clients: those of the function, and those of people at a terminal."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from promoter.aws.errors import api_errors
from promoter.aws.web_pages import refuse_web_pages


@cache
def function_client(service: str) -> Any:
    """The function's client of a service, by the environment's region, credentials and AWS_ENDPOINT_URL.

    The queue retries, so the SDK makes at most two attempts. Both end within `executor.RESERVE_SECONDS`.
    """
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 2, "mode": "standard"},
        user_agent_extra="codeartifact-promoter",
    )
    session: Any = _function_session()
    return refuse_web_pages(session.client(service, config=config))


def user_clients(profile: str | None = None) -> Callable[[str], Any]:
    """A factory of clients by the user's own configuration; raises the SDK's errors.

    Three attempts, connections within 5 s, answers within 30 s. AWS_REGION counts too, as in the other SDKs (SDK
    reference guide: feature-region).
    """
    return _clients_of(_user_session(profile))


def role_clients(role: str, profile: str | None = None) -> Callable[[str], Any]:
    """As `user_clients`, but with the permissions of a role, which the user assumes for an hour.

    Raises the SDK's errors. Source: STS API reference, AssumeRole.
    """
    user = _user_session(profile)
    answer = _clients_of(user)("sts").assume_role(RoleArn=role, RoleSessionName="promoter")
    given = answer["Credentials"]
    session = boto3.Session(
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
        region_name=user.region_name,
    )
    return _clients_of(session)


def caller_arn(client: Any) -> str:
    """The ARN of the caller; raises ApiError. `client` is that of STS (STS API reference: GetCallerIdentity)."""
    with api_errors():
        return str(client.get_caller_identity()["Arn"])


@cache
def _function_session() -> boto3.Session:
    if os.environ.get("AWS_SAM_LOCAL"):  # `sam local` passes the user's own credentials
        return boto3.Session(aws_access_key_id="local", aws_secret_access_key="local")  # noqa: S106
    return boto3.Session()


def _user_session(profile: str | None) -> boto3.Session:
    return boto3.Session(profile_name=profile, region_name=os.environ.get("AWS_REGION") or None)


def _clients_of(session: Any) -> Callable[[str], Any]:
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 3, "mode": "standard"},
        max_pool_connections=20,
        user_agent_extra="codeartifact-promoter-cli",
    )
    return cache(lambda service: refuse_web_pages(session.client(service, config=config)))
