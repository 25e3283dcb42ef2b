"""`promoter validate`: check a rules file, and say every mistake."""

from __future__ import annotations

from pathlib import Path

import click

from promoter.cli.options import DEFAULT_RULES, example, read_rules
from promoter.mistakes import render


@example("promoter validate", "promoter validate other-rules.toml")
@click.command("validate")
@click.argument("file", type=click.Path(path_type=Path), default=DEFAULT_RULES)
def command(file: Path) -> None:
    """Check a rules file, and say every mistake with its place and mend."""
    source, rule_set = read_rules(file)
    if rule_set.warnings:
        click.echo(render(rule_set.warnings, source, str(file)))
    promotions, hops = len(rule_set.promotions), sum(map(len, rule_set.hops.values()))
    click.echo(
        f"{file}: {promotions} promotions on {hops} hops of domain {rule_set.domain}, ruleset {rule_set.digest}"
    )
