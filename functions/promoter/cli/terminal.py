"""Lines and tables: rich on a terminal, plain aligned text elsewhere. Colours only add to the words.

Names of packages and messages of AWS are printed without characters that a terminal would obey.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from promoter.printable import escape_control

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLES = {"ok": "green", "no": "red", "+": "green", "?": "yellow", "x": "red", "!": "bold red"}


def show_line(text: str, *, err: bool = False) -> None:
    """Print a line, or several."""
    click.echo("\n".join(map(escape_control, text.split("\n"))), err=err)


def show_table(rows: Sequence[Sequence[str]], indent: int = 2) -> None:
    """Print rows of cells. The first cell is a mark, which is coloured; the last one may wrap."""
    if not rows:
        return
    escaped = [[escape_control(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _show_rich(escaped, indent)
        return
    for line in aligned(escaped, indent):
        click.echo(line)


def aligned(rows: Sequence[Sequence[str]], indent: int = 2) -> list[str]:
    """The rows as lines of text with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [(" " * indent + line).rstrip() for line in lines]


def _show_rich(rows: Sequence[Sequence[str]], indent: int) -> None:
    from rich.console import Console  # 50 ms, and not needed in a pipe
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for column in range(len(rows[0])):
        table.add_column(no_wrap=column < len(rows[0]) - 1, overflow="fold")
    for mark, *cells in rows:
        table.add_row(Text(" " * indent + mark, style=_STYLES.get(mark, "")), *map(Text, cells))
    Console(highlight=False).print(table)
