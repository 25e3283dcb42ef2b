"""`python -m local` in a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.paths import ROOT
from tests.support.ports import free_port

END_OF_INTRODUCTION = "Decisions follow."
COMMAND = (sys.executable, "-m", "local")


@dataclass(frozen=True)
class LocalProcess:
    """A local AWS that is ready, and what it printed until then."""

    port: int
    introduction: tuple[str, ...]
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def read_line(self) -> str:
        """Wait for the next line of output."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the local AWS ended"
        return line

    def stop(self) -> tuple[int, str]:
        """Stop it as a user does. Return the exit code and the rest of the output."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=30)
        return self.process.returncode, output


@contextmanager
def running_local_aws(environment: Mapping[str, str]) -> Iterator[LocalProcess]:
    """Start a local AWS on a free port, and wait until it is ready. Stop it at the end."""
    port = free_port()
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    started = LocalProcess(port, (), process)
    try:
        introduction = [started.read_line()]
        while not introduction[-1].startswith(END_OF_INTRODUCTION):
            introduction.append(started.read_line())
        yield LocalProcess(port, tuple(introduction), process)
    finally:
        if process.poll() is None:
            started.stop()
