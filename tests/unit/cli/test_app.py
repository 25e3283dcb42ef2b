"""app: commands in groups, exit codes, and errors as one sentence."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from promoter.cli import app as module
from promoter.cli.app import COMMANDS
from promoter.cli.errors import BadUsage, UserError
from tests.support.command_line import promoter

FUNCTIONS = Path(__file__).parents[3] / "functions"
ALL = [name for group in COMMANDS.values() for name in group]


def test_help_lists_all_commands_in_their_groups() -> None:
    ran = promoter("--help")

    assert ran.code == 0
    found = [line.split()[0] for line in ran.lines if line.startswith("  ") and line.split()[0] in ALL]
    assert found == ALL
    assert [title for title in COMMANDS if f"\n{title}:\n" in ran.out] == list(COMMANDS)


@pytest.mark.parametrize("name", ALL)
def test_each_command_has_help_with_an_example(name: str) -> None:
    ran = promoter(name, "--help")

    assert ran.code == 0
    assert f"Examples:\n    promoter {name}" in ran.out


@pytest.mark.parametrize(
    ("name", "hint"), [("explian", "did you mean `promoter explain`?"), ("zzz", "see `promoter --help`")]
)
def test_an_unknown_command_is_answered_with_the_nearest(name: str, hint: str) -> None:
    ran = promoter(name)

    assert (ran.code, ran.out) == (2, "")
    assert f'there is no command "{name}"; {hint}' in ran.err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (UserError("log in"), 1, "log in\n"),
        (BadUsage("fix the rules"), 2, "fix the rules\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_error_is_its_sentence_and_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, text: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module.app, "main", fail)

    ran = promoter("plan")

    assert (ran.code, ran.out, ran.err) == (code, "", text)


def test_the_version_has_the_name_of_the_program() -> None:
    assert promoter("--version").out == f"promoter {importlib.metadata.version('codeartifact-promoter')}\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("plan", "--outptu", "json"), "no such option: --outptu; did you mean --output?"),
        (("plan", "--output", "yaml"), "'yaml' is not one of 'text', 'json'"),
        (("explain",), "missing argument 'PURL|EVENT.json'"),
    ],
    ids=str,
)
def test_a_wrong_option_is_one_sentence_with_the_help_to_read(arguments: tuple[str, ...], text: str) -> None:
    ran = promoter(*arguments)

    assert (ran.code, ran.out) == (2, "")
    first, hint = ran.err.splitlines()
    assert text in first
    assert hint == f"hint: `promoter {arguments[0]} --help` shows the options and examples"


def test_a_closed_pipe_is_not_an_error() -> None:
    command = f"{sys.executable} -m promoter.cli schema | head -n 1; exit ${{PIPESTATUS[0]}}"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS)}

    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_a_letter_that_the_terminal_has_not_is_escaped() -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS), "PYTHONIOENCODING": "latin-1"}

    done = subprocess.run(
        [sys.executable, "-m", "promoter.cli", "validate", "\u5305.toml"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no file \\u5305.toml;")


def test_help_imports_no_command() -> None:
    program = (
        "import sys; from promoter.cli.app import app; app.main(['--help'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.startswith(('promoter.inspection', 'promoter.rules_file'))])"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS)}

    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
