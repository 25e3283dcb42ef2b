"""`python -m local.stack`: the local AWS until it is interrupted, and what to type in another terminal."""

import signal
import socket
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType

from local import sam_local, seed
from local.demo.decision_lines import plain
from local.lambda_runtime.execution_environment import InitError
from local.stack import Stack

DEFAULT_PORT = 4566
RETRY_AFTER = 5  # seconds: nobody wants to wait for the queue's own twelve minutes

CLIENTS = """\
In another terminal:
{exports}
and then, for example (each writes the client's own configuration in your home directory):
  aws codeartifact login --tool npm --domain {domain} --repository {repository}
  aws codeartifact login --tool twine --domain {domain} --repository {repository}
  aws codeartifact login --tool pip --domain {domain} --repository {last}
  npm publish;  twine upload --repository codeartifact dist/*
  sam local invoke PromoteFunction -e events/npm-published.json      ({reach})
(aws and twine stand in {binaries} too.)
Decisions follow. Ctrl-C ends it, and nothing is kept."""


def main(environ: Mapping[str, str]) -> int:
    """Serve on the environment's PORT until SIGINT or SIGTERM; the exit code.

    With CONTAINERS, also on the address where containers see this machine.
    """
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    port = environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65535:
        return _refuse(f"PORT is {port!r}, not a port number")
    try:
        bridge = sam_local.bridge_address() if environ.get("CONTAINERS") else None
        others = [bridge] if bridge else []
        stack = Stack.start(port=int(port), others=others, retry_after=RETRY_AFTER, on_log=_show)
    except (InitError, OSError) as error:
        return _refuse(str(error))
    with stack:
        stack.create_repositories()
        seed.seed()
        sam_local.write(stack, bridge)
        _say(introduction(stack))
        _wait_for_signal()
    return 0


def introduction(stack: Stack) -> str:
    """What was done, and what leads a client here."""
    hops = stack.hops
    exports = stack.exports()
    done = (
        f"local AWS on {stack.url.removeprefix('http://')}, template.yaml deployed "
        f"({len(stack.resources)} resources), domain {hops.domain}: {', '.join(hops.repositories)}"
    )
    lines = "\n".join(f"  export {name}={value}" for name, value in exports.items())
    return f"{done}\n" + CLIENTS.format(
        exports=lines,
        domain=hops.domain,
        repository=hops.sources[0],
        last=hops.destinations[-1],
        binaries=Path(sys.executable).parent,
        reach=_reach(stack),
    )


def _reach(stack: Stack) -> str:
    if stack.server.others or sys.platform != "linux":
        return "after make build; the packages of events/ are there"
    return "in a container, which reaches this only with: make local CONTAINERS=1"


def _show(line: str) -> None:
    text = plain(line)
    if text is not None:
        _say(f"{datetime.now().astimezone():%H:%M:%S}  {text}")


def _say(text: str) -> None:
    print(text, flush=True)


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


def _wait_for_signal() -> None:
    # a lock would do, but a signal that another thread happens to take does not wake who waits for one
    woken, wakes = socket.socketpair()
    with woken, wakes:
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno())
        try:
            woken.recv(1)
        finally:
            signal.set_wakeup_fd(-1)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
