"""Makes moto's SQS safe for several threads, and makes long polling end on time.

Needed with moto 5.2.5: to delete a message, it rebuilds the queue's list without a lock, so messages that
are sent at the same time are lost, and two consumers can receive the same message. A consumer that waits
does not see that a delay or a visibility time-out has ended until its own wait is over. It counts the messages of
each state at another moment, so one that changes its state in between is in no count.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import Queue, SQSBackend

_PATCHED = "_local_patched"
_SLACK_MS = 2  # moto compares with < and >, so a message becomes visible one millisecond late


def patch_queues() -> None:
    """Replace the methods that are not safe. A second call has no effect."""
    if getattr(Queue, _PATCHED, False):
        return
    setattr(Queue, _PATCHED, True)
    Queue.add_message = _with_queue_lock(Queue.add_message)
    Queue.delete_message = _with_queue_lock(Queue.delete_message)
    Queue.attributes = property(_with_queue_lock(Queue.attributes.fget))
    Queue.wait_for_messages = _wait_for_messages
    SQSBackend.receive_message = _with_lock_of_named_queue(SQSBackend.receive_message)
    SQSBackend.change_message_visibility = _with_lock_of_named_queue(SQSBackend.change_message_visibility)


def _with_queue_lock(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(queue: Queue, *args: Any, **kwargs: Any) -> Any:
        with queue._messages_lock:
            return method(queue, *args, **kwargs)

    return call


def _with_lock_of_named_queue(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> Any:
        # a consumer that waits inside does not block others: a Condition releases its lock while it waits
        with (lock := backend.get_queue(queue_name)._messages_lock):
            result = method(backend, queue_name, *args, **kwargs)
            lock.notify_all()
            return result

    return call


def _wait_for_messages(queue: Queue, timeout: float) -> None:
    """Wait until the next message becomes visible, but at most `timeout` seconds."""
    with queue._messages_lock:
        if not queue.messages:
            queue._messages_lock.wait(min(timeout, _seconds_until_visible(queue)))


def _seconds_until_visible(queue: Queue) -> float:
    times = [max(message.visible_at, message.delayed_until) for message in queue._messages]
    if not times:
        return float("inf")
    return float(max(min(times) + _SLACK_MS - unix_time_millis(), _SLACK_MS) / 1000)
