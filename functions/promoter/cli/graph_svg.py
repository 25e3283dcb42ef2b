"""The hops as a picture in SVG: repositories in columns from left to right, and an arrow for each hop."""

from collections.abc import Iterator
from html import escape

from msgspec import Struct

from promoter.cli.graph_labels import promotion_label
from promoter.cli.terminal import display_width
from promoter.printable import escape_control
from promoter.rules.rule_set import HopRules, RuleSet

_CHARACTER, _LINE, _MARGIN = 7, 16, 20  # pixels
_BOX_HEIGHT, _ROW_GAP, _MIN_GAP = 32, 28, 60
_STYLE = (
    "text{font:12px ui-monospace,monospace;fill:#24292f}"
    "rect{fill:#f6f8fa;stroke:#57606a}path{stroke:#57606a;fill:none}"
)


class _Box(Struct, frozen=True):
    """The box of a repository."""

    name: str
    x: int
    y: int
    width: int


def svg(rule_set: RuleSet) -> Iterator[str]:
    """The lines of a picture."""
    hops = rule_set.all_hops
    boxes = _place(rule_set)
    width = max(box.x + box.width for box in boxes.values()) + _MARGIN
    height = max(box.y for box in boxes.values()) + _BOX_HEIGHT + _most_labels(hops) * _LINE + _MARGIN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    yield f"<title>Promotions of domain {_text(rule_set.domain)}</title><style>{_STYLE}</style>"
    yield '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '<path d="M0,0L8,4L0,8"/></marker>'
    for hop_rules in hops:
        yield from _arrow(hop_rules, boxes[hop_rules.hop.source], boxes[hop_rules.hop.destination])
    for box in boxes.values():
        yield f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{_BOX_HEIGHT}" rx="6"/>'
        yield f'<text x="{box.x + 10}" y="{box.y + 20}">{_text(box.name)}</text>'
    yield "</svg>"


def _place(rule_set: RuleSet) -> dict[str, _Box]:
    """The boxes by repository. A box is right of every box that a hop comes from."""
    columns = _columns(rule_set)
    row_height = _BOX_HEIGHT + _ROW_GAP + _most_labels(rule_set.all_hops) * _LINE
    gap = max([_MIN_GAP, *(len(each) * _CHARACTER + 40 for each in _labels(rule_set.all_hops))])
    boxes: dict[str, _Box] = {}
    x = _MARGIN
    for column in range(max(columns.values()) + 1):
        names = [name for name, number in columns.items() if number == column]
        width = max(display_width(escape_control(name)) for name in names) * _CHARACTER + 20
        for row, name in enumerate(names):
            boxes[name] = _Box(name, x, _MARGIN + row * row_height, width)
        x += width + gap
    return boxes


def _columns(rule_set: RuleSet) -> dict[str, int]:
    """The column of each repository: the length of the longest way to it. Hops form no cycle."""
    columns = dict.fromkeys(rule_set.repositories, 0)
    for _ in columns:
        for each in rule_set.all_hops:
            source, destination = each.hop.source, each.hop.destination
            columns[destination] = max(columns[destination], columns[source] + 1)
    return columns


def _labels(hops: list[HopRules]) -> list[str]:
    return [escape_control(promotion_label(each)) for hop in hops for each in hop.promotions]


def _most_labels(hops: list[HopRules]) -> int:
    return max(len(each.promotions) for each in hops)


def _arrow(hop_rules: HopRules, source: _Box, destination: _Box) -> Iterator[str]:
    x1, y1 = source.x + source.width, source.y + _BOX_HEIGHT // 2
    x2, y2 = destination.x, destination.y + _BOX_HEIGHT // 2
    yield f'<path d="M{x1},{y1}C{x1 + 30},{y2} {x1 + 20},{y2} {x1 + 40},{y2}L{x2},{y2}" marker-end="url(#tip)"/>'
    for number, promotion in enumerate(hop_rules.promotions):
        label = _text(promotion_label(promotion))
        # beside the destination, so that the labels of a repository's hops do not meet
        yield f'<text x="{x2 - 10}" y="{y2 + (number + 1) * _LINE}" text-anchor="end">{label}</text>'


def _text(text: str) -> str:
    return escape(escape_control(text))
