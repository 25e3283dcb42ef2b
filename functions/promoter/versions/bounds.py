"""Intervals of ordered versions: what npm's, cargo's, Maven's and NuGet's ranges come down to."""

import operator
from collections.abc import Callable
from typing import Any, Final, NamedTuple

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class Bound(NamedTuple):
    """One comparison with a version, such as `>= 1.2.0`; `sign` is one of = > >= < <=."""

    sign: str
    version: Any

    def admits(self, version: Any) -> bool:
        """Whether `version` is on the right side of this bound."""
        return _ORDER[self.sign](version, self.version)


Interval = tuple[Bound, ...]


def within(version: Any, interval: Interval) -> bool:
    """Whether every bound admits `version`; the empty interval holds all versions."""
    return all(bound.admits(version) for bound in interval)
