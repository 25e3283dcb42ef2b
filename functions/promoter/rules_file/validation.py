"""What holds a rules file together: checks over all its promotions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from promoter.packages.package import PURL_TYPES
from promoter.packages.patterns import Pattern
from promoter.rules.rule_set import Hop, Promotion
from promoter.rules_file.diagnostics import Diagnostic


def all_of(promotions: Sequence[Promotion]) -> list[Diagnostic]:
    """Every mistake and warning that shows only when promotions are seen together, or whole."""
    return [
        *_names(promotions),
        *_repositories(promotions),
        *_cycle(promotions),
        *_broad(promotions),
        *_shadowed(promotions),
        *_probably_not_meant(promotions),
    ]


def _names(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, promotion in enumerate(promotions):
        if first.setdefault(promotion.name, index) != index:
            text = f'promotions {first[promotion.name] + 1} and {index + 1} are both "{promotion.name}"'
            yield Diagnostic(("promotion", index, "name"), text, "a name stands for one promotion")


def _repositories(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """A promotion to itself, and names that differ only in "." "-" "_": they would be one logical id."""
    seen: dict[str, str] = {}
    for index, promotion in enumerate(promotions):
        if promotion.source and promotion.source == promotion.destination:
            text = f'promotion "{promotion.name}" promotes from "{promotion.source}" to itself'
            yield Diagnostic(("promotion", index, "to"), text)
        for key, repository in (("from", promotion.source), ("to", promotion.destination)):
            other = seen.setdefault(re.sub(r"[^A-Za-z0-9]", "", repository), repository)
            if other != repository:
                text = f'repositories "{other}" and "{repository}" have the same logical id in the template'
                yield Diagnostic(
                    ("promotion", index, key), text, "rename one; letters and digits have to differ"
                )


def _cycle(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
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
        yield Diagnostic(("promotion", max(found)), text, "what is copied would come back for ever")
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


def _broad(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
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
                yield Diagnostic(("promotion", index, "packages"), text, mend, value=pattern.text)


def _shadowed(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Promotions that never decide: earlier ones of the hop have the same patterns, or `**` of the format."""
    earlier: dict[tuple[Hop, str], dict[str, str]] = {}
    for index, promotion in enumerate(promotions):
        origin = promotion.origin if promotion.selects_by_origin else None
        taken = earlier.setdefault((promotion.hop, origin or ""), {})
        general = earlier.setdefault((promotion.hop, ""), {})
        names = [_shadow(pattern, {**taken, **general}) for pattern in promotion.packages]
        if names and all(names):
            quoted = ", ".join(f'"{name}"' for name in sorted({name for name in names if name}))
            text = f'promotion "{promotion.name}" never decides: {quoted} already selects all its packages'
            yield Diagnostic(("promotion", index), text, "move it up, or remove it", warning=True)
        for pattern in promotion.packages:
            taken.setdefault(pattern.text, promotion.name)


def _shadow(pattern: Pattern, earlier: Mapping[str, str]) -> str | None:
    """The earlier promotion that selects everything this pattern matches, as far as their texts show."""
    everything = (f"pkg:{type_}/**" for type_ in (pattern.format, PURL_TYPES.get(pattern.format)) if type_)
    return next((earlier[text] for text in (pattern.text, "pkg:**", *everything) if text in earlier), None)


def _probably_not_meant(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
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
            yield Diagnostic(("promotion", index, "packages"), text, warning=True, value=pattern.text)
