"""Reading TOML tables into structs, key by key. A mistake in one key does not hide those in the others."""

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from promoter.rules_file.diagnostics import Collector, Path, error
from promoter.rules_file.spelling import suggest
from promoter.rules_file.type_errors import type_errors

Table = dict[str, Any]

_Entry = TypeVar("_Entry", bound=Struct)

_FILE = "the rules file"


class TablePlace(Struct, frozen=True):
    """The place of a table: its path, its title in messages, and the keys that it inherits from `[defaults]`."""

    path: Path
    title: str
    inherited: frozenset[str] = frozenset()

    def path_of(self, key: str) -> Path:
        """The path of a key: in this table, or in `[defaults]` if the key is inherited."""
        return ("defaults", key) if key in self.inherited else (*self.path, key)

    def owner_of(self, key: str) -> str:
        """The title of the table that has the key."""
        return "[defaults]" if key in self.inherited else self.title


def read_array_of_tables(tree: Table, key: str, out: Collector) -> list[Table | None]:
    """The tables of `[[promotion]]`, `[[hold]]` and so on. None stands for an element that is not a table."""
    tables = tree.get(key, [])
    if not isinstance(tables, list):
        out.add(*type_errors(tables, list[Any], (key,), ""))
        return []
    for index, table in enumerate(tables):
        if not isinstance(table, dict):
            out.add(error((key, index), f"{key} must be an array of tables", f"begin each with [[{key}]]"))
    return [table if isinstance(table, dict) else None for table in tables]


def read_teams_table(tree: Table, out: Collector) -> dict[str, Table | None]:
    """The tables in `[teams]` by name. None stands for a team that is not a table."""
    teams = tree.get("teams", {})
    if not isinstance(teams, dict):
        out.add(*type_errors(teams, dict[str, Any], ("teams",), ""))
        return {}
    for name, table in teams.items():
        if not isinstance(table, dict):
            hint = f"write {name} = {{ packages = [...] }}"
            out.add(error(("teams", name), f'team "{name}" must be a table', hint))
    return {name: table if isinstance(table, dict) else None for name, table in teams.items()}


def read_fields(
    table: Table | None,
    type_: type[Struct],
    place: TablePlace,
    out: Collector,
    *,
    given: Collection[str] = (),
    complete: bool = True,
) -> dict[str, Any]:
    """Read the keys of one table. Returns the values that are valid, by the names of the struct's fields.

    A required key may be missing if its field is in `given`, or if the table need not be `complete`. Of a table that
    is None, no key is missing: that it is not a table has been reported.
    """
    if table is None:
        return {}
    fields = _fields(type_)
    if table.keys() <= fields.keys():
        with suppress(msgspec.ValidationError):  # the usual case, and fast: there is no mistake
            entry = msgspec.convert(table, type_)
            return {fields[key].name: getattr(entry, fields[key].name) for key in table}
    _check_known(table, fields, place, out)
    if complete:
        required = [key for key, field in fields.items() if field.required and field.name not in given]
        _check_present(table, required, place, out)
    return _read_values(table, fields, place, out)


def read_entry(table: Table | None, type_: type[_Entry], place: TablePlace, out: Collector) -> _Entry | None:
    """Read a table into its struct; None if it has a mistake."""
    found = Collector()
    values = read_fields(table, type_, place, found)
    out.add(*found.all)
    return None if table is None or found.has_errors else type_(**values)


def _check_known(table: Table, fields: Collection[str], place: TablePlace, out: Collector) -> None:
    for key in table:
        if key not in fields:
            message = f'unknown key "{key}" in {place.title or _FILE}'
            out.add(error((*place.path, key), message, suggest(key, fields)))


def _check_present(table: Table, required: Collection[str], place: TablePlace, out: Collector) -> None:
    for key in required:
        if key not in table:
            out.add(error(place.path, f'{place.title or _FILE} has no "{key}"'))


def _read_values(
    table: Table, fields: dict[str, FieldInfo], place: TablePlace, out: Collector
) -> dict[str, Any]:
    values = {}
    for key, value in table.items():
        if key not in fields:
            continue
        field = fields[key]
        try:
            values[field.name] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            out.add(*type_errors(value, field.type, (*place.path, key), place.title))
    return values


@cache
def _fields(type_: type[Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(type_)}
