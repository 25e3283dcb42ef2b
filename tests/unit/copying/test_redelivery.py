"""redelivery: when a message that is not finished comes back."""

import pytest

from promoter.copying.redelivery import redelivery_delays, retry_delay
from promoter.copying.results import Outcome, Result, Run
from tests.support.samples import arrival, decision, delivery


@pytest.mark.parametrize(
    ("number", "seconds"), [(1, 20), (2, 60), (3, 180), (4, 540), (5, 900), (6, 900), (20, 900)]
)
def test_each_delivery_is_tried_again_later(number: int, seconds: int) -> None:
    assert retry_delay(delivery("m1", number)) == seconds


def test_only_what_is_kept_comes_back() -> None:
    arrivals = [arrival("1", message_id="m1"), arrival("2", message_id="m2", number=3)]

    delays = redelivery_delays([each.delivery for each in arrivals], Run([], {}), {"m2"}, [])

    assert delays == {"handle of m2": 180}


def test_what_is_throttled_waits_for_the_queues_time_out() -> None:
    one = arrival("1", message_id="m1")
    throttled = Result.of(decision(), one.delivery, Outcome.retry("ThrottlingException", "Rate exceeded"))

    assert redelivery_delays([one.delivery], Run([throttled], {}), {"m1"}, []) == {}


def test_what_settles_comes_back_when_the_settle_time_has_ended() -> None:
    one = arrival("1", message_id="m1")

    assert redelivery_delays([], Run([], {}), set(), [(one, 17.2)]) == {"handle of m1": 18}
