"""How fast copies may be issued, and how long one invocation lasts."""

from collections.abc import Callable


class RateLimiter:
    """Issues copies at a steady rate, counted from issue to issue and kept over invocations.

    `rate` is in copies a second; 0 is no limit. `clock` gives monotonic seconds, `sleep` waits for some.
    """

    def __init__(self, rate: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """Begin with the right to issue one copy at once."""
        self._interval = 1 / rate if rate > 0 else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def wait(self) -> float:
        """Seconds until the next copy may be issued."""
        return max(0.0, self._next - self._clock())

    def take(self) -> None:
        """Wait until then, and take its place."""
        wait = self.wait()
        if wait:
            self._sleep(wait)
        self._next = max(self._next, self._clock()) + self._interval


class InvocationLimits:
    """The limits of one invocation; `remaining` gives the milliseconds that Lambda leaves it."""

    def __init__(self, pace: RateLimiter, remaining: Callable[[], int]) -> None:
        """Bind the pace of the worker to the end of the invocation."""
        self._pace = pace
        self._remaining = remaining

    def remaining(self) -> float:
        """Seconds that are left to this invocation."""
        return self._remaining() / 1000

    def pace(self) -> float:
        """Seconds until the next copy may be issued."""
        return self._pace.wait()

    def take(self) -> None:
        """Wait until the next copy may be issued, and take its place."""
        self._pace.take()
