"""The tables `[[case]]`."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from promoter.cases.answers import read_answers
from promoter.cases.case import Case
from promoter.cases.expectations import read_expected
from promoter.cases.file_format import CaseEntry
from promoter.packages.candidate import Candidate
from promoter.packages.errors import PatternError
from promoter.packages.package import Package
from promoter.packages.patterns import parse_package
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import Collector, error, line_of
from promoter.rules_file.moments import read_moment
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import Table, TablePlace, read_entry

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp()  # `now` of a case that has none; a Friday


class _Times(Struct, frozen=True):
    since: float
    now: float


def read_case(
    table: Table | None, index: int, rule_sets: Mapping[str, RuleSet | None], source: str, out: Collector
) -> Case | None:
    """Read one case; None if it has a mistake.

    `rule_sets` has the rules of the file by name, or only those beside it, with the name "". Rules that are None have
    mistakes of their own.
    """
    title = f'case "{table.get("name", index + 1)}"' if table is not None else ""
    place = TablePlace(("case", index), title)
    found = Collector()
    entry = read_entry(table, CaseEntry, place, found)
    rule_set = None if entry is None else _rules_of(entry, rule_sets, place, found)
    if entry is None or rule_set is None:
        out.add(*found.all)
        return None
    times = _times(entry, place, found)
    candidate = _candidate(entry, times, rule_set, place, found)
    evidence = Evidence(entry.origin, entry.status, read_answers(entry.answers, rule_set, place, found))
    expected = read_expected(entry, candidate, rule_set, place, found)
    out.add(*found.all)
    if found.has_errors or candidate is None:
        return None
    line = line_of(place.path, source)
    complete = entry.decisions is not None
    return Case(entry.name, line, rule_set, candidate, evidence, times.now, expected, complete)


def _rules_of(
    entry: CaseEntry, rule_sets: Mapping[str, RuleSet | None], place: TablePlace, out: Collector
) -> RuleSet | None:
    if entry.rules is None and len(rule_sets) == 1:
        return next(iter(rule_sets.values()))
    names = [name for name in rule_sets if name]
    if entry.rules in names:
        return rule_sets[entry.rules]
    if entry.rules is None:
        hint = f"name one of {', '.join(names)}" if names else "give [rules] a text, or remove [rules]"
        out.add(error(place.path, f"{place.title} has no rules", hint))
    else:
        hint = suggest(entry.rules, names) if names else "leave `rules` out; the file has no [rules]"
        message = f'{place.title} names rules "{entry.rules}", which the file does not have'
        out.add(error(place.path_of("rules"), message, hint))
    return None


def _times(entry: CaseEntry, place: TablePlace, out: Collector) -> _Times:
    now = read_moment(entry.now, "now", place, out)
    since = read_moment(entry.since, "since", place, out)
    known_now = NOON if now is None else now
    return _Times(known_now if since is None else since, known_now)


def _candidate(
    entry: CaseEntry, times: _Times, rule_set: RuleSet, place: TablePlace, out: Collector
) -> Candidate | None:
    named = _package(entry.version, place, out)
    repository = _repository(entry.repository, rule_set, place, out)
    if named is None or repository is None:
        return None
    package, version = named
    return Candidate(package, version, entry.revision, repository, times.since)


def _package(text: str, place: TablePlace, out: Collector) -> tuple[Package, str] | None:
    try:
        package, version = parse_package(text)
    except PatternError as wrong:
        out.add(error(place.path_of("version"), f"version of {place.title}: {wrong.problem}", wrong.hint))
        return None
    if not version:
        message = f'version "{text}" of {place.title} has no version after "@"'
        out.add(error(place.path_of("version"), message, f"write {text}@1.2.3"))
        return None
    return package, version


def _repository(name: str | None, rule_set: RuleSet, place: TablePlace, out: Collector) -> str | None:
    if name in rule_set.repositories:
        return name
    sources = list(rule_set.hops)
    if name is None:
        if len(sources) == 1:
            return sources[0]
        message = f"{place.title} has no repository, and the rules promote from {', '.join(sources)}"
        out.add(error(place.path, message, f'write repository = "{sources[0]}"'))
        return None
    message = f'no promotion starts or ends in repository "{name}" of {place.title}'
    out.add(error(place.path_of("repository"), message, suggest(name, rule_set.repositories)))
    return None
