"""The hops in the DOT language of Graphviz."""

from collections.abc import Iterator

from promoter.cli.graph_labels import promotion_label
from promoter.printable import escape_control
from promoter.rules.rule_set import RuleSet


def dot(rule_set: RuleSet) -> Iterator[str]:
    """The lines of a digraph."""
    yield "digraph promotions {"
    yield "    rankdir=LR"
    yield "    node [shape=box, style=rounded]"
    for repository in rule_set.repositories:
        yield f"    {_quoted(repository)}"
    for hop_rules in rule_set.all_hops:
        hop = hop_rules.hop
        labels = [_escaped(promotion_label(each)) for each in hop_rules.promotions]
        label = "\\l".join([*labels, ""])  # each line is aligned to the left
        yield f'    {_quoted(hop.source)} -> {_quoted(hop.destination)} [label="{label}"]'
    yield "}"


def _quoted(name: str) -> str:
    return f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    """Escape a text for a quoted string (Graphviz: lang, escString)."""
    return escape_control(text).replace("\\", "\\\\").replace('"', '\\"')
