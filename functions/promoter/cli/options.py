"""Options that several commands take, and the files that they name."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.aws_options import domain_owner_option as domain_owner_option
from promoter.cli.aws_options import profile_option as profile_option
from promoter.cli.aws_options import stack_option as stack_option
from promoter.cli.errors import BadUsage
from promoter.cli.package_names import purl_of
from promoter.packages.patterns import PatternError, parse_package
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load
from promoter.text_files import UnreadableFileError, decode, read_source
from promoter.times import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet

DEFAULT_RULES = "functions/rules.toml"
_DURATION = re.compile(r"([0-9]{1,4}[wdhms]){1,5}\Z")
_STDIN = "promoter.cli.stdin-is-read"
_LAST_TIME = 32_503_680_000.0  # 3000-01-01: later times overflow when a soak is added


class FilePath(click.Path):
    """The path of a file. It cannot be empty."""

    def __init__(self) -> None:
        """Give commands a Path."""
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse an empty name, which would mean the current directory."""
        if value == "":
            raise BadUsage(f"the name of the rules file is empty; name a file, such as {DEFAULT_RULES}")
        return super().convert(value, param, ctx)


rules_option = click.option(
    "--rules",
    "rules_file",
    type=FilePath(),
    default=DEFAULT_RULES,
    show_default=True,
    help="The rules file; - is standard input.",
)
output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)


class TimeType(click.ParamType):
    """A time in ISO 8601, as UTC seconds since the epoch. Without a time zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse the time, or fail with the expected form."""
        if isinstance(value, float):
            return value
        try:
            moment = datetime.fromisoformat(value)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            self.fail(f'"{value}" is not a time; write 2026-01-02T03:04:05Z, or 2026-01-02', param, ctx)
        if not 0 <= seconds < _LAST_TIME:
            self.fail(f'"{value}" is before 1970 or after 2999', param, ctx)
        return seconds


class DurationType(click.ParamType):
    """A duration such as `30d` or `1h30m`, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse the duration, or fail with the expected form."""
        if isinstance(value, float):
            return value
        if not _DURATION.match(value):
            self.fail(f'"{value}" is not a duration; write numbers with units: 30d, 15m, 1h30m', param, ctx)
        return float(parse_duration(value))


class SinceType(TimeType):
    """A time, or how long ago it was: `30d`. As UTC seconds since the epoch."""

    name = "time|duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse the time or the duration, or fail with the expected forms."""
        if isinstance(value, str) and _DURATION.match(value):
            return max(0.0, time.time() - parse_duration(value))
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is not a time; write 30d, or 2026-01-02T03:04:05Z', param, ctx)


def read_rules(path: Path) -> tuple[str, RuleSet]:
    """The text of a rules file and its rule set; raises BadUsage with all errors."""
    source = read_text(path)
    try:
        return source, load(source, str(path)).rule_set
    except RulesError as error:
        raise BadUsage(str(error)) from None


def parse_package_url(text: str) -> tuple[Package, str]:
    """The package that a Package URL names, and its version or ""; raises BadUsage."""
    try:
        package, version = parse_package(text)
    except PatternError as error:
        raise BadUsage(not_a_purl(text) or str(error)) from None
    if not version and (hint := not_a_purl(text)):
        raise BadUsage(hint)
    return package, version


def not_a_purl(text: str) -> str:
    """What to say about a version in its package manager's own form, such as `acme-tools==2.0`; else ""."""
    purl = purl_of(text)
    return f'"{text}" is not a Package URL; write {purl}' if purl else ""


def parse_purl(text: str) -> tuple[Package, str]:
    """The package and the version that a Package URL names; raises BadUsage."""
    package, version = parse_package_url(text)
    if not version:
        raise BadUsage(f"{text} has no version; write {text}@1.2.3")
    return package, version


def read_text(path: Path) -> str:
    """The text of a file, or of standard input for `-`; raises BadUsage if it cannot be read."""
    if str(path) == "-":
        return read_stdin()
    try:
        return read_source(path)
    except UnreadableFileError as error:
        raise BadUsage(str(error)) from None


def read_stdin() -> str:
    """The text of standard input; raises BadUsage if it is not UTF-8, or was already read."""
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.setdefault(_STDIN, False):
        raise BadUsage("two arguments are -, but standard input can be read only once; name a file for one")
    if context is not None:
        context.meta[_STDIN] = True
    try:
        return decode(click.get_binary_stream("stdin").read(), "standard input")
    except UnreadableFileError as error:
        raise BadUsage(str(error)) from None


def example(*lines: str) -> Callable[[Any], Any]:
    """Add examples to the end of a command's help."""

    def add(command: click.Command) -> click.Command:
        command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
        return command

    return add
