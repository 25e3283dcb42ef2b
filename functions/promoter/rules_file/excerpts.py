"""Excerpts: a line of a file with a caret under the mistake and a hint beside it."""

import re

from promoter.printable import escape_control

_WIDEST = 160  # characters of a line
_LONGEST = 800  # characters of a message
_WORD = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|\[\[.*?\]\]|[\w.-]+""")


def excerpt(code: str, line: int, column: int, hint: str) -> str:
    """Quote a line of a file. `line` and `column` count from 1; without a column (0) there is no caret."""
    margin = " " * (len(str(line)) + 4)
    indent = re.sub(r"[^\t]", " ", code[: column - 1]) if column else ""
    carets = "^" * max(1, len(_word(code, column))) if column else ""
    if len(code) > _WIDEST:
        first = max(0, column - 1 - _WIDEST // 3)
        code, indent, carets = code[first : first + _WIDEST], indent[first:], carets[: _WIDEST // 2]
    quoted = f"   {line} | {printable(code)}"
    below = f"{indent}{carets} {printable(hint)}".rstrip()
    return f"{quoted}\n{margin}| {below}" if below else quoted


def printable(text: str) -> str:
    """Shorten a text and put it on one line that is safe to print."""
    half = _LONGEST // 2
    return escape_control(text if len(text) <= _LONGEST else f"{text[:half]} ... {text[-half:]}")


def _word(code: str, column: int) -> str:
    """The string, header or bare word that begins at a column."""
    found = _WORD.match(code, column - 1)
    return found[0] if found else ""
