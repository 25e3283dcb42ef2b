"""The mistakes of a rules file, each with its place, all reported at once."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

Path = tuple[str | int, ...]  # ("promotion", 1, "exclude"): where in the file, by table, position and key

_TABLE = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?P<quote>["']?)(?P<key>[^"'=\s.]+)(?P=quote)[^=]*=\s*""")
_NOT_CODE = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|\#.*""")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


class Mistake(Struct, frozen=True):
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

    def __init__(self, mistakes: Sequence[Mistake], source: str, file: str) -> None:
        """Keep the mistakes with the text that they are in and the name of its file."""
        super().__init__(render(mistakes, source, file))
        self.mistakes = tuple(mistakes)


def syntax(error: ValueError, source: str) -> Mistake:
    """The mistake behind what the TOML parser says."""
    message = str(error)
    place = _TOML_PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place else (max(1, len(source.splitlines())), 0)
    return Mistake((), f"not TOML: {_TOML_PLACE.sub('', message)}", line=line, column=column)


def render(mistakes: Iterable[Mistake], source: str, file: str) -> str:
    """The mistakes as a person reads them, in the order of the file, each with its line."""
    lines = source.splitlines()
    ordered = placed(mistakes, source)
    found = [_render(mistake, mistake.line, mistake.column, lines, file) for mistake in ordered]
    warnings = sum(mistake.warning for mistake in ordered)
    counts = [
        f"{count} {word}{'s' * (count != 1)}"
        for count, word in ((len(ordered) - warnings, "error"), (warnings, "warning"))
        if count
    ]
    return "\n".join([*found, ", ".join(counts)])


def placed(mistakes: Iterable[Mistake], source: str) -> list[Mistake]:
    """The mistakes with their lines and columns, in the order of the file."""
    lines = source.splitlines()
    places = [(*_place(mistake, lines), mistake) for mistake in mistakes]
    found = [replace(mistake, line=line, column=column) for line, column, mistake in places]
    return sorted(found, key=lambda mistake: (mistake.line, mistake.column))


def line_of(path: Path, source: str) -> int:
    """The line, from 1, where a table or a key of it stands in a TOML text; 0 if it cannot be told."""
    return _locate(path, source.splitlines())[0]


def _place(mistake: Mistake, lines: list[str]) -> tuple[int, int]:
    if mistake.line:
        return mistake.line, mistake.column
    line, column = _locate(mistake.path, lines)
    for number in range(line, len(lines) + 1) if line and mistake.value else ():
        found = lines[number - 1].find(f'"{mistake.value}"')
        if found >= 0:
            return number, found + 1
    return line, column


def _render(mistake: Mistake, line: int, column: int, lines: list[str], file: str) -> str:
    kind = "warning" if mistake.warning else "error"
    head = f"{kind}: {mistake.text}"
    if not line:
        return head + (f"\n  {mistake.mend}" if mistake.mend else "") + f"\n  --> {file}"
    code = lines[line - 1] if line <= len(lines) else ""
    margin = " " * (len(str(line)) + 4)
    mark = "^" * max(1, len(_word(code, column))) if column else ""
    hint = f"\n{margin}| {' ' * (column - 1)}{mark} {mistake.mend}".rstrip() if mark or mistake.mend else ""
    return f"{head}\n  --> {file}:{line}{f':{column}' if column else ''}\n   {line} | {code}{hint}"


def _word(code: str, column: int) -> str:
    found = re.match(r'"[^"]*"|\[\[.*?\]\]|[\w.-]+', code[column - 1 :])
    return found[0] if found else ""


def _locate(path: Path, lines: list[str]) -> tuple[int, int]:
    """Line and column, from 1, of the key or of the table it should stand in; zeros if neither is found."""
    table, key = _split(path)
    best = (0, 0)
    for number, (here, line) in enumerate(_walk(lines), 1):
        header = _TABLE.match(line)
        if header is not None and here in (table, path):  # or its key is a table, where it should not be
            best = (number, header.start("open") + 1)
        found = _KEY.match(line) if header is None else None
        if found is not None and here == table and found["key"] == key:
            return number, found.start("key") + 1
        if found is not None and not best[0] and here == table[:-1] and table[-1:] == (found["key"],):
            best = (number, found.start("key") + 1)  # a table written inline
        if found is not None and not best[0] and here == () and table[:1] == (found["key"],):
            best = (number, found.start("key") + 1)  # a table written inline
    return best


def _split(path: Path) -> tuple[Path, str | int | None]:
    if len(path) >= 2 and isinstance(path[1], int):
        return path[:2], path[2] if len(path) > 2 else None
    return path[:-1], path[-1] if path else None


def _walk(lines: list[str]) -> Iterable[tuple[Path, str]]:
    """Each line with the table it stands in; what continues an array or a string is given as blank."""
    table: Path = ()
    seen: dict[str, int] = {}
    depth, text = 0, ""
    for line in lines:
        if text or depth:
            text, depth = _continue(line, text, depth)
            yield table, ""
            continue
        header = _TABLE.match(line)
        if header is not None:
            table = _enter(header, seen)
        else:
            text, depth = _continue(line, text, depth)
        yield table, line


def _enter(header: re.Match[str], seen: dict[str, int]) -> Path:
    name = header["name"].strip("\"'")
    if header["open"] == "[[":
        seen[name] = seen.get(name, -1) + 1
        return (name, seen[name])
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _continue(line: str, text: str, depth: int) -> tuple[str, int]:
    """The multi-line quote and the depth of brackets that are open after this line."""
    for quote in ('"""', "'''"):
        if text in ("", quote) and line.count(quote) % 2:
            return ("" if text else quote), depth
    if text:
        return text, depth
    code = _NOT_CODE.sub("", line)
    return "", max(0, depth + code.count("[") + code.count("{") - code.count("]") - code.count("}"))
