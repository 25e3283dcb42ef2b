"""`promoter graph`: draw the hops in Mermaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from promoter.cli.options import example, read_rules, rules_option
from promoter.rules.conditions import Approved, Condition, InRange, NoPrerelease, Soaked
from promoter.times import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from promoter.rules.rule_set import HopRules, Promotion, RuleSet

# other characters may mean something to Mermaid or HTML, so they are written as entities, as `#34;`
_UNSAFE = re.compile(r"[^\w .,@/^~=+()\[\]-]")


@example("promoter graph", "promoter graph --rules other-rules.toml > hops.mmd")
@click.command("graph")
@rules_option
def command(rules_file: Path) -> None:
    """Draw the hops as a Mermaid flowchart.

    Each repository is a node. Each hop is an arrow with its promotions and their requirements. GitHub and GitLab
    render it in a fenced code block with the language `mermaid`.
    """
    _, rule_set = read_rules(rules_file)
    click.echo("\n".join(_flowchart(rule_set)))


def _flowchart(rule_set: RuleSet) -> Iterator[str]:
    # the name of a repository may be a word of Mermaid, such as "end", so nodes are numbered
    ids = {repository: f"r{number}" for number, repository in enumerate(rule_set.repositories, 1)}
    yield "flowchart LR"
    for repository, id_ in ids.items():
        yield f'    {id_}["{_label(repository)}"]'
    for hop_rules in rule_set.all_hops:
        hop = hop_rules.hop
        yield f'    {ids[hop.source]} -->|"{_hop_label(hop_rules)}"| {ids[hop.destination]}'


def _hop_label(hop_rules: HopRules) -> str:
    return "<br/>".join(_promotion_label(promotion) for promotion in hop_rules.promotions)


def _promotion_label(promotion: Promotion) -> str:
    requirements = _label(", ".join(_requirements(promotion)))
    return f"{_label(promotion.name)}: {requirements}" if requirements else _label(promotion.name)


def _requirements(promotion: Promotion) -> Iterator[str]:
    if promotion.mode != "enforce":
        yield promotion.mode
    if promotion.selects_by_origin:
        yield f"{promotion.origin} only"
    for condition in promotion.conditions:
        yield from _requirements_of(condition)
    if not any(isinstance(condition, NoPrerelease) for condition in promotion.conditions):
        yield "prereleases too"


def _requirements_of(condition: Condition) -> Iterator[str]:
    if isinstance(condition, InRange):
        yield from (f"{format_} {range_.text}" for format_, range_ in condition.ranges.items())
    elif isinstance(condition, Soaked):
        yield f"soak {format_duration(condition.seconds)}"
    elif isinstance(condition, Approved):
        yield "approval"


def _label(text: str) -> str:
    """Escape a text for a quoted label. Source: Mermaid, Flowcharts, "Entity codes to escape characters"."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};" if found[0].isprintable() else " ", text)
