"""cargo's requirements: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html

Own code: no library on PyPI has them (`semantic-version` neither reads `1.*.*` nor takes `1.2` for `^1.2`).

Without prereleases this is what cargo does. With them, cargo's own proposal for including them decides:
https://rust-lang.github.io/rfcs/3493-precise-pre-release-cargo-update.html. `^`, `~`, `=`, `<=` and wildcards
end below the first prerelease of the next version and begin at the release that they name, so neither
1.2.0-rc.1 nor 2.0.0-rc.1 is in `^1.2`; `>1` begins at 2.0.0-0; `<2` is `<2.0.0` by plain order, so 2.0.0-rc.1
is in it (`<2.0.0-0` keeps it out).
"""

import re
from typing import Final

from promoter.versions import Contains, RangeError
from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.npm import is_prerelease as is_prerelease
from promoter.versions.semver import Partial, partial_of, version_of

_COMPARATOR: Final = re.compile(r"\s*([<>]=?|[=~^]|)\s*([^\s<>=~^]+)\s*")


def compile_range(text: str) -> Contains:
    """Whether a version meets every requirement of `text`, such as `1.2` or `>=1.2, <1.5`."""
    interval = () if text.strip() in ("*", "x", "X") else _interval(text)

    def contains(text: str) -> bool | None:
        version = version_of(text)
        return None if version is None else within(version, interval)

    return contains


def _interval(text: str) -> Interval:
    return tuple(bound for requirement in text.split(",") for bound in _bounds(requirement))


def _bounds(requirement: str) -> Interval:
    match = _COMPARATOR.fullmatch(requirement)
    partial = partial_of(match[2]) if match else None
    if match is None or partial is None or partial.given == 0 or (partial.wild and partial.prerelease):
        raise RangeError("a cargo requirement")
    return _comparison(match[1] or ("=" if partial.wild else "^"), partial)


def _comparison(sign: str, partial: Partial) -> Interval:
    floor, last = partial.floor(), partial.given - 1
    if partial.prerelease and sign in ("=", "<="):
        return (Bound(sign, floor),)
    match sign:
        case ">":
            return (Bound(">", floor) if partial.given == 3 else Bound(">=", partial.ceiling(last)),)
        case ">=" | "<":
            return (Bound(sign, floor),)
        case "<=":
            return (Bound("<", partial.ceiling(last)),)
        case "=":
            return (Bound(">=", floor), Bound("<", partial.ceiling(last)))
        case "~":
            return (Bound(">=", floor), Bound("<", partial.ceiling(min(last, 1))))
        case _:
            return (Bound(">=", floor), Bound("<", partial.ceiling(partial.caret_part)))
