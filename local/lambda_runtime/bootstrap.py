"""The program of a function's process: loads the handler, then serves one event after the other.

It runs as a script with the function's environment only. It imports nothing but the standard library, so
that the handler cannot import a module that Lambda does not have. Events and answers use the socket whose
descriptor is the only argument. Standard output and standard error are the function's log.
"""

import importlib.util
import json
import os
import sys
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Context:
    """The useful part of the context object of Lambda's Python runtime.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    function_name: str = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    function_version: str = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "")
    memory_limit_in_mb: int = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"))
    log_group_name: str = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "")
    log_stream_name: str = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "")

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is killed."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class Clock:
    """The time of the function: real time, and what a test has added to it."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._real = time.time

    def __call__(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._real() + self.ahead


def main(descriptor: int) -> None:
    """Serve events until the other end closes the socket."""
    connection = Connection(descriptor)
    time.time = clock = Clock()  # before the handler is loaded, which may keep the function
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    handler = _load(os.environ["_HANDLER"])
    _send_answer(connection, {"ready": True})
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        clock.ahead = request["ahead"]
        _send_answer(connection, _invoke(handler, request))


def _load(handler: str) -> Any:
    module, _, name = handler.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:  # any error of the function's code ends its process
        if _is_defined_by_function(type(error)):
            sys.exit(str(error))  # the function's own errors need no traceback
        _print_without_our_frames(error)
        sys.exit(1)


def _is_defined_by_function(kind: type[Exception]) -> bool:
    spec = importlib.util.find_spec(kind.__module__)
    file = spec.origin if spec else None
    return file is not None and Path(file).is_relative_to(os.environ["LAMBDA_TASK_ROOT"])


def _invoke(handler: Any, request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["seconds"]
    context = Context(request["request_id"], request["arn"], deadline)
    try:
        return {"result": json.dumps(handler(request["event"], context))}
    except Exception as error:  # as in Lambda: log it and return it to the caller
        _print_without_our_frames(error)
        return {"error": f"{type(error).__name__}: {error}"}


def _print_without_our_frames(error: Exception) -> None:
    trace = error.__traceback__
    ours = (
        __file__,
        importlib.__file__,
        "<frozen importlib._bootstrap",
        "<frozen importlib._bootstrap_external",
    )
    while trace and trace.tb_frame.f_code.co_filename.startswith(ours):
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace)


def _send_answer(connection: Connection, answer: dict[str, Any]) -> None:
    sys.stdout.flush()  # the log of an event must arrive before its answer
    sys.stderr.flush()
    connection.send_bytes(json.dumps(answer).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
