"""What holds a rules file together: checks over all its promotions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from promoter.cover import Cover
from promoter.mistakes import Mistake
from promoter.patterns import Pattern
from promoter.rule_set import Promotion


def all_of(promotions: Sequence[Promotion]) -> list[Mistake]:
    """Every mistake and warning that shows only when promotions are seen together, or whole."""
    return [
        *_names(promotions),
        *_repositories(promotions),
        *_cycle(promotions),
        *_broad(promotions),
        *_shadowed(promotions),
        *_probably_not_meant(promotions),
    ]


def _names(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for index, promotion in enumerate(promotions):
        if first.setdefault(promotion.name, index) != index:
            text = f'promotions {first[promotion.name] + 1} and {index + 1} are both "{promotion.name}"'
            yield Mistake(("promotion", index, "name"), text, "a name stands for one promotion")


def _repositories(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """A promotion to itself, and names that differ only in "." "-" "_": they would be one logical id."""
    seen: dict[str, str] = {}
    for index, promotion in enumerate(promotions):
        if promotion.source and promotion.source == promotion.destination:
            text = f'promotion "{promotion.name}" promotes from "{promotion.source}" to itself'
            yield Mistake(("promotion", index, "to"), text)
        for key, repository in (("from", promotion.source), ("to", promotion.destination)):
            other = seen.setdefault(re.sub(r"[^A-Za-z0-9]", "", repository), repository)
            if other != repository:
                text = f'repositories "{other}" and "{repository}" have the same logical id in the template'
                yield Mistake(
                    ("promotion", index, key), text, "rename one; letters and digits have to differ"
                )


def _cycle(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """Hops that lead back to where they began: what is copied would come back for ever."""
    hops = {
        (each.source, each.destination): index
        for index, each in reversed(list(enumerate(promotions)))  # the first of a hop names it
        if each.source and each.destination and each.source != each.destination
    }
    while found := _first_cycle(hops):
        first = found.index(min(found))
        cycle = [promotions[index] for index in (*found[first:], *found[:first])]
        chain = " -> ".join(f"{each.name} ({each.source} -> {each.destination})" for each in cycle)
        text = f"a cycle: {chain}"
        yield Mistake(("promotion", max(found)), text, "what is copied would come back for ever")
        hops = {hop: index for hop, index in hops.items() if index not in found}  # is there another?


def _first_cycle(hops: Mapping[tuple[str, str], int]) -> list[int]:
    """The promotions of a cycle in the order of the copies; none if there is none."""
    arriving: dict[str, dict[str, None]] = {}
    for source, destination in sorted(hops):
        arriving.setdefault(destination, {})[source] = None
    try:
        TopologicalSorter(arriving).prepare()
    except CycleError as error:
        return [hops[hop] for hop in pairwise(error.args[1])]
    return []


def _broad(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """Patterns that public packages, too, would match: what a client fetches is announced as published."""
    for index, promotion in enumerate(promotions):
        for pattern in promotion.packages if promotion.origin is None else ():
            if pattern.broad:
                text = (
                    f'packages of promotion "{promotion.name}": "{pattern.text}" lets public packages in: '
                    "it names neither a namespace nor the beginning of a name"
                )
                mend = (
                    f'add origin = "internal" to "{promotion.name}"; or "any", if public packages are meant'
                )
                yield Mistake(("promotion", index, "packages"), text, mend, value=pattern.text)


def _shadowed(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """Promotions that can never decide, since earlier ones of the hop select all that they select."""
    hops: dict[tuple[str, str], list[int]] = {}
    for index, promotion in enumerate(promotions):
        hops.setdefault((promotion.source, promotion.destination), []).append(index)
    for members in hops.values():
        covers = {
            asked: Cover(
                (index, pattern)
                for index in members
                if _origin(promotions[index]) == asked
                for pattern in promotions[index].packages
            )
            for asked in {_origin(promotions[index]) for index in members}
        }
        for index in members:
            asked = {"", _origin(promotions[index])} & covers.keys()
            packages = promotions[index].packages
            first = [min(_covering(pattern, covers, asked)) for pattern in packages]
            if first and max(first) < index:
                names = ", ".join(f'"{promotions[each].name}"' for each in sorted(set(first)))
                name = promotions[index].name
                text = f'promotion "{name}" can never decide: all that it selects is decided by {names}'
                yield Mistake(("promotion", index), text, "move it up, or take it out", warning=True)


def _origin(promotion: Promotion) -> str:
    return promotion.origin or "" if promotion.asks_for_origin else ""


def _covering(pattern: Pattern, covers: Mapping[str, Cover], asked: Iterable[str]) -> Iterator[int]:
    """The first promotions, by position, that select all that this pattern of one means; itself among them."""
    found = (covers[each].first(pattern) for each in asked)
    return (position for position in found if position is not None)


def _probably_not_meant(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    told: set[str] = set()  # a team's pattern is in many promotions
    for index, promotion in enumerate(promotions):
        for pattern in promotion.packages:
            parent = re.match(r"pkg:maven/([^*/]+)\.\*/\*\*?$", pattern.text)
            if parent is None or pattern.text in told:
                continue
            if any(other.matches(f"maven/{parent[1]}/any") for other in promotion.packages):
                continue
            told.add(pattern.text)
            text = (
                f'"{pattern.text}" does not select namespace {parent[1]} itself; '
                f"write /maven/{parent[1]}~ for both"
            )
            yield Mistake(("promotion", index, "packages"), text, warning=True, value=pattern.text)
