"""The process behind a function: events and answers over a socket, its log over two pipes."""

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

RUNTIME = Path(__file__).with_name("bootstrap.py")


class FunctionError(Exception):
    """An invocation did not end with an answer."""


class FunctionTimeoutError(FunctionError):
    """The function took longer than its time-out and was killed."""


class ProcessEndedError(FunctionError):
    """The function's process ended while it had an event, or before it was ready for one."""


class Process:
    """A child Python with a socket for events and answers and two pipes for its log."""

    def __init__(
        self,
        variables: Mapping[str, str],
        on_line: Callable[[str], None],
        on_error_line: Callable[[str], None],
    ) -> None:
        self.on_error_line = on_error_line
        self._socket, theirs = Pipe()
        with theirs:
            self._child = _spawn(variables, theirs.fileno())
        assert self._child.stdout
        assert self._child.stderr
        self._streams = {
            self._child.stdout.fileno(): _Lines(self._child.stdout.fileno(), on_line),
            self._child.stderr.fileno(): _Lines(self._child.stderr.fileno(), self._tell_error_line),
        }

    def send(self, request: Mapping[str, Any]) -> None:
        """Hand over an event and what its context says.

        Raises:
            ProcessEndedError: there is nobody to take it.

        """
        try:
            self._socket.send_bytes(json.dumps(request).encode())
        except OSError:
            raise self._died() from None

    def read_answer(self, seconds: float) -> dict[str, Any]:
        """The next answer, after every line of the log that was written before it.

        Raises:
            FunctionTimeoutError: there was none within so many seconds; the process is no more.
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
        # what was written before an answer stands in the pipes already; who hung up may still be writing
        self._read_log_until(0.0 if answer else deadline)
        if answer is None:
            raise self._died()
        return answer

    def kill(self) -> None:
        """End it, from any thread; whoever reads an answer sees it die."""
        self._child.kill()

    def close(self) -> None:
        """End it and give back its descriptors."""
        self._child.kill()
        self._child.communicate()
        self._socket.close()

    def _tell_error_line(self, line: str) -> None:
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

    def _died(self) -> ProcessEndedError:
        return ProcessEndedError(f"Runtime exited with status {self._child.wait()}")


def _spawn(variables: Mapping[str, str], descriptor: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 our own interpreter and script
        [sys.executable, "-I", str(RUNTIME), str(descriptor)],
        env=dict(variables),
        cwd=variables["LAMBDA_TASK_ROOT"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[descriptor],
        start_new_session=True,  # Ctrl-C in the terminal is for us alone
    )


class _Lines:
    """Cuts what comes through a pipe into lines."""

    def __init__(self, descriptor: int, tell: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._tell = tell
        self._rest = b""

    def read(self) -> bool:
        """Hand on the lines that are complete; false at the end of the stream."""
        chunk = os.read(self._descriptor, 65536)
        *complete, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            complete, self._rest = [self._rest], b""
        for line in complete:
            self._tell(line.decode(errors="replace"))
        return bool(chunk)
