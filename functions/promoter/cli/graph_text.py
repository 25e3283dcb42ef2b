"""The hops as a tree of text, for a terminal."""

from collections.abc import Iterator, Sequence

from promoter.cli.graph_labels import promotion_label
from promoter.cli.terminal import display_width
from promoter.printable import escape_control
from promoter.rules.rule_set import HopRules, RuleSet

_Row = tuple[str, str, tuple[str, ...]]  # the text of a branch, what continues below it, the labels beside it


def tree(rule_set: RuleSet) -> list[str]:
    """The lines of the tree. A repository that several hops lead to is drawn below the first of them."""
    hops = rule_set.all_hops
    destinations = {each.hop.destination for each in hops}
    roots = dict.fromkeys(each.hop.source for each in hops if each.hop.source not in destinations)
    drawn: set[str] = set()
    rows: list[_Row] = []
    for root in roots:
        rows += [(root, "", ()), *_branches(root, hops, "", drawn)]
    width = max((display_width(head) for head, _, labels in rows if labels), default=0)
    return [line for row in rows for line in _lines(*row, width)]


def _branches(repository: str, hops: Sequence[HopRules], prefix: str, drawn: set[str]) -> Iterator[_Row]:
    """A row for each hop, with the rows of the hops that follow."""
    following = [each for each in hops if each.hop.source == repository]
    for each in following:
        destination = each.hop.destination
        is_last = each is following[-1]
        again = destination in drawn
        drawn.add(destination)
        below = prefix + ("    " if is_last else "\u2502   ")
        has_more = not again and any(hop.hop.source == destination for hop in hops)
        labels = tuple(promotion_label(promotion) for promotion in each.promotions)
        note = " (above)" if again and any(hop.hop.source == destination for hop in hops) else ""
        corner = "\u2514" if is_last else "\u251c"
        yield f"{prefix}{corner}\u2500> {destination}{note}", below + ("\u2502" if has_more else ""), labels
        if not again:
            yield from _branches(destination, hops, below, drawn)


def _lines(head: str, below: str, labels: Sequence[str], width: int) -> Iterator[str]:
    if not labels:
        yield escape_control(head)
    for number, label in enumerate(labels):
        start = head if number == 0 else below
        yield escape_control(start + " " * (width - display_width(start) + 3) + label)
