"""Runs each test in this process, under `mock_aws`, and through a server on loopback."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from emulator_support.fixtures import (  # noqa: F401
    aws,
    ca,
    credentials,
    one_server,
    receive_events,
    server,
    server_ca,
)

os.environ["PYTHONPATH"] = str(
    Path(__file__).parents[1] / "src"
)  # of processes that a test starts
settings.register_profile(
    "here", deadline=None, print_blob=True
)  # other processes share the machine
settings.load_profile("here")


@pytest.fixture(autouse=True)
def _credentials(credentials: None) -> None:  # noqa: F811
    """Let no test use an account of yours."""
