"""What all tests share: how hypothesis looks for examples, and what the function prints."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.unit.printed import Printed

settings.register_profile("here", deadline=None, print_blob=True)  # other processes share the machine
settings.load_profile("here")


class _Output:
    """Standard output as it is when somebody writes: the logger keeps the one that it began with."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Iterator[Printed]:
    """What the function prints, its log included."""
    from promoter.function import logger

    handler = logger.registered_handler
    before = handler.setStream(_Output())
    yield Printed(lambda: capsys.readouterr().out)
    handler.setStream(before)
