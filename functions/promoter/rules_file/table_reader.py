"""TOML tables -> structs, key by key, with every mistake kept."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from promoter.rules_file.diagnostics import Diagnostic, Path
from promoter.rules_file.type_errors import nearest, type_error


class Tables:
    """Reads what it can of a file's tables; `no_tables` are places where something else stands."""

    def __init__(self) -> None:
        """Begin without a mistake."""
        self.mistakes: list[Diagnostic] = []
        self.no_tables: set[Path] = set()

    def wrong(self, path: Path, text: str, mend: str = "", value: str = "") -> None:
        """Keep a mistake."""
        self.mistakes.append(Diagnostic(path, text, mend, value=value))

    def tables(self, tree: dict[str, Any], key: str) -> dict[Any, dict[str, Any]]:
        """The tables of `[teams]` by name, those of the arrays `promotion` and `hold` by position."""
        kind, several = (dict, "a table") if key == "teams" else (list, "an array of tables")
        found = tree.get(key, kind())
        if not isinstance(found, kind):
            self.value(found, dict[str, Any] if kind is dict else list[Any], (key,), "the rules file")
            return {}
        each = found.items() if isinstance(found, dict) else enumerate(found)
        wrong = [name for name, table in each if not isinstance(table, dict)]
        for name in wrong:
            text = f'team "{name}" has to be a table' if key == "teams" else f"{key} has to be {several}"
            mend = (
                f"write {name} = {{ packages = [...] }}" if key == "teams" else f"each begins with [[{key}]]"
            )
            self.wrong((key, name), text, mend)
            self.no_tables.add((key, name))
        each = found.items() if isinstance(found, dict) else enumerate(found)
        return {name: {} if name in wrong else table for name, table in each}

    def fields(
        self,
        table: dict[str, Any],
        type_: type[Struct],
        path: Path,
        title: str,
        *,
        given: Mapping[str, Any] | None = None,
        complete: bool = True,
    ) -> dict[str, Any]:
        """The keys of one table that could be read, by the names of the struct's fields.

        What `given` has need not be there; nothing has to be there unless the table is to be `complete`.
        """
        fields = _fields(type_)
        if table.keys() <= fields.keys():
            with suppress(msgspec.ValidationError):  # in one go, which is fast, where nothing is wrong
                entry = msgspec.convert(table, type_)
                return {fields[key].name: getattr(entry, fields[key].name) for key in table}
        for key in (key for key in table if key not in fields):
            self.wrong((*path, key), f'unknown key "{key}" in {title}', nearest(key, fields))
        for key, field in fields.items():
            if complete and field.required and key not in table and field.name not in (given or {}):
                self.wrong(path, f'{title} has no "{key}"')
        values = {
            field.name: self.value(table[key], field.type, (*path, key), title)
            for key, field in fields.items()
            if key in table
        }
        return {name: value for name, value in values.items() if value is not msgspec.UNSET}

    def value(self, value: Any, type_: Any, path: Path, title: str) -> Any:
        """A value as its type, or UNSET where it is not of it."""
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            self.mistakes.append(type_error(value, type_, path, title, str(error)))
            return msgspec.UNSET


@cache
def _fields(type_: type[Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(type_)}
