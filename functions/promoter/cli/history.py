"""`promoter history`: show what was decided about a version, and by which rules."""

from __future__ import annotations

import json
import time

import click

from promoter.cli.connections import Connection
from promoter.cli.errors import EXIT_OK, aws_errors
from promoter.cli.history_lines import show_history
from promoter.cli.options import (
    SinceType,
    example,
    output_option,
    parse_package_url,
    profile_option,
    stack_option,
)
from promoter.inspection.history import History, search_term, select_decisions
from promoter.times import format_time

_DEFAULT_SECONDS = 90 * 86_400.0  # as long as the log is kept, unless the stack has another LogRetentionDays


@example(
    "promoter history pkg:npm/@acme/widget@1.5.0",
    "promoter history pkg:npm/@acme/widget --since 7d   every version of the package",
)
@click.command("history")
@click.argument("purl", metavar="PURL")
@click.option(
    "--since",
    type=SinceType(),
    help="Show the decisions from this time on: a time, or how long ago.  [default: 90d]",
)
@stack_option
@output_option
@profile_option
def command(purl: str, since: float | None, stack: str, output: str, profile: str | None) -> int:
    """Show what was decided about a version: when, on which hop, by which rules, and what came of it.

    It reads the decision log of the deployed stack. PURL is a Package URL; without a version it means every version.
    """
    package, version = parse_package_url(purl)
    start = time.time() - _DEFAULT_SECONDS if since is None else since
    with aws_errors(f"read the decision log of {stack}"):
        log = Connection(None, profile, stack).decision_log()
        term = search_term(package, version) or log.ANY_DECISION
        history = select_decisions(log.lines(term, start), package, version)
    if output == "json":
        click.echo(json.dumps(_to_json(history), indent=2))
    else:
        show_history(history, f"{package.title} {version}".rstrip(), f"since {format_time(int(start))}")
    return EXIT_OK


def _to_json(history: History) -> dict[str, object]:
    return {
        "decisions": [json.loads(each.line) for each in history.decisions],
        "unreadable": history.unreadable,
    }
