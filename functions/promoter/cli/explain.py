"""`promoter explain`: explain hop by hop why a version is promoted or not."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from promoter.cli.chosen_rules import ChosenRules, choose_rules
from promoter.cli.completion import complete_repositories
from promoter.cli.connections import Connection
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage
from promoter.cli.event_files import SkippedEvent, parse_event_file
from promoter.cli.journey_lines import journey_lines
from promoter.cli.live_journey import read_journey
from promoter.cli.options import (
    TimeType,
    domain_owner_option,
    example,
    not_a_purl,
    output_option,
    parse_purl,
    profile_option,
    read_stdin,
    read_text,
    rules_option,
    stack_option,
)
from promoter.cli.step_lines import SOAK_FROM_AWS, SOAK_FROM_NOW, RulesFile, show_step
from promoter.cli.terminal import show_line
from promoter.inspection.explain import Step, explain_hops, step_to_json
from promoter.packages.candidate import Candidate
from promoter.rules.evidence import Evidence
from promoter.times import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet
    from promoter.rules.vocabulary import Origin


class _Assumptions(Struct, frozen=True):
    """The facts that the user gives. A fact that is not given is None."""

    repository: str | None
    revision: str | None
    origin: Origin | None
    since: float | None

    def applied(self, candidate: Candidate) -> Candidate:
        """The candidate with these facts."""
        given = {
            "repository": self.repository,
            "revision": self.revision,
            "available_since": self.since,
        }
        return replace(candidate, **{name: value for name, value in given.items() if value is not None})


class _Request(Struct, frozen=True):
    """The rules and facts to explain by, and the output to print."""

    chosen: ChosenRules
    assumptions: _Assumptions
    now: float
    output: str

    @property
    def rules(self) -> RulesFile:
        """The rules with their text."""
        return self.chosen.rules


@example(
    "promoter explain pkg:npm/@acme/widget@1.5.0               looks it up in AWS",
    "promoter explain pkg:npm/@acme/widget@1.5.0 --in staging  uses the rules alone, works offline",
    "promoter explain events/npm-published.json                an event, a queue message, a notification",
)
@click.command("explain")
@click.argument("subject", metavar="PURL|EVENT.json")
@click.option(
    "--in",
    "repository",
    metavar="REPOSITORY",
    shell_complete=complete_repositories,
    help="Assume that the version is in this repository. Works offline.",
)
@click.option("--revision", help="The revision in that repository.  [default: any]")
@click.option(
    "--origin",
    type=click.Choice(["internal", "external"]),
    help="Where the package first came from, if AWS is not asked.",
)
@click.option("--at", type=TimeType(), help="Decide as of this time.  [default: now]")
@click.option(
    "--since",
    type=TimeType(),
    help="When the version arrived in its repository.  [default: as in AWS or in the event, or now]",
)
@stack_option
@domain_owner_option
@rules_option
@output_option
@profile_option
def command(
    subject: str,
    repository: str | None,
    revision: str | None,
    origin: Origin | None,
    at: float | None,
    since: float | None,
    stack: str,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Explain why a version is promoted or not: which promotion decides on each hop, and every condition.

    The version is a Package URL, or a JSON file with it: an event, a queue message, a notification.

    \b
    If AWS is asked, the first line shows the repositories:
      dev * 3d ago   dev has had the version for 3 days
      --             promoted
      ->             will be promoted
      --|            stopped
      ..             not decided yet

    With --stack, or where there is no rules file, the deployed rules decide: those in the function's code.

    Exit code 1: the version does not pass every hop.
    """
    connection = Connection(domain_owner, profile, stack)
    request = _Request(
        _chosen_rules(rules_file, connection, repository, output),
        _Assumptions(repository, revision, origin, since),
        float(int(time.time())) if at is None else at,
        output,
    )
    if not subject.startswith("pkg:"):
        return _explain_file(subject, request)
    package, version = parse_purl(subject)
    if repository is None:
        return _explain_live(package, version, request, connection)
    return _explain_offline([Candidate(package, version, "", repository, request.now)], request)


def _chosen_rules(file: Path, connection: Connection, repository: str | None, output: str) -> ChosenRules:
    """The rules that know the repository. A text for people begins with their name."""
    chosen = choose_rules(file, connection)
    _require_repository(repository, chosen.rules.rule_set)
    if output == "text":
        chosen.show()
    return chosen


def _explain_file(file: str, request: _Request) -> int:
    found = parse_event_file(_text_of(file), file, request.rules.rule_set.domain, request.now)
    skipped = [each for each in found if isinstance(each, SkippedEvent)]
    for each in skipped:
        show_line(f"event {each.event_id}: {each.text}", err=request.output == "json")
    code = _explain_offline([each for each in found if isinstance(each, Candidate)], request)
    return EXIT_NO if skipped else code


def _text_of(file: str) -> str:
    if file == "-":
        return read_stdin()
    if not file:
        raise BadUsage("the version is empty; write it as pkg:npm/@acme/widget@1.5.0, or name a JSON file")
    if not Path(file).exists():
        hint = f"there is no file {file}; write a version as pkg:npm/@acme/widget@1.5.0"
        raise BadUsage(not_a_purl(file) or hint)
    return read_text(Path(file))


def _explain_offline(candidates: Sequence[Candidate], request: _Request) -> int:
    """Explain by the rules alone, without network or credentials."""
    rule_set, evidence = request.rules.rule_set, Evidence(request.assumptions.origin)
    candidates = [request.assumptions.applied(each) for each in candidates]
    explained = [(each, explain_hops(each, evidence, rule_set, request.now)) for each in candidates]
    all_steps = [step for _, steps in explained for step in steps]
    if request.output == "json":
        return _print_json(request, all_steps)
    for candidate, steps in explained:
        _show_candidate(candidate, steps, request)
    return _exit_code(all_steps)


def _show_candidate(candidate: Candidate, steps: Sequence[Step], request: _Request) -> None:
    earlier = candidate.available_since < request.now
    since = f" since {format_time(candidate.available_since)}" if earlier else ""
    show_line(f"{candidate.package.title} {candidate.version} in {candidate.repository}{since}")
    if not steps:
        show_line(f"  no promotion starts from {candidate.repository}, so the version stays there")
    for step in steps:
        show_step(step, request.rules, "" if earlier else SOAK_FROM_NOW)


def _explain_live(package: Package, version: str, request: _Request, connection: Connection) -> int:
    """Look the version up in every repository of the rules, with its answers and its pending entries."""
    rule_set, since = request.rules.rule_set, request.assumptions.since
    journey, problems = read_journey(connection, rule_set, package, version, request.now, since)
    if request.output == "json":
        return _print_json(request, journey.steps, problems)
    for line in journey_lines(journey, rule_set, request.now):
        show_line(line)
    for step in journey.steps:
        show_step(step, request.rules, SOAK_FROM_AWS if since is None else "", live=True)
    for text in problems:
        show_line(f"unknown: {text}")
    return _exit_code(journey.steps)


def _print_json(request: _Request, steps: Sequence[Step], problems: Sequence[str] = ()) -> int:
    unknown = {"unknown": list(problems)} if problems else {}
    decisions = [step_to_json(step) for step in steps]
    click.echo(json.dumps({"decisions": decisions, "rules": request.chosen.to_json(), **unknown}, indent=2))
    return _exit_code(steps)


def _exit_code(steps: Sequence[Step]) -> int:
    return EXIT_OK if all(step.passes for step in steps) else EXIT_NO


def _require_repository(repository: str | None, rule_set: RuleSet) -> None:
    if repository is not None and repository not in rule_set.repositories:
        known = ", ".join(sorted(rule_set.repositories))
        raise BadUsage(f'no promotion starts or ends in "{repository}"; the rules have {known}')
