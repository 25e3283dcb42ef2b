"""Intervals in brackets, as Maven and NuGet write them: `[1.0,2.0)`, `(,1.0]`, `[1.0]`."""

import re
from collections.abc import Callable
from typing import Any, Final

from promoter.versions.bounds import Bound, Interval
from promoter.versions.errors import RangeError

_INTERVAL: Final = re.compile(r"([\[(])([^\[\](),]*)(?:(,)([^\[\](),]*))?([\])])")

ReadVersion = Callable[[str], Any]


def read_interval(text: str, expected: str, read: ReadVersion, read_lower: ReadVersion) -> Interval:
    """Read one interval. Raises RangeError for `expected`, as in "a Maven range".

    `read` reads a version, `read_lower` the version at the lower end. Both raise RangeError.
    """
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise RangeError(expected)
    opening, low, comma, high, closing = match.groups()
    if comma:
        lower = _end(">", low, read_lower, closed=opening == "[")
        upper = _end("<", high, read, closed=closing == "]")
        _check_order(expected, lower, upper)
        return lower + upper
    if (opening, closing) != ("[", "]"):
        raise RangeError(expected, detail="a single version needs square brackets")
    return (Bound("=", read(low)),)


def _end(sign: str, text: str, read: ReadVersion, *, closed: bool) -> Interval:
    if not text.strip():
        return ()
    return (Bound(f"{sign}=" if closed else sign, read(text)),)


def _check_order(expected: str, lower: Interval, upper: Interval) -> None:
    if lower and upper and _is_empty(*lower, *upper):
        raise RangeError(expected, detail="the first version must be lower than the second")


def _is_empty(lower: Bound, upper: Bound) -> bool:
    closed = (lower.sign, upper.sign) == (">=", "<=")
    return bool(lower.version > upper.version or (lower.version == upper.version and not closed))
