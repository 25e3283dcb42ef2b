"""Diagnostics: the errors and warnings of a rules file, each with its place. All are reported at once."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from promoter.rules_file.excerpts import excerpt, printable
from promoter.rules_file.toml_locations import Path as Path
from promoter.rules_file.toml_locations import locate

Severity = Literal["error", "warning"]

_SHOWN = 3  # diagnostics of one kind; the others are counted
_QUOTED = re.compile(r'"[^"]*"')
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Diagnostic(Struct, frozen=True):
    """An error or a warning. `message` says what is wrong, `hint` what to write instead ("" if not known).

    `path` is the place in the file. `value` is the string at that place, if the path does not lead to it.
    `line` and `column` count from 1 and are 0 if unknown.
    """

    severity: Severity
    message: str
    hint: str = ""
    path: Path = ()
    value: str = ""
    line: int = 0
    column: int = 0


def error(path: Path, message: str, hint: str = "", value: str = "") -> Diagnostic:
    """An error: the file cannot be used."""
    return Diagnostic("error", message, hint, path, value)


def warning(path: Path, message: str, hint: str = "", value: str = "") -> Diagnostic:
    """A warning: the file can be used, but its author probably meant something else."""
    return Diagnostic("warning", message, hint, path, value)


class Collector:
    """Collects the diagnostics of one file."""

    def __init__(self) -> None:
        """Begin without a diagnostic."""
        self._found: dict[Diagnostic, None] = {}

    def add(self, *diagnostics: Diagnostic) -> None:
        """Keep diagnostics. An equal one is kept once, however many promotions inherit the mistake."""
        self._found.update(dict.fromkeys(diagnostics))

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic, in the order in which it was found."""
        return tuple(self._found)

    @property
    def has_errors(self) -> bool:
        """True if one of the diagnostics is an error."""
        return any(each.severity == "error" for each in self._found)


class RulesError(Exception):
    """A rules file that cannot be used. `diagnostics` has all its errors and warnings."""

    def __init__(self, diagnostics: Sequence[Diagnostic], source: str, file: str) -> None:
        """Keep the diagnostics. `source` is the text of the file, `file` its name."""
        super().__init__(render(diagnostics, source, file))
        self.diagnostics = tuple(diagnostics)


def syntax_error(cause: ValueError, source: str) -> Diagnostic:
    """Translate an error of the TOML parser."""
    message = str(cause)
    place = _TOML_PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place else (source.rstrip("\n").count("\n") + 1, 0)
    return Diagnostic("error", f"not TOML: {_TOML_PLACE.sub('', message)}", line=line, column=column)


def placed(diagnostics: Iterable[Diagnostic], source: str) -> list[Diagnostic]:
    """Add line and column to each diagnostic, and sort them in the order of the file."""
    found = [_placed(each, source) for each in dict.fromkeys(diagnostics)]
    return sorted(found, key=lambda each: (each.line, each.column))


def line_of(path: Path, source: str) -> int:
    """The line, from 1, of a table or a key in a TOML text; 0 if unknown."""
    return locate(source).find(path)[0]


def render(diagnostics: Iterable[Diagnostic], source: str, file: str) -> str:
    """Format diagnostics for people: in the order of the file, each with its line, then their number."""
    lines = source.split("\n")  # TOML has no other line separator
    ordered = placed(diagnostics, source)
    found = [_render(each, lines, file) + _more(count) for each, count in _folded(ordered)]
    return "\n".join([*found, _count(ordered)])


def _folded(ordered: Iterable[Diagnostic]) -> list[tuple[Diagnostic, int]]:
    """The first three diagnostics of each kind, and how many of its kind follow the last of them."""
    kinds: dict[tuple[str, str], list[Diagnostic]] = {}
    for each in ordered:
        kinds.setdefault((each.severity, _kind(each)), []).append(each)
    shown = [
        (each, len(members) - _SHOWN if position == _SHOWN - 1 else 0)
        for members in kinds.values()
        for position, each in enumerate(members[:_SHOWN])
    ]
    return sorted(shown, key=lambda each: (each[0].line, each[0].column))


def _kind(diagnostic: Diagnostic) -> str:
    """The message without the names and values in it."""
    return _QUOTED.sub('"..."', diagnostic.message)


def _more(count: int) -> str:
    return f"\n  and {count} more like this" if count > 0 else ""


def _placed(diagnostic: Diagnostic, source: str) -> Diagnostic:
    if diagnostic.line:
        return diagnostic
    line, column = locate(source).find(diagnostic.path, diagnostic.value)
    return replace(diagnostic, line=line, column=column)


def _count(diagnostics: Sequence[Diagnostic]) -> str:
    errors = sum(each.severity == "error" for each in diagnostics)
    counts = ((errors, "error"), (len(diagnostics) - errors, "warning"))
    return ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts if count)


def _render(diagnostic: Diagnostic, lines: Sequence[str], file: str) -> str:
    line, column = diagnostic.line, diagnostic.column
    head = printable(f"{diagnostic.severity}: {diagnostic.message}")
    if not line:
        hint = f"\n  {printable(diagnostic.hint)}" if diagnostic.hint else ""
        return f"{head}{hint}\n  --> {file}"
    code = lines[line - 1].removesuffix("\r") if line <= len(lines) else ""
    place = f"{file}:{line}:{column}" if column else f"{file}:{line}"
    return f"{head}\n  --> {place}\n{excerpt(code, line, column, diagnostic.hint)}"
