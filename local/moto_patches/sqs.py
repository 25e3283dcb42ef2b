"""Makes moto's SQS safe for several threads, and prompt.

moto rebuilds a queue's list of messages to delete one, without a lock: what is sent meanwhile is lost, and
two consumers can receive one message. A consumer that waits does not notice that a delay or a visibility
time-out has ended until its second is over.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import Queue, SQSBackend

_MENDED = "_local_mended"
_SLACK_MS = 2  # moto compares with < and >, so a message is not yet visible at its very millisecond


def mend() -> None:
    """Replace the methods in question, once per process."""
    if getattr(Queue, _MENDED, False):
        return
    setattr(Queue, _MENDED, True)
    Queue.add_message = _alone(Queue.add_message)
    Queue.delete_message = _alone(Queue.delete_message)
    Queue.wait_for_messages = _wait_for_messages
    SQSBackend.receive_message = _alone_on_queue(SQSBackend.receive_message)
    SQSBackend.change_message_visibility = _alone_on_queue(SQSBackend.change_message_visibility)


def _alone(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(queue: Queue, *args: Any, **kwargs: Any) -> Any:
        with queue._messages_lock:
            return method(queue, *args, **kwargs)

    return call


def _alone_on_queue(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        # a consumer that waits inside lets go of the lock, since a Condition gives up every hold on it
        with (lock := backend.get_queue(queue_name)._messages_lock):
            result = method(backend, queue_name, *args, **kwargs)
            lock.notify_all()
            return result

    return call


def _wait_for_messages(queue: Queue, timeout: float) -> None:
    """Wait at most so many seconds, but no longer than until the next message is due."""
    with queue._messages_lock:
        if not queue.messages:
            queue._messages_lock.wait(min(timeout, _seconds_until_due(queue)))


def _seconds_until_due(queue: Queue) -> float:
    due = [max(message.visible_at, message.delayed_until) for message in queue._messages]
    if not due:
        return float("inf")
    return float(max(min(due) + _SLACK_MS - unix_time_millis(), _SLACK_MS) / 1000)
