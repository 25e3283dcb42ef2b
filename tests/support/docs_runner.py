"""Runs the commands of docs/commands.md on a local AWS with a few packages.

`python -m tests.support.docs_runner` writes their current output into the file.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.stack import LocalStack
from tests.support.codeartifact_calls import publish_generic
from tests.support.package_uploads import put_npm
from tests.support.paths import ROOT

DOCUMENT = ROOT / "docs" / "commands.md"
EXAMPLE_RULES = ROOT / "docs" / "example-rules.toml"

_BLOCK = re.compile(r"^```\w*\n(?P<body>\$ promoter .*?)^```$", re.MULTILINE | re.DOTALL)
_VOLATILE = (  # texts that differ from run to run, and what replaces them
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"just now|\d+[mhd]( \d+[mhd])? ago", "AGO"),
    (r"\b\d+m of ", "SOME of "),
    (r"\b\d+ s from publish", "SOME s from publish"),
    (r"\b[0-9a-f]{8}\b", "HASH"),
    (r"[A-Za-z0-9+/]{43}=", "REVISION"),
    (r"https?://[^\s\"']+", "URL"),
    (r"[ \t]+$", ""),
)


@dataclass(frozen=True)
class Example:
    """A command of the document, and its output there."""

    command: str
    output: str


def examples(document: str) -> list[Example]:
    """Every command of every block, in order. A command starts with `$ ` at the beginning of a line."""
    found: list[Example] = []
    for block in _BLOCK.finditer(document):
        for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Example(command, output))
    return found


def normalize(output: str) -> str:
    """Replace the texts that differ from run to run."""
    for pattern, word in _VOLATILE:
        output = re.sub(pattern, word, output, flags=re.MULTILINE)
    return output


class Shell:
    """Runs commands in a copy of the files that they name, with `promoter` on the PATH."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        """Copy the files, and add the environment of the local AWS."""
        self._directory = directory
        for name in ("docs", "events"):
            shutil.copytree(ROOT / name, directory / name)
        (directory / "functions").mkdir()
        for file in (ROOT / "functions").glob("rules.*"):
            shutil.copy(file, directory / "functions")
        script = directory / "bin" / "promoter"
        script.parent.mkdir()
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m promoter.cli "$@"\n')
        script.chmod(0o755)
        path = f"{script.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "PYTHONPATH": str(ROOT / "functions"), "HOME": str(directory), "COLUMNS": "100"}
        self._environment = {**environment, **own}

    def run(self, command: str) -> str:
        """The output of a command, errors included."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self._directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout


@contextmanager
def start_shell() -> Iterator[Shell]:
    """A shell with the local AWS of the document, after the pipeline has promoted its packages."""
    with (
        tempfile.TemporaryDirectory() as directory,
        LocalStack.start(rules_file=EXAMPLE_RULES, parameters={"SettleSeconds": "0"}) as stack,
    ):
        stack.create_repositories()
        _publish_packages(stack.client("codeartifact"))
        stack.wait_until_idle()
        yield Shell(Path(directory), stack.client_environment())


def _publish_packages(client: Any) -> None:
    publish_generic(client, "1.0", b"there", to="prod")
    publish_generic(client, "1.0", b"here")
    publish_generic(client, "1.1", b"weights")
    for version in ("1.3.0", "1.5.0", "1.5.1"):
        put_npm(client, "@acme/widget", version).raise_for_status()
    put_npm(client, "@acme/internal-keys", "1.0.0").raise_for_status()


def rewrite_outputs(document: str, shell: Shell) -> str:
    """The document with the current output of each command."""

    def rewritten(block: re.Match[str]) -> str:
        first_line = block[0].partition("\n")[0]
        commands = (f"$ {each.command}\n{shell.run(each.command)}" for each in examples(block[0]))
        return f"{first_line}\n{''.join(commands)}```"

    return _BLOCK.sub(rewritten, document)


def main() -> None:
    """Rewrite the outputs in docs/commands.md."""
    with start_shell() as shell:
        DOCUMENT.write_text(rewrite_outputs(DOCUMENT.read_text("utf-8"), shell), "utf-8")


if __name__ == "__main__":
    main()
