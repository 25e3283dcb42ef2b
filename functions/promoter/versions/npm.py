"""npm's ranges, also for swift and generic packages: https://github.com/npm/node-semver#ranges

Prereleases are ordered as with npm's `includePrerelease`. `^1.4`, `1.x`, `<2` and `1.0 - 1.9` begin and end below
the first prerelease of the version that they name, so 2.0.0-rc.1 is not in `<2`. A bound of three numbers is used
as written, so 2.0.0-rc.1 is in `<2.0.0`.
"""

import re
from collections.abc import Iterator
from typing import Final

from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains
from promoter.versions.semver import Partial, parse_partial, parse_version
from promoter.versions.semver import is_prerelease as is_prerelease

_EXPECTED: Final = "an npm range"
_COMPARATOR: Final = re.compile(r"(~>|[~^]|[<>]=?|=*)\s*v?([0-9xX*][^\s|<>=~^]*)(?:\s+|$)")
_HYPHEN: Final = re.compile(r"=?v?(\S+)\s+-\s+=?v?(\S+)")
_NOTHING: Final = (Bound("<", Partial(0, 0, 0, "0", False).floor()),)


def compile_range(text: str) -> Contains:
    """Compile alternatives such as `^1.4 || >=2.1 <3`. Raises RangeError."""
    intervals = tuple(tuple(_interval(alternative.strip())) for alternative in text.split("||"))

    def contains(text: str) -> bool | None:
        version = parse_version(text)
        return None if version is None else any(within(version, interval) for interval in intervals)

    return contains


def _interval(text: str) -> Iterator[Bound]:
    if hyphen := _HYPHEN.fullmatch(text):
        yield from _from(_partial(hyphen[1]))
        yield from _to(_partial(hyphen[2]))
        return
    end = 0
    while end < len(text):
        comparator = _COMPARATOR.match(text, end)
        if comparator is None:
            raise RangeError(_EXPECTED)
        yield from _comparison(comparator[1], _partial(comparator[2]))
        end = comparator.end()


def _partial(text: str) -> Partial:
    partial = parse_partial(text)
    if partial is None:
        raise RangeError(_EXPECTED)
    return partial


def _from(partial: Partial) -> Interval:
    return (Bound(">=", partial.floor("0")),)


def _to(partial: Partial) -> Interval:
    if partial.given == 0:
        return ()
    if partial.given == 3 and partial.prerelease:
        return (Bound("<=", partial.floor()),)
    return (Bound("<", partial.ceiling(partial.given - 1)),)


def _comparison(sign: str, partial: Partial) -> Interval:
    if partial.given == 0:
        return _NOTHING if sign in ("<", ">") else ()
    if sign == "^":
        return (*_at_least(partial), Bound("<", partial.ceiling(partial.caret_part)))
    if sign.startswith("~"):
        return (*_at_least(partial), Bound("<", partial.ceiling(min(partial.given, 2) - 1)))
    if partial.given == 3:
        return (Bound(sign if sign in (">", ">=", "<", "<=") else "=", partial.floor()),)
    return _partial_comparison(sign, partial)


def _at_least(partial: Partial) -> Interval:
    return (Bound(">=", partial.floor() if partial.given == 3 else partial.floor("0")),)


def _partial_comparison(sign: str, partial: Partial) -> Interval:
    first, after = partial.floor("0"), partial.ceiling(partial.given - 1)
    match sign:
        case ">":
            return (Bound(">=", after),)
        case ">=":
            return (Bound(">=", first),)
        case "<":
            return (Bound("<", first),)
        case "<=":
            return (Bound("<", after),)
        case _:
            return (Bound(">=", first), Bound("<", after))
