"""Which patterns would select the packages that a domain holds."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from re import split
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from promoter.packages.package import FORMATS, PURL_TYPES, Package
from promoter.packages.patterns import PatternError, parse, path_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from promoter.cli.domain import RepositoryPackage

_MOST_NAMES = 10  # of one format without a namespace; more are better said in one broad pattern
_SHARED = frozenset({"com.github", "com.gitlab", "io.github", "io.gitlab"})  # of many owners, not of one


class Selection(Struct, frozen=True):
    """Patterns, each with the number of packages that it was made from.

    What `by_origin` has would let public packages in; it needs an `origin`.
    """

    certain: Mapping[str, int]
    by_origin: Mapping[str, int]


def select(held: Collection[RepositoryPackage]) -> Selection:
    """Patterns for what is not known to be public."""
    candidates = {each.package for each in held if each.ours is not False}
    doubtful = {path_of(each.package) for each in held if not each.ours}
    counted = {text: number for text, number in _patterns(candidates) if _is_pattern(text)}
    patterns = {text: parse(text) for text in counted}
    by_origin = {text for text, each in patterns.items() if each.broad or any(map(each.matches, doubtful))}
    return Selection(
        {text: number for text, number in counted.items() if text not in by_origin},
        {text: number for text, number in counted.items() if text in by_origin},
    )


def _is_pattern(text: str) -> bool:
    try:
        parse(text)
    except PatternError:
        return False
    return True


def _patterns(packages: Iterable[Package]) -> Iterator[tuple[str, int]]:
    """In the order of the formats, namespaces before names."""
    ordered = sorted(packages)
    for format_ in FORMATS:
        here = [package for package in ordered if package.format == format_]
        spaces = [package.namespace for package in here if package.namespace]
        yield from _maven(spaces) if format_ == "maven" else _namespaces(format_, spaces)
        yield from _names(format_, [package.name for package in here if not package.namespace])


def _namespaces(format_: str, namespaces: list[str]) -> Iterator[tuple[str, int]]:
    scope = "@" if format_ == "npm" else ""
    for namespace, number in Counter(namespaces).items():
        text = f"pkg:{PURL_TYPES.get(format_, format_)}/{scope}{quote(namespace, safe='')}/*"
        yield text, number


def _maven(namespaces: list[str]) -> Iterator[tuple[str, int]]:
    """Groups of one owner in one pattern: com.acme.core and com.acme.web are /maven/com.acme~."""
    owners: dict[str, list[str]] = {}
    for namespace in namespaces:
        owners.setdefault(".".join(namespace.split(".")[:2]), []).append(namespace)
    for owned in owners.values():
        root = ".".join(_common(namespace.split(".") for namespace in owned))
        if len(set(owned)) == 1 or "." not in root or root in _SHARED:
            yield from _namespaces("maven", owned)
        else:
            yield f"/maven/{root}~", len(owned)


def _names(format_: str, names: list[str]) -> Iterator[tuple[str, int]]:
    """A pattern for each beginning that names share, `acme-*`; or one for all, where there would be too many."""
    type_ = PURL_TYPES.get(format_, format_)
    heads: dict[str, list[str]] = {}
    for name in names:
        heads.setdefault(split(r"[-_.]", name)[0], []).append(name)
    found = [(f"pkg:{type_}/{_glob(head, named)}", len(named)) for head, named in heads.items()]
    if len(found) > _MOST_NAMES:
        yield f"pkg:{type_}/*", len(names)
        return
    yield from found


def _glob(head: str, names: list[str]) -> str:
    """What is the beginning of all the names, with the sign that follows it where they agree on one."""
    if len(names) == 1:
        return quote(names[0], safe="")
    signs = {name[len(head) : len(head) + 1] for name in names}
    return quote(head + (signs.pop() if len(signs) == 1 else ""), safe="") + "*"


def _common(parts: Iterable[list[str]]) -> list[str]:
    """What they all begin with."""
    columns = zip(*parts, strict=False)
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
