"""`promoter graph`: draw the hops."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from promoter.cli.options import example, read_rules, rules_option
from promoter.cli.terminal import show_line

if TYPE_CHECKING:
    from pathlib import Path

_DRAWINGS = {"text": "tree", "mermaid": "mermaid", "dot": "dot", "svg": "svg"}


@example(
    "promoter graph",
    "promoter graph --format mermaid > hops.mmd",
    "promoter graph --format svg --rules other-rules.toml > hops.svg",
)
@click.command("graph")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_DRAWINGS)),
    default="text",
    show_default=True,
    help="text draws a tree; mermaid is for Markdown, dot for Graphviz, svg for a browser.",
)
@rules_option
def command(format_: str, rules_file: Path) -> None:
    """Draw the repositories and the hops between them, each with its promotions and their requirements.

    GitHub and GitLab render Mermaid in a fenced code block with the language `mermaid`.
    """
    _, rule_set = read_rules(rules_file)
    draw = getattr(importlib.import_module(f"promoter.cli.graph_{format_}"), _DRAWINGS[format_])
    lines = draw(rule_set)
    if format_ == "text":
        for line in lines:
            show_line(line)
    else:
        click.echo("\n".join(lines))
