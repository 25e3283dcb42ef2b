"""Prints the status of the deployed pipeline, a line for each part."""

from msgspec import Struct

from promoter.cli.errors import unknown_text
from promoter.cli.terminal import show_line, show_table
from promoter.cli.upstream_lines import fault_text, unread_texts, warning_text
from promoter.inspection.ports import Unknown
from promoter.inspection.status import QUEUES, DailyCounts, PipelineStatus, QueueStatus
from promoter.inspection.upstream_check import UpstreamCheck
from promoter.times import format_ago, format_duration

_TITLES = dict(zip(QUEUES, ("queue", "dead letters", "undelivered", "not fired"), strict=True))
_POLICY = "docs/checks.md#who-may-answer"
_FIXES = "docs/operating.md#faults-that-status-finds"


class RulesOnDisk(Struct, frozen=True):
    """The digest of the rules on disk; if it is None, `problem` says why."""

    digest: str | None
    problem: str


def show_status(
    status: PipelineStatus,
    name: str,
    on_disk: RulesOnDisk,
    upstreams: UpstreamCheck | str,
    now: float,
    policy: list[str] | str | None = None,
) -> None:
    """Print the status of the stack at `now` (UTC seconds since the epoch).

    `upstreams` is a text if they could not be checked. `policy` are the faults of the evidence repository's policy, or
    a text if it could not be read.
    """
    domain = status.stack.parameters.get("Domain", "?")
    deployed = format_ago(now - status.stack.deployed_at)
    show_line(f"{domain}   stack {name}, deployed {deployed}   {_serving(status)}")
    rows = _titled("rule", _rule(status))
    rows.append(("ruleset", f"{_ruleset(status)} ({on_disk.problem or _compared(status, on_disk.digest)})"))
    rows += [(_TITLES[queue], _queue(found)) for queue, found in status.queues.items()]
    rows += [
        ("pending", _pending(status)),
        ("last 24 h", _counts(status.counts)),
        ("alarms", _alarms(status)),
    ]
    rows += _titled("upstreams", _upstreams(upstreams))
    rows += _titled("answers", _answers(policy))
    show_table(rows)
    _show_next_steps(status, upstreams)
    if policy and isinstance(policy, list):
        show_line(f"Next: read {_POLICY}")


def _show_next_steps(status: PipelineStatus, upstreams: UpstreamCheck | str) -> None:
    for queue in status.dead_letters:
        show_line(
            "Next: aws sqs receive-message --max-number-of-messages 10 --visibility-timeout 0 "
            f"--queue-url {queue.url} > dead.json; promoter explain dead.json"
        )
    if status.dead_letters:
        show_line("Next: fix the cause, then promoter redrive")
    if not status.serves or not status.rule_passes or not (isinstance(upstreams, str) or upstreams.passes):
        show_line(f"Next: read {_FIXES}")


def _titled(title: str, texts: list[str]) -> list[tuple[str, str]]:
    """A row for each text; the first one has the title."""
    return [(title if position == 0 else "", text) for position, text in enumerate(texts)]


def _serving(status: PipelineStatus) -> str:
    if isinstance(status.serving, Unknown):
        return f"({unknown_text(status.serving)})"
    if status.serving == "Enabled":
        return "RUNNING"
    if status.paused:
        return "PAUSED (the parameter Serving is false)"
    return f"NOT RUNNING ({status.serving or 'no event source mapping'})"


def _rule(status: PipelineStatus) -> list[str]:
    if isinstance(status.rule, Unknown):
        return [f"unknown: {unknown_text(status.rule)}"]
    return list(status.rule.faults) or [f"{status.rule.state}; pattern and target are as deployed"]


def _upstreams(check: UpstreamCheck | str) -> list[str]:
    if isinstance(check, str):
        return [f"unknown: {check}"]
    faults = [fault_text(chain) for chain in check.problems.faults]
    warnings = [f"warning: {warning_text(chain)}" for chain in check.problems.warnings]
    unknown = [f"unknown: {text}" for text in unread_texts(check).values()]
    return [*faults, *warnings, *unknown] or ["no destination has one of its sources among its upstreams"]


def _answers(policy: list[str] | str | None) -> list[str]:
    """A line for each fault of the evidence repository's policy; none if the rules ask for no answers."""
    if policy is None:
        return []
    if isinstance(policy, str):
        return [f"unknown: {policy}"]
    return policy or ["only the principals that the policy names may answer"]


def _ruleset(status: PipelineStatus) -> str:
    return "unknown" if isinstance(status.ruleset, Unknown | None) else status.ruleset.ruleset


def _compared(status: PipelineStatus, on_disk: str | None) -> str:
    """Compare the deployed ruleset with the rules on disk, in words."""
    logged = status.ruleset
    if isinstance(logged, Unknown):
        return f"on disk {on_disk}; {unknown_text(logged)}"
    if logged is None:
        return f"on disk {on_disk}; the log has no decision that names the deployed one"
    if logged.logged_at < status.stack.deployed_at:
        return f"logged before the last deployment; on disk {on_disk}"
    return "the same as on disk" if logged.ruleset == on_disk else f"the file on disk differs: {on_disk}"


def _queue(queue: QueueStatus | Unknown) -> str:
    if isinstance(queue, Unknown):
        return f"unknown: {unknown_text(queue)}"
    depth = queue.depth
    counts = f"{depth.waiting + depth.delayed} waiting, {depth.in_flight} in flight"
    if not depth.total:
        return f"{counts}, oldest -"
    return f"{counts}, oldest {'unknown' if queue.oldest_age is None else format_duration(queue.oldest_age)}"


def _pending(status: PipelineStatus) -> str:
    if isinstance(status.pending, Unknown):
        return f"unknown: {unknown_text(status.pending)}"
    count = "1 version waits" if status.pending == 1 else f"{status.pending or 'no'} versions wait"
    return f"{count}; promoter pending shows them" if status.pending else count


def _counts(counts: DailyCounts | Unknown) -> str:
    if isinstance(counts, Unknown):
        return f"unknown: {unknown_text(counts)}"
    text = f"{counts.promoted} promoted, {counts.failed} failed"
    if counts.publish_to_promote is None:
        return text
    return f"{text}; {counts.publish_to_promote:.0f} s from publish to promote on average"


def _alarms(status: PipelineStatus) -> str:
    if isinstance(status.alarms, Unknown):
        return f"unknown: {unknown_text(status.alarms)}"
    if status.alarms:
        return f"{len(status.alarms)}: {', '.join(status.alarms)}"
    return f"none of {status.alarm_count}" if status.alarm_count else "the stack has none"
