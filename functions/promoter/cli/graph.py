"""`promoter graph`: draw the hops, in Mermaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from promoter.cli.options import example, read_rules, rules_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from promoter.rules.conditions import Condition
    from promoter.rules.rule_set import Hop, Promotion, RuleSet

# what means something to Mermaid or to HTML is written as an entity, `#34;`; a line break would end the label
_UNSAFE = re.compile(r"[^\w .,@/^~=+()\[\]-]")


@example("promoter graph", "promoter graph --rules other-rules.toml > hops.mmd")
@click.command("graph")
@rules_option
def command(rules_file: Path) -> None:
    """Draw the hops as a Mermaid flowchart.

    Each repository is a node and each hop an arrow, labelled with its promotions and what they require. GitHub
    and GitLab render it in a fenced block that is marked `mermaid`.
    """
    _, rule_set = read_rules(rules_file)
    click.echo("\n".join(_flowchart(rule_set)))


def _flowchart(rule_set: RuleSet) -> Iterator[str]:
    hops = [hop for leaving in rule_set.hops.values() for hop in leaving]
    repositories = dict.fromkeys(repository for hop in hops for repository in (hop.source, hop.destination))
    # a repository's own name as a node's id could be a word of Mermaid's, such as "end"
    ids = {repository: f"r{number}" for number, repository in enumerate(repositories, 1)}
    yield "flowchart LR"
    yield from (f'    {ids[repository]}["{_label(repository)}"]' for repository in repositories)
    yield from (f'    {ids[hop.source]} -->|"{_of_hop(hop)}"| {ids[hop.destination]}' for hop in hops)


def _of_hop(hop: Hop) -> str:
    return "<br/>".join(_of_promotion(promotion) for promotion in hop.promotions)


def _of_promotion(promotion: Promotion) -> str:
    requirements = _label(", ".join(_requirements(promotion)))
    return f"{_label(promotion.name)}: {requirements}" if requirements else _label(promotion.name)


def _requirements(promotion: Promotion) -> Iterator[str]:
    from promoter.rules.conditions import NoPrerelease

    if promotion.mode != "enforce":
        yield promotion.mode
    if promotion.asks_for_origin:
        yield f"{promotion.origin} only"
    for condition in promotion.conditions:
        yield from _of_condition(condition)
    if not any(isinstance(condition, NoPrerelease) for condition in promotion.conditions):
        yield "prereleases too"


def _of_condition(condition: Condition) -> Iterator[str]:
    from promoter.rules.conditions import Approved, InRange, Soaked
    from promoter.times import format_duration

    if isinstance(condition, InRange):
        yield from (f"{format_} {range_.text}" for format_, range_ in condition.ranges.items())
    elif isinstance(condition, Soaked):
        yield f"soak {format_duration(condition.seconds)}"
    elif isinstance(condition, Approved):
        yield "approval"


def _label(text: str) -> str:
    """The text for a quoted label. Source: Mermaid, Flowcharts, "Entity codes to escape characters"."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};" if found[0].isprintable() else " ", text)
