"""`promoter withdraw`: withdraw a version from a repository, and print the hold that keeps it away."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast

import click
from msgspec.structs import replace

from promoter.cli.completion import complete_repositories
from promoter.cli.connections import Connection
from promoter.cli.errors import (
    EXIT_AWS,
    EXIT_OK,
    AwsRefused,
    BadUsage,
    UserError,
    aws_errors,
)
from promoter.cli.options import (
    domain_owner_option,
    example,
    output_option,
    parse_purl,
    profile_option,
    read_rules,
    rules_option,
)
from promoter.cli.terminal import show_line
from promoter.cli.withdrawal_lines import Withdrawal, show_done, show_plan, withdrawal_to_json
from promoter.inspection.withdrawal import (
    WithdrawnStatus,
    default_status,
    hold_scope,
    is_held,
    latest_move,
    status_to_set,
    was_published,
)
from promoter.rules.conditions import PUBLISHED
from promoter.rules_file.hold_text import write_hold

if TYPE_CHECKING:
    from pathlib import Path

    from promoter.copying.ports import Failure
    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet

_CHANGED = "somebody has changed the version meanwhile; run the command again"
_FIXES = {"MISMATCHED_REVISION": _CHANGED, "MISMATCHED_STATUS": _CHANGED, "NOT_FOUND": _CHANGED}


@example(
    'promoter withdraw pkg:npm/@acme/widget@1.5.0 --from prod --reason "leaks the session token"',
    'promoter withdraw pkg:npm/@acme/widget@1.5.0 --from prod --status archived --reason "malware" --yes',
)
@click.command("withdraw")
@click.argument("purl", metavar="PURL")
@click.option(
    "--from",
    "repository",
    required=True,
    metavar="REPOSITORY",
    shell_complete=complete_repositories,
    help="The repository that the version is withdrawn from.",
)
@click.option("--reason", required=True, help="Why, in one sentence. The hold has it, and shows it.")
@click.option(
    "--status",
    "wanted",
    type=click.Choice(["unlisted", "archived"]),
    help="unlisted: no client chooses the version, but lock files that name it still work. archived: nobody "
    "gets it.  [default: archived for maven and generic, whose builds name the version; otherwise unlisted]",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@domain_owner_option
@rules_option
@output_option
@profile_option
def command(
    purl: str,
    repository: str,
    reason: str,
    wanted: str | None,
    yes: bool,
    domain_owner: str | None,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Withdraw a version from one repository, with your own permissions: unlist it there, or archive it.

    npm's tag `latest` is moved off it, to the highest release that remains. The files stay, and you can undo it.
    The command prints the [[hold]] for the rules that keeps the pipeline from bringing the version back.

    Exit code 1: the repository does not have the version, or AWS did not change it. Exit code 3: AWS refused a call.
    """
    package, version = parse_purl(purl)
    _, rule_set = read_rules(rules_file)
    _require_repository(repository, rule_set)
    if not reason.strip():
        raise BadUsage("--reason is empty; say why, in one sentence")
    connection = Connection(domain_owner, profile)
    plan = _plan(connection, rule_set, repository, package, version, wanted)
    plan = replace(plan, rules_name=str(rules_file), hold=_hold(rule_set, plan, reason))
    if output == "text":
        show_plan(plan)
    if plan.changes and not yes:
        _ask()
    if plan.status is not None:
        _change_status(connection, rule_set, plan)
    return _show(_move_latest(connection, rule_set, plan), output)


def _show(done: Withdrawal, output: str) -> int:
    """Print what was done. Return the exit code."""
    if output == "json":
        click.echo(json.dumps(withdrawal_to_json(done), indent=2))
    else:
        show_done(done)
    if not done.tag_problem:
        return EXIT_OK
    show_line(f"{done.tag_problem}. The version is {done.now}; run the command again after the fix", err=True)
    return EXIT_AWS


def _require_repository(repository: str, rule_set: RuleSet) -> None:
    if repository not in rule_set.repositories:
        known = ", ".join(sorted(rule_set.repositories))
        raise BadUsage(f'no promotion starts or ends in "{repository}"; the rules have {known}')


def _plan(
    connection: Connection,
    rule_set: RuleSet,
    repository: str,
    package: Package,
    version: str,
    wanted: str | None,
) -> Withdrawal:
    """What would change. Nothing is changed yet."""
    title = f"{package.title} {version}"
    with aws_errors(f"look up {title}"):
        found = connection.reader(rule_set).find(repository, package, version)
    if found is None:
        raise UserError(
            f"{title} is not in {repository} of domain {rule_set.domain}; check its name. Versions that only an "
            "upstream has do not count"
        )
    if not was_published(found.status):
        raise UserError(
            f"{title} is {found.status} in {repository}: it was never published, so no client sees it"
        )
    named = cast("WithdrawnStatus", wanted.capitalize()) if wanted else default_status(package.format)
    plan = Withdrawal(repository, package, version, found, status_to_set(found.status, named))
    return _with_latest(connection, rule_set, plan) if package.format == "npm" else plan


def _with_latest(connection: Connection, rule_set: RuleSet, plan: Withdrawal) -> Withdrawal:
    """The plan with the move of the tag `latest`. If that is unknown, the version is withdrawn all the same."""
    listed = plan.found.status == PUBLISHED
    try:
        with aws_errors(f"read npm's tag latest in {plan.repository}"):
            reader, tags = connection.reader(rule_set), connection.npm_tags(rule_set)
            move = latest_move(reader, tags, plan.repository, plan.package, plan.version, listed=listed)
    except AwsRefused as error:
        return replace(plan, tag_problem=str(error))
    return replace(plan, latest=move)


def _hold(rule_set: RuleSet, plan: Withdrawal, reason: str) -> str:
    """The entry for the rules; "" if they hold the version already."""
    scope = hold_scope(rule_set, plan.repository)
    if is_held(rule_set, scope, plan.package, plan.version):
        return ""
    return write_hold(plan.package, plan.version, reason, source=scope.source, destination=scope.destination)


def _ask() -> None:
    if not sys.stdin.isatty():
        raise BadUsage("nobody can be asked here; add --yes")
    click.confirm("Withdraw it?", abort=True, err=True)


def _change_status(connection: Connection, rule_set: RuleSet, plan: Withdrawal) -> None:
    assert plan.status is not None
    with aws_errors(f"change the status of {plan.title} in {plan.repository}"):
        failure = connection.statuses(rule_set).change(
            plan.repository,
            plan.package,
            plan.version,
            revision=plan.found.revision,
            current=plan.found.status,
            target=plan.status,
        )
    if failure is not None:
        raise UserError(_not_changed(plan, failure))


def _not_changed(plan: Withdrawal, failure: Failure) -> str:
    text = f"{plan.title} was not withdrawn from {plan.repository}: {failure.message} ({failure.code})"
    fix = _FIXES.get(failure.code)
    return f"{text}; {fix}" if fix else text


def _move_latest(connection: Connection, rule_set: RuleSet, plan: Withdrawal) -> Withdrawal:
    """Move the tag off the version. It is done after the status has changed, which matters more."""
    if plan.latest is None or not plan.latest.to:
        return plan
    try:
        with aws_errors(f"move npm's tag latest to {plan.latest.to} in {plan.repository}"):
            connection.npm_tags(rule_set).move_latest(plan.repository, plan.package, plan.latest.to)
    except AwsRefused as error:
        return replace(plan, tag_problem=str(error))
    return plan
