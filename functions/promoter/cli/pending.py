"""`promoter pending`: show the versions that wait, until when or for whom."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.chosen_rules import choose_deployed
from promoter.cli.concurrency import SharedRateLimiter, map_concurrently
from promoter.cli.connections import Connection
from promoter.cli.errors import EXIT_OK, aws_errors, unknown_text
from promoter.cli.options import (
    domain_owner_option,
    example,
    output_option,
    profile_option,
    rules_option,
    stack_option,
)
from promoter.cli.pending_lines import show_pending
from promoter.inspection.pending import (
    PendingVersion,
    PendingVersions,
    Sources,
    pending_to_json,
    read_pending,
)

if TYPE_CHECKING:
    from pathlib import Path

    from promoter.rules.rule_set import RuleSet


@example(
    "promoter pending",
    "promoter pending --limit 20 --output json",
)
@click.command("pending")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Show at most this many versions, the oldest entries first; the rest is counted.",
)
@stack_option
@domain_owner_option
@rules_option
@output_option
@profile_option
def command(
    limit: int, stack: str, domain_owner: str | None, rules_file: Path, output: str, profile: str | None
) -> int:
    """Show the versions that wait: on which hop, since when, and until when or for whom. The oldest come first.

    It reads the pending entries of the deployed stack, and decides each version again by the deployed rules, or by
    --rules if you name a file, and by the answers that you may read. It only reads.
    """
    connection, limiter = Connection(domain_owner, profile, stack), SharedRateLimiter()
    chosen = choose_deployed(rules_file, connection)
    rule_set, now = chosen.rules.rule_set, time.time()
    with aws_errors("read the pending entries"):
        sources = Sources(
            connection.reader(rule_set, limiter.acquire), connection.answers(rule_set), connection.entries()
        )
        found = read_pending(sources, rule_set, now, limit, map_concurrently)
    if output == "json":
        click.echo(json.dumps(_to_json(found, rule_set), indent=2))
    else:
        show_pending(found, rule_set, now)
    return EXIT_OK


def _to_json(found: PendingVersions, rule_set: RuleSet) -> dict[str, Any]:
    return {
        "ruleset": rule_set.digest,
        "pending": [_one_to_json(each) for each in found.versions],
        "rest": found.rest,
        "otherEntries": list(found.strange),
    }


def _one_to_json(version: PendingVersion) -> dict[str, Any]:
    json_ = pending_to_json(version)
    if version.problem:
        text = version.problem if isinstance(version.problem, str) else unknown_text(version.problem)
        json_["problem"] = text
    if version.unread:
        json_["unknown"] = [unknown_text(each) for each in version.unread]
    return json_
