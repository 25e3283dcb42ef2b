"""Many calls at a time, at a rate that leaves quota to others, with a progress bar on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from promoter.copying.rate_limit import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

CALLS_PER_SECOND = 100.0  # half of the quota of list calls, which others share (User Guide: service-limits)
_WORKERS = 12  # enough for 100 calls a second if a call takes 100 ms

_T = TypeVar("_T")
_R = TypeVar("_R")


class SharedRateLimiter:
    """A rate limiter that several threads share."""

    def __init__(self, rate: float = CALLS_PER_SECOND) -> None:
        """`rate` is in calls a second."""
        self._limiter = RateLimiter(rate, time.monotonic, time.sleep)
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Wait until the next call is allowed, and count it."""
        with self._lock:
            self._limiter.acquire()


def map_concurrently(work: Callable[[_T], _R], items: Sequence[_T], title: str) -> Iterator[_R]:
    """Do the work for each item, several at a time, and return the results in order.

    The first error cancels what has not started. `title` labels the progress bar.
    """
    executor = ThreadPoolExecutor(_WORKERS)
    try:
        yield from _with_progress(executor.map(work, items), len(items), title)
    finally:
        executor.shutdown(cancel_futures=True)


def _with_progress(results: Iterable[_R], total: int, title: str) -> Iterable[_R]:
    if not sys.stderr.isatty() or not total:
        return results
    from rich.console import Console
    from rich.progress import track

    return track(results, title, total=total, console=Console(stderr=True), transient=True)
