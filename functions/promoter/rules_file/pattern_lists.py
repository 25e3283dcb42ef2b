"""Lists of patterns (`packages`, `exclude`), in which the name of a team stands for the team's patterns."""

from collections.abc import Iterable, Mapping

from promoter.packages.patterns import Pattern, PatternError, parse
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import TeamEntry
from promoter.rules_file.spelling import closest, did_you_mean
from promoter.rules_file.table_reader import Table, TablePlace, read_fields

Teams = Mapping[str, tuple[Pattern, ...]]


def read_teams(tables: Mapping[str, Table | None], out: Collector) -> Teams:
    """Read the patterns of each team."""
    return {name: _read_team(name, table, out) for name, table in tables.items()}


def read_patterns(
    texts: Iterable[str], teams: Teams, place: TablePlace, key: str, out: Collector
) -> tuple[Pattern, ...]:
    """Read a list of patterns and teams, and leave out what is wrong."""
    found: list[Pattern] = []
    for text in texts:
        if _names_team(text):
            found += _patterns_of_team(text, teams, place, key, out)
        else:
            found += _read_pattern(text, place, key, out)
    return tuple(found)


def _read_team(name: str, table: Table | None, out: Collector) -> tuple[Pattern, ...]:
    place = TablePlace(("teams", name), f'team "{name}"')
    if name in ("*", "") or not _names_team(name):
        hint = 'use a name without ":" and "/", other than "*"'
        out.add(error(place.path, f'"{name}" cannot be the name of a team', hint))
    texts = read_fields(table, TeamEntry, place, out).get("packages", ())
    return tuple(pattern for text in texts for pattern in _read_pattern(text, place, "packages", out))


def _patterns_of_team(
    name: str, teams: Teams, place: TablePlace, key: str, out: Collector
) -> Iterable[Pattern]:
    if name in teams:
        return teams[name]
    if name == "*" and teams:
        return [pattern for patterns in teams.values() for pattern in patterns]
    message, hint = f'there is no team "{name}"', _team_hint(name, teams)
    if name == "*":
        message, hint = '"*" selects all teams, but there are none', "add [teams], or write a pattern"
    out.add(error(place.path_of(key), f"{key} of {place.owner_of(key)}: {message}", hint, name))
    return ()


def _team_hint(name: str, teams: Teams) -> str:
    if close := closest(name, teams):
        return did_you_mean(close)
    hint = 'a pattern begins with "pkg:" or "/"'
    return f"{hint}; known teams: {', '.join(sorted(teams))}" if teams else hint


def _read_pattern(text: str, place: TablePlace, key: str, out: Collector) -> list[Pattern]:
    try:
        return [parse(text)]
    except PatternError as wrong:
        message = f"{key} of {place.owner_of(key)}: {wrong.problem}"
        out.add(error(place.path_of(key), message, wrong.hint, text))
        return []


def _names_team(text: str) -> bool:
    return ":" not in text and "/" not in text
