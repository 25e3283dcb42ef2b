"""moments: dates and times in UTC seconds."""

from datetime import UTC, datetime, timedelta, timezone

from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.moments import read_moment
from promoter.rules_file.table_reader import TablePlace

PLACE = TablePlace(("hold", 0), "hold 1")


def test_a_moment_is_read_in_any_zone() -> None:
    out = Collector()

    assert read_moment(datetime(1970, 1, 1, 0, 1, tzinfo=UTC), "until", PLACE, out) == 60
    assert (
        read_moment(datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=1))), "until", PLACE, out) == 3600
    )
    assert read_moment(None, "until", PLACE, out) is None
    assert out.all == ()


def test_a_moment_outside_the_calendar_is_an_error() -> None:
    out = Collector()
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))

    assert read_moment(early, "from-time", PLACE, out) is None
    assert [(each.message, each.path) for each in out.all] == [
        ("from-time of hold 1 is outside the calendar", ("hold", 0, "from-time"))
    ]
