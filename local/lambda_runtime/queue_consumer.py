"""A function that serves a queue: its execution environments, and the poller that invokes them."""

from collections.abc import Callable
from typing import Any, Self

from local.lambda_runtime.execution_environment import EnvironmentPool
from local.lambda_runtime.process import FunctionError
from local.lambda_runtime.sqs_poller import EventSourceMapping, Invoke, SqsPoller

OnBatch = Callable[[dict[str, Any], Any], None]


class QueueConsumer:
    """The execution environments of a function, and the poller that invokes them with batches of a queue."""

    def __init__(self, pool: EnvironmentPool, poller: SqsPoller) -> None:
        self._pool = pool
        self._poller = poller

    @classmethod
    def start(
        cls,
        pool: EnvironmentPool,
        mapping: EventSourceMapping,
        sqs: Any,
        *,
        retry_after: int | None,
        on_batch: OnBatch | None = None,
    ) -> Self:
        """Load the function, then start to poll. `retry_after` is as in `SqsPoller`, `on_batch` as in `LocalStack`.

        Raises:
            InitError: the function cannot be loaded.

        """
        try:
            pool.start()
        except BaseException:
            pool.stop()
            raise
        invoke = _telling(pool.invoke, on_batch) if on_batch else pool.invoke
        poller = SqsPoller(mapping, sqs, invoke, retry_after=retry_after)
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


def _telling(invoke: Invoke, on_batch: OnBatch) -> Invoke:
    """Make an `invoke` that also passes each event and its answer on."""

    def invoke_and_tell(event: dict[str, Any]) -> Any:
        try:
            answer = invoke(event)
        except FunctionError:
            on_batch(event, None)
            raise
        on_batch(event, answer)
        return answer

    return invoke_and_tell
