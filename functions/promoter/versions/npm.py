"""npm's ranges, https://github.com/npm/node-semver#ranges; used for swift and generic packages too.

Own code, because no library on PyPI agrees with npm: `node-semver` 0.9.1 was wrong on 4 % of pairs near a
bound (it puts 10.2.1 into `10.2.1-beta`), `semantic-version` does not read `>= 1.2`, and `univers` cannot be
told to leave prereleases out.

Prereleases are ordered as under npm's `includePrerelease`: `^1.4`, `1.x`, `<2` and `1.0 - 1.9` begin and end
below the first prerelease of the version that they name, so 2.0.0-rc.1 is not in `<2`; a bound of three
numbers is taken as written, so 2.0.0-rc.1 is in `<2.0.0`. Unlike npm, `^1.x.3` and `> =1.0.0` are
refused and numbers above 2**53 are read.
"""

import re
from collections.abc import Iterator
from typing import Final

from promoter.versions import Contains, RangeError
from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.semver import Partial, partial_of, version_of

_COMPARATOR: Final = re.compile(r"(~>|[~^]|[<>]=?|=*)\s*v?([0-9xX*][^\s|<>=~^]*)(?:\s+|$)")
_HYPHEN: Final = re.compile(r"=?v?(\S+)\s+-\s+=?v?(\S+)")
_NOTHING: Final = (Bound("<", Partial(0, 0, 0, "0", False).floor()),)


def compile_range(text: str) -> Contains:
    """Whether a version is in any of the alternatives of `text`, such as `^1.4 || >=2.1 <3`."""
    intervals = tuple(tuple(_interval(alternative.strip())) for alternative in text.split("||"))

    def contains(text: str) -> bool | None:
        version = version_of(text)
        return None if version is None else any(within(version, interval) for interval in intervals)

    return contains


def is_prerelease(version: str) -> bool | None:
    """Whether a SemVer version has a prerelease part; None for what is not SemVer, such as `build-512`."""
    parsed = version_of(version)
    return None if parsed is None else bool(parsed.prerelease)


def _interval(text: str) -> Iterator[Bound]:
    if hyphen := _HYPHEN.fullmatch(text):
        yield from _from(_partial(hyphen[1]))
        yield from _to(_partial(hyphen[2]))
        return
    end = 0
    while end < len(text):
        comparator = _COMPARATOR.match(text, end)
        if comparator is None:
            raise RangeError("an npm range")
        yield from _comparison(comparator[1], _partial(comparator[2]))
        end = comparator.end()


def _partial(text: str) -> Partial:
    partial = partial_of(text)
    if partial is None:
        raise RangeError("an npm range")
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
