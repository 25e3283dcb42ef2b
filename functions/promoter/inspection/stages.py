"""Repositories that look like stages by their names: dev, staging, prod, or team-a-dev, team-a-prod."""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise, product

from msgspec import Struct

_STAGE_WORDS = (
    ("dev", "develop", "development", "nightly", "snapshot", "snapshots", "unstable"),
    ("integration", "test", "testing"),
    ("qa",),
    ("uat",),
    ("stage", "staging", "stg"),
    ("candidate", "candidates", "preprod", "rc"),
    ("live", "prd", "prod", "production", "release", "releases", "stable"),
)
_RANKS = {word: rank for rank, words in enumerate(_STAGE_WORDS) for word in words}


class Family(Struct, frozen=True):
    """Repositories whose names differ only in the word for the stage, in the order of the stages.

    `name` is the common part of their names, "" if there is none. A stage has all repositories of one rank.
    """

    name: str
    stages: tuple[tuple[str, ...], ...]

    @property
    def hops(self) -> tuple[tuple[str, str], ...]:
        """The source and the destination of each hop from stage to stage."""
        return tuple(hop for lower, upper in pairwise(self.stages) for hop in product(lower, upper))


class _Ranked(Struct, frozen=True, order=True):
    family: str
    rank: int
    repository: str


def find_families(repositories: Iterable[str]) -> tuple[Family, ...]:
    """The families with two stages or more, in alphabetical order."""
    ranked = sorted(filter(None, map(_rank, _distinct(repositories))))
    families = [
        Family(name, _stages(members)) for name, members in groupby(ranked, key=lambda each: each.family)
    ]
    return tuple(family for family in families if len(family.stages) > 1)


def _distinct(repositories: Iterable[str]) -> Iterable[str]:
    """The first of all names that differ only in "." "-" "_": they would have one logical id in the template."""
    by_logical_id: dict[str, str] = {}
    for name in sorted(repositories):
        by_logical_id.setdefault(re.sub(r"[^A-Za-z0-9]", "", name), name)
    return by_logical_id.values()


def _stages(members: Iterable[_Ranked]) -> tuple[tuple[str, ...], ...]:
    by_rank = groupby(members, key=lambda each: each.rank)
    return tuple(tuple(each.repository for each in stage) for _, stage in by_rank)


def _rank(repository: str) -> _Ranked | None:
    """The family and the rank of a repository; None if no word of its name is a stage.

    The last word is tried first, then the others from left to right.
    """
    words = [word for word in re.split(r"[-._]", repository.lower()) if word]
    for position in (len(words) - 1, *range(len(words) - 1)):
        if words[position] in _RANKS:
            family = "-".join(words[:position] + words[position + 1 :])
            return _Ranked(family, _RANKS[words[position]], repository)
    return None
