"""cargo's requirements: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html

Prereleases are ordered as in cargo's proposal to include them:
https://rust-lang.github.io/rfcs/3493-precise-pre-release-cargo-update.html. `^`, `~`, `=`, `<=` and wildcards begin
at the release that they name and end below the first prerelease of the next version. So neither 1.2.0-rc.1 nor
2.0.0-rc.1 is in `^1.2`. `>1` begins at 2.0.0-0. `<2` means `<2.0.0`, so 2.0.0-rc.1 is in it; `<2.0.0-0` excludes it.
"""

import re
from typing import Final

from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains
from promoter.versions.semver import Partial, parse_partial, parse_version
from promoter.versions.semver import is_prerelease as is_prerelease

_COMPARATOR: Final = re.compile(r"\s*([<>]=?|[=~^]|)\s*([^\s<>=~^]+)\s*")


def compile_range(text: str) -> Contains:
    """Compile requirements such as `1.2` or `>=1.2, <1.5`; a version must meet all. Raises RangeError."""
    interval = () if text.strip() in ("*", "x", "X") else _interval(text)

    def contains(text: str) -> bool | None:
        version = parse_version(text)
        return None if version is None else within(version, interval)

    return contains


def _interval(text: str) -> Interval:
    return tuple(bound for requirement in text.split(",") for bound in _bounds(requirement))


def _bounds(requirement: str) -> Interval:
    match = _COMPARATOR.fullmatch(requirement)
    partial = parse_partial(match[2]) if match else None
    if match is None or partial is None or partial.given == 0 or (partial.wild and partial.prerelease):
        raise RangeError("a cargo requirement")
    return _comparison(match[1] or ("=" if partial.wild else "^"), partial)


def _comparison(sign: str, partial: Partial) -> Interval:
    floor = partial.floor()
    if sign in (">=", "<") or _is_exact(sign, partial):
        return (Bound(sign, floor),)
    ceiling = partial.ceiling(_raised_part(sign, partial))
    match sign:
        case ">":
            return (Bound(">=", ceiling),)
        case "<=":
            return (Bound("<", ceiling),)
        case _:
            return (Bound(">=", floor), Bound("<", ceiling))


def _is_exact(sign: str, partial: Partial) -> bool:
    """True if the comparison is with one version, and not with all versions that begin like it."""
    return partial.given == 3 if sign == ">" else bool(partial.prerelease) and sign in ("=", "<=")


def _raised_part(sign: str, partial: Partial) -> int:
    """The part that is one higher at the end of the interval: 0 for major, 1 for minor, 2 for patch."""
    last = partial.given - 1
    match sign:
        case "~":
            return min(last, 1)
        case "^":
            return partial.caret_part
        case _:
            return last
