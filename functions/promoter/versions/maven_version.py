"""Maven's order of versions, as `mvn` compares them: `GenericVersion` of the Maven resolver.

A version is a list of numbers and words. `.`, `-` and `_` separate them equally, and so does the border between a
digit and a letter.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache, total_ordering
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"(?P<number>[0-9]+)|(?P<word>[^0-9._-]+)")
_SEPARATOR: Final = re.compile(r"[._-]")
_WORDS: Final = {
    "alpha": -5,
    "beta": -4,
    "milestone": -3,
    "cr": -2,
    "rc": -2,
    "snapshot": -1,
    "ga": 0,
    "final": 0,
    "release": 0,
    "sp": 1,
}
_ABBREVIATIONS: Final = {"a": -5, "b": -4, "m": -3}


class _Kind(IntEnum):
    """The kinds of items, in their order: a number is higher than a word."""

    MINIMUM = 0
    QUALIFIER = 2
    WORD = 3
    NUMBER = 4
    MAXIMUM = 8


class Item(NamedTuple):
    """One item of a version. `rank` orders numbers and known qualifiers, `word` the others."""

    kind: _Kind
    rank: int = 0
    word: str = ""

    @property
    def is_number(self) -> bool:
        """True for numbers, and for the words "min" and "max" at the end."""
        return self.kind not in (_Kind.QUALIFIER, _Kind.WORD)

    @property
    def is_early(self) -> bool:
        """True for the qualifier of a prerelease."""
        return self.kind is _Kind.QUALIFIER and self.rank < 0

    @property
    def sign(self) -> int:
        """How the item compares with a missing one: negative, zero or positive."""
        if self.kind in (_Kind.NUMBER, _Kind.QUALIFIER):
            return self.rank
        return -1 if self.kind is _Kind.MINIMUM else 1


@total_ordering
class MavenVersion:
    """A version in Maven's order."""

    def __init__(self, text: str) -> None:
        """Read a version. In Maven, every text is one."""
        self.items = _trimmed(list(_items(text or "0")))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MavenVersion) and _compare(self.items, other.items) == 0

    def __lt__(self, other: "MavenVersion") -> bool:
        return _compare(self.items, other.items) < 0

    def __hash__(self) -> int:
        return hash(tuple(self.items))


@lru_cache(maxsize=4096)
def version_of(text: str) -> MavenVersion:
    """A version in Maven's order."""
    return MavenVersion(text)


def _items(text: str) -> Iterator[Item]:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:  # a separator where an item should be
            yield Item(_Kind.NUMBER)
            position += 1
            continue
        position = token.end()
        followed_by_digit = text[position : position + 1].isdigit()
        if _SEPARATOR.match(text, position):
            position += 1
        yield _item(token, followed_by_digit=followed_by_digit, is_last=position >= len(text))


def _item(token: re.Match[str], *, followed_by_digit: bool, is_last: bool) -> Item:
    if token["number"]:
        return Item(_Kind.NUMBER, int(token["number"]))
    word = token["word"].lower()
    if is_last and word in ("min", "max"):
        return Item(_Kind.MINIMUM if word == "min" else _Kind.MAXIMUM)
    if followed_by_digit and word in _ABBREVIATIONS:
        return Item(_Kind.QUALIFIER, _ABBREVIATIONS[word])
    return Item(_Kind.QUALIFIER, _WORDS[word]) if word in _WORDS else Item(_Kind.WORD, word=word)


def _trimmed(items: list[Item]) -> list[Item]:
    """Remove items that mean nothing (0, "ga") from the end of each run of numbers or words, but never the first."""
    run_is_number: bool | None = None
    end = len(items) - 1
    for index in range(len(items) - 1, 0, -1):
        item = items[index]
        if item.is_number != run_is_number:
            end, run_is_number = index, item.is_number
        ends_run = index == len(items) - 1 or items[index - 1].is_number == item.is_number
        if end == index and ends_run and item.sign == 0:
            del items[index]
            end -= 1
    return items


def _compare(left: Sequence[Item], right: Sequence[Item]) -> int:
    """Compare two versions: negative if `left` is lower, zero if both are equal, positive if `left` is higher."""
    number = True
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one.is_number != other.is_number:
            is_left = number == one.is_number
            sign = _padding(left if is_left else right, index, number)
            return sign if is_left else -sign
        if one != other:
            return 1 if one > other else -1
        number = one.is_number
    shorter = min(len(left), len(right))
    return _padding(left, shorter, None) - _padding(right, shorter, None)


def _padding(items: Sequence[Item], start: int, number: bool | None) -> int:
    """Compare the items from `start` with nothing, as far as they are numbers or words like the one before."""
    for item in items[start:]:
        if number is not None and number != item.is_number:
            return 0
        if item.sign:
            return item.sign
    return 0
