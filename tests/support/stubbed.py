"""Clients of the SDK whose calls are answered by the test, with exactly the parameters that it expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.stub import Stubber


@cache
def client(service: str) -> Any:
    """A client without credentials; made once, because that takes as long as a test."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    factory: Any = boto3.client
    return factory(service, region_name="eu-west-1", **keys)


@contextmanager
def stubbed(service: str) -> Iterator[tuple[Any, Stubber]]:
    """A client and its stubber. At the end every expected call must have been made."""
    made = client(service)
    with Stubber(made) as stubber:
        yield made, stubber
        stubber.assert_no_pending_responses()
