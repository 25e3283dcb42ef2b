"""Where each table, key and string of a TOML text stands.

`tomllib` tells no places. The text has been parsed by it before, so that here it is only measured; what is not
TOML ends the measuring, and what was found until then stands.
"""

import re
import tomllib
from contextlib import suppress
from functools import lru_cache

Path = tuple[str | int, ...]  # ("promotion", 1, "exclude"): where in the file, by table, position and key

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DEEPEST = 100


class _NoTomlError(Exception):
    """The text is not what it should be."""


class TomlLocations:
    """The offsets of a TOML text's tables, keys and values, each by its path, and of its strings."""

    def __init__(self, source: str) -> None:
        """Measure the text."""
        self._source = source
        self._at = 0
        self._tables: dict[Path, int] = {}  # how many each array of tables has by now
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        self.strings: list[tuple[Path, str]] = []
        with suppress(_NoTomlError):
            self._file()

    def find(self, path: Path, value: str = "") -> tuple[int, int]:
        """Line and column, from 1, of the value within the path, else of its key, else of its table; or zeros.

        A value that stands elsewhere, as in a team or in `[defaults]`, is found there.
        """
        inside = [at for at, text in self.strings if value and text == value and at[: len(path)] == path]
        elsewhere = [
            at for at, text in self.strings if value and text == value and at[0] in ("teams", "defaults")
        ]
        for at in (*inside[:1], *elsewhere[:1]):
            return self._line_and_column(self.values[at])
        while path:
            offset = self.keys.get(path, self.values.get(path))
            if offset is not None:
                return self._line_and_column(offset)
            if isinstance(path[-1], int):
                break
            path = path[:-1]
        return 0, 0

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
        """The last table, where the path is that of an array of tables."""
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
            raise _NoTomlError
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
        """Go to the next element; whether there is none."""
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
            raise _NoTomlError
        self._at += len(text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        if match is None:
            raise _NoTomlError
        self._at = match.end()
        return match[0]


@lru_cache(maxsize=2)
def locate(source: str) -> TomlLocations:
    """The places of a text; the last ones are kept."""
    return TomlLocations(source)


def _unquoted(text: str) -> str:
    if "\\" not in text and text[:3] not in ('"""', "'''"):
        return text[1:-1]
    try:
        return str(tomllib.loads(f"text = {text}")["text"])
    except ValueError:
        raise _NoTomlError from None
