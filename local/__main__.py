"""`python -m local`: runs the local AWS until you interrupt it, and prints the commands that use it."""

import os
import signal
import socket
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType

from local import sam_local
from local.demo.decision_lines import format_log_line
from local.lambda_runtime.execution_environment import InitError
from local.seed import seed_sample_versions
from local.stack import LocalStack

DEFAULT_PORT = 4566
RETRY_AFTER = 5  # seconds; the queue's own time-out is too long to watch

INTRODUCTION = """\
local AWS on {address}, template.yaml deployed ({resources} resources), domain {domain}: {repositories}
In another terminal:
{exports}
Then, for example (each `login` changes the client's configuration in your home directory):
  aws codeartifact login --tool npm --domain {domain} --repository {first}
  aws codeartifact login --tool twine --domain {domain} --repository {first}
  aws codeartifact login --tool pip --domain {domain} --repository {last}
  npm publish;  twine upload --repository codeartifact dist/*
  sam local invoke PromoteFunction -e events/npm-published.json      ({sam_local_hint})
(aws and twine are also in {binaries}.)
Decisions follow. Ctrl-C stops the local AWS and discards its contents."""


def main(environ: Mapping[str, str]) -> int:
    """Serve until SIGINT or SIGTERM. Return the exit code.

    `PORT` is the port to listen on. With `CONTAINERS`, also listen on the address that containers reach.
    """
    signal.signal(signal.SIGINT, _exit)
    signal.signal(signal.SIGTERM, _exit)
    port = environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65535:
        return _fail(f"PORT is {port!r}, not a port number")
    try:
        bridge = sam_local.bridge_address() if environ.get("CONTAINERS") else None
        others = [bridge] if bridge else []
        stack = LocalStack.start(port=int(port), others=others, retry_after=RETRY_AFTER, on_log=_print_log)
    except (InitError, OSError) as error:
        return _fail(str(error))
    with stack:
        stack.create_repositories()
        seed_sample_versions()
        sam_local.write_variables(stack, bridge)
        _print(introduction(stack))
        _wait_for_signal()
    return 0


def introduction(stack: LocalStack) -> str:
    """Return the text that says what is running and how to use it."""
    rules = stack.rules
    exports = (f"  export {name}={value}" for name, value in stack.client_environment().items())
    return INTRODUCTION.format(
        address=stack.url.removeprefix("http://"),
        resources=len(stack.resources),
        domain=rules.domain,
        repositories=", ".join(rules.repositories),
        exports="\n".join(exports),
        first=rules.sources[0],
        last=rules.destinations[-1],
        sam_local_hint=_sam_local_hint(stack),
        binaries=Path(sys.executable).parent,
    )


def _sam_local_hint(stack: LocalStack) -> str:
    if stack.server.others or sys.platform != "linux":
        return "after `make build`; the packages of events/ are in the repository"
    return "needs `make local CONTAINERS=1`, so that its container reaches this address"


def _print_log(line: str) -> None:
    text = format_log_line(line)
    if text is not None:
        _print(f"{datetime.now().astimezone():%H:%M:%S}  {text}")


def _print(text: str) -> None:
    print(text, flush=True)


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


def _wait_for_signal() -> None:
    # a lock does not do: a signal that another thread receives would not wake this one
    woken, wakes = socket.socketpair()
    with woken, wakes:
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno())
        try:
            woken.recv(1)
        finally:
            signal.set_wakeup_fd(-1)


def _exit(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
