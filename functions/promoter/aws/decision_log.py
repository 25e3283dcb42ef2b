"""The decision log in CloudWatch Logs, read only."""

from collections.abc import Iterable, Iterator
from typing import Any

from promoter.aws.errors import api_errors


class DecisionLog:
    """Reads the log groups of a stack's functions. Every method raises ApiError."""

    ANY_DECISION = "decision"  # a term that every line of the decision log has

    def __init__(self, client: Any, groups: Iterable[str]) -> None:
        """`client` is the SDK's client of CloudWatch Logs."""
        self._client = client
        self._groups = tuple(groups)

    def lines(self, term: str, since: float) -> Iterator[str]:
        """The lines since a time (UTC seconds since the epoch) that have a term, group by group, oldest first.

        The term is quoted, so it is searched as it is; it has no `"`. Lines that are no decisions may have it, too.
        Source: CloudWatch Logs API reference, FilterLogEvents; user guide, FilterAndPatternSyntax.
        """
        for group in self._groups:
            yield from self._lines_of(group, term, since)

    def _lines_of(self, group: str, term: str, since: float) -> Iterator[str]:
        with api_errors():
            pages = self._client.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=int(since * 1000), filterPattern=f'"{term}"'
            )
            yield from (str(event["message"]) for page in pages for event in page["events"])
