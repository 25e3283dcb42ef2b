"""Runs the commands of docs/commands.md on a local AWS with a few packages.

`python -m tests.support.docs_runner` replaces their output in the file.
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

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.package_uploads import put_npm
from local.stack import LocalStack
from tests.support.paths import PYTHONPATH, ROOT

DOCUMENT = ROOT / "docs" / "commands.md"
RULES = ROOT / "docs" / "example-rules.toml"

_BLOCK = re.compile(r"^```\w*\n(?P<body>\$ promoter .*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGING = (  # patterns of text that differs between runs
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"just now|\d+[mhd]( \d+[mhd])? ago", "AGO"),
    (r"\b(\d+m|\d+s|\d+m \d+s) of ", "SOME of "),
    (r"\b\d+ s from publish", "SOME s from publish"),
    (r"\b\d{8}T\d{6}\.\d{3}Z\b", "VERSION"),  # of an answer
    (r"\b(?:[0-9a-f]{20}|[0-9a-f]{8})\b", "HASH"),
    (r"\bafter \d+s$", "after SOME"),
    (r"since (\d+m \d+s|\d+s|\d+m)", "since SOME"),
    (r"(?<=\S) {2,}", "  "),  # columns are as wide as such a text
    (r"[A-Za-z0-9+/]{43}=", "REVISION"),
    (r"https?://[^\s\"']+", "URL"),
    (r"[ \t]+$", ""),
)


@dataclass(frozen=True)
class DocumentedCommand:
    """A command of the document, and the output that the document shows."""

    command: str
    output: str


def documented_commands(document: str) -> list[DocumentedCommand]:
    """Return the commands of all blocks, in order."""
    found: list[DocumentedCommand] = []
    for block in _BLOCK.finditer(document):
        for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(DocumentedCommand(command, output))
    return found


def normalise(output: str) -> str:
    """Replace the text that differs between runs."""
    for pattern, word in _CHANGING:
        output = re.sub(pattern, word, output, flags=re.MULTILINE)
    return output


class ReaderShell:
    """Runs commands as a reader of the document does, in a copy of the files that they name."""

    def __init__(self, directory: Path, client_environment: dict[str, str]) -> None:
        """Copy the files into `directory`, and put a `promoter` on the PATH."""
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
        path = (str(script.parent), str(Path(sys.executable).parent), os.environ["PATH"])
        self._environment = {
            **client_environment,
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": PYTHONPATH,
            "HOME": str(directory),
            "COLUMNS": "100",
        }

    def run(self, command: str) -> str:
        """Run a command. Return both outputs."""
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
def documented_aws() -> Iterator[ReaderShell]:
    """Run the local AWS that the document describes, and wait until its pipeline is idle."""
    with (
        tempfile.TemporaryDirectory() as directory,
        LocalStack.start(rules_file=RULES, parameters={"SettleSeconds": "0"}) as stack,
    ):
        stack.create_repositories()
        _publish_packages(stack.client("codeartifact"))
        stack.wait_until_idle()
        yield ReaderShell(Path(directory), stack.client_environment())


def _publish_packages(client: Any) -> None:
    publish_generic(client, "1.0", b"there", to="prod")
    publish_generic(client, "1.0", b"here")
    publish_generic(client, "1.1", b"weights")
    for version in ("1.3.0", "1.5.0", "1.5.1"):
        put_npm(client, "@acme/widget", version).raise_for_status()
    put_npm(client, "@acme/internal-keys", "1.0.0").raise_for_status()
    for version in ("1.4.0", "1.4.1"):
        put_npm(client, "@acme/widget", version, to="prod").raise_for_status()


def main() -> None:
    """Replace the output of all commands in the document."""
    with documented_aws() as shell:

        def renew(block: re.Match[str]) -> str:
            lines = (f"$ {each.command}\n{shell.run(each.command)}" for each in documented_commands(block[0]))
            return f"{block[0].partition(chr(10))[0]}\n{''.join(lines)}```"

        DOCUMENT.write_text(_BLOCK.sub(renew, DOCUMENT.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
