"""`promoter status`: show the deployed pipeline, and compare its rules with those on disk."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from promoter.cli.chosen_rules import is_given, read_deployed
from promoter.cli.connections import Connection, connect_to_domain, connect_to_stack
from promoter.cli.errors import EXIT_NO, EXIT_OK, BadUsage, UserError, aws_errors, no_stack, unknown_text
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
from promoter.inspection.answering import asked_namespaces
from promoter.inspection.evidence_policy_check import check_policy
from promoter.inspection.ports import LoggedRuleset, Unknown
from promoter.inspection.status import (
    DailyCounts,
    PipelineStatus,
    QueueStatus,
    RuleStatus,
    read_status,
)
from promoter.inspection.upstream_check import UpstreamCheck, check_upstreams
from promoter.waiting.evidence_policy import EvidenceRepository

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

    It also looks for destinations whose upstreams make promotion pointless, by the deployed rules, or by --rules if
    you name a file or may not read the function's code. If you are not allowed to read a part,
    its line says so. Exit code 1: there are dead letters, an alarm is on, the pipeline is paused, or the event rule,
    the upstreams or the policy of the repository of answers have a fault.
    """
    now, name = time.time(), stack
    with aws_errors(f'read the stack "{name}"'):
        status = read_status(connect_to_stack(name, profile), now)
    if status is None:
        raise no_stack(name)
    on_disk, problem = _on_disk(rules_file)
    deployed = _deployed(status.stack, Connection(None, profile, name))
    if deployed is not None:
        status = replace(status, ruleset=LoggedRuleset(deployed.digest, now))
    rule_set = on_disk if is_given("rules_file") else deployed or on_disk
    upstreams = problem if rule_set is None else _check_upstreams(status.stack, rule_set, profile)
    policy = None if rule_set is None else _check_policy(status.stack, rule_set, profile)
    compared = RulesOnDisk(on_disk.digest if on_disk else None, problem)
    if output == "json":
        click.echo(json.dumps(status_to_json(status, name, compared.digest, upstreams, policy), indent=2))
    else:
        show_status(status, name, compared, upstreams, now, policy)
    passes = isinstance(upstreams, str) or upstreams.passes
    return EXIT_NO if (isinstance(policy, list) and policy) or not (passes and status.passes) else EXIT_OK


def _on_disk(file: Path) -> tuple[RuleSet | None, str]:
    """The rules on disk, or None and the reason why there are none."""
    try:
        return read_rules(file)[1], ""
    except BadUsage as error:
        first_line = str(error).partition("\n")[0]
        missing = first_line.startswith("there is no file")
        return None, first_line if missing else f"{file} has errors; run promoter validate"


def _deployed(stack: StackDescription, connection: Connection) -> RuleSet | None:
    """The rules in the function's code, None if they cannot be read."""
    if "PromoteFunction" not in stack.resources:
        return None
    try:
        return read_deployed(connection).rules.rule_set
    except UserError:
        return None


def _check_upstreams(stack: StackDescription, rule_set: RuleSet, profile: str | None) -> UpstreamCheck | str:
    """The check of the destinations that the rules name, or the reason why there is none."""
    domain = stack.parameters.get("Domain", "")
    if domain != rule_set.domain:
        return f"the rules are for domain {rule_set.domain}"
    with aws_errors(f"read the repositories of domain {domain}"):
        reader = connect_to_domain(domain, stack.parameters.get("DomainOwner") or None, profile)
        return check_upstreams(reader, rule_set, [each.destination for each in rule_set.promotions])


def _check_policy(stack: StackDescription, rule_set: RuleSet, profile: str | None) -> list[str] | str | None:
    """The faults of the evidence repository's policy, why they are unknown, or None if nobody is asked."""
    namespaces = asked_namespaces(rule_set)
    if not namespaces or stack.parameters.get("Domain", "") != rule_set.domain:
        return None
    owner = stack.parameters.get("DomainOwner") or None
    try:
        with aws_errors(f"read the policy of {rule_set.evidence}"):
            document = Connection(owner, profile).answers(rule_set).policy()
    except UserError as error:
        return str(error)
    arn = stack.outputs.get("PromotionQueueArn", "").split(":")
    partition, region, account = (arn[1], arn[3], arn[4]) if len(arn) > 4 else ("aws", "", "")
    place = EvidenceRepository(
        domain=rule_set.domain,
        account=owner or account,
        region=region,
        repository=rule_set.evidence,
        partition=partition,
    )
    return check_policy(place, namespaces, document)


def status_to_json(
    status: PipelineStatus,
    name: str,
    on_disk: str | None,
    upstreams: UpstreamCheck | str,
    policy: list[str] | str | None = None,
) -> dict[str, Any]:
    """The status for programs. An unknown part is null, and `unknown` says why.

    `answers` are the faults of the evidence repository's policy, null if the rules ask for no answers.
    """
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
        "answers": None if isinstance(policy, str) else policy,
        "unknown": unknown | _texts(upstreams=upstreams, answers=policy),
    }


def _texts(**parts: object) -> dict[str, str]:
    """The parts that are texts, because they are unknown."""
    return {name: value for name, value in parts.items() if isinstance(value, str)}


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
