"""Colours for a terminal. They only add to what the words say.

`NO_COLOR` turns them off and `FORCE_COLOR` turns them on (no-color.org, force-color.org).
"""

import os
import re
from typing import TextIO

import click

_MARKS = {
    **dict.fromkeys(("ok", "+"), "green"),
    "?": "yellow",
    **dict.fromkeys(("no", "x", "!"), "red"),
}
_LABELS = {
    "error": "red",
    "fault": "red",
    "warning": "yellow",
    "unknown": "yellow",
    "hint": "cyan",
    "Next": "cyan",
}
_LABEL = re.compile(rf"^(\s*)({'|'.join(_LABELS)}):")
_COMMAND = re.compile(r"`[^`\n]+`|(?<=^  \$ ).+|(?<=^    \$ ).+")
_WORDS = {
    "green": r"PROMOTED?|ON ITS WAY|RUNNING|PASSED",
    "yellow": r"WAITS?|WAITS UNTIL|WAITS FOR(?: A PERSON)?|HOLD|ONLY OBSERVED|PAUSED|FILES ADDED|NOT SELECTED|WARNED",
    "red": r"REJECT(?:ED)?|FAILED|FILES DIFFER",
}
_VERDICTS = {colour: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") for colour, words in _WORDS.items()}
_CARETS = re.compile(r"\^+")
_EXCERPT = re.compile(r"^\s*(?:\d+ \||\||-->)")


def use_colour(stream: TextIO) -> bool:
    """True if text for this stream gets colours."""
    environ = os.environ
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def mark(text: str, cell: str) -> str:
    """Colour the first cell of a row by what it says; `text` is the cell with its padding."""
    colour = _MARKS.get(cell)
    return click.style(text, fg=colour, bold=cell == "!") if colour else text


def line(text: str) -> str:
    """Colour the label, the verdicts and the commands of a line."""
    if _EXCERPT.match(text):
        return _styled(text, _CARETS, "red", bold=True)
    for colour, words in _VERDICTS.items():
        text = _styled(text, words, colour, bold=True)
    text = _styled(text, _COMMAND, "cyan")
    label = _LABEL.match(text)
    if label is None:
        return text
    return f"{label[1]}{click.style(label[2], fg=_LABELS[label[2]], bold=True)}{text[label.end(2) :]}"


def _styled(text: str, pattern: re.Pattern[str], colour: str, *, bold: bool = False) -> str:
    return pattern.sub(lambda found: click.style(found[0], fg=colour, bold=bold or None), text)
