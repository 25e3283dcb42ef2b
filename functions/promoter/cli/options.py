"""Options that several commands take, and what is read by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.errors import BadUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from promoter.rules.rule_set import RuleSet

DEFAULT_RULES = "functions/rules.toml"

rules_option = click.option(
    "--rules",
    "rules_file",
    type=click.Path(path_type=Path),
    default=DEFAULT_RULES,
    show_default=True,
    help="The rules file.",
)
output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
profile_option = click.option("--profile", help="A profile of your AWS configuration.")


def read_rules(path: Path) -> tuple[str, RuleSet]:
    """A rules file's text and its rule set; raises BadUsage, with every mistake."""
    from promoter.rules_file.diagnostics import RulesError
    from promoter.rules_file.reader import load

    source = read_text(path)
    try:
        return source, load(source, str(path)).rule_set
    except RulesError as error:
        raise BadUsage(str(error)) from None


def read_text(path: Path) -> str:
    """A file's text; raises BadUsage where there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "; `promoter init` writes one, --rules names another" if path.suffix == ".toml" else ""
        raise BadUsage(f"there is no file {path}{hint}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"cannot read {path}: {error}") from None


def example(*lines: str) -> Callable[[Any], Any]:
    """Add a command's examples to the end of its help."""

    def add(command: click.Command) -> click.Command:
        command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
        return command

    return add
