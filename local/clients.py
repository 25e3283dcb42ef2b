"""The environment variables and the boto3 clients that reach the local AWS and nothing else."""

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto uses this account for any credentials
KEY = "local"  # moto accepts any key


def client_environment(url: str, region: str = REGION) -> dict[str, str]:
    """Return the environment variables that make any AWS client use this endpoint."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_SESSION_TOKEN": KEY,  # overrides a token in the user's shell
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def make_session(region: str = REGION) -> boto3.session.Session:
    """Create a boto3 session that ignores the user's profile and AWS files."""
    nothing = (None, None, None, None)
    no_file = (None, None, os.devnull, None)
    bare = botocore.session.Session(
        session_vars={"profile": nothing, "config_file": no_file, "credentials_file": no_file}
    )
    return boto3.session.Session(
        aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=region, botocore_session=bare
    )


def make_client(service: str, url: str) -> Any:
    """Create a boto3 client of this endpoint that also ignores the user's proxies."""
    make: Any = make_session().client  # the stubs accept literal service names only
    return make(service, endpoint_url=url, config=Config(proxies={}))
