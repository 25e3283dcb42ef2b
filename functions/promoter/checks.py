"""What holds a rules file together: checks over all its promotions."""

import re
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from promoter.conditions import InRange
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
        (each.source, each.destination): each
        for each in reversed(promotions)  # the first of a hop names it
        if each.source and each.destination and each.source != each.destination
    }
    arriving: dict[str, set[str]] = {}
    for source, destination in hops:
        arriving.setdefault(destination, set()).add(source)
    try:
        TopologicalSorter(arriving).prepare()
    except CycleError as error:
        cycle = [hops[hop] for hop in pairwise(error.args[1])]
        chain = " -> ".join(f"{each.name} ({each.source} -> {each.destination})" for each in cycle)
        index = max(promotions.index(each) for each in cycle)
        yield Mistake(("promotion", index), f"a cycle: {chain}", "what is copied would come back for ever")


def _broad(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """Patterns that public packages, too, would match: what a client fetches is announced as published."""
    for index, promotion in enumerate(promotions):
        for pattern in promotion.packages if promotion.origin is None else ():
            if pattern.broad:
                text = (
                    f'packages of promotion "{promotion.name}": "{pattern.text}" lets public packages in: '
                    "it names neither a namespace nor the beginning of a name"
                )
                mend = 'add origin = "internal"; or "any", if public packages are meant'
                yield Mistake(("promotion", index, "packages"), text, mend, value=pattern.text)


def _shadowed(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    """Promotions that can never decide, since earlier ones of the hop select all that they select."""
    before: dict[tuple[str, str], dict[str, str]] = {}
    for index, promotion in enumerate(promotions):
        taken = before.setdefault((promotion.source, promotion.destination), {})
        texts = {pattern.text for pattern in promotion.packages}
        if texts and all(_taken(pattern, taken) for pattern in promotion.packages):
            names = ", ".join(dict.fromkeys(_taken(pattern, taken) for pattern in promotion.packages))
            text = f'promotion "{promotion.name}" can never decide: all that it selects is decided by {names}'
            yield Mistake(("promotion", index), text, "move it up, or take it out", warning=True)
        elif not promotion.asks_for_origin:
            taken |= {_key(pattern): promotion.name for pattern in promotion.packages}


def _key(pattern: Pattern) -> str:
    """What a pattern that ends openly covers is all that begins with it; others cover themselves."""
    return pattern.prefix if _is_open(pattern) else "=" + pattern.text


def _is_open(pattern: Pattern) -> bool:
    return not (pattern.glob or pattern.whole or pattern.word)


def _taken(pattern: Pattern, taken: dict[str, str]) -> str:
    """The earlier promotion that selects everything that this pattern selects; "" if none is known to."""
    if "=" + pattern.text in taken:
        return taken["=" + pattern.text]
    prefix = pattern.prefix
    ends = (end for end in range(len(prefix) + 1) if prefix[:end] in taken)
    return next((taken[prefix[:end]] for end in ends), "")


def _probably_not_meant(promotions: Sequence[Promotion]) -> Iterator[Mistake]:
    for index, promotion in enumerate(promotions):
        for pattern in promotion.packages:
            parent = re.match(r"pkg:maven/([^*/]+)\.\*/\*\*?$", pattern.text)
            if parent:
                text = (
                    f'"{pattern.text}" does not select namespace {parent[1]} itself; '
                    f"write /maven/{parent[1]}~ for both"
                )
                yield Mistake(("promotion", index, "packages"), text, warning=True, value=pattern.text)
        selected = {pattern.format for pattern in promotion.packages}
        for condition in promotion.conditions:
            if isinstance(condition, InRange) and "" not in selected:
                for format_ in condition.ranges.keys() - selected:
                    text = f'versions of promotion "{promotion.name}" restricts {format_}, which it does not select'
                    yield Mistake(("promotion", index, "versions"), text, warning=True)
