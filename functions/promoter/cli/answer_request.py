"""The version that a user answers about: the options of every answer, and the revision that is meant."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from promoter.cli.connections import Connection
from promoter.cli.errors import BadUsage, UserError, aws_errors
from promoter.cli.options import (
    domain_owner_option,
    output_option,
    parse_purl,
    profile_option,
    read_rules,
    rules_option,
)
from promoter.cli.step_lines import RulesFile
from promoter.packages.candidate import Candidate
from promoter.waiting.answers import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from promoter.copying.ports import Description
    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet


class Request(Struct, frozen=True):
    """The version that a user answers about, the rules, and the options of every answer."""

    package: Package
    version: str
    rules: RulesFile
    connection: Connection
    revision: str | None
    by: str | None
    prints: bool
    output: str

    @property
    def rule_set(self) -> RuleSet:
        """The rule set."""
        return self.rules.rule_set

    @property
    def title(self) -> str:
        """The version as its own clients write it."""
        return f"{self.package.title} {self.version}"


class Found(Struct, frozen=True):
    """The version in one repository. `description` is None if the user gave the revision."""

    candidate: Candidate
    description: Description | None = None


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every answer has."""
    options = (
        click.option(
            "--reason", required=True, help="Why, in one sentence. It is shown wherever the answer counts."
        ),
        click.option("--url", default="", help="Where to read more: a report, a ticket."),
        click.option("--revision", help="The revision that is meant.  [default: the one that is there now]"),
        click.option("--by", help="Who answers.  [default: your ARN; with --print nobody]"),
        click.option(
            "--print",
            "prints",
            is_flag=True,
            help="Print the aws command that does the same. Nothing changes.",
        ),
        domain_owner_option,
        rules_option,
        output_option,
        profile_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_request(purl: str, options: dict[str, Any]) -> Request:
    """Read the arguments and the rules; raises BadUsage."""
    rules_file: Path = options["rules_file"]
    package, version = parse_purl(purl)
    source, rule_set = read_rules(rules_file)
    if not rule_set.evidence:
        raise BadUsage(
            f'{rules_file} has no repository of answers; add evidence = "REPOSITORY", see docs/checks.md'
        )
    return Request(
        package,
        version,
        RulesFile(rule_set, source, str(rules_file)),
        Connection(options["domain_owner"], options["profile"]),
        options["revision"],
        options["by"],
        options["prints"],
        options["output"],
    )


def find_version(request: Request, repository: str) -> Found:
    """The version in a repository; raises UserError if it is not there as Published."""
    found = find_versions(request, [repository])
    if not found:
        raise UserError(
            f"{request.title} is not in {repository} of domain {request.rule_set.domain}; check its name. Versions "
            "that only an upstream has do not count"
        )
    return found[0]


def find_versions(request: Request, repositories: Sequence[str]) -> list[Found]:
    """The version in each of these repositories that has it. A revision that the user gave is not looked up."""
    package, version = request.package, request.version
    if request.revision is not None:
        candidates = [
            Candidate(package, version, request.revision, name, time.time()) for name in repositories
        ]
        return [Found(each) for each in candidates]
    with aws_errors(f"look up {request.title}"):
        reader = request.connection.reader(request.rule_set)
        described = {name: reader.find(name, package, version) for name in repositories}
    return [_found(request, name, each) for name, each in described.items() if each is not None]


def _found(request: Request, repository: str, description: Description) -> Found:
    if description.status != PUBLISHED:
        raise UserError(
            f"{request.title} is {description.status} in {repository}; only {PUBLISHED} versions are promoted. "
            "To answer anyway, give its --revision"
        )
    published = description.published
    candidate = Candidate(request.package, request.version, description.revision, repository, published)
    return Found(candidate, description)
