"""log: Powertools' logger, made once, and ASCII whatever it is given."""

import json
from typing import Any

import pytest

from promoter.lambda_function import logger


def test_it_is_made_once() -> None:
    assert logger is logger


@pytest.mark.parametrize("hostile", ["\u2028", "\x1b[31m", "a\nb", ValueError("x\ny")])
def test_a_record_is_one_line_of_ascii_whatever_is_in_it(
    hostile: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.warning("malformed", reason=hostile)

    [line] = capsys.readouterr().out.splitlines()
    assert line.isascii()
    assert json.loads(line)["reason"] == str(hostile)
