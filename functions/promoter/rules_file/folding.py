"""Folding: of many diagnostics of one kind, only the first is printed; the others are counted."""

import re
from collections.abc import Sequence

_MOST = 5  # of one kind that are all printed
_MOST_LINES = 12  # line numbers in a summary
_VALUE = re.compile(r""""[^"]*"|'[^']*'|\S*[.:/\d]\S*""")


def kind_of(text: str) -> str:
    """A text without its values: names, patterns, versions and numbers. It is equal for mistakes of one kind."""
    return _VALUE.sub("...", text)


def fold(kinds: Sequence[str]) -> dict[int, list[int]]:
    """The positions to print, in order, each with the positions of the same kind that are left out."""
    members: dict[str, list[int]] = {}
    for position, kind in enumerate(kinds):
        members.setdefault(kind, []).append(position)
    left_out = {same[0]: same[1:] for same in members.values() if len(same) > _MOST}
    hidden = {position for others in left_out.values() for position in others}
    return {position: left_out.get(position, []) for position in range(len(kinds)) if position not in hidden}


def summary(lines: Sequence[int]) -> str:
    """The diagnostics that are left out, by their lines: `and 39 more like this, in lines 12, 18, ...`.

    A line is 0 if it is unknown.
    """
    known = sorted(set(lines) - {0})
    numbers = ", ".join(map(str, known[:_MOST_LINES])) + ", ..." * (len(known) > _MOST_LINES)
    place = f", in line{'s' * (len(known) > 1)} {numbers}" if known else ""
    return f"and {len(lines)} more like this{place}"
