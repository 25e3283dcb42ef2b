"""`promoter explain`: why a version moves or does not, hop by hop."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from promoter.cli.errors import BadUsage, UserError
from promoter.cli.moments import Moment
from promoter.cli.options import example, output_option, profile_option, read_rules, read_text, rules_option
from promoter.cli.reasons import SOAK_FROM_AWS, SOAK_FROM_NOW, Rules, show_step, since_of
from promoter.inspection.explain import Step, explain_hops, step_to_json
from promoter.packages.candidate import Candidate

if TYPE_CHECKING:
    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet


@example(
    "promoter explain pkg:npm/@acme/widget@1.5.0               where it stands, and what stops it",
    "promoter explain pkg:npm/@acme/widget@1.5.0 --in staging  by the rules alone, offline",
    "promoter explain events/npm-published.json                an event, a queue's records, our notification",
)
@click.command("explain")
@click.argument("subject", metavar="PURL|EVENT.json")
@click.option("--in", "repository", metavar="REPOSITORY", help="Where it stands; then AWS is not asked.")
@click.option("--revision", help="Its revision there.  [default: any]")
@click.option(
    "--origin",
    type=click.Choice(["internal", "external"]),
    help="Where it first came from, if AWS is not asked.",
)
@click.option("--at", type=Moment(), help="Decide as at this time.  [default: now]")
@click.option(
    "--since", type=Moment(), help="When it arrived there.  [default: as AWS or the event says, or now]"
)
@click.option("--domain-owner", help="The domain's account.  [default: your own]")
@rules_option
@output_option
@profile_option
def command(
    subject: str,
    repository: str | None,
    revision: str | None,
    origin: str | None,
    at: float | None,
    since: float | None,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Say for each hop why a version is promoted or not: the promotion that decides, and every condition.

    The version is a Package URL, or a file that speaks of it. Exit code 1: it does not pass every hop.
    """
    source, rule_set = read_rules(rules_file)
    rules = Rules(rule_set, source, str(rules_file))
    now = time.time() if at is None else at
    given = {"repository": repository, "revision": revision, "origin": origin, "since": since}
    known = {name: value for name, value in given.items() if value is not None}
    _check_repository(repository, rule_set)
    if not subject.startswith("pkg:"):
        return _explain_file(subject, rules, now, known, output)
    package, version = _read_purl(subject)
    if repository is None:
        return _look_up(package, version, rules, now, since, output, (profile, domain_owner))
    candidate = Candidate(package, version, "", repository, now)
    return _explain([msgspec.structs.replace(candidate, **known)], rules, now, output)


def _explain_file(file: str, rules: Rules, now: float, known: dict[str, str | float], output: str) -> int:
    from promoter.cli.event_files import SkippedEvent, read

    found = read(_text_of(file), file, rules.rule_set.domain, now)
    left = [each for each in found if isinstance(each, SkippedEvent)]
    for each in left:
        click.echo(f"event {each.event_id}: {each.text}", err=output == "json")
    candidates = [msgspec.structs.replace(each, **known) for each in found if isinstance(each, Candidate)]
    return max(_explain(candidates, rules, now, output), int(bool(left)))


def _text_of(file: str) -> str:
    if file == "-":
        return click.get_text_stream("stdin").read()
    if not Path(file).exists():
        raise BadUsage(f"there is no file {file}; a version is written pkg:npm/@acme/widget@1.5.0")
    return read_text(Path(file))


def _explain(candidates: list[Candidate], rules: Rules, now: float, output: str) -> int:
    """By the rules alone: no network, no credentials."""
    explained = [(candidate, explain_hops(candidate, rules.rule_set, now)) for candidate in candidates]
    every = [step for _, walked in explained for step in walked]
    if output == "json":
        return _print_json(every)
    for candidate, walked in explained:
        click.echo(
            f"{candidate.package.title} {candidate.version} in {candidate.repository}{since_of(candidate, now)}"
        )
        if not walked:
            click.echo(f"  no promotion leaves {candidate.repository}: this is where it ends")
        for step in walked:
            show_step(step, rules, "" if candidate.since < now else SOAK_FROM_NOW)
    return _exit_code(every)


def _look_up(
    package: Package,
    version: str,
    rules: Rules,
    now: float,
    since: float | None,
    output: str,
    account: tuple[str | None, str | None],
) -> int:
    from promoter.aws.clients import user_clients
    from promoter.aws.listing import Listing
    from promoter.cli.errors import aws_errors
    from promoter.inspection.journey import head_lines, repositories_of, trace_version

    profile, owner = account
    with aws_errors(f"look up {package.title} {version}"):
        listing = Listing(user_clients(profile)("codeartifact"), rules.rule_set.domain, owner)
        journey = trace_version(listing, rules.rule_set, package, version, now, since)
    if not journey.standing:
        raise UserError(
            f"{package.title} {version} stands in none of {', '.join(repositories_of(rules.rule_set))} of domain "
            f"{rules.rule_set.domain}; what a repository sees only through an upstream does not count"
        )
    if output == "json":
        return _print_json(journey.steps)
    for line in head_lines(journey, rules.rule_set, now):
        click.echo(line)
    for step in journey.steps:
        show_step(step, rules, SOAK_FROM_AWS if since is None else "", live=True)
    return _exit_code(journey.steps)


def _print_json(walked: list[Step] | tuple[Step, ...]) -> int:
    click.echo(json.dumps({"decisions": [step_to_json(step) for step in walked]}, indent=2))
    return _exit_code(walked)


def _exit_code(walked: list[Step] | tuple[Step, ...]) -> int:
    return 0 if all(step.passes for step in walked) else 1


def _read_purl(text: str) -> tuple[Package, str]:
    from promoter.packages.patterns import PatternError, parse_package

    try:
        package, version = parse_package(text.partition("?")[0].partition("#")[0])
    except PatternError as error:
        raise BadUsage(str(error)) from None
    if not version:
        raise BadUsage(f"{text} names no version; write {text}@1.2.3")
    return package, version


def _check_repository(repository: str | None, rule_set: RuleSet) -> None:
    known = {name for each in rule_set.promotions for name in (each.source, each.destination)}
    if repository is None or repository in known:
        return
    raise BadUsage(f'no promotion goes from or to "{repository}"; the rules have {", ".join(sorted(known))}')
