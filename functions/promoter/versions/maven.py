"""Maven's ranges over Maven's order of versions, both as documented at https://maven.apache.org/pom.html
("Dependency Version Requirement Specification" and "Version Order Specification").

The order is ComparableVersion's in Maven 3.8.7 and 3.9. Own code: `univers` has that of an older Maven, to
which 1.0-RELEASE is not 1.0 and 1.0.alpha-1 comes after 1.0.alpha. Every text is a version to Maven.

A bare `1.0` in a POM is a mere wish that every version meets; in a rule it means what `[1.0]` means, the
versions that Maven holds for equal to 1.0 (1, 1.0.0, 1.0-ga). Whatever reads like another ecosystem's range
is refused rather than taken for an odd version.

Prereleases are in a range by their order, as in Maven: 2.0-SNAPSHOT is in `[1.0,2.0)`, and `[1.0,2.0-alpha)`
keeps out all that leads to 2.0, snapshots, milestones and candidates included.
"""

import re
from functools import cmp_to_key, lru_cache
from itertools import chain, zip_longest
from typing import Any, Final

from promoter.versions import Contains, RangeError
from promoter.versions.bounds import Bound, Interval, within

_TOKEN: Final = re.compile(r"(?P<separator>[.-])|(?P<number>[0-9]+)|[^0-9.-]+")
_INTERVALS: Final = re.compile(r"[\[(][^\[\]()]*[\])](\s*,\s*[\[(][^\[\]()]*[\])])*")
_INTERVAL: Final = re.compile(r"([\[(])([^\[\](),]*)(?:(,)([^\[\](),]*))?([\])])")
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
    """Whether a version is in an interval of `text`, as in `(,1.0],[1.2,2)`, or equals it, as in `1.0`."""
    if _INTERVALS.fullmatch(text.strip()):
        intervals = tuple(_interval(*match) for match in _INTERVAL.findall(text))
        if len(intervals) != text.count("[") + text.count("("):
            raise RangeError("a Maven range")
        _check_order(intervals)
    else:
        intervals = ((Bound("=", _bound(text)),),)
    return lambda version: any(within(_version(version), interval) for interval in intervals)


def is_prerelease(version: str) -> bool:
    """Whether `version` is a snapshot, or has an alpha, beta, milestone, rc or cr among its qualifiers."""
    return _TIMESTAMP.search(version) is not None or not _PRERELEASES.isdisjoint(chain(*_lists(version)))


def _interval(opening: str, low: str, comma: str, high: str, closing: str) -> Interval:
    if not comma:
        if (opening, closing) != ("[", "]"):
            raise RangeError("a Maven range: a single version stands in square brackets")
        return (Bound("=", _bound(low)),)
    lower = (Bound(">=" if opening == "[" else ">", _bound(low)),) if low.strip() else ()
    upper = (Bound("<=" if closing == "]" else "<", _bound(high)),) if high.strip() else ()
    return lower + upper


def _bound(text: str) -> Any:
    if not _PLAUSIBLE.fullmatch(text.strip()):
        raise RangeError("a Maven range")
    return _version(text.strip())


def _check_order(intervals: tuple[Interval, ...]) -> None:
    last: Bound | None = None
    for interval in intervals:
        first = interval[0] if interval and interval[0].sign[0] != "<" else None
        if last is not None and (first is None or first.version < last.version):
            raise RangeError("a Maven range: its intervals must not overlap, and the lower ones come first")
        if len(interval) == 2 and not _holds_something(*interval):
            raise RangeError("a Maven range: an interval goes from a lower to a higher version")
        last = interval[-1] if interval and interval[-1].sign[0] != ">" else None


def _holds_something(low: Bound, high: Bound) -> bool:
    same_may_be = low.sign + high.sign == ">=<="
    return bool(low.version < high.version or (same_may_be and low.version == high.version))


@lru_cache(maxsize=4096)
def _version(text: str) -> Any:
    return cmp_to_key(_compare)(_lists(text))


def _lists(text: str) -> Lists:
    """`text` as lists of numbers and qualifiers, each but the first standing at the end of the one before.

    A hyphen begins a list, and so does a digit beside a letter, and a qualifier that ends the version.
    """
    text = text.lower()
    lists: list[list[Part]] = [[]]
    separated = True
    for token in _TOKEN.finditer(text):
        if separator := token["separator"]:
            lists[-1] += [0] if separated else []
            lists += [[]] if separator == "-" else []
        else:
            follower = text[token.end() : token.end() + 1]
            lists += [[]] if not token["number"] and follower not in (".", "-") and lists[-1] else []
            lists[-1].append(_part(token, follower))
            lists += [[]] if follower not in ("", ".", "-") else []
        separated = bool(separator)
    return _stripped(lists)


def _part(token: re.Match[str], follower: str) -> Part:
    if token["number"]:
        return int(token["number"])
    word = _ABBREVIATIONS.get(token[0], token[0]) if follower.isdigit() else token[0]
    return _ALIASES.get(word, word)


def _stripped(lists: list[list[Part]]) -> Lists:
    """`lists` without the zeros and release qualifiers at their ends, and without empty lists at the end."""
    for parts in lists:
        while parts and parts[-1] in (0, ""):
            parts.pop()
    while lists and not lists[-1]:
        lists.pop()
    return tuple(map(tuple, lists))


def _compare(left: Lists, right: Lists) -> int:
    """Negative, zero or positive as `left` is before, with or after `right`."""
    for depth in range(max(len(left), len(right))):
        for one, other in zip_longest(_at(left, depth), _at(right, depth)):
            if sign := _compare_parts(one, other):
                return sign
    return 0


def _at(lists: Lists, depth: int) -> tuple[Part | Lists, ...]:
    """The parts of a list and, as their last, all lists after it."""
    return (*lists[depth], *[lists[depth + 1 :]][: len(lists) - depth - 1]) if depth < len(lists) else ()


def _compare_parts(one: Part | Lists | None, other: Part | Lists | None) -> int:
    if one is None or other is None:
        return _sign_without_rival(one) if other is None else -_sign_without_rival(other)
    if _rank(one) != _rank(other):
        return _rank(one) - _rank(other)
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    if isinstance(one, str) and isinstance(other, str):
        return (_order(one) > _order(other)) - (_order(one) < _order(other))
    return 0  # two lists, which are compared at the next depth


def _rank(part: Part | Lists) -> int:
    return 2 if isinstance(part, int) else 0 if isinstance(part, str) else 1


def _sign_without_rival(part: Part | Lists | None) -> int:
    """How a part compares with none, as the 1 of 1.1 does with 1."""
    if not part:
        return 0
    if isinstance(part, int):
        return 1
    if isinstance(part, str):
        return _order(part)[0] - _KNOWN[""]
    return next((sign for sign in map(_sign_without_rival, chain.from_iterable(part)) if sign), 0)


def _order(qualifier: str) -> tuple[int, str]:
    """Known qualifiers as Maven ranks them, then all others by the alphabet."""
    return _KNOWN.get(qualifier, len(_KNOWN)), qualifier
