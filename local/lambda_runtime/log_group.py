"""The log of a function: its lines go to a stream of its log group, and their metrics to CloudWatch, as on AWS."""

import time
from collections.abc import Callable
from typing import Any

from local.lambda_runtime.emf import put_metrics


class FunctionLog:
    """One stream of a log group. `logs` is the backend of moto's CloudWatch Logs, which costs no request."""

    def __init__(self, logs: Any, group: str, stream: str, cloudwatch: Any) -> None:
        """Create the stream. A group that does not exist is created, as Lambda does."""
        self._logs = logs
        self._group = group
        self._stream = stream
        self._cloudwatch = cloudwatch
        if group not in logs.groups:
            logs.create_log_group(group, {})
        logs.create_log_stream(group, stream)

    def also_to(self, other: Callable[[str], None] | None) -> Callable[[str], None]:
        """Return a function that takes each line of the log, and passes it on to `other`."""

        def take(line: str) -> None:
            self._put(line)
            if other is not None:
                other(line)

        return take

    def _put(self, line: str) -> None:
        if line:  # an event cannot be empty
            events = [{"timestamp": int(time.time() * 1000), "message": line}]
            self._logs.put_log_events(self._group, self._stream, events)
        put_metrics(self._cloudwatch, line)
