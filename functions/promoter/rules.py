"""The rules file: TOML text -> rule set, or all its mistakes at once."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from promoter.conditions import Condition, Hold, NotExcluded
from promoter.mistakes import Mistake, Path, RulesError, syntax
from promoter.patterns import Pattern, PatternError, parse, parse_versioned

Mode = Literal["enforce", "observe"]
OnConflict = Literal["fail", "extend", "overwrite"]
Notice = Literal["failed", "approval", "extended", "promoted", "rejected"]

_T = TypeVar("_T")
# API reference: the patterns of a domain and of a repository
_DOMAIN = re.compile(r"[a-z][a-z0-9\-]{0,48}[a-z0-9]")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{1,99}")


class PromotionEntry(Struct, frozen=True, rename="kebab"):
    """A `[[promotion]]` as it is written."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    from_: str = msgspec.field(name="from")
    to: str
    packages: Annotated[tuple[str, ...], Meta(min_length=1)]
    exclude: tuple[str, ...] = ()
    mode: Mode = "enforce"
    on_conflict: OnConflict = "fail"
    include_from_upstream: bool = False
    notify: tuple[Notice, ...] = ("failed", "approval", "extended")


class HoldEntry(Struct, frozen=True, rename="kebab"):
    """A `[[hold]]` as it is written."""

    package: str
    reason: Annotated[str, Meta(min_length=1)]
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None


class RulesFile(Struct, frozen=True, rename="kebab"):
    """The whole file as it is written."""

    domain: str
    promotion: tuple[dict[str, Any], ...]
    hold: tuple[dict[str, Any], ...] = ()


class Promotion(Struct, frozen=True):
    """One named promotion, ready to decide."""

    name: str
    source: str
    destination: str
    packages: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    mode: Mode = "enforce"
    on_conflict: OnConflict = "fail"
    include_from_upstream: bool = False
    notify: frozenset[Notice] = frozenset({"failed", "approval", "extended"})

    def selects(self, path: str) -> bool:
        """Whether the package of this `path` (see `patterns.path_of`) is this promotion's to decide."""
        return any(pattern.matches(path) for pattern in self.packages)


class RuleSet(Struct, frozen=True):
    """A rules file that holds together.

    `hops` has, by the repository that they leave, the hops, each as its promotions in the order of the file;
    `digest` is the beginning of the text's SHA-256.
    """

    domain: str
    digest: str
    promotions: tuple[Promotion, ...]
    hops: Mapping[str, tuple[tuple[Promotion, ...], ...]]
    holds: tuple[Hold, ...] = ()


def load(source: str, file: str = "rules.toml") -> RuleSet:
    """Read a rules file's text; raises RulesError with every mistake. `file` is its name in messages."""
    reader = _Reader()
    try:
        rule_set = reader.rule_set(_parse(source, file), source)
    except RecursionError:
        mistake = Mistake((), "its tables or arrays are nested too deeply")
        raise RulesError([mistake], source, file) from None
    if reader.mistakes:
        raise RulesError(reader.mistakes, source, file)
    return rule_set


def _parse(source: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except ValueError as error:  # not only TOMLDecodeError: a long integer is refused by Python itself
        raise RulesError([syntax(error, source)], source, file) from None


class _Reader:
    """Reads what it can and keeps every mistake it meets."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, path: Path, text: str, mend: str = "", value: str = "") -> None:
        self.mistakes.append(Mistake(path, text, mend, value=value))

    def rule_set(self, tree: dict[str, Any], source: str) -> RuleSet:
        file = RulesFile(
            **{"domain": "", "promotion": (), **self.fields(tree, RulesFile, (), "the rules file")}
        )
        if file.domain and not _DOMAIN.fullmatch(file.domain):
            self.wrong(("domain",), f'domain "{file.domain}" cannot be the name of a domain')
        if tree.get("promotion") == []:
            self.wrong((), "no [[promotion]]: nothing would ever be promoted")
        read = [self.promotion(table, index) for index, table in enumerate(file.promotion)]
        self.check_names(read)
        self.check_repositories(read)
        self.check_cycle(read)
        holds = [self.hold(table, index, read) for index, table in enumerate(file.hold)]
        return RuleSet(
            domain=file.domain,
            digest=hashlib.sha256(source.encode()).hexdigest()[:8],
            promotions=tuple(read),
            hops=_by_hop(read),
            holds=tuple(hold for hold in holds if hold is not None),
        )

    def promotion(self, table: dict[str, Any], index: int) -> Promotion:
        """The promotion, with blanks for what could not be read, so that the whole file is checked."""
        path: Path = ("promotion", index)
        title = f'promotion "{table.get("name", index + 1)}"'
        blank = {"name": f"#{index + 1}", "from_": "", "to": "", "packages": ()}
        entry = PromotionEntry(**{**blank, **self.fields(table, PromotionEntry, path, title)})
        exclude = self.patterns(entry.exclude, (*path, "exclude"), title)
        for key, repository in (("from", entry.from_), ("to", entry.to)):
            if repository and not _REPOSITORY.fullmatch(repository):
                self.wrong(
                    (*path, key), f'{key} "{repository}" of {title} cannot be the name of a repository'
                )
        if entry.from_ and entry.from_ == entry.to:
            self.wrong((*path, "to"), f'{title} promotes from "{entry.to}" to itself')
        return Promotion(
            name=entry.name,
            source=entry.from_,
            destination=entry.to,
            packages=self.patterns(entry.packages, (*path, "packages"), title),
            conditions=(NotExcluded(exclude),) if exclude else (),
            mode=entry.mode,
            on_conflict=entry.on_conflict,
            include_from_upstream=entry.include_from_upstream,
            notify=frozenset(entry.notify),
        )

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
            if repository is not None and repository not in known:
                text = f'{key} "{repository}" of {title}: no promotion goes {key} it'
                self.wrong((*path, key), text, _nearest(repository, known))
        pattern = self.attempt(parse_versioned, entry.package, (*path, "package"), title)
        if pattern is None:
            return None
        until = entry.until.timestamp() if entry.until else None
        return Hold(pattern, entry.reason, entry.from_, entry.to, until)

    def patterns(self, texts: Iterable[str], path: Path, title: str) -> tuple[Pattern, ...]:
        read = (self.attempt(parse, text, path, title) for text in texts)
        return tuple(pattern for pattern in read if pattern is not None)

    def attempt(self, read: Callable[[str], _T], text: str, path: Path, title: str) -> _T | None:
        try:
            return read(text)
        except PatternError as error:
            self.wrong(path, f"{path[-1]} of {title}: {error}", value=text)
            return None

    def fields(self, table: dict[str, Any], type_: type[Struct], path: Path, title: str) -> dict[str, Any]:
        """The keys of one table that could be read, by the names of the struct's fields."""
        fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
        for key in table.keys() - fields.keys():
            self.wrong((*path, key), f'unknown key "{key}" in {title}', _nearest(key, fields))
        for key, field in fields.items():
            if field.required and key not in table:
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
            choices = _choices(type_)
            if choices and "Invalid enum value" in str(error):
                text = f"{path[-1]} {_shown(value)} of {title} is not one of {', '.join(choices)}"
                self.wrong(path, text, _nearest(str(value), choices))
            else:
                self.wrong(path, f"{path[-1]} {_shown(value)} of {title}: {error}")
            return msgspec.UNSET

    def check_names(self, promotions: list[Promotion]) -> None:
        first: dict[str, int] = {}
        for index, promotion in enumerate(promotions):
            if first.setdefault(promotion.name, index) != index:
                text = f'promotions {first[promotion.name] + 1} and {index + 1} are both "{promotion.name}"'
                self.wrong(("promotion", index, "name"), text, "a name stands for one promotion")

    def check_repositories(self, promotions: list[Promotion]) -> None:
        """Names that differ only in "." "-" "_" would become one logical id in the template."""
        seen: dict[str, str] = {}
        for index, promotion in enumerate(promotions):
            for key, repository in (("from", promotion.source), ("to", promotion.destination)):
                other = seen.setdefault(re.sub(r"[^A-Za-z0-9]", "", repository), repository)
                if other != repository:
                    text = (
                        f'repositories "{other}" and "{repository}" have the same logical id in the template'
                    )
                    self.wrong(
                        ("promotion", index, key), text, "rename one; letters and digits have to differ"
                    )

    def check_cycle(self, promotions: list[Promotion]) -> None:
        cycle = _cycle(promotions)
        if cycle:
            chain = " -> ".join(f"{each.name} ({each.source} -> {each.destination})" for each in cycle)
            index = max(promotions.index(each) for each in cycle)
            self.wrong(("promotion", index), f"a cycle: {chain}", "what is copied would come back for ever")


def _by_hop(promotions: list[Promotion]) -> dict[str, tuple[tuple[Promotion, ...], ...]]:
    hops: dict[str, dict[str, list[Promotion]]] = {}
    for promotion in promotions:
        hops.setdefault(promotion.source, {}).setdefault(promotion.destination, []).append(promotion)
    return {source: tuple(tuple(hop) for hop in hop_of.values()) for source, hop_of in hops.items()}


def _cycle(promotions: list[Promotion]) -> list[Promotion]:
    """Promotions whose hops lead back to where they began; empty if there are none."""
    hops = {
        (each.source, each.destination): each
        for each in reversed(promotions)  # the first of a hop names it
        if each.source and each.destination and each.source != each.destination
    }
    arriving: dict[str, set[str]] = {}
    for source, destination in hops:
        arriving.setdefault(destination, set()).add(source)
    try:
        TopologicalSorter(arriving).prepare()
    except CycleError as error:
        return [hops[hop] for hop in pairwise(error.args[1])]
    return []


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
