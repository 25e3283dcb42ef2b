"""When a message that is not finished comes back."""

from collections.abc import Iterable

from promoter.copying.results import Result, Run
from promoter.packages.candidate import Arrival, Delivery

_DELAYS = (20, 60, 180, 540, 900)  # seconds, by the number of the delivery that did not finish
_MAX_DELAY = 43_200  # SQS API reference, ChangeMessageVisibility: seconds


def redelivery_delays(
    arrivals: Iterable[Arrival], run: Run, kept: Iterable[str], settling: Iterable[tuple[Arrival, float]]
) -> dict[str, int]:
    """The seconds until each message comes back, by receipt handle.

    `kept` has the ids of the messages that are not finished. A throttled message is left out: it comes back after
    the queue's visibility time-out.
    """
    throttled = _throttled(run.results)
    deliveries = {each.delivery.message_id: each.delivery for each in arrivals}
    unfinished = (deliveries[message] for message in kept if message in deliveries)
    delays = {
        each.receipt_handle: retry_delay(each) for each in unfinished if each.message_id not in throttled
    }
    return delays | {
        each.delivery.receipt_handle: min(_MAX_DELAY, int(seconds) + 1) for each, seconds in settling
    }


def retry_delay(delivery: Delivery) -> int:
    """The seconds until a delivery that did not finish is tried again."""
    return _DELAYS[min(delivery.number, len(_DELAYS)) - 1]


def _throttled(results: Iterable[Result]) -> set[str]:
    return {
        each.delivery.message_id
        for each in results
        if each.outcome is not None and not each.is_final and each.outcome.code == "ThrottlingException"
    }
