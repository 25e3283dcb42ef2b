"""Plain text for mails, at most 72 columns wide. A longer word, such as an address, stays whole."""

import re
import textwrap
from collections.abc import Sequence

WIDTH = 72
_PROMPT = "  $ "
_PARTS = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")


def wrap(text: str) -> str:
    """Wrap each line. An indented line continues further to the right, a command after a backslash."""
    return "\n".join(wrapped for line in text.split("\n") for wrapped in _wrap_line(line))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells with aligned columns. In a row that is too wide, the cells after the second have their own line."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        line = ("  " + "  ".join(padded)).rstrip()
        shorter = "  " + "  ".join(row)
        if len(line) <= WIDTH or len(row) <= 2:
            lines.append(line)
        elif len(shorter) <= WIDTH:
            lines.append(shorter)
        else:
            lines += ["  " + "  ".join(row[:2]), "      " + "  ".join(row[2:])]
    return lines


def _wrap_line(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    if line.startswith(_PROMPT):
        return _wrap_command(line[len(_PROMPT) :])
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.lstrip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrap_command(command: str) -> list[str]:
    """Break a command before its options, so that it can be pasted into a shell."""
    lines, current = [], _PROMPT.rstrip(" ") + ""
    for part in _options(command):
        if len(f"{current} {part} \\") > WIDTH and current.strip() != "$":
            lines.append(f"{current} \\")
            current = "     "
        current = f"{current} {part}"
    return [*lines, current]


def _options(command: str) -> list[str]:
    """The parts of a command that stay together: an option with its value, a subcommand with its argument."""
    parts: list[str] = []
    for word in _PARTS.findall(command):
        if parts and not word.startswith("--") and parts[-1].startswith("--") and " " not in parts[-1]:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts
