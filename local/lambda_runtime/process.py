"""The process of a function: a socket for events and answers, and two pipes for its log."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


class FunctionError(Exception):
    """An invocation ended without an answer."""


class FunctionTimeoutError(FunctionError):
    """The function exceeded its time-out and was killed."""


class ProcessEndedError(FunctionError):
    """The function's process ended during an event, or before it was ready for one."""


class RuntimeProcess:
    """A child Python with a socket for events and answers and two pipes for its log."""

    def __init__(
        self,
        variables: Mapping[str, str],
        on_line: Callable[[str], None],
        on_error_line: Callable[[str], None],
    ) -> None:
        """Start the process. The callbacks receive each line of standard output and of standard error."""
        self.on_error_line = on_error_line
        self._socket, theirs = Pipe()
        with theirs:
            self._child = _spawn(variables, theirs.fileno())
        assert self._child.stdout
        assert self._child.stderr
        self._streams = {
            self._child.stdout.fileno(): _LineReader(self._child.stdout.fileno(), on_line),
            self._child.stderr.fileno(): _LineReader(self._child.stderr.fileno(), self._pass_error_line),
        }

    def send(self, request: Mapping[str, Any]) -> None:
        """Send an event and the values of its context.

        Raises:
            ProcessEndedError: the process has ended.

        """
        try:
            self._socket.send_bytes(json.dumps(request).encode())
        except OSError:
            raise self._ended_error() from None

    def wait_for_answer(self, seconds: float) -> dict[str, Any]:
        """Wait for the next answer. All log lines before it have been passed on when this returns.

        Raises:
            FunctionTimeoutError: no answer came within this time; the process was killed.
            ProcessEndedError: the process ended instead.

        """
        deadline = time.monotonic() + seconds
        while self._socket not in (
            ready := wait([self._socket, *self._streams], deadline - time.monotonic())
        ):
            if not ready:
                self.kill()
                self._read_log_until(deadline)
                raise FunctionTimeoutError(f"Task timed out after {seconds:.2f} seconds")
            self._read_log(ready)
        answer = self._receive()
        # the log before an answer is already in the pipes; a process that ended may still be writing
        self._read_log_until(0.0 if answer else deadline)
        if answer is None:
            raise self._ended_error()
        return answer

    def kill(self) -> None:
        """Kill the process, from any thread. A thread that waits for an answer gets ProcessEndedError."""
        self._child.kill()

    def close(self) -> None:
        """Kill the process and close its descriptors."""
        self._child.kill()
        self._child.communicate()
        self._socket.close()

    def _pass_error_line(self, line: str) -> None:
        self.on_error_line(line)

    def _receive(self) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = json.loads(self._socket.recv_bytes())
        except (EOFError, OSError):
            return None
        return answer

    def _read_log(self, ready: list[Any]) -> None:
        for descriptor in ready:
            if not self._streams[descriptor].read():
                del self._streams[descriptor]

    def _read_log_until(self, deadline: float) -> None:
        while self._streams and (ready := wait([*self._streams], max(0.0, deadline - time.monotonic()))):
            self._read_log(ready)

    def _ended_error(self) -> ProcessEndedError:
        return ProcessEndedError(f"Runtime exited with status {self._child.wait()}")


def _spawn(variables: Mapping[str, str], descriptor: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 our own interpreter and script
        [sys.executable, "-I", str(BOOTSTRAP), str(descriptor)],
        env=dict(variables),
        cwd=variables["LAMBDA_TASK_ROOT"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[descriptor],
        start_new_session=True,  # Ctrl-C in the terminal must not reach the process
    )


class _LineReader:
    """Splits the output of a pipe into lines."""

    def __init__(self, descriptor: int, on_line: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._on_line = on_line
        self._rest = b""

    def read(self) -> bool:
        """Pass on the complete lines. Return False at the end of the stream."""
        chunk = os.read(self._descriptor, 65536)
        *complete, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            complete, self._rest = [self._rest], b""
        for line in complete:
            self._on_line(line.decode(errors="replace"))
        return bool(chunk)
