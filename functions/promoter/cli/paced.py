"""Many calls at once, at a pace that leaves the account's quota to others, with a bar on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from promoter.copying.rate_limit import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

CALLS_PER_SECOND = 100.0  # half of the quota of list calls (User Guide: service-limits), which others share
_WORKERS = 12  # as many calls under way as that pace needs where one takes 100 ms

_T = TypeVar("_T")
_R = TypeVar("_R")


class SharedPace:
    """A pace that several threads keep together, counted from issue to issue."""

    def __init__(self, rate: float = CALLS_PER_SECOND) -> None:
        """`rate` is in calls a second."""
        self._pace = RateLimiter(rate, time.monotonic, time.sleep)
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for the next place, and take it."""
        with self._lock:
            self._pace.take()


def map_concurrently(work: Callable[[_T], _R], things: Sequence[_T], title: str) -> Iterator[_R]:
    """Do the work for each thing, several at a time; the results in order. The first error ends it all."""
    executor = ThreadPoolExecutor(_WORKERS)
    try:
        yield from _tracked(executor.map(work, things), len(things), title)
    finally:
        executor.shutdown(cancel_futures=True)


def _tracked(results: Iterable[_R], total: int, title: str) -> Iterable[_R]:
    if not sys.stderr.isatty() or not total:
        return results
    from rich.console import Console
    from rich.progress import track

    return track(results, title, total=total, console=Console(stderr=True), transient=True)
