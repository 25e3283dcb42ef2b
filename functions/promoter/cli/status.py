"""`promoter status`: show the deployed pipeline, and compare its rules with those on disk."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from promoter.cli.connections import connect_to_domain, connect_to_stack
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage, aws_errors, no_stack, unknown_text
from promoter.cli.options import (
    example,
    output_option,
    profile_option,
    read_rules,
    rules_option,
    stack_option,
)
from promoter.cli.status_lines import RulesOnDisk, show_status
from promoter.cli.upstream_lines import check_to_json
from promoter.inspection.ports import Unknown
from promoter.inspection.status import (
    DailyCounts,
    PipelineStatus,
    QueueStatus,
    RuleStatus,
    read_status,
)
from promoter.inspection.upstream_check import UpstreamCheck, check_upstreams

if TYPE_CHECKING:
    from pathlib import Path

    from promoter.inspection.ports import StackDescription
    from promoter.rules.rule_set import RuleSet


@example("promoter status", "promoter status --stack package-promoter-test --profile test --output json")
@click.command("status")
@stack_option
@rules_option
@output_option
@profile_option
def command(stack: str, rules_file: Path, output: str, profile: str | None) -> int:
    """Show the deployed pipeline: event rule, queues, dead letters, what waits, the last 24 hours, alarms, ruleset.

    It also looks for destinations whose upstreams make promotion pointless. If you are not allowed to read a part,
    its line says so. Exit code 1: there are dead letters, an alarm is on, the pipeline is paused, or the event rule or
    the upstreams have a fault.
    """
    now, name = time.time(), stack
    with aws_errors(f'read the stack "{name}"'):
        status = read_status(connect_to_stack(name, profile), now)
    if status is None:
        raise no_stack(name)
    rule_set, problem = _on_disk(rules_file)
    upstreams = problem if rule_set is None else _check_upstreams(status.stack, rule_set, profile)
    on_disk = RulesOnDisk(rule_set.digest if rule_set else None, problem)
    if output == "json":
        click.echo(json.dumps(status_to_json(status, name, on_disk.digest, upstreams), indent=2))
    else:
        show_status(status, name, on_disk, upstreams, now)
    return EXIT_OK if status.passes and (isinstance(upstreams, str) or upstreams.passes) else EXIT_NO


def _on_disk(file: Path) -> tuple[RuleSet | None, str]:
    """The rules on disk, or None and the reason why there are none."""
    try:
        return read_rules(file)[1], ""
    except BadUsage as error:
        first_line = str(error).partition("\n")[0]
        missing = first_line.startswith("there is no file")
        return None, first_line if missing else f"{file} has errors; run promoter validate"


def _check_upstreams(stack: StackDescription, rule_set: RuleSet, profile: str | None) -> UpstreamCheck | str:
    """The check of the destinations that the rules on disk name, or the reason why there is none."""
    domain = stack.parameters.get("Domain", "")
    if domain != rule_set.domain:
        return f"the rules on disk are for domain {rule_set.domain}"
    with aws_errors(f"read the repositories of domain {domain}"):
        reader = connect_to_domain(domain, stack.parameters.get("DomainOwner") or None, profile)
        return check_upstreams(reader, rule_set, [each.destination for each in rule_set.promotions])


def status_to_json(
    status: PipelineStatus, name: str, on_disk: str | None, upstreams: UpstreamCheck | str
) -> dict[str, Any]:
    """The status for programs. An unknown part is null, and `unknown` says why."""
    parts: dict[str, Any] = {
        **status.queues,
        "last24Hours": status.counts,
        "alarms": status.alarms,
        "serving": status.serving,
        "ruleset": status.ruleset,
        "rule": status.rule,
        "pending": status.pending,
    }
    known = {part: None if isinstance(value, Unknown) else value for part, value in parts.items()}
    unknown = {part: unknown_text(value) for part, value in parts.items() if isinstance(value, Unknown)}
    return {
        "stack": name,
        "domain": status.stack.parameters.get("Domain"),
        "serving": known["serving"],
        "paused": status.paused,
        "rule": _rule_to_json(known["rule"]),
        "ruleset": _ruleset_to_json(known["ruleset"].ruleset if known["ruleset"] else None, on_disk),
        "queues": {queue: _queue_to_json(known[queue]) for queue in status.queues},
        "pending": known["pending"],
        "last24Hours": _counts_to_json(known["last24Hours"]),
        "alarms": known["alarms"],
        "upstreams": None if isinstance(upstreams, str) else check_to_json(upstreams),
        "unknown": unknown | ({"upstreams": upstreams} if isinstance(upstreams, str) else {}),
    }


def _ruleset_to_json(deployed: str | None, on_disk: str | None) -> dict[str, Any]:
    same = deployed == on_disk if deployed and on_disk else None
    return {"deployed": deployed, "onDisk": on_disk, "same": same}


def _rule_to_json(rule: RuleStatus | None) -> dict[str, Any] | None:
    return None if rule is None else {"name": rule.name, "state": rule.state, "faults": list(rule.faults)}


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
        "failed": counts.failed,
        "publishToPromoteSeconds": counts.publish_to_promote,
    }
