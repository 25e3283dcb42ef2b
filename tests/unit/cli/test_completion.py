"""completion: a real bash completes commands, options and the names of the rules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.samples import promotion, rules_text

ROOT = Path(__file__).parents[3]
RULES = rules_text(
    promotion("web-to-staging", "dev -> staging", checks=["sca"]), promotion("web-to-prod", "staging -> prod")
)


@pytest.fixture
def complete(tmp_path: Path) -> "Completer":
    program = tmp_path / "bin" / "promoter"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m promoter.cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "rules.toml").write_text(RULES)
    return Completer(tmp_path)


class Completer:
    """Completes the last word of a command line in bash, in a directory with rules."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __call__(self, *words: str) -> list[str]:
        script = (
            'eval "$(_PROMOTER_COMPLETE=bash_source promoter)"\n'
            f"COMP_WORDS=({' '.join(repr(word) for word in ('promoter', *words))})\n"
            f"COMP_CWORD={len(words)}\n_promoter_completion promoter\n"
            'printf "%s\\n" "${COMPREPLY[@]}"\n'
        )
        environment = {
            "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "functions"),
        }
        bash = shutil.which("bash")
        assert bash is not None
        done = subprocess.run(
            [bash, "--norc", "-c", script],
            env=environment,
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (("pl",), ["plan"]),
        (("plan", "--summ"), ["--summary"]),
        (("plan", "--promotion", ""), ["web-to-staging", "web-to-prod"]),
        (("approve", "pkg:npm/a@1", "--promotion", "web-to-p"), ["web-to-prod"]),
        (("explain", "pkg:npm/a@1", "--in", ""), ["dev", "staging", "prod"]),
        (("withdraw", "pkg:npm/a@1", "--from", "s"), ["staging"]),
        (("answer", "pkg:npm/a@1", "--check", ""), ["sca"]),
        (("plan", "--output", "j"), ["json"]),
    ],
    ids=str,
)
def test_bash_completes(complete: Completer, words: tuple[str, ...], completed: list[str]) -> None:
    assert complete(*words) == completed


def test_names_are_those_of_the_rules_on_the_line(complete: Completer) -> None:
    other = complete.directory / "other.toml"
    other.write_text(rules_text(promotion("other")))

    assert complete("plan", "--rules", "other.toml", "--promotion", "") == ["other"]


@pytest.mark.parametrize("content", [None, "domain = 1"])
def test_without_rules_that_can_be_read_nothing_is_completed(
    complete: Completer, content: str | None
) -> None:
    rules = complete.directory / "functions" / "rules.toml"
    rules.unlink()
    if content is not None:
        rules.write_text(content)

    assert complete("plan", "--promotion", "") == []
