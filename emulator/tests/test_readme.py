"""The README: its programs run, its commands start, and its table has all settings."""

import json
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from moto.core.base_backend import BackendDict

from moto_codeartifact.command_line import make_parser, prepare
from moto_codeartifact.domain_under_test import create_domain
from moto_codeartifact.server import Server
from moto_codeartifact.settings import EmulatorSettings

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the blocks in a language, without their indentation."""
    pattern = rf"^( *)```{language}\n(.*?)^ *```$"
    found = re.findall(pattern, README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"(?m)^{indent}", "", block) for indent, block in found]


def commands(word: str) -> list[str]:
    return [
        line
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith(word)
    ]


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_a_program_runs(tmp_path: Path, number: int) -> None:
    block = blocks("python")[number]
    program = block if "def test_" in block else block + "\n\ndef test_it(): pass\n"
    (tmp_path / "test_program.py").write_text(program)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "pytest_moto_codeartifact", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert "1 passed" in done.stdout, done.stdout


@pytest.mark.parametrize("command", commands("moto-codeartifact"))
def test_a_command_of_the_server_is_accepted(command: str) -> None:
    given = make_parser().parse_args(shlex.split(command)[1:])

    assert prepare(given).region_name == "us-east-1"
    BackendDict.reset()


def test_the_clients_commands_work(server: Server, tmp_path: Path) -> None:
    create_domain(server.url, "us-east-1", "acme", ["dev", "prod"])
    manifest = {"name": "widget", "version": "1.0.0"}
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    [block] = [block for block in blocks("sh") if "npm publish" in block]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "NO_PROXY": "127.0.0.1",
    }

    done = subprocess.run(
        ["sh", "-ec", block],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '"Published"' in done.stdout


def test_the_table_has_all_settings_with_their_defaults() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", README, re.MULTILINE)

    assert dict(rows) == {
        each.name: str(each.default).lower() for each in fields(EmulatorSettings)
    }


def test_the_number_of_operations_is_right() -> None:
    assert "38 of the API's 48 operations" in README
