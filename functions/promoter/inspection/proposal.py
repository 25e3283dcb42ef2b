"""Proposes patterns that select the packages of a domain."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import takewhile
from urllib.parse import quote

from msgspec import Struct

from promoter.inspection.ports import RepositoryPackage
from promoter.packages.package import FORMATS, PURL_TYPES, Package
from promoter.packages.patterns import PatternError, parse, path_of

_MAX_NAMES = 10  # patterns of one format for packages without a namespace; more become one broad pattern
_SHARED = frozenset({"com.github", "com.gitlab", "io.github", "io.gitlab"})  # groups that many owners share


class ProposedPatterns(Struct, frozen=True):
    """Patterns, each with the number of packages that it is made from.

    Those in `by_origin` also match public packages, so their promotion needs an `origin`.
    """

    specific: Mapping[str, int]
    by_origin: Mapping[str, int]


def propose_patterns(contents: Collection[RepositoryPackage]) -> ProposedPatterns:
    """Propose patterns for the packages that are not known to be public."""
    wanted = {each.package for each in contents if each.published_here is not False}
    maybe_public = {path_of(each.package) for each in contents if not each.published_here}
    specific: dict[str, int] = {}
    by_origin: dict[str, int] = {}
    for text, count in filter(_is_pattern, _patterns(wanted)):
        patterns = by_origin if _matches_public(text, maybe_public) else specific
        patterns[text] = count
    return ProposedPatterns(specific, by_origin)


def _matches_public(text: str, maybe_public: Iterable[str]) -> bool:
    pattern = parse(text)
    return pattern.broad or any(map(pattern.matches, maybe_public))


def _is_pattern(proposed: tuple[str, int]) -> bool:
    """True if the text is a valid pattern: some names cannot be written as one."""
    try:
        parse(proposed[0])
    except PatternError:
        return False
    return True


def _patterns(packages: Iterable[Package]) -> Iterator[tuple[str, int]]:
    """Patterns with their counts, by format, namespaces before names."""
    ordered = sorted(packages)
    for format_ in FORMATS:
        of_format = [package for package in ordered if package.format == format_]
        namespaces = [package.namespace for package in of_format if package.namespace]
        yield from _maven(namespaces) if format_ == "maven" else _namespaces(format_, namespaces)
        yield from _names(format_, [package.name for package in of_format if not package.namespace])


def _namespaces(format_: str, namespaces: Iterable[str]) -> Iterator[tuple[str, int]]:
    scope = "@" if format_ == "npm" else ""
    for namespace, count in Counter(namespaces).items():
        yield f"pkg:{_purl_type(format_)}/{scope}{quote(namespace, safe='')}/*", count


def _maven(namespaces: Iterable[str]) -> Iterator[tuple[str, int]]:
    """One pattern for all groups of an owner: com.acme.core and com.acme.web are /maven/com.acme~."""
    owners: dict[str, list[str]] = {}
    for namespace in namespaces:
        owners.setdefault(".".join(namespace.split(".")[:2]), []).append(namespace)
    for groups in owners.values():
        root = ".".join(_common_prefix(group.split(".") for group in groups))
        if len(set(groups)) == 1 or "." not in root or root in _SHARED:
            yield from _namespaces("maven", groups)
        else:
            yield f"/maven/{root}~", len(groups)


def _names(format_: str, names: list[str]) -> Iterator[tuple[str, int]]:
    """A pattern for each first word of the names, as `acme-*`; one pattern for all if there are too many."""
    by_first_word: dict[str, list[str]] = {}
    for name in names:
        by_first_word.setdefault(re.split(r"[-_.]", name)[0], []).append(name)
    if len(by_first_word) > _MAX_NAMES:
        yield f"pkg:{_purl_type(format_)}/*", len(names)
        return
    for first_word, members in by_first_word.items():
        yield f"pkg:{_purl_type(format_)}/{_glob(first_word, members)}", len(members)


def _glob(first_word: str, names: list[str]) -> str:
    """The longest common prefix of the names, with the separator after it if all share one."""
    if len(names) == 1:
        return quote(names[0], safe="")
    separators = {name[len(first_word) : len(first_word) + 1] for name in names}
    return quote(first_word + (separators.pop() if len(separators) == 1 else ""), safe="") + "*"


def _common_prefix(parts: Iterable[list[str]]) -> list[str]:
    columns = zip(*parts, strict=False)
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]


def _purl_type(format_: str) -> str:
    return PURL_TYPES.get(format_, format_)
