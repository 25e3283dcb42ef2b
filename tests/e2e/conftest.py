"""A local AWS with the deployed template, for the tests of one module."""

from collections.abc import Iterator

import pytest

from local.stack import LocalStack


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture(scope="module")
def stack(log: list[str]) -> Iterator[LocalStack]:
    parameters = {"SettleSeconds": "0", "PromoteCopiesPerSecond": "10"}
    with LocalStack.start(parameters=parameters, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack
