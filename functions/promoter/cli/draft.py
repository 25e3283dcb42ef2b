"""The text of the rules file that `promoter init` proposes for a domain."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, count

from msgspec import Struct

from promoter.inspection.ports import RepositoryPackage
from promoter.inspection.proposal import ProposedPatterns, propose_patterns
from promoter.inspection.stages import Family
from promoter.packages.package import FORMATS
from promoter.packages.patterns import parse
from promoter.printable import escape_control
from promoter.rules_file.conflict_warnings import LATE_FORMATS

SCHEMA_LINE = "#:schema ./rules.schema.json\n"
_MAX_NAMESPACES = 5  # the rest is counted
_EVERYTHING = ProposedPatterns({}, {"pkg:**": 0})
_OBSERVE = """\
# "observe" decides, logs and counts, but copies nothing. Remove it when `promoter plan` shows what you want.
[defaults]
mode = "observe"
"""
_EXAMPLE = """\
# No two repositories have names of stages that follow each other. Write your own promotions, for example:
#
# [[promotion]]
# name = "dev-to-prod"
# from = "dev"
# to = "prod"
# packages = ["pkg:npm/@acme/*", "/maven/com.acme~"]
# on-conflict = "extend" # add files that follow later
# soak = "24h" # a version must have been in dev for so long
# npm-latest = "highest" # a version that waited arrives without npm's tag latest; this moves the tag forward
"""
_INTERNAL = 'origin = "internal" # the patterns also match public packages; those are not promoted'


_EXTEND = 'on-conflict = "extend" # add files that follow later, such as a wheel after its sdist'
_SEVERAL_FILES = frozenset({"", *LATE_FORMATS})  # "" is every format


class RepositoryContents(Struct, frozen=True):
    """A repository and its own packages, without those of its upstreams."""

    name: str
    packages: tuple[RepositoryPackage, ...] = ()


def draft_rules(domain: str, repositories: Sequence[RepositoryContents], families: Sequence[Family]) -> str:
    """A commented rules file. It is valid if there is a family."""
    parts = [_head(domain, repositories), _OBSERVE]
    names = _Names()
    for family in families:
        parts.extend(_family_tables(family, repositories, names))
    return "\n".join(parts if families else [*parts, _EXAMPLE])


def summarize(packages: Collection[RepositoryPackage]) -> str:
    """The counts by format and namespace: `npm 3 (@acme 2, unscoped 1), pypi 1; 14 public`."""
    own = [each.package for each in packages if each.published_here is not False]
    formats = []
    for format_ in FORMATS:
        namespaces = Counter(package.namespace for package in own if package.format == format_)
        if namespaces:
            formats.append(f"{format_} {namespaces.total()}{_namespaces(format_, namespaces)}")
    public = len(packages) - len(own)
    text = ", ".join(formats) or "no packages of your own"
    return f"{text}; {public} public" if public else text


def _namespaces(format_: str, namespaces: Mapping[str, int]) -> str:
    """The namespaces with the most packages, in brackets."""
    named = sorted((-number, namespace) for namespace, number in namespaces.items() if namespace)
    sign = "@" if format_ == "npm" else ""
    shown = named[:_MAX_NAMESPACES]
    texts = [f"{sign}{escape_control(namespace)} {-number}" for number, namespace in shown]
    if len(named) > len(shown):
        texts.append(f"{len(named) - len(shown)} more")
    if texts and namespaces.get(""):
        texts.append(f"unscoped {namespaces['']}")
    return f" ({', '.join(texts)})" if texts else ""


def _head(domain: str, repositories: Sequence[RepositoryContents]) -> str:
    width = max((len(each.name) for each in repositories), default=0)
    lines = [
        f"# Promotions of domain {domain}, proposed by `promoter init` from the contents of its repositories.",
        "# docs/rules.md describes every key. Review changes to this file in a pull request, then deploy it.",
        "#",
        *(f"#   {each.name:{width}}  {summarize(each.packages)}" for each in repositories),
    ]
    return "\n".join([*lines, f'domain = "{domain}"', ""])


class _Names:
    """The names of teams and promotions that are in use."""

    def __init__(self) -> None:
        self._teams: set[str] = set()
        self._promotions: set[str] = set()

    def team(self, name: str) -> str:
        """A free name for a team."""
        return _claim(name, self._teams)

    def promotion(self, name: str) -> str:
        """A free name for a promotion."""
        return _claim(name, self._promotions)


def _claim(name: str, used: set[str]) -> str:
    """The name, or the first numbered one that is not used, in at most 100 characters."""
    numbered = (f"{name[:95]}-{number}" for number in count(2))
    free = next(each for each in chain([name[:100]], numbered) if each not in used)
    used.add(free)
    return free


def _family_tables(
    family: Family, repositories: Sequence[RepositoryContents], names: _Names
) -> Iterator[str]:
    """A team for the packages of the family's repositories, and a promotion for each of its hops."""
    members = {name for stage in family.stages for name in stage}
    packages = [package for each in repositories if each.name in members for package in each.packages]
    patterns = propose_patterns(packages)
    if not patterns.specific and not patterns.by_origin:
        patterns = _EVERYTHING
    yield from _tables(family, patterns.specific, "", [], names)
    yield from _tables(family, patterns.by_origin, "-by-origin", [_INTERNAL], names)


def _tables(
    family: Family, patterns: Mapping[str, int], suffix: str, keys: list[str], names: _Names
) -> Iterator[str]:
    if not patterns:
        return
    team = names.team((family.name or "ours") + suffix)
    if any(parse(text).format in _SEVERAL_FILES for text in patterns):
        keys = [*keys, _EXTEND]
    yield _team(team, patterns)
    for source, destination in family.hops:
        name = names.promotion(f"{source}-to-{destination}{suffix}")
        yield _promotion(name, source, destination, [f'packages = ["{team}"]', *keys])


def _team(name: str, patterns: Mapping[str, int]) -> str:
    lines = [f"    {json.dumps(text)},{_package_count(number)}" for text, number in patterns.items()]
    return "\n".join([f"[teams.{name}]", "packages = [", *lines, "]", ""])


def _package_count(number: int) -> str:
    return f" # {number} package{'s' * (number != 1)}" if number else ""


def _promotion(name: str, source: str, destination: str, keys: list[str]) -> str:
    lines = ["[[promotion]]", f'name = "{name}"', f'from = "{source}"', f'to = "{destination}"', *keys, ""]
    return "\n".join(lines)
