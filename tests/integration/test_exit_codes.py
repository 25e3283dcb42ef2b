"""Every command keeps to the table of exit codes."""

import re
from pathlib import Path
from types import SimpleNamespace

import botocore.endpoint
import pytest

from promoter.cli.app import COMMANDS
from promoter.cli.errors import EXIT_AWS, EXIT_CODES, EXIT_OK, EXIT_USAGE
from tests.support.command_line import promoter
from tests.support.paths import ROOT

NAMES = [name for group in COMMANDS.values() for name in group]
MODEL = "pkg:generic/acme/model@1.1"
ASKED = ("--reason", "a test", "--by", "me")
ASKS_AWS = {
    "explain": (MODEL,),
    "plan": (),
    "pending": (),
    "history": (MODEL,),
    "wait": (MODEL, "--in", "prod", "--timeout", "1s"),
    "status": (),
    "approve": (MODEL, "--promotion", "everything-to-prod", *ASKED),
    "refuse": (MODEL, "--promotion", "everything-to-prod", *ASKED),
    "answer": (MODEL, "--check", "size", "--result", "passed", *ASKED),
    "withdraw": (MODEL, "--from", "prod", "--reason", "a test", "--yes"),
    "redrive": ("--yes",),
    "reconcile": ("--package", MODEL, "--yes"),
    "init": ("--domain", "acme", "--force"),
    "replay": (),
}
OFFLINE = {
    "validate": (),
    "test": (),
    "graph": (),
    "schema": (),
    "parameters": (),
}
NO_RULES = {"history", "status", "redrive", "init", "schema"}  # they do not read rules, or go on without them


@pytest.fixture(autouse=True)
def _no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint where nobody listens, and an SDK that does not wait between its attempts."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with valid rules, where they are by default."""
    (tmp_path / "functions").mkdir()
    text = (ROOT / "docs" / "example-rules.toml").read_text("utf-8")
    (tmp_path / "functions" / "rules.toml").write_text(text)
    (tmp_path / "functions" / "rules.cases.toml").write_text(
        (ROOT / "docs" / "example-rules.cases.toml").read_text("utf-8")
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_in_one_of_the_tables() -> None:
    assert set(NAMES) <= ASKS_AWS.keys() | OFFLINE.keys()


@pytest.mark.parametrize("name", NAMES)
def test_bad_usage_is_2(name: str) -> None:
    assert promoter(name, "--no-such-option").code == EXIT_USAGE


@pytest.mark.parametrize("name", [name for name in NAMES if name in ASKS_AWS])
def test_aws_that_cannot_be_reached_is_3(folder: Path, name: str) -> None:
    ran = promoter(name, *ASKS_AWS[name])

    assert (ran.code, ran.out) == (EXIT_AWS, ""), ran.err
    assert "127.0.0.1:9" in ran.err


@pytest.mark.parametrize("name", [name for name in NAMES if name in OFFLINE])
def test_what_needs_no_aws_is_0_without_it(folder: Path, name: str) -> None:
    ran = promoter(name, *OFFLINE[name])

    assert ran.code == EXIT_OK, ran.out + ran.err


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NO_RULES])
def test_bad_rules_are_2(folder: Path, name: str) -> None:
    (folder / "functions" / "rules.toml").write_text("domain = 1\n")

    assert promoter(name, *(ASKS_AWS | OFFLINE)[name], "--rules", "functions/rules.toml").code == EXIT_USAGE


def test_the_documentation_and_the_help_have_the_table() -> None:
    document = (ROOT / "docs" / "commands.md").read_text("utf-8")
    rows = {int(code): text for code, text in re.findall(r"(?m)^\| (\d) \| (.+) \|$", document)}

    assert rows == EXIT_CODES
    printed = " ".join(promoter("--help").out.split())
    assert all(f"{code} {text}" in printed for code, text in EXIT_CODES.items())


def test_no_module_has_an_exit_code_of_its_own() -> None:
    pattern = re.compile(r"(?:exit_code = |ctx\.exit\(|sys\.exit\(|return )[1-9]\b")
    files = (ROOT / "functions" / "promoter" / "cli").glob("*.py")
    found = [
        f"{file.name}: {line}"
        for file in files
        for line in file.read_text().splitlines()
        if pattern.search(line)
    ]
    assert found == []
