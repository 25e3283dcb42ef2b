"""NuGet's version ranges: https://learn.microsoft.com/en-us/nuget/concepts/package-versioning

A bare `1.0` is a minimum, and `[1.0]` is exact.

Prereleases are compared by their order, as in NuGet: 2.0.0-rc is in `[1.0,2.0)`; `[1.0,2.0.0-0)` excludes it.

A floating version contains everything that its star can stand for: `1.*` is all of major 1. NuGet only prefers these
versions and falls back to any higher one; a range here does not. `1.*-*` also contains 1.5.0-beta, and `1.*` does if
prereleases are allowed. `1.*-rc*` contains only prereleases whose label begins with rc. A floating version inside an
interval, as in `[1.*,3.0)`, only tells NuGet which version to prefer. Here it is the lower bound.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.brackets import read_interval
from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains

_EXPECTED: Final = "a NuGet range"
_LABEL: Final = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_LABELS: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_VERSION: Final = re.compile(rf"([0-9]+(?:\.[0-9]+){{0,3}})(?:-({_LABELS.pattern}))?(?:\+[0-9A-Za-z.-]+)?")
_FLOATING: Final = re.compile(r"((?:[0-9]+\.){0,3})\*(?:-([0-9A-Za-z.-]*)\*)?")
_FLOATING_LABEL: Final = re.compile(r"([0-9]+(?:\.[0-9]+){0,3})-([0-9A-Za-z.-]*)\*")


class Version(NamedTuple):
    """A version in NuGet's order. `numbers` are four; a release has no labels."""

    numbers: tuple[int, ...]
    release: bool
    labels: tuple[tuple[bool, int, str], ...]


class Floating(NamedTuple):
    """A floating version: its fixed numbers, and the beginning of a prerelease's label."""

    numbers: tuple[int, ...]
    prefix: str


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = [int(number) for number in match[1].split(".")]
    labels = tuple(_label(label) for label in (match[2] or "").lower().split(".") if label)
    return Version((*numbers, *[0] * (4 - len(numbers))), not labels, labels)


def _label(text: str) -> tuple[bool, int, str]:
    return (False, int(text), "") if text.isdigit() else (True, 0, text)


def compile_range(text: str) -> Contains:
    """Compile an interval `[1.0,2.0)`, a minimum `1.0` or a floating version `1.2.*-*`. Raises RangeError."""
    text = text.strip()
    floating = None if text.startswith(("[", "(")) else _floating(text)
    return _within(_interval(text)) if floating is None else _floats(floating)


def is_prerelease(version: str) -> bool | None:
    """True if a version has a label, as in 1.5.0-beta.1; None if it is not a NuGet version."""
    parsed = _version(version)
    return None if parsed is None else not parsed.release


def _within(interval: Interval) -> Contains:
    def contains(text: str) -> bool | None:
        version = _version(text)
        return None if version is None else within(version, interval)

    return contains


def _floats(floating: Floating) -> Contains:
    def contains(text: str) -> bool | None:
        version = _version(text)
        if version is None:
            return None
        if version.numbers[: len(floating.numbers)] != floating.numbers:
            return False
        return version.release or text.lower().partition("-")[2].startswith(floating.prefix)

    return contains


def _floating(text: str) -> Floating | None:
    match = _FLOATING_LABEL.fullmatch(text) or _FLOATING.fullmatch(text)
    if match is None:
        return None
    prefix = match[2] or ""
    if not _LABELS.fullmatch(_lowest_label(prefix)):
        return None
    numbers = [int(number) for number in match[1].split(".") if number]
    if match.re is _FLOATING_LABEL:
        numbers += [0] * (4 - len(numbers))
    return Floating(tuple(numbers), prefix.lower())


def _interval(text: str) -> Interval:
    if not text.startswith(("[", "(")):
        return (Bound(">=", _bound(text)),)
    interval = read_interval(text, _EXPECTED, _bound, _lower_bound)
    if not interval:
        raise RangeError(_EXPECTED, detail="at least one end must be given")
    return interval


def _bound(text: str) -> Version:
    version = _version(text.strip())
    if version is None:
        raise RangeError(_EXPECTED)
    return version


def _lower_bound(text: str) -> Version:
    floating = _floating(text.strip())
    if floating is None:
        return _bound(text)
    first = ".".join(map(str, floating.numbers or (0,)))
    if "-" not in text:
        return _bound(first)
    return _bound(f"{first}-{_lowest_label(floating.prefix)}")


def _lowest_label(prefix: str) -> str:
    """The lowest label that begins with this prefix."""
    return f"{prefix}0" if prefix[-1:] in ("", ".") else prefix
