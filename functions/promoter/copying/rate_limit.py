"""The rate of copies, and the time left in an invocation."""

from collections.abc import Callable


class RateLimiter:
    """Issues calls at a steady rate, counted from issue to issue, across invocations.

    `rate` is in calls a second; 0 means no limit. `clock` gives monotonic seconds, `sleep` waits for some.
    """

    def __init__(self, rate: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """Start with one call allowed at once."""
        self._interval = 1 / rate if rate > 0 else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def delay(self) -> float:
        """Seconds until the next call is allowed."""
        return max(0.0, self._next - self._clock())

    def acquire(self) -> None:
        """Wait until the next call is allowed, and count it."""
        delay = self.delay()
        if delay:
            self._sleep(delay)
        self._next = max(self._next, self._clock()) + self._interval


class InvocationLimits:
    """The rate limit of a worker, and the deadline of one invocation."""

    def __init__(self, rate_limiter: RateLimiter, remaining_millis: Callable[[], int]) -> None:
        """`remaining_millis` gives the milliseconds that Lambda leaves to the invocation."""
        self._rate_limiter = rate_limiter
        self._remaining_millis = remaining_millis

    def remaining(self) -> float:
        """Seconds left in this invocation."""
        return self._remaining_millis() / 1000

    def next_slot_in(self) -> float:
        """Seconds until the next copy may be made."""
        return self._rate_limiter.delay()

    def acquire(self) -> None:
        """Wait until the next copy may be made."""
        self._rate_limiter.acquire()
