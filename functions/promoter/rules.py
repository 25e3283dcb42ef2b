"""The rules file: TOML text -> rule set, or all its mistakes at once."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from promoter import checks
from promoter.conditions import Approved, Asked, Condition, Hold, InRange, NoPrerelease, NotExcluded, Soaked
from promoter.entries import HoldEntry, PromotionEntry, Requirements, RulesFile, TeamEntry
from promoter.mistakes import Mistake, Path, RulesError, syntax
from promoter.package import FORMATS
from promoter.patterns import Pattern, PatternError, parse, parse_versioned
from promoter.ranges import Range, RangeError
from promoter.ranges import parse as parse_range
from promoter.rule_set import Hop, Promotion, RuleSet

_T = TypeVar("_T")
_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60}
_EXPECTED = {
    "soak": 'write a number and a unit: "24h", "7d", "30m"',
    "until": "write a date and a time with its zone: 2027-01-31T08:00:00Z",
}


def load(source: str, file: str = "rules.toml", *, checked: bool = False) -> RuleSet:
    """Read a rules file's text; raises RulesError with every mistake. `file` is its name in messages.

    The ranges of a text that is known to be `checked` are compiled when a version has to be compared.
    """
    reader = _Reader(Range if checked else parse_range)
    try:
        rule_set = reader.rule_set(_parse(source, file), source)
    except RecursionError:
        mistake = Mistake((), "its tables or arrays are nested too deeply")
        raise RulesError([mistake], source, file) from None
    if any(not mistake.warning for mistake in reader.mistakes):
        raise RulesError(reader.mistakes, source, file)
    return rule_set


def _parse(source: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except ValueError as error:  # not only TOMLDecodeError: a long integer is refused by Python itself
        raise RulesError([syntax(error, source)], source, file) from None


class _Reader:
    """Reads what it can and keeps every mistake it meets."""

    def __init__(self, range_of: Callable[[str, str], Range]) -> None:
        self.mistakes: list[Mistake] = []
        self._range_of = range_of
        self._teams: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[str, Pattern] = {}

    def wrong(self, path: Path, text: str, mend: str = "", value: str = "") -> None:
        self.mistakes.append(Mistake(path, text, mend, value=value))

    def rule_set(self, tree: dict[str, Any], source: str) -> RuleSet:
        blank: dict[str, Any] = {"domain": "", "promotion": ()}
        file = RulesFile(**blank | self.fields(tree, RulesFile, (), "the rules file"))
        if tree.get("promotion") == []:
            self.wrong((), "no [[promotion]]: nothing would ever be promoted")
        self.teams(file.teams)
        defaults = self.defaults(file.defaults)
        read = [self.promotion(table, index, defaults) for index, table in enumerate(file.promotion)]
        self.mistakes.extend(checks.all_of(read))
        holds = [self.hold(table, index, read) for index, table in enumerate(file.hold)]
        return RuleSet(
            domain=file.domain,
            digest=hashlib.sha256(source.encode()).hexdigest()[:8],
            promotions=tuple(read),
            hops=_by_hop(read),
            holds=tuple(hold for hold in holds if hold is not None),
            warnings=tuple(mistake for mistake in self.mistakes if mistake.warning),
        )

    def teams(self, tables: Mapping[str, Any]) -> None:
        for name, table in tables.items():
            path: Path = ("teams", name)
            title = f'team "{name}"'
            if ":" in name or "/" in name or name == "*":
                self.wrong(path, f'{title}: a name with ":" or "/", or "*", would mean a pattern')
            values = self.fields(table, TeamEntry, path, title)
            self._teams[name] = values.get("packages", ())
            self.patterns(self._teams[name], path, title, key="packages", teams=False)

    def defaults(self, table: dict[str, Any]) -> dict[str, Any]:
        """What `[defaults]` says, read once, so that its mistakes are told once."""
        values = self.fields(table, Requirements, ("defaults",), "[defaults]", complete=False)
        if isinstance(values.get("versions"), str):
            self.wrong(
                ("defaults", "versions"),
                "versions of [defaults] is for promotions of several formats",
                "write a table by format: versions = { npm = ... }",
            )
        return values

    def promotion(self, table: dict[str, Any], index: int, defaults: dict[str, Any]) -> Promotion:
        """The promotion, with blanks for what could not be read, so that the whole file is checked."""
        path: Path = ("promotion", index)
        title = f'promotion "{table.get("name", index + 1)}"'
        blank: dict[str, Any] = {"name": f"#{index + 1}", "from_": "", "to": "", "packages": ()}
        own = self.fields(table, PromotionEntry, path, title, given=defaults)
        entry = PromotionEntry(**blank | defaults | own)
        packages = self.patterns(entry.packages, path, title, key="packages")
        return Promotion(
            name=entry.name,
            source=entry.from_,
            destination=entry.to,
            packages=packages,
            conditions=self.conditions(entry, packages, path, title),
            origin=entry.origin,
            mode=entry.mode,
            on_conflict=entry.on_conflict,
            include_from_upstream=entry.include_from_upstream,
            notify=frozenset(entry.notify),
        )

    def conditions(
        self, entry: PromotionEntry, packages: tuple[Pattern, ...], path: Path, title: str
    ) -> tuple[Condition, ...]:
        exclude = self.patterns(entry.exclude, path, title, key="exclude")
        ranges = self.ranges(entry, packages, path, title)
        found: list[Condition | None] = [
            NotExcluded(exclude) if exclude else None,
            InRange(ranges) if ranges else None,
            None if entry.prereleases else NoPrerelease(),
            Soaked(_seconds(entry.soak)) if entry.soak else None,
            Approved() if entry.approval else None,
            Asked() if entry.mode == "manual" else None,
        ]
        return tuple(condition for condition in found if condition is not None)

    def ranges(
        self, entry: PromotionEntry, packages: tuple[Pattern, ...], path: Path, title: str
    ) -> dict[str, Range]:
        place: Path = (*path, "versions")
        if entry.versions is None:
            return {}
        if isinstance(entry.versions, str):
            return self.range_of_all(entry.versions, _formats(packages), place, title)
        ranges: dict[str, Range] = {}
        for format_, text in entry.versions.items():
            try:
                ranges[format_] = self._range_of(format_, text)
            except RangeError as error:
                self.wrong(place, f"versions of {title}, {format_}: {error}", value=text)
        return ranges

    def range_of_all(self, text: str, formats: list[str], place: Path, title: str) -> dict[str, Range]:
        """One range for every format that is selected; it has to be one in each of their languages."""
        ranges: dict[str, Range] = {}
        refused: dict[str, str] = {}
        for format_ in formats:
            try:
                ranges[format_] = self._range_of(format_, text)
            except RangeError as error:
                refused[format_] = str(error)
        if refused:
            others = f", and {title} also selects {', '.join(ranges)}" if ranges else ""
            mend = (
                "write a table by format: versions = { "
                + ", ".join(f'{each} = "..."' for each in formats)
                + " }"
            )
            text = f"versions of {title}, {', '.join(refused)}: {next(iter(refused.values()))}{others}"
            self.wrong(place, text, mend if len(formats) > 1 else "")
        return ranges

    def hold(self, table: dict[str, Any], index: int, promotions: list[Promotion]) -> Hold | None:
        path: Path = ("hold", index)
        title = f"hold {index + 1}"
        before = len(self.mistakes)
        values = self.fields(table, HoldEntry, path, title)
        if len(self.mistakes) > before:
            return None
        entry = HoldEntry(**values)
        for key, repository, known in (
            ("from", entry.from_, {promotion.source for promotion in promotions}),
            ("to", entry.to, {promotion.destination for promotion in promotions}),
        ):
            known.discard("")  # one that could not be read
            if repository is not None and repository not in known:
                text = f'{key} "{repository}" of {title}: no promotion goes {key} it'
                self.wrong((*path, key), text, _nearest(repository, known))
        pattern = self.attempt(parse_versioned, entry.package, (*path, "package"), title)
        if pattern is None:
            return None
        until = entry.until.timestamp() if entry.until else None
        return Hold(pattern, entry.reason, entry.from_, entry.to, until)

    def patterns(
        self, texts: Iterable[str], path: Path, title: str, *, key: str, teams: bool = True
    ) -> tuple[Pattern, ...]:
        """The patterns, those of teams in their place; each text is read once for the whole file."""
        place = (*path, key)
        read: list[Pattern] = []
        for text in texts:
            if teams and _names_team(text):
                read.extend(self.team(text, place, title))
            elif text in self._patterns:
                read.append(self._patterns[text])
            else:
                pattern = self.attempt(parse, text, place, title)
                if pattern is not None:
                    self._patterns[text] = pattern
                    read.append(pattern)
        return tuple(read)

    def team(self, name: str, place: Path, title: str) -> list[Pattern]:
        names = list(self._teams) if name == "*" else [name]
        if not set(names) <= self._teams.keys():
            mend = _nearest(name, self._teams) if self._teams else "a pattern begins with pkg: or /"
            self.wrong(place, f'{place[-1]} of {title}: no team "{name}"', mend, value=name)
            return []
        if not names:
            self.wrong(place, f'{place[-1]} of {title}: "*" means all teams, and there are none', value=name)
        texts = [text for each in names for text in self._teams[each]]
        return [self._patterns[text] for text in texts if text in self._patterns]

    def attempt(self, read: Callable[[str], _T], text: str, path: Path, title: str) -> _T | None:
        try:
            return read(text)
        except PatternError as error:
            self.wrong(path, f"{path[-1]} of {title}: {error}", value=text)
            return None

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
        for key in table.keys() - fields.keys():
            self.wrong((*path, key), f'unknown key "{key}" in {title}', _nearest(key, fields))
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
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            self.mistakes.append(_mistake_of(value, type_, path, title, str(error)))
            return msgspec.UNSET


def _mistake_of(value: Any, type_: Any, path: Path, title: str, error: str) -> Mistake:
    """What is wrong with a value that is not of its key's type."""
    key, choices = path[-1], _choices(type_)
    if choices and "Invalid enum value" in error:
        several = isinstance(value, list | dict)
        strange = next(str(each) for each in (value if several else [value]) if each not in choices)
        text = f'{key} "{strange}" of {title} is not one of {", ".join(choices)}'
        return Mistake(path, text, _nearest(strange, choices), value=strange if several else "")
    if "matching regex" in error and key in ("domain", "from", "to"):
        kind, of = ("domain", "") if key == "domain" else ("repository", f" of {title}")
        return Mistake(path, f"{key} {_shown(value)}{of} cannot be the name of a {kind}")
    return Mistake(path, f"{key} {_shown(value)} of {title}: {error}", _EXPECTED.get(str(key), ""))


@cache
def _fields(type_: type[Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(type_)}


def _by_hop(promotions: list[Promotion]) -> dict[str, tuple[Hop, ...]]:
    hops: dict[str, dict[str, list[Promotion]]] = {}
    for promotion in promotions:
        hops.setdefault(promotion.source, {}).setdefault(promotion.destination, []).append(promotion)
    return {
        source: tuple(Hop.of(source, destination, tuple(members)) for destination, members in leaving.items())
        for source, leaving in hops.items()
    }


def _names_team(text: str) -> bool:
    return ":" not in text and "/" not in text


def _formats(patterns: Iterable[Pattern]) -> list[str]:
    named = {pattern.format for pattern in patterns}
    return [format_ for format_ in FORMATS if format_ in named or "" in named]


def _seconds(duration: str) -> float:
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([wdhm])", duration))


def _choices(type_: Any) -> tuple[str, ...]:
    if get_origin(type_) is Literal:
        return get_args(type_)
    return next((found for each in get_args(type_) if (found := _choices(each))), ())


def _shown(value: Any) -> str:
    return (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else repr(value)
    )


def _nearest(word: str, known: Iterable[str]) -> str:
    import difflib  # only a mistake needs it

    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f'did you mean "{close[0]}"?' if close else f"known: {', '.join(known)}"
