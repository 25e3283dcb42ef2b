"""`python -m local`: runs the local AWS until you interrupt it, and prints the commands that use it."""

import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from local import sam_local
from local.display.live_output import LiveOutput
from local.display.mailbox import read_mails
from local.lambda_runtime.execution_environment import InitError
from local.paths import FUNCTIONS, ROOT
from local.seed import seed_sample_versions
from local.stack import NAME, LocalStack
from moto_codeartifact.server import PortTakenError

DEFAULT_PORT = 4566
WATCH_SECONDS = 0.5  # between two looks at the rules file
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
  promoter status --stack {stack};  promoter pending --stack {stack}      (its stack has this name)
  sam local invoke PromoteFunction -e events/npm-published.json      ({sam_local_hint})
(aws and twine are also in {binaries}.)
Decisions follow. A change of {rules} is loaded. Ctrl-C stops the local AWS and discards its contents."""


def main(environ: Mapping[str, str]) -> int:
    """Serve until SIGINT or SIGTERM. Return the exit code.

    `PORT` is the port to listen on. With `CONTAINERS`, also listen on the address that containers reach.
    """
    signal.signal(signal.SIGINT, _exit)
    signal.signal(signal.SIGTERM, _exit)
    port = environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65535:
        return _fail(f"PORT is {port!r}, not a port number")
    rules_file = Path(environ.get("RULES_FILE") or FUNCTIONS / "rules.toml").resolve()
    served = _content(rules_file)  # before the function loads them, so that no change is missed
    output = LiveOutput(Console(highlight=False), rules_file)
    try:
        bridge = sam_local.bridge_address() if environ.get("CONTAINERS") else None
        stack = LocalStack.start(
            port=int(port),
            others=[bridge] if bridge else [],
            rules_file=rules_file,
            retry_after=RETRY_AFTER,
            on_log=output.log,
            on_batch=output.end_batch,
        )
    except PortTakenError as error:
        return _fail(f"{error}; choose another one with PORT=")
    except (InitError, OSError) as error:
        return _fail(str(error))
    with stack:
        output.watch(stack.rules, lambda: read_mails(stack.outputs["NotificationTopicArn"]))
        stack.create_repositories()
        seed_sample_versions()
        sam_local.write_variables(stack, bridge)
        _print(introduction(stack))
        _serve(stack, rules_file, served, output)
    return 0


def _serve(stack: LocalStack, rules_file: Path, served: bytes | None, output: LiveOutput) -> None:
    """Load the rules again whenever their file is not as `served`, until a signal ends the program."""
    with signals() as wait_for_signal:
        while not wait_for_signal(WATCH_SECONDS):
            found = _content(rules_file)
            if found != served:
                served = found
                _reload(stack, rules_file, output)


def _reload(stack: LocalStack, rules_file: Path, output: LiveOutput) -> None:
    try:
        stack.reload_rules()
    except (InitError, OSError) as error:
        output.say(
            f"{rules_file.name} has changed, and has mistakes. The former rules stay in force:\n{error}"
        )
        return
    output.watch(stack.rules)
    output.say(f"{rules_file.name} has changed, and is loaded: {' -> '.join(stack.rules.stages)}")


def _content(file: Path) -> bytes | None:
    """The content of a file; None while an editor replaces it."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def introduction(stack: LocalStack) -> str:
    """Return the text that says what is running and how to use it."""
    rules, file = stack.rules, stack.rules_file
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
        stack=NAME,
        rules=file.relative_to(ROOT) if file.is_relative_to(ROOT) else file,
        binaries=Path(sys.executable).parent,
    )


def _sam_local_hint(stack: LocalStack) -> str:
    if stack.server.others or sys.platform != "linux":
        return "after `make build`; the packages of events/ are in the repository"
    return "needs `make local CONTAINERS=1`, so that its container reaches this address"


def _print(text: str) -> None:
    print(text, flush=True)


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


@contextmanager
def signals() -> Iterator[Callable[[float], bool]]:
    """Give a function that waits this many seconds for a signal, and returns True if one came."""
    # a lock does not do: a signal that another thread receives would not wake this one
    woken, wakes = socket.socketpair()
    with woken, wakes:
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno())
        try:
            yield lambda seconds: bool(select.select([woken], [], [], seconds)[0])
        finally:
            signal.set_wakeup_fd(-1)


def _exit(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
