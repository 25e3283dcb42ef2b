"""`promoter status`: show the deployed pipeline, and compare its rules with those on disk."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.connections import connect_to_stack
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage, UserError, aws_errors, unknown_text
from promoter.cli.options import example, output_option, profile_option, read_rules, rules_option
from promoter.cli.status_lines import show_status
from promoter.inspection.status import DailyCounts, PipelineStatus, QueueStatus, Unknown, read_status

if TYPE_CHECKING:
    from pathlib import Path


@example("promoter status", "promoter status --stack package-promoter-test --profile test --output json")
@click.command("status")
@click.option("--stack", "name", default="package-promoter", show_default=True, help="The deployed stack.")
@rules_option
@output_option
@profile_option
def command(name: str, rules_file: Path, output: str, profile: str | None) -> int:
    """Show the deployed pipeline: queues, dead letters, the last 24 hours, alarms, and its ruleset.

    If you are not allowed to read a part, its line says so. Exit code 1: there are dead letters, or an alarm is on.
    """
    now = time.time()
    with aws_errors(f'read the stack "{name}"'):
        status = read_status(connect_to_stack(name, profile), now)
    if status is None:
        raise UserError(
            f'there is no stack "{name}" in this account and region; use --stack to name another, '
            "`aws cloudformation list-stacks` lists them"
        )
    on_disk, problem = _on_disk(rules_file)
    if output == "json":
        click.echo(json.dumps(status_to_json(status, name, on_disk), indent=2))
    else:
        show_status(status, name, on_disk, problem, now)
    return EXIT_OK if status.passes else EXIT_NO


def _on_disk(file: Path) -> tuple[str | None, str]:
    """The digest of the rules on disk, or None and the reason why there is none."""
    try:
        return read_rules(file)[1].digest, ""
    except BadUsage as error:
        first_line = str(error).partition("\n")[0]
        missing = first_line.startswith("there is no file")
        return None, first_line if missing else f"{file} has errors; run promoter validate"


def status_to_json(status: PipelineStatus, name: str, on_disk: str | None) -> dict[str, Any]:
    """The status for programs. An unknown part is null, and `unknown` says why."""
    parts: dict[str, Any] = {
        **status.queues,
        "last24Hours": status.counts,
        "alarms": status.alarms,
        "serving": status.serving,
        "ruleset": status.ruleset,
    }
    known = {part: None if isinstance(value, Unknown) else value for part, value in parts.items()}
    unknown = {part: unknown_text(value) for part, value in parts.items() if isinstance(value, Unknown)}
    deployed = known["ruleset"].ruleset if known["ruleset"] else None
    same = deployed == on_disk if deployed and on_disk else None
    return {
        "stack": name,
        "domain": status.stack.parameters.get("Domain"),
        "serving": known["serving"],
        "ruleset": {"deployed": deployed, "onDisk": on_disk, "same": same},
        "queues": {queue: _queue_to_json(known[queue]) for queue in status.queues},
        "last24Hours": _counts_to_json(known["last24Hours"]),
        "alarms": known["alarms"],
        "unknown": unknown,
    }


def _queue_to_json(queue: QueueStatus | None) -> dict[str, Any] | None:
    if queue is None:
        return None
    return {
        "waiting": queue.depth.waiting,
        "inFlight": queue.depth.in_flight,
        "delayed": queue.depth.delayed,
        "oldestSeconds": queue.oldest_age,
    }


def _counts_to_json(counts: DailyCounts | None) -> dict[str, Any] | None:
    if counts is None:
        return None
    return {
        "promoted": counts.promoted,
        "rejected": counts.rejected,
        "failed": counts.failed,
        "publishToPromoteSeconds": counts.publish_to_promote,
    }
