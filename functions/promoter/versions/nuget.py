"""NuGet's version ranges: https://learn.microsoft.com/en-us/nuget/concepts/package-versioning

Own code: no library on PyPI reads floating versions. As NuGet documents, a bare `1.0` is a minimum and
`[1.0]` is exact.

Prereleases are in an interval by their order, as in NuGet: 2.0.0-rc is in `[1.0,2.0)`, and `[1.0,2.0.0-0)`
keeps it out. A floating version holds what its star stands for, `1.*` all of major 1: NuGet prefers these and
falls back to any higher version, which a promotion must not. `1.*-*` and, where prereleases are let in, `1.*`
hold 1.5.0-beta too; `1.*-rc*` only the prereleases whose label begins with rc. A floating version inside an
interval, as in `[1.*,3.0)`, only tells NuGet which version to prefer: here it is the lower bound.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from promoter.versions import Contains, RangeError
from promoter.versions.bounds import Bound, Interval, within

_LABEL: Final = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_LABELS: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_VERSION: Final = re.compile(rf"([0-9]+(?:\.[0-9]+){{0,3}})(?:-({_LABELS.pattern}))?(?:\+[0-9A-Za-z.-]+)?")
_FLOATING: Final = re.compile(r"((?:[0-9]+\.){0,3})\*(?:-([0-9A-Za-z.-]*)\*)?")
_FLOATING_LABEL: Final = re.compile(r"([0-9]+(?:\.[0-9]+){0,3})-([0-9A-Za-z.-]*)\*")
_INTERVAL: Final = re.compile(r"([\[(])([^\[\](),]*)(?:(,)([^\[\](),]*))?([\])])")


class Version(NamedTuple):
    """A version in NuGet's order: four numbers, whether it is a release, and the labels of a prerelease."""

    numbers: tuple[int, ...]
    release: bool
    labels: tuple[tuple[bool, int, str], ...]


class Floating(NamedTuple):
    """A floating version: the numbers that are fixed, and how the label of a prerelease begins."""

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
    """Whether a version is in `text`: an interval `[1.0,2.0)`, a minimum `1.0` or floating `1.2.*-*`."""
    text = text.strip()
    floating = None if text.startswith(("[", "(")) else _floating(text)
    interval = _interval(text) if floating is None else ()

    def contains(text: str) -> bool | None:
        version = _version(text)
        held = version and (
            within(version, interval) if floating is None else _floats(floating, version, text)
        )
        return None if version is None else bool(held)

    return contains


def is_prerelease(version: str) -> bool | None:
    """Whether a version has a label, as in 1.5.0-beta.1; None for what is no NuGet version."""
    parsed = _version(version)
    return None if parsed is None else not parsed.release


def _floating(text: str) -> Floating | None:
    match = _FLOATING_LABEL.fullmatch(text) or _FLOATING.fullmatch(text)
    if match is None:
        return None
    prefix = match[2] or ""
    if not _LABELS.fullmatch(prefix if prefix and not prefix.endswith(".") else f"{prefix}0"):
        return None
    numbers = [int(number) for number in match[1].split(".") if number]
    if match.re is _FLOATING_LABEL:
        numbers += [0] * (4 - len(numbers))
    return Floating(tuple(numbers), prefix.lower())


def _floats(floating: Floating, version: Version, text: str) -> bool:
    if version.numbers[: len(floating.numbers)] != floating.numbers:
        return False
    return version.release or text.lower().partition("-")[2].startswith(floating.prefix)


def _interval(text: str) -> Interval:
    match = _INTERVAL.fullmatch(text)
    if match is None:
        return (Bound(">=", _bound(text)),)
    opening, low, comma, high, closing = match.groups()
    if not comma:
        if (opening, closing) != ("[", "]"):
            raise RangeError("a NuGet range: a single version stands in square brackets")
        return (Bound("=", _bound(low)),)
    lower = (Bound(">=" if opening == "[" else ">", _lowest(low)),) if low.strip() else ()
    upper = (Bound("<=" if closing == "]" else "<", _bound(high)),) if high.strip() else ()
    _check_order(lower, upper)
    return lower + upper


def _bound(text: str) -> Version:
    version = _version(text.strip())
    if version is None:
        raise RangeError("a NuGet range")
    return version


def _lowest(text: str) -> Version:
    floating = _floating(text.strip())
    if floating is None:
        return _bound(text)
    first = ".".join(map(str, floating.numbers or (0,)))
    if "-" not in text:
        return _bound(first)
    return _bound(f"{first}-{floating.prefix}{'0' if floating.prefix[-1:] in ('', '.') else ''}")


def _check_order(lower: Interval, upper: Interval) -> None:
    if not lower and not upper:
        raise RangeError("a NuGet range: at least one end must be given")
    for low, high in zip(lower, upper, strict=False):
        if low.version > high.version or (low.version == high.version and low.sign + high.sign != ">=<="):
            raise RangeError("a NuGet range: an interval goes from a lower to a higher version")
