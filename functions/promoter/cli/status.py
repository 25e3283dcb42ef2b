"""`promoter status`: the deployed pipeline: queues, alarms, counts, and whether its rules are those on disk."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.errors import BadUsage
from promoter.cli.options import example, output_option, profile_option, read_rules, rules_option
from promoter.cli.pipeline import QUEUES, Pipeline, Queue, Unknown, read
from promoter.cli.terminal import show_table
from promoter.times import format_ago, format_duration

if TYPE_CHECKING:
    from pathlib import Path

_TITLES = dict(zip(QUEUES, ("queue", "dead letters", "undelivered"), strict=True))


@example("promoter status", "promoter status --stack package-promoter-test --profile test --output json")
@click.command("status")
@click.option("--stack", "name", default="package-promoter", show_default=True, help="The deployed stack.")
@rules_option
@output_option
@profile_option
def command(name: str, rules_file: Path, output: str, profile: str | None) -> int:
    """Show the deployed pipeline: queues, dead letters, the last 24 hours, alarms, and which rules it follows.

    What you may not read is said in its line. Exit code 1: there are dead letters, or an alarm is on.
    """
    from promoter.aws.clients import user_clients
    from promoter.aws.stack import Deployment

    now = time.time()
    pipeline = read(Deployment(user_clients(profile)), name, now)
    on_disk, trouble = _on_disk(rules_file)
    if output == "json":
        click.echo(json.dumps(shape_of(pipeline, name, on_disk), indent=2))
    else:
        show(pipeline, name, trouble or compared(pipeline, on_disk), now)
    return 0 if pipeline.passes else 1


def shape_of(pipeline: Pipeline, name: str, on_disk: str | None) -> dict[str, Any]:
    """The pipeline as programs read it; what is unknown is null, and `unknown` says why."""
    parts = {
        **pipeline.queues,
        "last24Hours": pipeline.counts,
        "alarms": pipeline.alarms,
        "serving": pipeline.serving,
        "ruleset": pipeline.logged,
    }
    deployed = None if isinstance(pipeline.logged, Unknown | None) else pipeline.logged.ruleset
    return {
        "stack": name,
        "domain": pipeline.stack.parameters.get("Domain"),
        "serving": _known(pipeline.serving),
        "ruleset": {
            "deployed": deployed,
            "onDisk": on_disk,
            "same": deployed == on_disk if deployed and on_disk else None,
        },
        "queues": {each: _queue_shape(queue) for each, queue in pipeline.queues.items()},
        "last24Hours": _counts_shape(pipeline),
        "alarms": _known(pipeline.alarms),
        "unknown": {part: value.why for part, value in parts.items() if isinstance(value, Unknown)},
    }


def _known(value: Any) -> Any:
    return None if isinstance(value, Unknown) else value


def _queue_shape(queue: Queue | Unknown) -> dict[str, Any] | None:
    if isinstance(queue, Unknown):
        return None
    depth = queue.depth
    return {
        "waiting": depth.waiting,
        "inFlight": depth.in_flight,
        "delayed": depth.delayed,
        "oldestSeconds": queue.oldest,
    }


def _counts_shape(pipeline: Pipeline) -> dict[str, Any] | None:
    counts = pipeline.counts
    if isinstance(counts, Unknown):
        return None
    return {
        "promoted": counts.promoted,
        "rejected": counts.rejected,
        "failed": counts.failed,
        "publishToPromoteSeconds": counts.seconds,
    }


def _on_disk(file: Path) -> tuple[str | None, str]:
    """The digest of the rules on disk, or why there is none."""
    try:
        return read_rules(file)[1].digest, ""
    except BadUsage as error:
        first = str(error).partition("\n")[0]
        return None, first if first.startswith(
            "there is no file"
        ) else f"{file} has mistakes: promoter validate"


def compared(pipeline: Pipeline, on_disk: str | None) -> str:
    """How the deployed ruleset and the one on disk compare, in words."""
    if isinstance(pipeline.logged, Unknown):
        return f"on disk {on_disk}; {pipeline.logged.why}"
    if pipeline.logged is None:
        return f"on disk {on_disk}; no decision in the log tells which is deployed"
    if pipeline.logged.at < pipeline.stack.deployed:
        return f"as of a decision before the last deployment; on disk {on_disk}"
    same = pipeline.logged.ruleset == on_disk
    return "the same as on disk" if same else f"the file on disk differs: {on_disk}"


def show(pipeline: Pipeline, name: str, comparison: str, now: float) -> None:
    """Print it, a line for each thing; `now` is in UTC seconds since the epoch."""
    logged = pipeline.logged
    ruleset = "unknown" if isinstance(logged, Unknown | None) else logged.ruleset
    deployed = format_ago(now - pipeline.stack.deployed)
    domain = pipeline.stack.parameters.get("Domain", "?")
    click.echo(f"{domain}   stack {name}, deployed {deployed}   {_state(pipeline)}")
    rows = [("ruleset", f"{ruleset} ({comparison})")]
    rows += [(_TITLES[each], _queue_text(queue)) for each, queue in pipeline.queues.items()]
    rows += [("last 24 h", _counts_text(pipeline)), ("alarms", _alarms_text(pipeline))]
    show_table(rows)
    for queue in pipeline.dead_letters:
        click.echo(
            "Next: aws sqs receive-message --max-number-of-messages 10 --visibility-timeout 0 "
            f"--queue-url {queue.url} > dead.json; promoter explain dead.json"
        )


def _state(pipeline: Pipeline) -> str:
    if isinstance(pipeline.serving, Unknown):
        return f"({pipeline.serving.why})"
    return "RUNNING" if pipeline.serving == "Enabled" else f"NOT RUNNING ({pipeline.serving or 'no mapping'})"


def _queue_text(queue: Queue | Unknown) -> str:
    if isinstance(queue, Unknown):
        return f"unknown: {queue.why}"
    depth = queue.depth
    oldest = "unknown" if queue.oldest is None else format_duration(queue.oldest)
    counts = f"{depth.waiting + depth.delayed} waiting, {depth.in_flight} in flight"
    return f"{counts}, oldest {oldest if depth.all else '-'}"


def _counts_text(pipeline: Pipeline) -> str:
    counts = pipeline.counts
    if isinstance(counts, Unknown):
        return f"unknown: {counts.why}"
    text = f"{counts.promoted} promoted, {counts.rejected} rejected, {counts.failed} failed"
    if counts.seconds is None:
        return text
    return f"{text}; {counts.seconds:.0f} s from publish to promote on average"


def _alarms_text(pipeline: Pipeline) -> str:
    if isinstance(pipeline.alarms, Unknown):
        return f"unknown: {pipeline.alarms.why}"
    if pipeline.alarms:
        return f"{len(pipeline.alarms)}: {', '.join(pipeline.alarms)}"
    return f"none of {pipeline.alarm_count}" if pipeline.alarm_count else "the stack has none"
