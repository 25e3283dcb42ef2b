"""A function that serves a queue: its execution environments, and the poller that invokes them."""

from typing import Any, Self

from local.lambda_runtime.execution_environment import EnvironmentPool
from local.lambda_runtime.sqs_poller import EventSourceMapping, SqsPoller


class QueueConsumer:
    """The execution environments of a function, and the poller that invokes them with batches of a queue."""

    def __init__(self, pool: EnvironmentPool, poller: SqsPoller) -> None:
        self._pool = pool
        self._poller = poller

    @classmethod
    def start(
        cls, pool: EnvironmentPool, mapping: EventSourceMapping, sqs: Any, *, retry_after: int | None
    ) -> Self:
        """Load the function, then start to poll. `retry_after` is as in `SqsPoller`.

        Raises:
            InitError: the function cannot be loaded.

        """
        try:
            pool.start()
        except BaseException:
            pool.stop()
            raise
        poller = SqsPoller(mapping, sqs, pool.invoke, retry_after=retry_after)
        poller.start()
        return cls(pool, poller)

    def invoke(self, event: Any) -> Any:
        """Invoke the function directly, without the queue. Raises as `EnvironmentPool.invoke`."""
        return self._pool.invoke(event)

    def wait_until_empty(self, timeout: float) -> None:
        """Wait until the queue has no messages. Raises as `SqsPoller.wait_until_empty`."""
        self._poller.wait_until_empty(timeout)

    def stop(self) -> None:
        """End the processes, even during an event, and stop polling."""
        self._pool.kill()
        try:
            self._poller.stop()
        finally:
            self._pool.stop()
