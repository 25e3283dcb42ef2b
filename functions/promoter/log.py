"""What the function logs beside its decisions, by Powertools' Logger."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING

from promoter.settings import SERVICE

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The logger, made when there is something to log: most invocations have nothing, and need not import it."""
    from aws_lambda_powertools.logging import Logger

    # json escapes what is not ASCII; an exception is logged as an object, too
    return Logger(service=SERVICE, json_serializer=partial(json.dumps, default=str))
