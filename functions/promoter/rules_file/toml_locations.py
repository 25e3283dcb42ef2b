"""Locations of the tables, keys and strings in a TOML text, which `tomllib` does not give.

The text has been parsed before, so this scanner checks nothing. It stops at what it cannot read; what it has found so
far can be used. Only a text with a mistake or a warning is scanned.
"""

import re
import tomllib
from contextlib import suppress
from functools import lru_cache

Path = tuple[str | int, ...]  # a place in the file by tables, positions and keys: ("promotion", 1, "exclude")

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DEEPEST = 100


class _UnreadableError(Exception):
    """The scanner cannot read the text."""


class TomlLocations:
    """The offsets of a TOML text's tables, keys and values by their paths, and its strings with their paths."""

    def __init__(self, source: str) -> None:
        """Scan the text."""
        self._source = source
        self._at = 0
        self._tables: dict[Path, int] = {}  # the position of the last table of each array
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        self.strings: list[tuple[Path, str]] = []
        with suppress(_UnreadableError):
            self._file()

    def find(self, path: Path, value: str = "") -> tuple[int, int]:
        """The line and column, from 1, of a string in a table or key; else of the key, else of its table; else 0, 0.

        A promotion inherits strings from teams and `[defaults]`: if `value` is not at the path, it is found there.
        """
        offset = self._offset_of_string(path, value) if value else None
        while offset is None and path:
            offset = self.keys.get(path, self.values.get(path))
            path = path[:-1]
        return (0, 0) if offset is None else self._line_and_column(offset)

    def _offset_of_string(self, path: Path, value: str) -> int | None:
        places = [place for place, text in self.strings if text == value]
        inside = [place for place in places if place[: len(path)] == path]
        inherited = [place for place in places if place[0] in ("teams", "defaults")]
        return next((self.values[place] for place in inside + inherited), None)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        before = self._source[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def _file(self) -> None:
        table: Path = ()
        self._take(_BLANK)
        while self._at < len(self._source):
            if self._source[self._at] == "[":
                table = self._header()
            else:
                self._pair(table, 0)
            self._take(_BLANK)

    def _header(self) -> Path:
        start = self._at
        double = self._source.startswith("[[", start)
        self._at += 2 if double else 1
        names = [name for name, _ in self._names()]
        self._skip("]]" if double else "]")
        path: Path = ()
        for name in names:
            path = self._within(path)
            path = (*path, name)
        if double:
            self._tables[path] = self._tables.get(path, -1) + 1
            path = self._within(path)
        self.keys.setdefault(path, start)
        return path

    def _within(self, path: Path) -> Path:
        """The path of the last table, if the path leads to an array of tables."""
        return (*path, self._tables[path]) if path in self._tables else path

    def _pair(self, path: Path, depth: int) -> None:
        for name, start in self._names():
            path = (*path, name)
            self.keys.setdefault(path, start)
        self._skip("=")
        self._value(path, depth)

    def _names(self) -> list[tuple[str, int]]:
        names = []
        while True:
            self._take(_BLANK)
            start, first = self._at, self._source[self._at : self._at + 1]
            text = self._take(_STRING) if first in ("'", '"') and first else self._take(_BARE)
            names.append((_unquoted(text) if first in ("'", '"') else text, start))
            if _DOT.match(self._source, self._at) is None:
                return names
            self._take(_DOT)

    def _value(self, path: Path, depth: int) -> None:
        if depth > _DEEPEST:
            raise _UnreadableError
        self._take(_BLANK)
        self.values[path] = self._at
        match self._source[self._at : self._at + 1]:
            case "[":
                self._array(path, depth + 1)
            case "{":
                self._inline_table(path, depth + 1)
            case '"' | "'":
                self.strings.append((path, _unquoted(self._take(_STRING))))
            case _:
                self._take(_SCALAR)

    def _array(self, path: Path, depth: int) -> None:
        self._at += 1
        position = 0
        while not self._ends("]"):
            self._value((*path, position), depth)
            position += 1

    def _inline_table(self, path: Path, depth: int) -> None:
        self._at += 1
        while not self._ends("}"):
            self._pair(path, depth)

    def _ends(self, bracket: str) -> bool:
        """Go to the next element. True if the bracket ends the list."""
        self._take(_BLANK)
        if self._source.startswith(",", self._at):
            self._at += 1
            self._take(_BLANK)
        if not self._source.startswith(bracket, self._at):
            return False
        self._at += 1
        return True

    def _skip(self, text: str) -> None:
        self._take(_BLANK)
        if not self._source.startswith(text, self._at):
            raise _UnreadableError
        self._at += len(text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        if match is None:
            raise _UnreadableError
        self._at = match.end()
        return match[0]


@lru_cache(maxsize=2)
def locate(source: str) -> TomlLocations:
    """Scan a text; the last two results are kept."""
    return TomlLocations(source)


def _unquoted(text: str) -> str:
    if "\\" not in text and text[:3] not in ('"""', "'''"):
        return text[1:-1]
    try:
        return str(tomllib.loads(f"text = {text}")["text"])
    except ValueError:
        raise _UnreadableError from None
