"""`promoter replay`: decide recorded decisions again under other rules."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promoter.cli.connections import Connection
from promoter.cli.errors import EXIT_OK, BadUsage, aws_errors
from promoter.cli.options import (
    SinceType,
    example,
    output_option,
    profile_option,
    read_rules,
    rules_option,
    stack_option,
)
from promoter.cli.replay_lines import replay_to_json, show_replay
from promoter.inspection.replay import Replay
from promoter.times import format_time

if TYPE_CHECKING:
    from promoter.rules.rule_set import RuleSet

_DEFAULT_SECONDS = 30 * 86_400.0


@example(
    "promoter replay                            the last 30 days, by the rules on disk",
    "promoter replay --since 7d --rules other-rules.toml",
    "promoter replay --log decisions.jsonl      lines of the decision log; - is standard input",
)
@click.command("replay")
@click.option(
    "--since",
    type=SinceType(),
    help="Replay the decisions from this time on: a time, or how long ago.  [default: 30d]",
)
@click.option("--log", "log_file", metavar="FILE", help="Read the decisions from a file instead of AWS.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Show at most this many versions; the rest is counted.",
)
@stack_option
@rules_option
@output_option
@profile_option
def command(
    since: float | None,
    log_file: str | None,
    limit: int,
    stack: str,
    rules_file: Path,
    output: str,
    profile: str | None,
) -> int:
    """Show what other rules would have decided: recorded decisions, decided again by --rules.

    It reads the decision log of the deployed stack, or a file of its lines. Each decision is decided again with the
    evidence and at the time of its line. A version counts once on each hop, with its last decision.
    """
    if log_file is not None and since is not None:
        raise BadUsage("--since is about the log of the stack; a file is read as a whole, so leave it out")
    _, rule_set = read_rules(rules_file)
    replay = Replay(rule_set)
    if log_file is not None:
        origin = _replay_file(replay, log_file)
    else:
        origin = _replay_stack(replay, since, Connection(None, profile, stack))
    if output == "json":
        click.echo(json.dumps(replay_to_json(replay, limit), indent=2))
    else:
        show_replay(replay, origin, _title(rules_file, rule_set), limit)
    return EXIT_OK


def _title(file: Path, rule_set: RuleSet) -> str:
    return f"{file}, ruleset {rule_set.digest}"


def _replay_file(replay: Replay, name: str) -> str:
    """Replay a file, and return what its decisions are called."""
    if name == "-":
        replay.add(click.get_binary_stream("stdin"))
        return "of standard input"
    try:
        with Path(name).open("rb") as lines:
            replay.add(lines)
    except OSError as error:
        raise BadUsage(f"cannot read {name}: {error.strerror or error}; check its name") from None
    return f"of {name}"


def _replay_stack(replay: Replay, since: float | None, connection: Connection) -> str:
    """Replay the log of a stack, and return what its decisions are called."""
    start = time.time() - _DEFAULT_SECONDS if since is None else since
    with aws_errors(f"read the decision log of {connection.stack}"):
        log = connection.decision_log()
        replay.add(line.encode() for line in log.lines(log.ANY_DECISION, start))
    return f"since {format_time(int(start))}"
