"""Which repositories follow each other, by their names: dev, staging, prod, or team-a-dev, team-a-prod."""

from __future__ import annotations

import re
from itertools import groupby, pairwise, product
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

_ORDER = (
    ("dev", "develop", "development", "nightly", "snapshot", "snapshots", "unstable"),
    ("integration", "test", "testing"),
    ("qa",),
    ("uat",),
    ("stage", "staging", "stg"),
    ("candidate", "candidates", "preprod", "rc"),
    ("live", "prd", "prod", "production", "release", "releases", "stable"),
)
_RANKS = {word: rank for rank, words in enumerate(_ORDER) for word in words}


class Family(Struct, frozen=True):
    """Repositories that differ in the word for their stage alone, in its order.

    `name` is what they share, "" where that is nothing; a step has all of one rank.
    """

    name: str
    steps: tuple[tuple[str, ...], ...]

    @property
    def hops(self) -> tuple[tuple[str, str], ...]:
        """Source and destination of each, from step to step."""
        return tuple(hop for lower, upper in pairwise(self.steps) for hop in product(lower, upper))


def families(repositories: Iterable[str]) -> tuple[Family, ...]:
    """Those with two steps at least, by name.

    Of names that differ only in "." "-" "_" the first is taken: they would be one logical id in the template.
    """
    distinct = {re.sub(r"[^A-Za-z0-9]", "", name): name for name in sorted(repositories, reverse=True)}
    ranked = sorted((*_split(name), name) for name in distinct.values() if _split(name))
    found = []
    for shared, members in groupby(ranked, key=lambda each: each[0]):
        steps = tuple(
            tuple(name for *_, name in step) for _, step in groupby(members, key=lambda each: each[1])
        )
        if len(steps) > 1:
            found.append(Family(shared, steps))
    return tuple(found)


def _split(name: str) -> tuple[str, int] | tuple[()]:
    """What is beside the word for the stage, and its rank; the last word is asked first, then from the first on."""
    words = [word for word in re.split(r"[-._]", name.lower()) if word]
    for position in (len(words) - 1, *range(len(words) - 1)):
        if words[position] in _RANKS:
            return "-".join(words[:position] + words[position + 1 :]), _RANKS[words[position]]
    return ()
