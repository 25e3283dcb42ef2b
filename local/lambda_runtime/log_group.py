"""Puts the lines that a function logs into its log group, as Lambda does."""

import time
from typing import Any


class LogStream:
    """One stream of a log group; `logs` is a backend of moto's CloudWatch Logs, which costs no request."""

    def __init__(self, logs: Any, group: str, name: str) -> None:
        """Create the stream. A group that does not exist is created, as Lambda does."""
        self._logs = logs
        self._group = group
        self._name = name
        if group not in logs.groups:
            logs.create_log_group(group, {})
        logs.create_log_stream(group, name)

    def put(self, line: str) -> None:
        """Put a line, with the current time."""
        if line:  # an event cannot be empty
            events = [{"timestamp": int(time.time() * 1000), "message": line}]
            self._logs.put_log_events(self._group, self._name, events)
