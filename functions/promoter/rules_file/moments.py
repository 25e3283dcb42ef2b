"""Dates and times of the rules file."""

from datetime import UTC, datetime

from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.table_reader import TablePlace


def read_moment(moment: datetime | None, key: str, place: TablePlace, out: Collector) -> float | None:
    """A date and a time in UTC seconds since the epoch; None if there is none, or if it has a mistake."""
    try:
        return moment.astimezone(UTC).timestamp() if moment else None
    except OverflowError:  # in UTC, it is before the year 1 or after the year 9999
        out.add(error(place.path_of(key), f"{key} of {place.title} is outside the calendar"))
        return None
