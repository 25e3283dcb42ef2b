"""The tables `[[hold]]`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from promoter.packages.patterns import Pattern, PatternError, parse_versioned
from promoter.rules.held_versions import HeldVersions
from promoter.rules.holds import HoldRule
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import HoldEntry
from promoter.rules_file.held_versions import read_held_versions
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import Table, TablePlace, read_fields

_UNREADABLE = {""}  # a repository of a promotion that could not be read


def read_hold(
    table: Table | None, index: int, promotions: Sequence[Promotion], out: Collector
) -> HoldRule | None:
    """Read one hold, and check that a promotion goes where it says; None if it has a mistake."""
    place = TablePlace(("hold", index), f"hold {index + 1}")
    found = Collector()
    values = read_fields(table, HoldEntry, place, found)
    out.add(*found.all)
    if table is None or found.has_errors:
        return None
    entry = HoldEntry(**values)
    if _repositories_are_known(entry, place, promotions, out):
        _check_hop(entry, place, promotions, out)
    held = _read_package(entry.package, place, out)
    until = _read_until(entry.until, place, out)
    if held is None:
        return None
    pattern, versions = held
    return HoldRule(pattern, entry.reason, versions, entry.from_, entry.to, until)


def _repositories_are_known(
    entry: HoldEntry, place: TablePlace, promotions: Sequence[Promotion], out: Collector
) -> bool:
    wrong = [
        error(
            place.path_of(key),
            f'{key} "{repository}" of {place.title}: no promotion goes {key} this repository',
            suggest(repository, known),
        )
        for key, repository, known in (
            ("from", entry.from_, {promotion.source for promotion in promotions} - _UNREADABLE),
            ("to", entry.to, {promotion.destination for promotion in promotions} - _UNREADABLE),
        )
        if known and repository is not None and repository not in known
    ]
    out.add(*wrong)
    return not wrong


def _check_hop(entry: HoldEntry, place: TablePlace, promotions: Sequence[Promotion], out: Collector) -> None:
    hops = {promotion.hop for promotion in promotions}
    if entry.from_ is None or entry.to is None or Hop(entry.from_, entry.to) in hops:
        return
    if any(not hop.source or not hop.destination for hop in hops):
        return  # it may be the hop of a promotion that could not be read
    known = ", ".join(map(str, sorted(hops)))
    message = f"{place.title}: no promotion goes from {entry.from_} to {entry.to}"
    hint = f'known hops: {known}; remove "from" to hold on every hop to {entry.to}'
    out.add(error(place.path, message, hint))


def _read_package(text: str, place: TablePlace, out: Collector) -> tuple[Pattern, HeldVersions | None] | None:
    try:
        pattern, version = parse_versioned(text)
        if not version:
            return pattern, None
        return pattern, read_held_versions(pattern.text, pattern.format, version)
    except PatternError as wrong:
        message = f"package of {place.title}: {wrong.problem}"
        several = len(wrong.suggestions) > 1
        hint = f"{wrong.hint}, each in a hold of its own" if several else wrong.hint
        out.add(error(place.path_of("package"), message, hint, text))
        return None


def _read_until(until: datetime | None, place: TablePlace, out: Collector) -> float | None:
    try:
        return until.astimezone(UTC).timestamp() if until else None
    except OverflowError:  # in UTC, it is before the year 1 or after the year 9999
        out.add(error(place.path_of("until"), f"until of {place.title} is outside the calendar"))
        return None
