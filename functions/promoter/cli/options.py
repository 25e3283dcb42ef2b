"""Options that several commands take, and the files that they name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.errors import BadUsage
from promoter.packages.patterns import PatternError, parse_package
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, read_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet

DEFAULT_RULES = "functions/rules.toml"
_LAST_TIME = 32_503_680_000.0  # 3000-01-01: later times overflow when a soak is added

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
domain_owner_option = click.option(
    "--domain-owner", help="The AWS account that owns the domain.  [default: your own]"
)
stack_option = click.option(
    "--stack", default="package-promoter", show_default=True, help="The deployed stack."
)


class TimeType(click.ParamType):
    """A time in ISO 8601, as UTC seconds since the epoch. Without a time zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse the time, or fail with the expected form."""
        if isinstance(value, float):
            return value
        try:
            time = datetime.fromisoformat(value)
            seconds = (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            self.fail(f'"{value}" is not a time; write 2026-01-02T03:04:05Z, or 2026-01-02', param, ctx)
        if not 0 <= seconds < _LAST_TIME:
            self.fail(f'"{value}" is before 1970 or after 2999', param, ctx)
        return seconds


def read_rules(path: Path) -> tuple[str, RuleSet]:
    """The text of a rules file and its rule set; raises BadUsage with all errors."""
    source = read_text(path)
    try:
        return source, load(source, str(path)).rule_set
    except RulesError as error:
        raise BadUsage(str(error)) from None


def parse_purl(text: str) -> tuple[Package, str]:
    """The package and the version that a Package URL names; raises BadUsage."""
    try:
        package, version = parse_package(text)
    except PatternError as error:
        raise BadUsage(str(error)) from None
    if not version:
        raise BadUsage(f"{text} has no version; write {text}@1.2.3")
    return package, version


def read_text(path: Path) -> str:
    """The text of a file; raises BadUsage if it cannot be read."""
    try:
        return read_source(path)
    except UnreadableFileError as error:
        raise BadUsage(str(error)) from None


def example(*lines: str) -> Callable[[Any], Any]:
    """Add examples to the end of a command's help."""

    def add(command: click.Command) -> click.Command:
        command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
        return command

    return add
