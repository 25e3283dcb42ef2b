"""`promoter wait`: wait until a version is in a repository."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from promoter.cli.chosen_rules import choose_rules, is_given
from promoter.cli.connections import Connection
from promoter.cli.errors import EXIT_NO, EXIT_OK, EXIT_TIMEOUT, BadUsage, aws_errors
from promoter.cli.options import (
    DurationType,
    domain_owner_option,
    example,
    output_option,
    parse_purl,
    profile_option,
    rules_option,
    stack_option,
)
from promoter.cli.wait_lines import Ended, ending_to_json, show_ending
from promoter.inspection.arrival import Way, find_way
from promoter.inspection.history import History, LoggedDecision, search_term, select_decisions

if TYPE_CHECKING:
    from pathlib import Path

    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet

_INTERVAL = 10.0  # seconds between two looks
_DEFAULT_SECONDS = 90 * 86_400.0  # as long as the log is kept, unless the stack has another LogRetentionDays
_LATE = 300.0  # seconds after which a line of the log can surely be found


class _Subject(Struct, frozen=True):
    """The version and the repository to wait for."""

    package: Package
    version: str
    repository: str


class _Log:
    """The decisions about one version. Each reading only asks for what is new."""

    def __init__(self, connection: Connection, subject: _Subject) -> None:
        self._connection = connection
        self._subject = subject
        self._since = time.time() - _DEFAULT_SECONDS
        self._lines: dict[str, None] = {}

    def read(self) -> list[LoggedDecision]:
        """All decisions until now, oldest first."""
        package, version = self._subject.package, self._subject.version
        now = time.time()
        with aws_errors(f"read the decision log of {self._connection.stack}"):
            log = self._connection.decision_log()
            term = search_term(package, version) or log.ANY_DECISION
            self._lines |= dict.fromkeys(log.lines(term, self._since))
        self._since = now - _LATE
        found: History = select_decisions(self._lines, package, version)
        return found.decisions


@example(
    "promoter wait pkg:npm/@acme/widget@1.5.0 --in prod --timeout 15m",
    "promoter wait pkg:npm/@acme/widget@1.5.0 --in prod --stack package-promoter   ends at once if it is rejected",
)
@click.command("wait")
@click.argument("purl", metavar="PURL")
@click.option(
    "--in", "repository", metavar="REPOSITORY", required=True, help="Wait for it in this repository."
)
@click.option(
    "--timeout",
    type=DurationType(),
    default="15m",
    show_default=True,
    help="Give up after this time: 15m, 1h30m.",
)
@stack_option
@domain_owner_option
@rules_option
@output_option
@profile_option
def command(
    purl: str,
    repository: str,
    timeout: float,
    stack: str,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Wait until a version is in a repository: for a step of CI that follows a publish.

    With --stack, or where there is no rules file, it decides by the deployed rules and reads the decision log: it
    ends as soon as the version is rejected or its copy fails, and says why. Else it only looks into the repositories.

    Exit code 0: the version is there. Exit code 1: it was rejected, its copy failed, or it was removed there. Exit
    code 4: time is up.
    """
    package, version = parse_purl(purl)
    connection = Connection(domain_owner, profile, stack)
    chosen = choose_rules(rules_file, connection)
    rule_set, subject = chosen.rules.rule_set, _Subject(package, version, repository)
    if repository not in {each.destination for each in rule_set.promotions}:
        known = ", ".join(dict.fromkeys(each.destination for each in rule_set.promotions))
        raise BadUsage(f'no promotion ends in "{repository}"; the rules have {known}')
    log = _Log(connection, subject) if chosen.deployed or is_given("stack") else None
    ended = _wait(connection, rule_set, subject, log, timeout)
    if output == "json":
        click.echo(json.dumps(ending_to_json(ended, package, version), indent=2))
    else:
        show_ending(ended, package, version)
    return _exit_code(ended)


def _wait(
    connection: Connection, rule_set: RuleSet, subject: _Subject, log: _Log | None, timeout: float
) -> Ended:
    started = time.monotonic()
    while True:
        way, last = _look(connection, rule_set, subject, log)
        passed = time.monotonic() - started
        blocked = way.is_blocked(last)
        if way.installable or blocked or passed >= timeout:
            return Ended(way, last, passed, blocked)
        time.sleep(min(_INTERVAL, timeout - passed))


def _look(
    connection: Connection, rule_set: RuleSet, subject: _Subject, log: _Log | None
) -> tuple[Way, list[LoggedDecision]]:
    """Where the version is, and the last decisions about it."""
    with aws_errors(f"look up {subject.package.title} {subject.version}"):
        reader = connection.reader(rule_set)
        way = find_way(reader, rule_set, subject.package, subject.version, subject.repository)
    return way, way.last_decisions(log.read()) if log is not None else []


def _exit_code(ended: Ended) -> int:
    if ended.arrived:
        return EXIT_OK
    return EXIT_NO if ended.blocked else EXIT_TIMEOUT
