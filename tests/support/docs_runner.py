"""The commands of docs/commands.md with what they print, on a local AWS with a few packages.

`python -m tests.integration.documented` writes what they print now into the file.
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

from local.stack import Stack
from tests.emulator.conftest import publish, put_npm

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "commands.md"
RULES = ROOT / "docs" / "example-rules.toml"

_BLOCK = re.compile(r"^```\w*\n(?P<body>\$ promoter .*?)^```$", re.MULTILINE | re.DOTALL)
_PASSING = (  # what differs from run to run
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
class Shown:
    """A command of the document, and what it is said to print."""

    command: str
    output: str


def commands(document: str) -> list[Shown]:
    """Every command of every block, in order."""
    found: list[Shown] = []
    for block in _BLOCK.finditer(document):
        for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Shown(command, output))
    return found


def normalised(output: str) -> str:
    """The output without what differs from run to run."""
    for pattern, word in _PASSING:
        output = re.sub(pattern, word, output, flags=re.MULTILINE)
    return output


class Shell:
    """Runs commands as a reader of the document would, in a copy of the files that they name."""

    def __init__(self, directory: Path, exports: dict[str, str]) -> None:
        """Lay out the files, and a `promoter` on the PATH."""
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
        mine = {"PATH": path, "PYTHONPATH": str(ROOT / "functions"), "HOME": str(directory), "COLUMNS": "100"}
        self._environment = {**exports, **mine}

    def run(self, command: str) -> str:
        """Both outputs of a command."""
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
def world() -> Iterator[Shell]:
    """The local AWS of the document, its pipeline at rest."""
    with (
        tempfile.TemporaryDirectory() as directory,
        Stack.start(rules=RULES, parameters={"SettleSeconds": "0"}) as stack,
    ):
        stack.create_repositories()
        _publish(stack.client("codeartifact"))
        stack.settle()
        yield Shell(Path(directory), stack.exports())


def _publish(client: Any) -> None:
    model = {"namespace": "acme", "package": "model", "asset": "model.bin"}
    publish(client, "1.0", b"there", to="prod", **model)
    publish(client, "1.0", b"here", **model)
    publish(client, "1.1", b"weights", **model)
    for version in ("1.3.0", "1.5.0", "1.5.1"):
        put_npm(client, "@acme/widget", version).raise_for_status()
    put_npm(client, "@acme/internal-keys", "1.0.0").raise_for_status()


def main() -> None:
    """Write what the commands print now."""
    with world() as shell:

        def renewed(block: re.Match[str]) -> str:
            lines = (f"$ {each.command}\n{shell.run(each.command)}" for each in commands(block[0]))
            return f"{block[0].partition(chr(10))[0]}\n{''.join(lines)}```"

        DOCUMENT.write_text(_BLOCK.sub(renewed, DOCUMENT.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
