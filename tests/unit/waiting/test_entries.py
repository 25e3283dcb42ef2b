"""entries: never before the time, always the same event again."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from promoter.intake.event import Scope, parse_event
from promoter.packages.candidate import Arrival
from promoter.packages.package import Package
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.vocabulary import Hop, Verdict
from promoter.waiting.entries import (
    EXPIRY_SECONDS,
    REMINDER_SECONDS,
    EventOrigin,
    event_text,
    fire_time,
    fires_later,
    has_expired,
    make_entry,
)
from tests.support.samples import DOMAIN, MORNING, OWNER, candidate, decision, promotion, rules

ORIGIN = EventOrigin(DOMAIN, OWNER, "eu-west-1")
STAGING = Hop("dev", "staging")
SOAKING = rules(promotion(soak="24h"))
HELD = rules(promotion(), '[[hold]]\npackage = "pkg:**"\nreason = "freeze"\n')
SECONDS = st.floats(0, 4e9)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters="#/"), min_size=1, max_size=80
)


@given(since=SECONDS, now=SECONDS, minimum=st.sampled_from([2, 120]))
def test_a_wait_never_fires_before_it_ends_nor_too_soon(since: float, now: float, minimum: float) -> None:
    for waiting in decide(candidate(available_since=since), Evidence(), SOAKING, now):
        if waiting.verdict is Verdict.WAIT:
            fires = fire_time(waiting, now, minimum)
            sent = candidate(available_since=min(since, now))  # as the entry's input says
            [then] = decide(sent, Evidence(), SOAKING, fires)

            assert fires >= now + minimum
            assert then.verdict is Verdict.PROMOTE


@given(since=SECONDS, now=SECONDS)
def test_a_hold_fires_whole_weeks_after_its_event_and_more_than_an_hour_ahead(
    since: float, now: float
) -> None:
    [held] = decide(candidate(available_since=since), Evidence(), HELD, now)

    fires = fire_time(held, now, 120)
    start = math.floor(min(since, now))

    assert (fires - start) % REMINDER_SECONDS == 0
    assert now + 3600 < fires <= now + 3601 + REMINDER_SECONDS


def test_the_name_says_when_it_fires_so_that_a_successor_has_another_one() -> None:
    entry = make_entry(decision(SOAKING), "e1", ORIGIN, MORNING, 120)

    assert entry.name.endswith(f"-{entry.fires}")
    assert entry.fires == MORNING + 86_400
    assert fires_later(entry.name, entry.fires - 1)
    assert not fires_later(entry.name, entry.fires)
    assert not fires_later("made-by-hand", 0)


@given(
    namespace=NAMES | st.just(""),
    name=NAMES | st.just("<aws.scheduler.execution-id>"),
    version=NAMES,
    since=st.integers(0, 4_000_000_000),
)
def test_what_an_entry_sends_is_read_as_the_same_candidate(
    namespace: str, name: str, version: str, since: int
) -> None:
    one = candidate(version, package=Package("npm", namespace, name), available_since=float(since))

    text = event_text(one, STAGING, "e1", ORIGIN, 5e9)
    arrival = parse_event(text, Scope(DOMAIN, OWNER))

    assert isinstance(arrival, Arrival)
    assert arrival.candidate == one
    assert (arrival.delivery.cause, arrival.destination) == ("entry", "staging")
    assert "<" not in text  # Scheduler replaces <aws.scheduler...> in inputs


def test_a_time_in_the_future_is_written_as_now() -> None:
    ahead = candidate(available_since=MORNING + 3600)

    text = event_text(ahead, STAGING, "e1", ORIGIN, MORNING)

    assert json.loads(text)["time"] == "2026-01-02T03:04:05Z"


def test_a_hold_expires_after_91_days() -> None:
    assert not has_expired(candidate(), MORNING + EXPIRY_SECONDS - 1)
    assert has_expired(candidate(), MORNING + EXPIRY_SECONDS)


def test_an_entry_fits_whatever_the_names_are() -> None:
    """Scheduler user guide: an input has at most 256 KB."""
    long = candidate("v" * 255, "r" * 50, package=Package("maven", "g" * 255, "n" * 255))

    assert (
        len(make_entry(replace(decision(SOAKING), candidate=long), "e1", ORIGIN, MORNING, 120).input) < 5_000
    )
