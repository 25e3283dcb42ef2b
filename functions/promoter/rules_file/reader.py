"""The rules file: TOML text -> rule set, or all its mistakes at once."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

from msgspec import Struct

from promoter.rules.rule_set import Promotion, RuleSet, hops_of
from promoter.rules_file import answer_validation, validation
from promoter.rules_file.diagnostics import Collector, Diagnostic, RulesError, error, syntax_error
from promoter.rules_file.file_format import RulesFile
from promoter.rules_file.holds import read_hold
from promoter.rules_file.pattern_lists import read_teams
from promoter.rules_file.promotions import read_defaults, read_promotion
from promoter.rules_file.table_reader import (
    Table,
    TablePlace,
    read_array_of_tables,
    read_fields,
    read_teams_table,
)
from promoter.rules_file.waivers import read_waiver
from promoter.rules_file.windows import read_window

_Read = TypeVar("_Read")
_Reader = Callable[[Table | None, int, Sequence[Promotion], Collector], _Read | None]
_TABLES = ("teams", "promotion", "hold", "waive", "window")


class Loaded(Struct, frozen=True):
    """A valid rules file: its rule set, and warnings for its author."""

    rule_set: RuleSet
    warnings: tuple[Diagnostic, ...] = ()


def load(source: str, file: str = "rules.toml") -> Loaded:
    """Read the text of a rules file. Raises RulesError with every mistake. `file` is its name in messages."""
    out = Collector()
    try:
        rule_set = _read(_parse(source, file), source, out)
    except RecursionError:
        deep = error((), "tables or arrays are nested too deeply")
        raise RulesError([deep], source, file) from None
    if out.has_errors:
        raise RulesError(out.all, source, file)
    return Loaded(rule_set, out.all)


def digest_of(source: str) -> str:
    """The first 8 hex digits of the SHA-256 of a rules file's text."""
    return sha256(source.encode()).hexdigest()[:8]


def _parse(source: str, file: str) -> Table:
    try:
        return tomllib.loads(source)
    except ValueError as cause:  # not only TOMLDecodeError: Python itself refuses a long integer
        raise RulesError([syntax_error(cause, source)], source, file) from None


def _read(tree: Table, source: str, out: Collector) -> RuleSet:
    team_tables = read_teams_table(tree, out)
    promotion_tables = read_array_of_tables(tree, "promotion", out)
    hold_tables, waive_tables, window_tables = (
        read_array_of_tables(tree, key, out) for key in ("hold", "waive", "window")
    )
    head = {key: value for key, value in tree.items() if key not in _TABLES}
    values = read_fields(head, RulesFile, TablePlace((), ""), out, given=tree)
    if tree.get("promotion") == []:
        out.add(error((), "no [[promotion]]: nothing would be promoted", "add a [[promotion]]"))
    teams = read_teams(team_tables, out)
    defaults = read_defaults(values.get("defaults", {}), out)
    promotions = tuple(
        read_promotion(table, index, defaults, teams, out) for index, table in enumerate(promotion_tables)
    )
    out.add(*validation.validate(promotions))
    out.add(*answer_validation.validate(promotions, values.get("evidence"), "evidence" in tree))
    return RuleSet(
        domain=values.get("domain", ""),
        digest=digest_of(source),
        promotions=promotions,
        hops=hops_of(promotions),
        holds=_read_tables(hold_tables, read_hold, promotions, out),
        waivers=_read_tables(waive_tables, read_waiver, promotions, out),
        windows=_read_tables(window_tables, read_window, promotions, out),
        evidence=values.get("evidence") or "",
    )


def _read_tables(
    tables: Iterable[Table | None], read: _Reader[_Read], promotions: Sequence[Promotion], out: Collector
) -> tuple[_Read, ...]:
    """Read tables that are about promotions, and leave out those that have a mistake."""
    found = (read(table, index, promotions, out) for index, table in enumerate(tables))
    return tuple(each for each in found if each is not None)
