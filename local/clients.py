"""What a client needs to speak to the local AWS, and boto3 clients that know nothing else."""

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's own, whatever the credentials
KEY = "local"  # any will do


def exports(url: str, region: str = REGION) -> dict[str, str]:
    """The environment variables that lead any AWS client to this endpoint."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_SESSION_TOKEN": KEY,  # and not what the user's shell may hold
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def session(region: str = REGION) -> boto3.session.Session:
    """A boto3 session that reads neither the user's profile nor their files."""
    nothing = (None, None, None, None)
    no_file = (None, None, os.devnull, None)
    bare = botocore.session.Session(
        session_vars={"profile": nothing, "config_file": no_file, "credentials_file": no_file}
    )
    return boto3.session.Session(
        aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=region, botocore_session=bare
    )


def client(service: str, url: str) -> Any:
    """A boto3 client of this endpoint; the user's proxies are passed over too."""
    make: Any = session().client  # the stubs know services only by their literal names
    return make(service, endpoint_url=url, config=Config(proxies={}))
