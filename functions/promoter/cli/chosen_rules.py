"""Chooses the rules that a command decides by: those of a file, or those that are deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from msgspec import Struct

from promoter.cli.errors import UserError, aws_errors
from promoter.cli.options import DEFAULT_RULES, read_rules
from promoter.cli.step_lines import RulesFile
from promoter.cli.terminal import show_line
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import digest_of, load
from promoter.text_files import UnreadableFileError, decode, read_source

if TYPE_CHECKING:
    from promoter.cli.connections import Connection

_NAME = "rules.toml"  # in the function's code
_HINT = "--rules FILE decides by a file"


class ChosenRules(Struct, frozen=True):
    """The rules to decide by. `deployed` is True if they are read from the function's code.

    `differing` is the name of the file on disk if its text is another one, else "".
    """

    rules: RulesFile
    deployed: bool = False
    differing: str = ""

    @property
    def texts(self) -> list[str]:
        """The sentences that say which rules are used."""
        if not self.deployed:
            return []
        used = f"by the rules of {self.rules.name.removeprefix(_NAME + ' of ')}, ruleset {self.rules.rule_set.digest}"
        warning = f"warning: {self.differing} differs from the deployed rules; --rules {self.differing} decides by it"
        return [used, *([warning] if self.differing else [])]

    def to_json(self) -> dict[str, object]:
        """The rules for programs."""
        return {
            "from": self.rules.name,
            "ruleset": self.rules.rule_set.digest,
            "deployed": self.deployed,
            "differsFrom": self.differing or None,
        }

    def show(self, *, err: bool = False) -> None:
        """Print which rules are used, if they are not those of a file."""
        for text in self.texts:
            show_line(text, err=err)


def choose_rules(file: Path, connection: Connection) -> ChosenRules:
    """The rules of the file if --rules names it, or if it exists and --stack is not named; else the deployed rules."""
    if is_given("rules_file") or (not is_given("stack") and file.exists()):
        return read_file(file)
    return read_deployed(connection)


def choose_deployed(file: Path, connection: Connection) -> ChosenRules:
    """The deployed rules, unless --rules names a file."""
    return read_file(file) if is_given("rules_file") else read_deployed(connection)


def is_given(parameter: str) -> bool:
    """True if the user gave this parameter of the running command."""
    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def read_file(file: Path) -> ChosenRules:
    """The rules of a file; raises BadUsage with all errors."""
    source, rule_set = read_rules(file)
    return ChosenRules(RulesFile(rule_set, source, str(file)))


def read_deployed(connection: Connection, file: Path = Path(DEFAULT_RULES)) -> ChosenRules:
    """The rules in the function's code, compared with a file if it exists.

    Raises UserError if they cannot be read, or not by this version of the command line.
    """
    name = f"{_NAME} of stack {connection.stack}"
    with aws_errors(f"read the deployed rules ({_HINT})"):
        content = connection.deployed_code().read(_NAME)
    try:
        source = decode(content, name)
        rule_set = load(source, name).rule_set
    except (RulesError, UnreadableFileError) as error:
        raise UserError(
            f"the deployed rules are of another version of the promoter; {_HINT}:\n{error}"
        ) from None
    return ChosenRules(RulesFile(rule_set, source, name), True, _differing(file, rule_set.digest))


def _differing(file: Path, digest: str) -> str:
    """The name of the file if it exists and has other rules, else ""."""
    try:
        return "" if digest_of(read_source(file)) == digest else str(file)
    except UnreadableFileError:
        return ""
