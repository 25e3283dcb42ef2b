"""Settling: a PyPI upload arrives as several complete-looking events, so its candidates rest for some seconds.

Maven and generic versions are Published when they are complete, the other formats have one asset, and a copy brings
all assets at once (User Guide: packages-overview). So only a direct upload to PyPI has to settle.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from promoter.packages.candidate import Arrival
from promoter.rules.rule_set import RuleSet


class Settled(Struct, frozen=True):
    """Arrivals by whether they may be decided; `settling` has the seconds that are left of each one."""

    ready: list[Arrival]
    settling: list[tuple[Arrival, float]]


def settle(arrivals: Iterable[Arrival], rule_set: RuleSet, seconds: float, now: float) -> Settled:
    """Split arrivals into those to decide now and those that still settle at `now` (UTC seconds).

    A delivery that only settled does not count: the next one has its number.
    """
    ready: list[Arrival] = []
    settling: list[tuple[Arrival, float]] = []
    for arrival in arrivals:
        end = _settles_until(arrival, rule_set, seconds)
        if now < end:
            settling.append((arrival, end - now))
        else:
            ready.append(_numbered(arrival, end))
    return Settled(ready, settling)


def _settles_until(arrival: Arrival, rule_set: RuleSet, seconds: float) -> float:
    """The end of the settle time; 0 if the candidate does not settle.

    An event time in the future counts as the time of the first delivery.
    """
    candidate, first_received = arrival.candidate, arrival.delivery.first_received
    if candidate.package.format != "pypi" or first_received is None:
        return 0
    if any(each.hop.destination == candidate.repository for each in rule_set.all_hops):
        return 0
    return min(candidate.available_since, first_received) + seconds


def _numbered(arrival: Arrival, settled_at: float) -> Arrival:
    delivery = arrival.delivery
    if delivery.first_received is None or delivery.first_received >= settled_at:
        return arrival
    return replace(arrival, delivery=replace(delivery, number=max(1, delivery.number - 1)))
