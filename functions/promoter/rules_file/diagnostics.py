"""The mistakes of a rules file, each with its place, all reported at once."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from promoter.rules_file.toml_locations import Path as Path
from promoter.rules_file.toml_locations import Path, locate

_WIDEST, _LONGEST = 160, 800  # characters of a line that is quoted, and of a sentence
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Diagnostic(Struct, frozen=True):
    """One mistake: where, what, and how to mend it.

    `value` is the element of an array that is wrong; `line` and `column` count from 1, 0 is unknown.
    """

    path: Path
    text: str
    mend: str = ""
    warning: bool = False
    line: int = 0
    column: int = 0
    value: str = ""


class RulesError(Exception):
    """A rules file that cannot be used; `mistakes` has all that is wrong with it."""

    def __init__(self, mistakes: Sequence[Diagnostic], source: str, file: str) -> None:
        """Keep the mistakes with the text that they are in and the name of its file."""
        super().__init__(render(mistakes, source, file))
        self.mistakes = tuple(mistakes)


def syntax(error: ValueError, source: str) -> Diagnostic:
    """The mistake behind what the TOML parser says."""
    message = str(error)
    place = _TOML_PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place else (source.rstrip("\n").count("\n") + 1, 0)
    return Diagnostic((), f"not TOML: {_TOML_PLACE.sub('', message)}", line=line, column=column)


def render(mistakes: Iterable[Diagnostic], source: str, file: str) -> str:
    """The mistakes as a person reads them, in the order of the file, each with its line."""
    lines = source.split("\n")  # only this ends a line of TOML
    ordered = placed(mistakes, source)
    found = [_render(mistake, mistake.line, mistake.column, lines, file) for mistake in ordered]
    warnings = sum(mistake.warning for mistake in ordered)
    counts = [
        f"{count} {word}{'s' * (count != 1)}"
        for count, word in ((len(ordered) - warnings, "error"), (warnings, "warning"))
        if count
    ]
    return "\n".join([*found, ", ".join(counts)])


def placed(mistakes: Iterable[Diagnostic], source: str) -> list[Diagnostic]:
    """The mistakes with their lines and columns, in the order of the file, each once."""
    with_places = [(*_place(mistake, source), mistake) for mistake in dict.fromkeys(mistakes)]
    found = [replace(mistake, line=line, column=column) for line, column, mistake in with_places]
    return sorted(found, key=lambda mistake: (mistake.line, mistake.column))


def line_of(path: Path, source: str) -> int:
    """The line, from 1, where a table or a key of it stands in a TOML text; 0 if it cannot be told."""
    return locate(source).find(path)[0]


def _place(mistake: Diagnostic, source: str) -> tuple[int, int]:
    if mistake.line:
        return mistake.line, mistake.column
    return locate(source).find(mistake.path, mistake.value)


def _render(mistake: Diagnostic, line: int, column: int, lines: list[str], file: str) -> str:
    kind = "warning" if mistake.warning else "error"
    head, mend = _printable(f"{kind}: {mistake.text}"), _printable(mistake.mend)
    if not line:
        return head + (f"\n  {mend}" if mend else "") + f"\n  --> {file}"
    code = lines[line - 1].removesuffix("\r") if line <= len(lines) else ""
    margin = " " * (len(str(line)) + 4)
    mark = "^" * max(1, len(_word(code, column))) if column else ""
    before = re.sub(r"[^\t]", " ", code[: column - 1]) if column else ""
    if len(code) > _WIDEST:
        first = max(0, column - 1 - _WIDEST // 3)
        code, before = code[first : first + _WIDEST], before[first:]
        mark = mark[: _WIDEST // 2]
    hint = f"\n{margin}| {before}{mark} {mend}".rstrip() if mark or mend else ""
    return (
        f"{head}\n  --> {file}:{line}{f':{column}' if column else ''}\n   {line} | {_printable(code)}{hint}"
    )


def _word(code: str, column: int) -> str:
    found = re.match(r""""(?:\\.|[^"\\])*"|'[^']*'|\[\[.*?\]\]|[\w.-]+""", code[column - 1 :])
    return found[0] if found else ""


def _printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]}"
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], short)
