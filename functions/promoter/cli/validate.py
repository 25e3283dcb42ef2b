"""`promoter validate`: check a rules file and report all errors."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from promoter.cli.errors import EXIT_USAGE
from promoter.cli.options import example, output_option, read_text, rules_option
from promoter.cli.template_sizes import sizes_of
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.advice import advise
from promoter.rules_file.conflict_warnings import conflict_warnings
from promoter.rules_file.diagnostics import Diagnostic, RulesError, placed, render, warning
from promoter.rules_file.reader import load


@example("promoter validate", "promoter validate other-rules.toml --output json")
@click.command("validate")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@rules_option
@output_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, rules_file: Path, output: str) -> None:
    """Check a rules file, and report all errors with their line and a fix.

    FILE is the same as --rules FILE. It does not use AWS, and deploys nothing. Warnings also say what AWS would refuse
    to deploy. Exit code 2: there are errors; warnings do not count.
    """
    path = file or rules_file
    source = read_text(path)
    rule_set, diagnostics = _load(source, path)
    if output == "json":
        click.echo(_to_json(diagnostics, source))
    else:
        click.echo(_to_text(diagnostics, source, path, rule_set))
    if rule_set is None:
        ctx.exit(EXIT_USAGE)


def _load(source: str, path: Path) -> tuple[RuleSet | None, Sequence[Diagnostic]]:
    """The rule set, or None if there are errors; and all diagnostics."""
    try:
        loaded = load(source, str(path))
    except RulesError as error:
        return None, error.diagnostics
    rule_set = loaded.rule_set
    warnings = (*conflict_warnings(rule_set.promotions), *advise(source, rule_set, time.time()))
    return rule_set, (*loaded.warnings, *warnings, *_size_warnings(rule_set))


def _size_warnings(rule_set: RuleSet) -> list[Diagnostic]:
    """What AWS would refuse to deploy."""
    return [warning((), each.text, each.fix) for each in sizes_of(rule_set) if not each.fits]


def _to_text(diagnostics: Sequence[Diagnostic], source: str, path: Path, rule_set: RuleSet | None) -> str:
    if rule_set is None:
        return render(diagnostics, source, str(path)) + "; nothing deployed"
    summary = f"{path}: {_size(rule_set)} of domain {rule_set.domain}, ruleset {rule_set.digest}"
    return "\n".join([render(diagnostics, source, str(path)), summary]) if diagnostics else summary


def _size(rule_set: RuleSet) -> str:
    promotions, hops = len(rule_set.promotions), len(rule_set.all_hops)
    return f"{promotions} promotion{'s' * (promotions != 1)} on {hops} hop{'s' * (hops != 1)}"


def _to_json(diagnostics: Sequence[Diagnostic], source: str) -> str:
    """`{"errors": [...], "warnings": [...]}`; lines and columns count from 1, and 0 is unknown."""
    ordered = placed(diagnostics, source)
    by_severity = {
        "errors": [_entry(each) for each in ordered if each.severity == "error"],
        "warnings": [_entry(each) for each in ordered if each.severity == "warning"],
    }
    return json.dumps(by_severity, indent=2)


def _entry(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
