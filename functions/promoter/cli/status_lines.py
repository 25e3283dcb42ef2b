"""Prints the status of the deployed pipeline, a line for each part."""

from promoter.cli.errors import unknown_text
from promoter.cli.terminal import show_line, show_table
from promoter.inspection.status import QUEUES, DailyCounts, PipelineStatus, QueueStatus, Unknown
from promoter.times import format_ago, format_duration

_TITLES = dict(zip(QUEUES, ("queue", "dead letters", "undelivered"), strict=True))


def show_status(status: PipelineStatus, name: str, on_disk: str | None, problem: str, now: float) -> None:
    """Print the status of the stack at `now` (UTC seconds since the epoch).

    `on_disk` is the digest of the rules on disk; if it is None, `problem` says why.
    """
    domain = status.stack.parameters.get("Domain", "?")
    deployed = format_ago(now - status.stack.deployed_at)
    show_line(f"{domain}   stack {name}, deployed {deployed}   {_serving(status)}")
    rows = [("ruleset", f"{_ruleset(status)} ({problem or _compared(status, on_disk)})")]
    rows += [(_TITLES[queue], _queue(found)) for queue, found in status.queues.items()]
    rows += [("last 24 h", _counts(status.counts)), ("alarms", _alarms(status))]
    show_table(rows)
    for queue in status.dead_letters:
        show_line(
            "Next: aws sqs receive-message --max-number-of-messages 10 --visibility-timeout 0 "
            f"--queue-url {queue.url} > dead.json; promoter explain dead.json"
        )


def _serving(status: PipelineStatus) -> str:
    if isinstance(status.serving, Unknown):
        return f"({unknown_text(status.serving)})"
    if status.serving == "Enabled":
        return "RUNNING"
    return f"NOT RUNNING ({status.serving or 'no event source mapping'})"


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


def _counts(counts: DailyCounts | Unknown) -> str:
    if isinstance(counts, Unknown):
        return f"unknown: {unknown_text(counts)}"
    text = f"{counts.promoted} promoted, {counts.rejected} rejected, {counts.failed} failed"
    if counts.publish_to_promote is None:
        return text
    return f"{text}; {counts.publish_to_promote:.0f} s from publish to promote on average"


def _alarms(status: PipelineStatus) -> str:
    if isinstance(status.alarms, Unknown):
        return f"unknown: {unknown_text(status.alarms)}"
    if status.alarms:
        return f"{len(status.alarms)}: {', '.join(status.alarms)}"
    return f"none of {status.alarm_count}" if status.alarm_count else "the stack has none"
