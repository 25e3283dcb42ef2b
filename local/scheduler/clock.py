"""The clock of the local AWS: real time, which a test can move forward."""

import time
from collections.abc import Callable


class Clock:
    """The time in seconds since the epoch (UTC)."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._on_move: list[Callable[[], None]] = []

    def now(self) -> float:
        """Return the time."""
        return time.time() + self._ahead

    @property
    def ahead(self) -> float:
        """The number of seconds that this clock is ahead of real time."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward, and tell everyone who waits for a time."""
        self._ahead += seconds
        for call in self._on_move:
            call()

    def on_move(self, call: Callable[[], None]) -> None:
        """Call this function after each `advance`."""
        self._on_move.append(call)
