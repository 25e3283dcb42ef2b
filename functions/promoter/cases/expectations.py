"""The expected decisions of a case."""

from collections.abc import Iterable
from functools import partial

from promoter.cases.case import Expected
from promoter.cases.file_format import CaseEntry, Expectation
from promoter.packages.candidate import Candidate
from promoter.rules.evidence import check_namespace
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import ReasonCode
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.moments import read_moment
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import TablePlace, read_entry

_OWN_KEYS = ("to", "verdict", "promotion", "met", "unmet", "waived", "until")
_CONDITIONS = ("met", "unmet", "waived", "texts")  # the keys that name conditions


def read_expected(
    entry: CaseEntry, candidate: Candidate | None, rule_set: RuleSet, place: TablePlace, out: Collector
) -> tuple[Expected, ...]:
    """The expected decisions; those with a mistake are left out. `candidate` is None if it has a mistake."""
    source = candidate.repository if candidate is not None else None
    read = partial(_read_one, rule_set=rule_set, source=source, out=out)
    if entry.decisions is None:
        return tuple(read(entry, place))
    own = [key for key in _OWN_KEYS if getattr(entry, key) is not None] + ["texts"] * bool(entry.texts)
    if own:
        message = f"{place.title} has decisions, so it cannot have {', '.join(own)} itself"
        out.add(error(place.path_of(own[0]), message, "move these keys into decisions"))
    return tuple(each for one in _entries(entry.decisions, place, out) for each in read(*one))


def _entries(
    tables: Iterable[object], place: TablePlace, out: Collector
) -> list[tuple[Expectation, TablePlace]]:
    """The tables of `decisions`, each with its place."""
    found = []
    for position, table in enumerate(tables):
        one = TablePlace((*place.path, "decisions", position), f"decision {position + 1} of {place.title}")
        entry = read_entry(table, Expectation, one, out) if isinstance(table, dict) else None
        if entry is not None and entry.to is None:
            out.add(error(one.path, f'{one.title} has no "to"', 'write to = "staging", the destination'))
        if entry is not None:
            found.append((entry, one))
    return found


def _read_one(
    entry: Expectation, place: TablePlace, *, rule_set: RuleSet, source: str | None, out: Collector
) -> list[Expected]:
    if entry.verdict is None:
        out.add(error(place.path, f'{place.title} has no "verdict"', 'write verdict = "promote"'))
        return []
    if source is not None and entry.to is not None:
        _check_destination(entry.to, source, rule_set, place, out)
    _check_promotion(entry.promotion, rule_set, place, out)
    _check_conditions(entry, place, rule_set, out)
    return [
        Expected(
            entry.verdict,
            entry.to or "",
            entry.promotion,
            entry.met,
            entry.unmet,
            entry.waived,
            read_moment(entry.until, "until", place, out),
            entry.texts,
        )
    ]


def _check_destination(name: str, source: str, rule_set: RuleSet, place: TablePlace, out: Collector) -> None:
    destinations = [each.hop.destination for each in rule_set.hops.get(source, ())]
    if name not in destinations:
        hint = suggest(name, destinations) if destinations else f"no promotion starts in {source}"
        message = f'no promotion goes from {source} to "{name}", the destination of {place.title}'
        out.add(error(place.path_of("to"), message, hint))


def _check_promotion(name: str | None, rule_set: RuleSet, place: TablePlace, out: Collector) -> None:
    promotions = [each.name for each in rule_set.promotions]
    if name is not None and name not in promotions:
        message = f'promotion "{name}" of {place.title} is not in the rules'
        out.add(error(place.path_of("promotion"), message, suggest(name, promotions)))


def _check_conditions(entry: Expectation, place: TablePlace, rule_set: RuleSet, out: Collector) -> None:
    checks = {check_namespace(name) for each in rule_set.promotions for name in each.checks}
    known = {str(code) for code in ReasonCode} - {ReasonCode.CHECK, ReasonCode.NOT_SELECTED} | checks
    named = [(key, name) for key in _CONDITIONS for name in getattr(entry, key) or ()]
    for key, name in named:
        if name not in known:
            message = f'{key} of {place.title}: there is no condition "{name}"'
            out.add(error(place.path_of(key), message, suggest(name, known), name))
