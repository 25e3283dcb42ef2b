"""The text of a rules file that is proposed for a domain."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain, count
from typing import TYPE_CHECKING

from promoter.cli.proposal import Selection, select
from promoter.packages.package import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from promoter.cli.domain import Repository, RepositoryPackage
    from promoter.cli.stages import Family

SCHEMA_LINE = "#:schema ./rules.schema.json\n"
_EVERYTHING = Selection({}, {"pkg:**": 0})
_OBSERVE = """\
# "observe" decides, logs and counts, but copies nothing. Take it out once `promoter plan` shows what you mean.
[defaults]
mode = "observe"
"""
_EXAMPLE = """\
# No two repositories are named as stages that follow each other. Say yourself which do:
#
# [[promotion]]
# name = "dev-to-prod"
# from = "dev"
# to = "prod"
# packages = ["pkg:npm/@acme/*", "/maven/com.acme~"]
# soak = "24h"       # how long a version has to have been in dev
# approval = true    # a person has to agree
"""
_BY_ORIGIN = 'origin = "internal" # public packages match these patterns, too; they stay where they are'


def rules(domain: str, repositories: Sequence[Repository], families: Sequence[Family]) -> str:
    """A commented rules file; it can be loaded if there is a family at least."""
    parts = [_head(domain, repositories), _OBSERVE]
    teams: set[str] = set()
    names: set[str] = set()
    for family in families:
        parts.extend(_of_family(family, repositories, teams, names))
    return "\n".join(parts if families else [*parts, _EXAMPLE])


def contents(held: Sequence[RepositoryPackage]) -> str:
    """Formats and namespaces with their numbers of packages: `npm 3 (@acme 2, unscoped 1), pypi 1; 14 public`."""
    ours = [each.package for each in held if each.ours is not False]
    formats = []
    for format_ in FORMATS:
        spaces = Counter(package.namespace for package in ours if package.format == format_)
        if spaces:
            formats.append(f"{format_} {spaces.total()}{_namespaces(format_, spaces)}")
    public = len(held) - len(ours)
    return "; ".join([", ".join(formats) or "no package of ours", *([f"{public} public"] if public else [])])


def _namespaces(format_: str, spaces: Mapping[str, int]) -> str:
    """The five with the most packages."""
    named = sorted((-number, space) for space, number in spaces.items() if space)
    sign = "@" if format_ == "npm" else ""
    texts = [f"{sign}{_printable(space)} {-number}" for number, space in named[:5]]
    if len(named) > len(texts):
        texts.append(f"{len(named) - len(texts)} more")
    if texts and spaces.get(""):
        texts.append(f"unscoped {spaces['']}")
    return f" ({', '.join(texts)})" if texts else ""


def _printable(text: str) -> str:
    """The text without what a terminal would obey and TOML refuses in a comment."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _head(domain: str, repositories: Sequence[Repository]) -> str:
    width = max((len(each.name) for each in repositories), default=0)
    lines = [
        f"# What is promoted in domain {domain}, and where to: a proposal of `promoter init`, by what it holds.",
        "# Every key is in docs/rules.md; a deployment of this file is its review.",
        "#",
        *(f"#   {each.name:{width}}  {contents(each.packages)}" for each in repositories),
    ]
    return "\n".join([*lines, f'domain = "{domain}"', ""])


def _of_family(
    family: Family, repositories: Sequence[Repository], teams: set[str], names: set[str]
) -> Iterator[str]:
    """A team for what the family's repositories hold, and a promotion for each of its hops.

    `teams` and `names` are what is taken.
    """
    members = {name for step in family.steps for name in step}
    held = [package for each in repositories if each.name in members for package in each.packages]
    selection = select(held)
    if not selection.certain and not selection.by_origin:
        selection = _EVERYTHING
    for suffix, patterns, origin in (
        ("", selection.certain, []),
        ("-by-origin", selection.by_origin, [_BY_ORIGIN]),
    ):
        if patterns:
            team = _free((family.name or "ours") + suffix, teams)
            yield _team(team, patterns)
            for source, destination in family.hops:
                name = _free(f"{source}-to-{destination}{suffix}", names)
                yield _promotion(name, source, destination, team, origin)


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it that is not taken, in 100 characters."""
    others = (f"{name[:95]}-{number}" for number in count(2))
    free = next(each for each in chain([name[:100]], others) if each not in taken)
    taken.add(free)
    return free


def _team(name: str, patterns: Mapping[str, int]) -> str:
    lines = [
        f"    {json.dumps(text)}," + (f" # {number} package{'s' * (number != 1)}" if number else "")
        for text, number in patterns.items()
    ]
    return "\n".join([f"[teams.{name}]", "packages = [", *lines, "]", ""])


def _promotion(name: str, source: str, destination: str, team: str, origin: list[str]) -> str:
    lines = [
        "[[promotion]]",
        f'name = "{name}"',
        f'from = "{source}"',
        f'to = "{destination}"',
        f'packages = ["{team}"]',
        *origin,
    ]
    return "\n".join([*lines, ""])
