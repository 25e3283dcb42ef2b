"""Lines and tables: wrapped and coloured on a terminal, plain text elsewhere.

Names of packages and messages of AWS are printed without characters that a terminal would obey.
"""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING

import click

from promoter.cli import colours
from promoter.printable import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MIN_LAST = 24  # a narrower last column goes on lines of its own
_WHOLE = re.compile(r"^\s*(?:\$ |\d+ \||\||-->)")  # commands to paste, and excerpts of a file
_WIDTHS = {"W": 2, "F": 2}  # columns of East Asian characters (Unicode annex 11)
_WORD_BREAK = re.compile(r"(?<=[^ ]) +")


def show_line(text: str, *, err: bool = False) -> None:
    """Print a line, or several."""
    stream = sys.stderr if err else sys.stdout
    lines = [escape_control(each) for each in text.split("\n")]
    if stream.isatty():
        lines = [part for each in lines for part in wrap(each, _columns())]
    _print(lines, [colours.line(each) for each in lines], err=err)


def show_error(text: str) -> None:
    """Print an error on stderr, after `error:` unless it has its own label."""
    show_line(text if text.startswith(("error", "warning")) else f"error: {text}", err=True)


def show_table(rows: Sequence[Sequence[str]], indent: int = 2) -> None:
    """Print rows of cells. The first cell is a mark, which is coloured; the last one may wrap."""
    if not rows:
        return
    escaped = [[escape_control(cell) for cell in row] for row in rows]
    columns = _columns() if sys.stdout.isatty() else None
    for row, line in zip(escaped, aligned(escaped, indent, columns), strict=True):
        start = indent + len(row[0])
        coloured = line[:indent] + colours.mark(line[indent:start], row[0]) + line[start:]
        _print([line], [coloured])


def aligned(rows: Sequence[Sequence[str]], indent: int = 2, columns: int | None = None) -> list[str]:
    """The rows as text with aligned columns. The last cell is wrapped at `columns`, if given."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    start = indent + sum(width + 2 for width in widths[:-1])
    return [_row(row, widths, indent, start, columns) for row in rows]


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def wrap(text: str, columns: int, hanging: int | None = None) -> list[str]:
    """Break a text between words, so that its lines have at most `columns`; a longer word stays whole.

    The other lines are indented by `hanging`, or by two more than the first.
    """
    if display_width(text) <= columns or _WHOLE.match(text):
        return [text]
    indent = len(text) - len(text.lstrip(" "))
    following = " " * (indent + 2 if hanging is None else hanging)
    lines, current = [], ""
    for word, gap in _words(text):
        if current.strip() and display_width(current + word) > columns:
            lines.append(current.rstrip())
            current = following
        current += word + gap
    return [*lines, current.rstrip()]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words and the blanks after each. The first word keeps the blanks before it."""
    end = 0
    for found in _WORD_BREAK.finditer(text):
        yield text[end : found.start()], found[0]
        end = found.end()
    yield text[end:], ""


def _row(row: Sequence[str], widths: Sequence[int], indent: int, start: int, columns: int | None) -> str:
    *cells, last = row
    padded = "".join(_pad(cell, width) + "  " for cell, width in zip(cells, widths, strict=False))
    line = " " * indent + padded
    if columns is None or start + display_width(last) <= columns:
        return (line + last).rstrip()
    if columns - start >= _MIN_LAST:
        return "\n".join(wrap(line + last, columns, start))
    below = " " * (indent + 4)
    return "\n".join([line.rstrip(), *wrap(below + last, columns, indent + 4)])


def _pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDTHS.get(unicodedata.east_asian_width(character), 1)


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _print(lines: Sequence[str], coloured: Sequence[str], *, err: bool = False) -> None:
    colour = colours.use_colour(sys.stderr if err else sys.stdout)
    click.echo("\n".join(coloured if colour else lines), err=err, color=colour)
