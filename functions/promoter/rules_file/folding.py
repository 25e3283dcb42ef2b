"""Folding: of many diagnostics of one kind, the first three are printed; the others are counted."""

import re
from collections.abc import Sequence

_MOST = 3  # of one kind that are printed
_MOST_LINES = 12  # line numbers in a summary
_VALUE = re.compile(r""""[^"]*"|'[^']*'|\S*[.:/\d]\S*""")


def kind_of(text: str) -> str:
    """A text without its values: names, patterns, versions and numbers. It is equal for mistakes of one kind."""
    return _VALUE.sub("...", text)


def fold(kinds: Sequence[str]) -> dict[int, list[int]]:
    """The positions to print, in order. The last of each kind has those of its kind that are left out."""
    members: dict[str, list[int]] = {}
    for position, kind in enumerate(kinds):
        members.setdefault(kind, []).append(position)
    printed = {position: list[int]() for same in members.values() for position in same[:_MOST]}
    for same in members.values():
        printed[same[:_MOST][-1]] = same[_MOST:]
    return dict(sorted(printed.items()))


def summary(lines: Sequence[int]) -> str:
    """The diagnostics that are left out, by their lines: `and 39 more like this, in lines 12, 18, ...`.

    A line is 0 if it is unknown.
    """
    known = sorted(set(lines) - {0})
    numbers = ", ".join(map(str, known[:_MOST_LINES])) + ", ..." * (len(known) > _MOST_LINES)
    place = f", in line{'s' * (len(known) > 1)} {numbers}" if known else ""
    return f"and {len(lines)} more like this{place}"
