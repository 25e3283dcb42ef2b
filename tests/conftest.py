"""Settings and fixtures for all tests: hypothesis, and the output of the function."""

import os
import sys

import pytest
from hypothesis import settings

from tests.support.paths import PYTHONPATH
from tests.support.printed import Printed

settings.register_profile("here", deadline=None, print_blob=True)  # other processes share the machine
settings.load_profile("here")
os.environ["PYTHONPATH"] = PYTHONPATH  # of processes that a test starts
os.environ["POWERTOOLS_SERVICE_NAME"] = "promoter"  # in a deployment the name of the stack


class _CurrentOutput:
    """Writes to the standard output of the moment. The function's logger would keep its first one."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture(scope="session", autouse=True)
def _logged() -> None:
    from promoter.lambda_function import logger

    logger.registered_handler.setStream(_CurrentOutput())


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """The output of the function, with its log."""
    return Printed(lambda: capsys.readouterr().out)
