"""Completion in the shell: names that the rules file has. Rules that cannot be read complete nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from promoter.cli.options import DEFAULT_RULES
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from promoter.rules.rule_set import RuleSet


def complete_promotions(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The names of promotions that begin like this."""
    rule_set = _rules(ctx)
    return _beginning([each.name for each in rule_set.promotions] if rule_set else [], incomplete)


def complete_repositories(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The names of repositories that begin like this."""
    rule_set = _rules(ctx)
    return _beginning(rule_set.repositories if rule_set else [], incomplete)


def complete_checks(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The names of checks that begin like this."""
    from promoter.inspection.answering import check_names

    rule_set = _rules(ctx)
    return _beginning(check_names(rule_set) if rule_set else [], incomplete)


def _rules(ctx: click.Context) -> RuleSet | None:
    """The rules that `--rules` names on the line so far. Standard input is not read."""
    file = Path(ctx.params.get("rules_file") or DEFAULT_RULES)
    try:
        return load(read_source(file), str(file)).rule_set
    except (RulesError, UnreadableFileError):
        return None


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
