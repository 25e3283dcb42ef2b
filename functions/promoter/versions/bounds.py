"""Intervals of ordered versions. The ranges of npm, cargo, Maven and NuGet are made of them."""

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
    """One comparison with a version, such as `>= 1.2.0`. `sign` is one of = > >= < <=."""

    sign: str
    version: Any

    def allows(self, version: Any) -> bool:
        """True if the comparison holds for this version."""
        return _ORDER[self.sign](version, self.version)


Interval = tuple[Bound, ...]


def within(version: Any, interval: Interval) -> bool:
    """True if every bound allows the version. The empty interval contains all versions."""
    return all(bound.allows(version) for bound in interval)
