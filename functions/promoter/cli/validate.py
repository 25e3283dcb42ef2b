"""`promoter validate`: check a rules file, and say every mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promoter.cli.errors import USAGE
from promoter.cli.options import example, output_option, read_text, rules_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.rules.rule_set import RuleSet
    from promoter.rules_file.diagnostics import Diagnostic


@example("promoter validate", "promoter validate other-rules.toml --output json")
@click.command("validate")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@rules_option
@output_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, rules_file: Path, output: str) -> None:
    """Check a rules file, and say every mistake with its place and mend.

    FILE is the same as --rules FILE. Nothing is deployed and nothing is asked of AWS; warnings alone are no failure.
    """
    path = file or rules_file
    source = read_text(path)
    rule_set, diagnostics = _read(source, path)
    as_text = output != "json"
    click.echo(_as_text(diagnostics, source, path, rule_set) if as_text else _as_json(diagnostics, source))
    if rule_set is None:
        ctx.exit(USAGE)


def _read(source: str, path: Path) -> tuple[RuleSet | None, Sequence[Diagnostic]]:
    """The rule set, where the file holds together, and all that there is to say about it."""
    from promoter.rules_file.diagnostics import RulesError
    from promoter.rules_file.reader import load

    try:
        loaded = load(source, str(path))
    except RulesError as error:
        return None, error.diagnostics
    return loaded.rule_set, loaded.warnings


def _as_text(diagnostics: Sequence[Diagnostic], source: str, path: Path, rule_set: RuleSet | None) -> str:
    from promoter.rules_file.diagnostics import render

    if rule_set is None:
        return render(diagnostics, source, str(path)) + "; nothing deployed"
    last = f"{path}: {_size(rule_set)} of domain {rule_set.domain}, ruleset {rule_set.digest}"
    return "\n".join([render(diagnostics, source, str(path)), last]) if diagnostics else last


def _size(rule_set: RuleSet) -> str:
    promotions, hops = len(rule_set.promotions), sum(map(len, rule_set.hops.values()))
    return f"{promotions} promotion{'s' * (promotions != 1)} on {hops} hop{'s' * (hops != 1)}"


def _as_json(diagnostics: Sequence[Diagnostic], source: str) -> str:
    """`{"errors": [...], "warnings": [...]}`: path, line, column (from 1; 0 if unknown), message and hint of each."""
    from promoter.rules_file.diagnostics import placed

    ordered = placed(diagnostics, source)
    found = {
        "errors": [_to_json(each) for each in ordered if each.severity == "error"],
        "warnings": [_to_json(each) for each in ordered if each.severity == "warning"],
    }
    return json.dumps(found, indent=2)


def _to_json(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
