"""The function's own log: one JSON object a line, ASCII, on standard output."""

import json
import traceback
from datetime import UTC, datetime
from typing import Any, Final

SERVICE: Final = "promoter"
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class Log:
    """Prints what is at least as grave as `level`, one of LEVELS."""

    def __init__(self, level: str) -> None:
        """Set the level once and for all."""
        self._least = LEVELS.index(level)

    def info(self, message: str, **fields: Any) -> None:
        """Log what is as it should be."""
        self._write("INFO", message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        """Log what somebody may want to look at."""
        self._write("WARNING", message, fields)

    def error(self, message: str, error: BaseException, **fields: Any) -> None:
        """Log what went wrong, with the traceback of `error`."""
        trace = "".join(traceback.format_exception(error))
        self._write("ERROR", message, {**fields, "exception": trace})

    def _write(self, level: str, message: str, fields: dict[str, Any]) -> None:
        if LEVELS.index(level) >= self._least:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            record = {"level": level, "message": message, "timestamp": at, "service": SERVICE, **fields}
            print(json.dumps(record, default=str))  # json escapes what is not ASCII
