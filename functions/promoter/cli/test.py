"""`promoter test`: decide cases by the rules, and compare the decisions with the expected ones."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import click

from promoter.cases.comparison import run_case
from promoter.cases.reader import CaseFile, CaseFileError
from promoter.cli.case_lines import FileResult, results_to_json, show_results
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage
from promoter.cli.options import FilePath, example, output_option, read_rules, read_text, rules_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from promoter.rules.rule_set import RuleSet


@example(
    "promoter test                                  functions/rules.cases.toml",
    "promoter test cases --rules other-rules.toml   every *.toml in a directory",
)
@click.command("test")
@click.argument("files", type=FilePath(), nargs=-1)
@rules_option
@output_option
def command(files: Sequence[Path], rules_file: Path, output: str) -> int:
    """Decide your own cases by the rules: a version, what is known about it, and the verdict that you expect.

    FILES are case files or directories of them.  [default: rules.cases.toml beside rules.toml]  It does not use AWS.
    A case file may have rules of its own; else its cases are about --rules. Exit code 1: a case fails.
    """
    names = [each for file in files or [rules_file.with_suffix(".cases.toml")] for each in _files_of(file)]
    results = _run(names, rules_file)
    if output == "json":
        click.echo(json.dumps(results_to_json(results), indent=2))
    else:
        show_results(results)
    return EXIT_OK if all(each.result.passes for each in results) else EXIT_NO


def _files_of(path: Path) -> list[Path]:
    """The file, or the case files of a directory."""
    if path.is_dir():
        found = sorted(path.glob("*.toml"))
        if not found:
            raise BadUsage(f"{path} has no *.toml; write a case file, docs/commands.md#test has an example")
        return found
    if not path.exists():
        raise BadUsage(
            f"there is no file {path}; write your cases there, docs/commands.md#test has an example"
        )
    return [path]


def _run(files: Sequence[Path], rules_file: Path) -> list[FileResult]:
    """Run the cases of all files; raises BadUsage with the mistakes of all files."""

    @cache
    def beside() -> RuleSet:
        return read_rules(rules_file)[1]

    read, mistakes = [], []
    for file in files:
        try:
            cases = CaseFile(read_text(file), str(file)).read(beside)
        except CaseFileError as wrong:
            mistakes.append(str(wrong))
        else:
            read += [(str(file), case) for case in cases]
    if mistakes:
        raise BadUsage("\n".join(mistakes))
    return [FileResult(name, run_case(case)) for name, case in read]
