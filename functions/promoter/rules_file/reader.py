"""The rules file: TOML text -> rule set, or all its mistakes at once."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from msgspec import Struct

from promoter.packages.package import FORMATS
from promoter.packages.patterns import Pattern, PatternError, parse, parse_versioned
from promoter.rules.conditions import (
    Approved,
    Condition,
    HoldRule,
    InRange,
    ManuallyRequested,
    NoPrerelease,
    NotExcluded,
    Soaked,
)
from promoter.rules.rule_set import Hop, Promotion, RuleSet, hops_of
from promoter.rules_file import validation
from promoter.rules_file.diagnostics import Diagnostic, Path, RulesError, syntax
from promoter.rules_file.file_format import HoldEntry, PromotionEntry, Requirements, RulesFile, TeamEntry
from promoter.rules_file.table_reader import Tables
from promoter.rules_file.type_errors import nearest
from promoter.versions import Range, RangeError
from promoter.versions import parse as parse_range

_T = TypeVar("_T")
_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60}
_LONGEST_SOAK = 3650 * 86400


class _Table(Struct, frozen=True):
    """Where a promotion's keys stand: its own in it, those that it inherits in `[defaults]`."""

    path: Path
    title: str
    inherited: frozenset[str] = frozenset()

    def at(self, key: str) -> Path:
        return ("defaults", key) if key in self.inherited else (*self.path, key)

    def of(self, key: str) -> str:
        return "[defaults]" if key in self.inherited else self.title


class Loaded(Struct, frozen=True):
    """A valid rules file: its rule set, and warnings for its author."""

    rule_set: RuleSet
    warnings: tuple[Diagnostic, ...] = ()


def load(source: str, file: str = "rules.toml") -> Loaded:
    """Read the text of a rules file; raises RulesError with every mistake. `file` is its name in messages."""
    reader = _Reader()
    try:
        rule_set = reader.rule_set(_parse(source, file), source)
    except RecursionError:
        mistake = Diagnostic((), "its tables or arrays are nested too deeply")
        raise RulesError([mistake], source, file) from None
    if any(not mistake.warning for mistake in reader.mistakes):
        raise RulesError(list(dict.fromkeys(reader.mistakes)), source, file)
    return Loaded(rule_set, tuple(dict.fromkeys(each for each in reader.mistakes if each.warning)))


def _parse(source: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except ValueError as error:  # not only TOMLDecodeError: a long integer is refused by Python itself
        raise RulesError([syntax(error, source)], source, file) from None


class _Reader(Tables):
    """Reads what it can of the whole file, and keeps every mistake it meets."""

    def __init__(self) -> None:
        super().__init__()
        self._teams: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[str, Pattern] = {}

    def rule_set(self, tree: dict[str, Any], source: str) -> RuleSet:
        teams, promotions = self.tables(tree, "teams"), self.tables(tree, "promotion")
        holds = self.tables(tree, "hold")
        rest = {key: value for key, value in tree.items() if key not in ("teams", "promotion", "hold")}
        given: dict[str, Any] = {key: () for key in ("teams", "promotion", "hold") if key in tree}
        file = RulesFile(
            **{"domain": "", "promotion": ()}
            | self.fields(rest, RulesFile, (), "the rules file", given=given)
        )
        if tree.get("promotion") == []:
            self.wrong((), "no [[promotion]]: nothing would ever be promoted")
        self.teams(teams)
        defaults = self.defaults(file.defaults)
        read = [self.promotion(table, index, defaults) for index, table in promotions.items()]
        self.mistakes.extend(validation.all_of(read))
        held = [self.hold(table, index, read) for index, table in holds.items()]
        return RuleSet(
            domain=file.domain,
            digest=digest_of(source),
            promotions=tuple(read),
            hops=hops_of(read),
            holds=tuple(hold for hold in held if hold is not None),
        )

    def teams(self, tables: Mapping[str, Any]) -> None:
        for name, table in tables.items():
            path: Path = ("teams", name)
            title = f'team "{name}"'
            if ":" in name or "/" in name or name in ("*", ""):
                self.wrong(path, f'{title}: a name with ":" or "/", or "*", would mean a pattern')
            values = self.fields(table, TeamEntry, path, title, complete=path not in self.no_tables)
            self._teams[name] = values.get("packages", ())
            self.patterns(self._teams[name], _Table(path, title), "packages", teams=False)

    def defaults(self, table: dict[str, Any]) -> dict[str, Any]:
        """What `[defaults]` says, read once; what it means is read with each promotion that inherits it."""
        values = self.fields(table, Requirements, ("defaults",), "[defaults]", complete=False)
        if isinstance(text := values.get("versions"), str):
            self.wrong(
                ("defaults", "versions"),
                "versions of [defaults] is for promotions of several formats",
                f'write a table by format: versions = {{ npm = "{text}" }}',
                value=text,
            )
            del values["versions"]
        return values

    def promotion(self, values: dict[str, Any], index: int, defaults: dict[str, Any]) -> Promotion:
        """The promotion, with blanks for what could not be read, so that the whole file is checked."""
        path: Path = ("promotion", index)
        name = values.get("name")
        title = f'promotion "{name}"' if isinstance(name, str) and name else f"promotion {index + 1}"
        blank: dict[str, Any] = {"name": f"#{index + 1}", "from_": "", "to": "", "packages": ()}
        own = self.fields(
            values, PromotionEntry, path, title, given=defaults, complete=path not in self.no_tables
        )
        entry = PromotionEntry(**blank | defaults | own)
        table = _Table(path, title, frozenset(defaults.keys() - own.keys()))
        packages = self.patterns(entry.packages, table, "packages")
        return Promotion(
            name=entry.name,
            hop=Hop(entry.from_, entry.to),
            packages=packages,
            conditions=self.conditions(entry, packages, table),
            origin=entry.origin,
            mode=entry.mode,
            on_conflict=entry.on_conflict,
            include_from_upstream=entry.include_from_upstream,
            notify=frozenset(entry.notify),
        )

    def conditions(
        self, entry: PromotionEntry, packages: tuple[Pattern, ...], table: _Table
    ) -> tuple[Condition, ...]:
        exclude = self.patterns(entry.exclude, table, "exclude")
        ranges = self.ranges(entry, packages, table)
        soak = self.soak(entry.soak, table) if entry.soak else 0
        found: list[Condition | None] = [
            NotExcluded(exclude) if exclude else None,
            InRange(ranges) if ranges else None,
            None if entry.prereleases else NoPrerelease(),
            Soaked(soak) if soak else None,  # "0h" is none, where [defaults] has one
            Approved() if entry.approval else None,
            ManuallyRequested() if entry.mode == "manual" else None,
        ]
        return tuple(condition for condition in found if condition is not None)

    def soak(self, text: str, table: _Table) -> float:
        seconds = _seconds(text)
        if seconds > _LONGEST_SOAK:
            self.wrong(table.at("soak"), f'soak "{text}" of {table.of("soak")} is longer than ten years')
        return min(seconds, _LONGEST_SOAK)

    def ranges(self, entry: PromotionEntry, packages: tuple[Pattern, ...], table: _Table) -> dict[str, Range]:
        place, title = table.at("versions"), table.of("versions")
        if entry.versions is None:
            return {}
        if isinstance(entry.versions, str):
            return self.range_of_all(entry.versions, _formats(packages), entry.name, table)
        ranges: dict[str, Range] = {}
        for format_, text in entry.versions.items():
            try:
                ranges[format_] = parse_range(format_, text)
            except RangeError as error:
                what, advice = _refusal(error, text)
                wrong = f"versions, {format_}: {error}"
                if what:
                    wrong = f'versions "{text}" of {title} is not {what}, which {format_} packages need'
                self.wrong((*place, format_), wrong, advice, value=text)
        if "versions" not in table.inherited:
            self.check_restricted(entry.versions, packages, table)
        return ranges

    def check_restricted(
        self, versions: Mapping[Any, str], packages: tuple[Pattern, ...], table: _Table
    ) -> None:
        selected = {pattern.format for pattern in packages}
        for format_ in versions if selected and "" not in selected else ():
            if format_ not in selected:
                text = f"versions of {table.title} restricts {format_}, which it does not select"
                path = (*table.at("versions"), format_)
                self.mistakes.append(Diagnostic(path, text, "take it out", warning=True))

    def range_of_all(self, text: str, formats: list[str], name: str, table: _Table) -> dict[str, Range]:
        """One range for every format that is selected; it has to be one in each of their languages."""
        ranges: dict[str, Range] = {}
        refused: dict[str, RangeError] = {}
        for format_ in formats:
            try:
                ranges[format_] = parse_range(format_, text)
            except RangeError as error:
                refused[format_] = error
        if refused:
            refusals = {format_: _refusal(error, text) for format_, error in refused.items()}
            what = " or ".join(dict.fromkeys(what for what, _ in refusals.values() if what))
            advice = dict.fromkeys(ranges, f'"{text}"')
            advice |= {
                format_: mend.removeprefix("write ") or '"..."' for format_, (_, mend) in refusals.items()
            }
            also = "also selects" if ranges else "selects"
            wrong = f'versions "{text}" is not {what}, and "{name}" {also} {", ".join(refused)}'
            if not what:  # empty, or too long: wrong in every language
                wrong = f"versions of {table.of('versions')}: {next(iter(refused.values()))}"
            mend = "write  versions = { " + ", ".join(f"{each} = {advice[each]}" for each in formats) + " }"
            if len(formats) == 1:
                mend = next(iter(refusals.values()))[1]
            self.wrong(table.at("versions"), wrong, mend if what else "", value=text)
        return ranges

    def hold(self, table: dict[str, Any], index: int, promotions: list[Promotion]) -> HoldRule | None:
        path: Path = ("hold", index)
        title = f"hold {index + 1}"
        before = len(self.mistakes)
        values = self.fields(table, HoldEntry, path, title, complete=path not in self.no_tables)
        if len(self.mistakes) > before or path in self.no_tables:
            return None
        entry = HoldEntry(**values)
        self.check_hop(entry, path, title, promotions)
        pattern = self.attempt(parse_versioned, entry.package, (*path, "package"), title)
        until = self.moment(entry.until, (*path, "until"), title)
        return HoldRule(pattern, entry.reason, entry.from_, entry.to, until) if pattern else None

    def check_hop(self, entry: HoldEntry, path: Path, title: str, promotions: list[Promotion]) -> None:
        """That some promotion goes where the hold says."""
        before = len(self.mistakes)
        for key, repository, known in (
            ("from", entry.from_, {promotion.source for promotion in promotions}),
            ("to", entry.to, {promotion.destination for promotion in promotions}),
        ):
            known.discard("")  # one that could not be read
            if known and repository is not None and repository not in known:
                text = f'{key} "{repository}" of {title}: no promotion goes {key} it'
                self.wrong((*path, key), text, nearest(repository, known))
        hops = {(promotion.source, promotion.destination) for promotion in promotions}
        if None in (entry.from_, entry.to) or any("" in hop for hop in hops) or len(self.mistakes) > before:
            return
        if (entry.from_, entry.to) not in hops:
            known_hops = ", ".join(f"{source} -> {destination}" for source, destination in sorted(hops))
            text = f"{title}: no promotion goes from {entry.from_} to {entry.to}"
            self.wrong(path, text, f"known: {known_hops}; without `from` it holds on every hop to {entry.to}")

    def moment(self, until: datetime | None, path: Path, title: str) -> float | None:
        try:
            return until.astimezone(UTC).timestamp() if until else None
        except OverflowError:  # the first and the last hours of the calendar
            self.wrong(path, f"until of {title} is outside of the calendar")
            return None

    def patterns(
        self, texts: Iterable[str], table: _Table, key: str, *, teams: bool = True
    ) -> tuple[Pattern, ...]:
        """The patterns, those of teams in their place; each text is read once for the whole file."""
        place, title = table.at(key), table.of(key)
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
            mend = nearest(name, self._teams) if self._teams else ""
            mend = mend if "mean" in mend else f"a pattern begins with pkg: or /{'; ' * bool(mend)}{mend}"
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


def digest_of(source: str) -> str:
    """The first 8 hex digits of the SHA-256 of a rules file's text."""
    return sha256(source.encode()).hexdigest()[:8]


def _names_team(text: str) -> bool:
    return ":" not in text and "/" not in text


def _formats(patterns: Iterable[Pattern]) -> list[str]:
    named = {pattern.format for pattern in patterns}
    return [format_ for format_ in FORMATS if format_ in named or "" in named]


def _seconds(duration: str) -> float:
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)([wdhm])", duration))


def _refusal(error: RangeError, text: str) -> tuple[str, str]:
    """What a range is not, and what to write; "" and "" where it is wrong in every language."""
    what, _, advice = str(error).removeprefix(f'"{text}" is not ').partition("; write ")
    return (
        (what, f"write {advice}" if advice else "")
        if what != str(error).partition("; write ")[0]
        else ("", "")
    )
