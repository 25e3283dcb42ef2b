"""Reads the journey of a version from AWS: repositories, answers and pending entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promoter.cli.errors import UserError, aws_errors, unknown_text
from promoter.inspection.journey import Journey, may_have_entry, trace_version, with_entries

if TYPE_CHECKING:
    from promoter.cli.connections import Connection
    from promoter.packages.package import Package
    from promoter.rules.rule_set import RuleSet


def read_journey(
    connection: Connection,
    rule_set: RuleSet,
    package: Package,
    version: str,
    now: float,
    since: float | None,
) -> tuple[Journey, list[str]]:
    """The journey, and what could not be read. Raises UserError if no repository can be read, or none has the version.

    `since` replaces the times of AWS and of the entries.
    """
    with aws_errors(f"look up {package.title} {version}"):
        reader, answers = connection.reader(rule_set), connection.answers(rule_set)
        journey = trace_version(reader, answers, rule_set, package, version, now, since)
    if not journey.found:
        raise UserError(
            f"{package.title} {version} is in none of {', '.join(rule_set.repositories)} of domain "
            f"{rule_set.domain}; check its name. Versions that only an upstream has do not count"
        )
    unread = [unknown_text(each) for each in journey.unread]
    if not any(map(may_have_entry, journey.steps)):
        return journey, unread
    try:
        with aws_errors("read the pending entries"):
            entries = connection.entries()
            return with_entries(journey, rule_set, entries, now, keep_time=since is not None), unread
    except UserError as error:
        waits = any(may_have_entry(step) and not step.passes for step in journey.steps)
        return journey, [*unread, *([f"pending entries: {error}"] if waits else [])]
