"""When a message that is not finished comes back."""

from collections.abc import Iterable

from promoter.copying.results import Run
from promoter.packages.candidate import Arrival, Delivery

_DELAYS = (20, 60, 180, 540, 900)  # seconds, by the number of the delivery that did not finish
_THROTTLED = "ThrottlingException"
_MAX_DELAY = 43_200  # SQS API reference, ChangeMessageVisibility: seconds


def redelivery_delays(
    deliveries: Iterable[Delivery], run: Run, kept: Iterable[str], settling: Iterable[tuple[Arrival, float]]
) -> dict[str, int]:
    """The seconds until each message comes back, by receipt handle.

    `kept` has the ids of the messages that are not finished. A throttled message is left out: it comes back after
    the queue's visibility time-out.
    """
    throttled = _throttled(run)
    by_message = {each.message_id: each for each in deliveries}
    unfinished = (by_message[message] for message in kept if message in by_message)
    delays = {
        each.receipt_handle: retry_delay(each) for each in unfinished if each.message_id not in throttled
    }
    return delays | {
        each.delivery.receipt_handle: min(_MAX_DELAY, int(seconds) + 1) for each, seconds in settling
    }


def retry_delay(delivery: Delivery) -> int:
    """The seconds until a delivery that did not finish is tried again."""
    return _DELAYS[min(delivery.number, len(_DELAYS)) - 1]


def _throttled(run: Run) -> set[str]:
    postponed = {message for message, outcome in run.postponed.items() if outcome.code == _THROTTLED}
    return postponed | {
        each.delivery.message_id
        for each in run.results
        if each.outcome is not None and not each.is_final and each.outcome.code == _THROTTLED
    }
