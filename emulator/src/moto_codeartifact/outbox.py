"""The lock of the backends, and the events that are delivered when it is free.

A target of an event may call back, and wait for the answer. So no event is delivered while the lock is held.
"""

from collections import deque
from collections.abc import Callable
from functools import wraps
from threading import Lock, RLock
from types import TracebackType
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Delivery = Callable[[], None]


class Outbox:
    """Deliveries in the order of the changes that caused them."""

    def __init__(self) -> None:
        self._waiting: deque[Delivery] = deque()
        self._delivering = Lock()

    def add(self, delivery: Delivery) -> None:
        """Add a delivery. The caller holds the lock of the backends."""
        self._waiting.append(delivery)

    def deliver(self) -> None:
        """Carry out what waits. If another thread is at it, that thread does this, too."""
        while self._waiting and self._delivering.acquire(blocking=False):
            try:
                while self._waiting:
                    self._waiting.popleft()()
            finally:
                self._delivering.release()


class BackendLock:
    """A lock that one thread may enter several times. When it leaves for good, the outbox is delivered."""

    def __init__(self, outbox: Outbox) -> None:
        self._lock = RLock()
        self._depth = 0
        self._outbox = outbox

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        is_free = self._depth == 0
        self._lock.release()
        if is_free:
            self._outbox.deliver()


OUTBOX = Outbox()
"""For all accounts and regions, so that events have the order of the changes."""
LOCK = BackendLock(OUTBOX)


def locked(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Hold the lock while a method of a backend runs, and deliver its events when it has ended."""

    @wraps(method)
    def hold(*arguments: Parameters.args, **more: Parameters.kwargs) -> Result:
        with LOCK:
            return method(*arguments, **more)

    return hold
