"""windows: the hours in which versions are promoted, also where clocks are changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promoter.rules.evidence import Evidence
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import Hop, ReasonCode, Verdict
from promoter.rules.windows import DAYS, Window
from promoter.rules.zones import find_zone
from promoter.rules_file.opening_hours import read_opening_hours
from tests.support.samples import candidate

OFFICE = "Mon-Thu 08:00-16:00 Europe/Berlin"
ZONES = ["Europe/Berlin", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca"]
WINDOWS = [
    "Mon-Thu 08:00-16:00",
    "Mon-Sun 22:00-06:00",
    "Sat,Sun 00:00-24:00",
    "Fri-Mon 01:30-02:15",
    "Sun 02:00-03:00",  # some clocks skip these hours, others show them twice
    "Sun 02:10-02:20",
    "Sun 00:00-00:30",
    "Sun 01:59-02:00",
    "Sat 23:30-00:30",
    "Wed 00:00-00:01",
]
MINUTE = timedelta(minutes=1)


def window(text: str = OFFICE, **more: str) -> Window:
    return Window(read_opening_hours(text), text, **more)


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


# The oracle: it reads the text in its own way, and looks at the wall clock minute by minute.


WallClock = tuple[str, str, str]  # today, yesterday, and the time of day


def wall_clock(moment: datetime, zone: str) -> WallClock:
    local = moment.astimezone(find_zone(zone))
    return DAYS[local.weekday()], DAYS[local.weekday() - 1], f"{local:%H:%M}"


def open_minutes(text: str, shown: list[WallClock]) -> list[bool]:
    days, hours = text.split()
    opens, closes = hours.split("-")
    if opens < closes:
        return [today in named(days) and opens <= time < closes for today, _, time in shown]
    return [
        (today in named(days) and time >= opens) or (yesterday in named(days) and time < closes)
        for today, yesterday, time in shown
    ]


def next_open(is_open: list[bool]) -> list[int]:
    """The number of the next open minute, for each minute; -1 after the last one."""
    found, following = [], -1
    for minute in reversed(range(len(is_open))):
        following = minute if is_open[minute] else following
        found.append(following)
    return found[::-1]


@cache
def named(days: str) -> list[str]:
    found = []
    for each in days.split(","):
        first, _, last = each.partition("-")
        from_first = (DAYS * 2)[DAYS.index(first) :]
        found += from_first[: from_first.index(last or first) + 1]
    return found


def clock_changes(zone: str) -> Iterator[datetime]:
    """The hours in which clocks are changed in 2026 to 2028."""
    hour = datetime(2026, 1, 1, tzinfo=UTC)
    while hour.year < 2029:
        after = hour + timedelta(hours=1)
        if hour.astimezone(find_zone(zone)).utcoffset() != after.astimezone(find_zone(zone)).utcoffset():
            yield after
        hour = after


@pytest.mark.parametrize("zone", ZONES)
def test_around_each_change_of_clocks_a_window_is_open_while_the_wall_clock_says_so(zone: str) -> None:
    changes = list(clock_changes(zone))
    assert len(changes) >= 3
    for change in changes:
        start = change - timedelta(hours=24)
        moments = [(start + minute * MINUTE).timestamp() for minute in range((48 + 8 * 24) * 60)]
        shown = [wall_clock(start + minute * MINUTE, zone) for minute in range(len(moments))]
        for text in WINDOWS:
            hours = read_opening_hours(f"{text} {zone}")
            is_open = open_minutes(text, shown)
            following = next_open(is_open)
            for minute, now in enumerate(moments[: 48 * 60]):
                assert hours.is_open(now) is is_open[minute], (text, shown[minute])
                assert hours.next_opening(now) == moments[following[minute]], (text, shown[minute])


@given(
    now=st.integers(1_577_836_800, 2_114_380_800),
    zone=st.sampled_from(ZONES),
    text=st.sampled_from(WINDOWS),
)
@settings(max_examples=300)
def test_a_window_is_closed_until_its_next_opening(now: int, zone: str, text: str) -> None:
    hours = read_opening_hours(f"{text} {zone}")

    opening = hours.next_opening(now)

    assert opening >= now
    assert hours.is_open(opening)
    assert (opening == now) is hours.is_open(now)
    for part in range(20):
        between = now + (opening - now) * part / 20
        assert opening == now or not hours.is_open(between)


@pytest.mark.parametrize(
    ("text", "now", "opening"),
    [
        (OFFICE, "2026-11-26T10:00:00+01:00", "2026-11-26T10:00:00+01:00"),
        (OFFICE, "2026-11-26T07:59:59.9+01:00", "2026-11-26T08:00:00+01:00"),
        (OFFICE, "2026-11-26T15:59:59.9+01:00", "2026-11-26T15:59:59.9+01:00"),
        (OFFICE, "2026-11-26T16:00:00+01:00", "2026-11-30T08:00:00+01:00"),
        (
            "Sun 02:10-02:20 Europe/Berlin",
            "2026-03-28T12:00:00+01:00",
            "2026-04-05T02:10:00+02:00",
        ),  # skipped
        ("Sun 02:10-03:20 Europe/Berlin", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        ("Sun 02:10-02:20 Europe/Berlin", "2026-10-25T02:15:00+02:00", "2026-10-25T02:15:00+02:00"),
        ("Sun 02:10-02:20 Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00+01:00"),  # again
        ("Sun 01:00-02:10 Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00"),
        ("Wed 00:00-00:01 UTC", "2026-11-25T00:01:00+00:00", "2026-12-02T00:00:00+00:00"),
        ("Sun 22:00-06:00 UTC", "2026-11-30T05:59:00+00:00", "2026-11-30T05:59:00+00:00"),
        ("Mon-Sun 00:00-24:00 UTC", "2026-11-30T05:59:00+00:00", "2026-11-30T05:59:00+00:00"),
    ],
)
def test_a_window_opens_next(text: str, now: str, opening: str) -> None:
    assert read_opening_hours(text).next_opening(seconds(now)) == seconds(opening)


def test_an_open_window_is_met() -> None:
    assert window().check(candidate(), Evidence(), seconds("2026-11-26T10:00:00+01:00")) == Reason(
        ReasonCode.WINDOW, True, "Thu 10:00", OFFICE, f"Thu 10:00 is in {OFFICE}"
    )


def test_a_closed_window_waits_for_its_next_opening() -> None:
    assert window().check(candidate(), Evidence(), seconds("2026-11-27T10:00:00+01:00")) == Reason(
        ReasonCode.WINDOW,
        False,
        "Fri 10:00",
        OFFICE,
        f"Fri 10:00 is not in {OFFICE}; opens Mon 08:00",
        Verdict.WAIT,
        seconds("2026-11-30T08:00:00+01:00"),
    )


@pytest.mark.parametrize(
    ("more", "applies"),
    [
        ({}, True),
        ({"source": "dev"}, True),
        ({"destination": "staging"}, True),
        ({"source": "staging"}, False),
        ({"source": "dev", "destination": "prod"}, False),
    ],
)
def test_a_window_applies_on_the_hops_that_it_names(more: dict[str, str], applies: bool) -> None:
    assert window(**more).applies(Hop("dev", "staging")) is applies
