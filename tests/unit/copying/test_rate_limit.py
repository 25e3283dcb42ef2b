"""rate_limit: copies are issued at a steady rate, and not beyond the end of the invocation."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.rate_limit import InvocationLimits, RateLimiter
from tests.support.clocks import Clock


def test_the_first_copy_is_issued_at_once() -> None:
    clock = Clock()

    RateLimiter(2, clock, clock.sleep).acquire()

    assert clock.slept == []


def test_copies_are_paced_from_issue_to_issue() -> None:
    clock = Clock()
    limiter = RateLimiter(2, clock, clock.sleep)

    for _ in range(3):
        limiter.acquire()
        clock.now += 0.2  # what the call takes counts

    assert [round(each, 6) for each in clock.slept] == [0.3, 0.3]


def test_time_that_was_not_used_is_not_made_up_for() -> None:
    clock = Clock()
    limiter = RateLimiter(2, clock, clock.sleep)
    limiter.acquire()

    clock.now += 60
    limiter.acquire()
    limiter.acquire()

    assert clock.slept == [0.5]


def test_waiting_tells_the_time_without_acquiring() -> None:
    clock = Clock()
    limiter = RateLimiter(2, clock, clock.sleep)
    limiter.acquire()

    assert (limiter.delay(), limiter.delay(), clock.slept) == (0.5, 0.5, [])


def test_no_rate_is_no_limit() -> None:
    clock = Clock()
    limiter = RateLimiter(0, clock, clock.sleep)

    for _ in range(10):
        limiter.acquire()

    assert (limiter.delay(), clock.slept) == (0, [])


@given(rate=st.floats(0.1, 50), works=st.lists(st.floats(0, 3), min_size=2, max_size=30))
def test_never_more_copies_than_the_rate_allows(rate: float, works: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(rate, clock, clock.sleep)
    issued = []
    for work in works:
        limiter.acquire()
        issued.append(clock.now)
        clock.now += work

    gaps = [later - earlier for earlier, later in pairwise(issued)]
    assert all(gap >= 1 / rate - 1e-9 for gap in gaps)


def test_an_invocation_counts_in_seconds_and_keeps_the_workers_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(0.5, clock, clock.sleep)
    first = InvocationLimits(limiter, lambda: 119_500)
    first.acquire()

    second = InvocationLimits(limiter, lambda: 120_000)

    assert (first.remaining(), second.remaining(), second.next_slot_in()) == (119.5, 120.0, 2.0)
    second.acquire()
    assert clock.slept == [2.0]
