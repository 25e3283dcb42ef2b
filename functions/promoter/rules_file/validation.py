"""Checks over all promotions of a rules file."""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from promoter.packages.package import PURL_TYPES
from promoter.packages.patterns import Pattern
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop
from promoter.rules_file.diagnostics import Diagnostic, Path, error, warning


def validate(promotions: Sequence[Promotion]) -> list[Diagnostic]:
    """Check the promotions of a file together. Returns every error and warning."""
    return [
        *_same_names(promotions),
        *_same_repositories(promotions),
        *_same_logical_ids(promotions),
        *_cycles(promotions),
        *_public_packages(promotions),
        *_shadowed(promotions),
        *_namespace_left_out(promotions),
    ]


def _same_names(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, promotion in enumerate(promotions):
        other = first.setdefault(promotion.name, index)
        if other != index:
            message = f'promotions {other + 1} and {index + 1} are both named "{promotion.name}"'
            yield error(("promotion", index, "name"), message, "give each promotion its own name")


def _same_repositories(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    for index, promotion in _readable(promotions):
        if promotion.source == promotion.destination:
            message = f'promotion "{promotion.name}" promotes from "{promotion.source}" to itself'
            yield error(("promotion", index, "to"), message, "name another repository")


def _same_logical_ids(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Repositories whose names differ only in ".", "-" and "_": the template could not tell them apart."""
    seen: dict[str, str] = {}
    for path, repository in _repositories(promotions):
        other = seen.setdefault(re.sub(r"[^A-Za-z0-9]", "", repository), repository)
        if other != repository:
            message = f'repositories "{other}" and "{repository}" have the same logical id in the template'
            yield error(path, message, "rename one of them, so that its letters or digits differ")


def _cycles(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Hops that lead back to where they began: every copy would return forever."""
    hops: dict[Hop, int] = {}
    for index, promotion in _readable(promotions):
        if promotion.source != promotion.destination:
            hops.setdefault(promotion.hop, index)
    while found := _first_cycle(hops):
        first = found.index(min(found))
        cycle = [promotions[index] for index in (*found[first:], *found[:first])]
        chain = " -> ".join(f"{each.name} ({each.hop})" for each in cycle)
        hint = "every copy would return forever; remove one of these promotions"
        yield error(("promotion", max(found)), f"a cycle: {chain}", hint)
        hops = {hop: index for hop, index in hops.items() if index not in found}


def _first_cycle(hops: Mapping[Hop, int]) -> list[int]:
    """The promotions of one cycle, in the order of the copies; empty if there is no cycle."""
    arriving: dict[str, dict[str, None]] = {}
    for hop in sorted(hops):
        arriving.setdefault(hop.destination, {})[hop.source] = None
    try:
        TopologicalSorter(arriving).prepare()
    except CycleError as cycle:
        return [hops[Hop(*pair)] for pair in pairwise(cycle.args[1])]
    return []


def _public_packages(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Patterns that also match public packages: a version fetched from a public repository causes an event, too."""
    for index, promotion, pattern in _patterns(promotions):
        if promotion.origin is None and pattern.broad:
            name = promotion.name
            message = (
                f'packages of promotion "{name}": "{pattern.text}" also selects public packages, '
                "because it gives neither a namespace nor the beginning of a name"
            )
            hint = f'add origin = "internal" to "{name}", or origin = "any" to promote public packages, too'
            yield error(("promotion", index, "packages"), message, hint, pattern.text)


def _shadowed(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Promotions that never decide: earlier ones of the hop have the same patterns, or `**` of the format."""
    selected: dict[tuple[Hop, str], dict[str, str]] = {}
    for index, promotion in _readable(promotions):
        origin = promotion.origin if promotion.origin and promotion.selects_by_origin else ""
        same_origin = selected.setdefault((promotion.hop, origin), {})
        every_origin = selected.setdefault((promotion.hop, ""), {})
        earlier = ChainMap(same_origin, every_origin)
        names = [_shadowed_by(pattern, earlier) for pattern in promotion.packages]
        if names and all(names):
            yield _shadow_warning(promotion, index, sorted(set(names)))
        for pattern in promotion.packages:
            same_origin.setdefault(pattern.text, promotion.name)


def _shadowed_by(pattern: Pattern, earlier: Mapping[str, str]) -> str:
    """The earlier promotion whose pattern has the same text or selects everything; "" if there is none."""
    types = {pattern.format, PURL_TYPES.get(pattern.format, pattern.format)} - {""}
    texts = [pattern.text, "pkg:**", *(f"pkg:{type_}/**" for type_ in sorted(types))]
    return next((earlier[text] for text in texts if text in earlier), "")


def _shadow_warning(promotion: Promotion, index: int, names: Sequence[str]) -> Diagnostic:
    quoted = ", ".join(f'"{name}"' for name in names)
    verb = "selects" if len(names) == 1 else "select"
    message = f'promotion "{promotion.name}" never decides: {quoted} already {verb} all its packages'
    return warning(("promotion", index), message, "move it up, or remove it")


def _namespace_left_out(promotions: Sequence[Promotion]) -> Iterator[Diagnostic]:
    """Globs such as `pkg:maven/com.acme.*/*`, which leave out the namespace com.acme itself."""
    seen: set[str] = set()  # the pattern of a team is in many promotions
    for index, promotion, pattern in _patterns(promotions):
        namespace = _left_out(pattern, promotion.packages)
        if namespace and pattern.text not in seen:
            seen.add(pattern.text)
            message = f'"{pattern.text}" does not select namespace {namespace} itself'
            hint = f"write /maven/{namespace}~ for both"
            yield warning(("promotion", index, "packages"), message, hint, pattern.text)


def _left_out(pattern: Pattern, patterns: Sequence[Pattern]) -> str:
    """The namespace that a glob leaves out; "" if another pattern selects it."""
    parent = re.match(r"pkg:maven/([^*/]+)\.\*/\*\*?$", pattern.text)
    if parent is None or any(other.matches(f"maven/{parent[1]}/any") for other in patterns):
        return ""
    return parent[1]


def _readable(promotions: Sequence[Promotion]) -> Iterator[tuple[int, Promotion]]:
    """The promotions whose repositories could both be read, with their positions."""
    return ((index, each) for index, each in enumerate(promotions) if each.source and each.destination)


def _repositories(promotions: Sequence[Promotion]) -> Iterator[tuple[Path, str]]:
    """Every repository of every promotion, with the path of its key."""
    for index, promotion in enumerate(promotions):
        yield ("promotion", index, "from"), promotion.source
        yield ("promotion", index, "to"), promotion.destination


def _patterns(promotions: Sequence[Promotion]) -> Iterator[tuple[int, Promotion, Pattern]]:
    """Every pattern in `packages`, with its promotion and the promotion's position."""
    return ((index, each, pattern) for index, each in enumerate(promotions) for pattern in each.packages)
