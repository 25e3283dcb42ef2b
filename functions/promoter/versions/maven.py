"""Maven's ranges and Maven's order of versions: https://maven.apache.org/pom.html
("Dependency Version Requirement Specification" and "Version Order Specification").

The order is that of ComparableVersion in Maven 3.8.7 and 3.9. In Maven, every text is a version.

A bare `1.0` means `[1.0]`: the versions that Maven considers equal to 1.0 (1, 1.0.0, 1.0-ga).

Prereleases are compared by their order, as in Maven: 2.0-SNAPSHOT is in `[1.0,2.0)`. `[1.0,2.0-alpha)` excludes
every prerelease of 2.0.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cmp_to_key, lru_cache
from itertools import chain, pairwise, zip_longest
from typing import Any, Final

from promoter.versions.bounds import Bound, Interval, within
from promoter.versions.brackets import read_interval
from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains

_EXPECTED: Final = "a Maven range"
_TOKEN: Final = re.compile(r"(?P<separator>[.-])|(?P<number>[0-9]+)|[^0-9.-]+")
_INTERVAL: Final = re.compile(r"[\[(][^\[\]()]*[\])]")
_INTERVALS: Final = re.compile(rf"{_INTERVAL.pattern}(\s*,\s*{_INTERVAL.pattern})*")
_PLAUSIBLE: Final = re.compile(
    r"(?!latest$|release$)[0-9a-z][0-9a-z._+-]{0,254}(?<![.+])(?<!\.x)", re.IGNORECASE
)
_TIMESTAMP: Final = re.compile(r"-[0-9]{8}\.[0-9]{6}-[0-9]+$")

_KNOWN: Final = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "snapshot": 4, "": 5, "sp": 6}
_PRERELEASES: Final = frozenset(("alpha", "beta", "milestone", "rc", "snapshot"))
_ALIASES: Final = {"cr": "rc", "ga": "", "final": "", "release": ""}
_ABBREVIATIONS: Final = {"a": "alpha", "b": "beta", "m": "milestone"}

Part = int | str  # a number or a qualifier
Lists = tuple[tuple[Part, ...], ...]


def compile_range(text: str) -> Contains:
    """Compile intervals such as `(,1.0],[1.2,2)`, or one version such as `1.0`. Raises RangeError."""
    if _INTERVALS.fullmatch(text.strip()):
        intervals = [read_interval(each, _EXPECTED, _bound, _bound) for each in _INTERVAL.findall(text)]
        _check_order(intervals)
    else:
        intervals = [(Bound("=", _bound(text)),)]
    return lambda version: any(within(_version(version), interval) for interval in intervals)


def is_prerelease(version: str) -> bool:
    """True if a version is a snapshot or has an alpha, beta, milestone, rc or cr among its qualifiers."""
    return _TIMESTAMP.search(version) is not None or not _PRERELEASES.isdisjoint(chain(*_lists(version)))


def _bound(text: str) -> Any:
    if not _PLAUSIBLE.fullmatch(text.strip()):
        raise RangeError(_EXPECTED)
    return _version(text.strip())


def _check_order(intervals: Sequence[Interval]) -> None:
    if any(_overlap(*pair) for pair in pairwise(intervals)):
        detail = "its intervals must be in ascending order and must not overlap"
        raise RangeError(_EXPECTED, detail=detail)


def _overlap(interval: Interval, following: Interval) -> bool:
    """True if an interval begins before the one before it ends. Maven allows anything after an open end."""
    end = interval[-1] if interval and interval[-1].sign[0] != ">" else None
    start = following[0] if following and following[0].sign[0] != "<" else None
    return end is not None and (start is None or start.version < end.version)


@lru_cache(maxsize=4096)
def _version(text: str) -> Any:
    return cmp_to_key(_compare)(_lists(text))


def _lists(text: str) -> Lists:
    """Split a version into lists of numbers and qualifiers. Each list is the last element of the one before.

    A hyphen begins a list, and so does a digit next to a letter, and a qualifier that ends the version.
    """
    text = text.lower()
    lists: list[list[Part]] = [[]]
    after_separator = True
    for token in _TOKEN.finditer(text):
        separator = token["separator"]
        if separator and after_separator:
            lists[-1].append(0)
        if separator == "-":
            lists.append([])
        if not separator:
            _add_part(lists, token, text[token.end() : token.end() + 1])
        after_separator = bool(separator)
    return _stripped(lists)


def _add_part(lists: list[list[Part]], token: re.Match[str], follower: str) -> None:
    if not token["number"] and follower not in (".", "-") and lists[-1]:
        lists.append([])
    lists[-1].append(_part(token, follower))
    if follower not in ("", ".", "-"):
        lists.append([])


def _part(token: re.Match[str], follower: str) -> Part:
    if token["number"]:
        return int(token["number"])
    word = _ABBREVIATIONS.get(token[0], token[0]) if follower.isdigit() else token[0]
    return _ALIASES.get(word, word)


def _stripped(lists: list[list[Part]]) -> Lists:
    """Remove zeros and release qualifiers at the end of each list, and empty lists at the end."""
    for parts in lists:
        while parts and parts[-1] in (0, ""):
            parts.pop()
    while lists and not lists[-1]:
        lists.pop()
    return tuple(map(tuple, lists))


def _compare(left: Lists, right: Lists) -> int:
    """Compare two versions: negative if `left` is lower, zero if both are equal, positive if `left` is higher."""
    for one, other in _pairs(left, right):
        if sign := _compare_parts(one, other):
            return sign
    return 0


def _pairs(left: Lists, right: Lists) -> Iterator[tuple[Part | Lists | None, Part | Lists | None]]:
    for depth in range(max(len(left), len(right))):
        yield from zip_longest(_at(left, depth), _at(right, depth))


def _at(lists: Lists, depth: int) -> tuple[Part | Lists, ...]:
    """The parts of one list; its last part is all lists after it."""
    if depth >= len(lists):
        return ()
    rest = lists[depth + 1 :]
    return (*lists[depth], rest) if rest else lists[depth]


def _compare_parts(one: Part | Lists | None, other: Part | Lists | None) -> int:
    if one is None or other is None:
        return _compare_with_none(one) if other is None else -_compare_with_none(other)
    if _rank(one) != _rank(other):
        return _rank(one) - _rank(other)
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    if isinstance(one, str) and isinstance(other, str):
        return (_order(one) > _order(other)) - (_order(one) < _order(other))
    return 0  # two lists: they are compared at the next depth


def _rank(part: Part | Lists) -> int:
    return 2 if isinstance(part, int) else 0 if isinstance(part, str) else 1


def _compare_with_none(part: Part | Lists | None) -> int:
    """Compare a part with a missing one, as the last part of 1.1 with the end of 1."""
    if not part:
        return 0
    if isinstance(part, int):
        return 1
    if isinstance(part, str):
        return _order(part)[0] - _KNOWN[""]
    return next((sign for sign in map(_compare_with_none, chain.from_iterable(part)) if sign), 0)


def _order(qualifier: str) -> tuple[int, str]:
    """The rank of a qualifier: Maven's known ones first, then all others in alphabetical order."""
    return _KNOWN.get(qualifier, len(_KNOWN)), qualifier
