"""The tables `[[waive]]`."""

from collections.abc import Sequence

from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import ReasonCode
from promoter.rules.waivers import WAIVABLE, Waiver
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import WaiveEntry
from promoter.rules_file.moments import read_moment
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import Table, TablePlace, read_entry
from promoter.rules_file.version_patterns import read_package

_NEVER = frozenset(ReasonCode) - frozenset(WAIVABLE) - {ReasonCode.CHECK}


def read_waiver(
    table: Table | None, index: int, promotions: Sequence[Promotion], out: Collector
) -> Waiver | None:
    """Read one waiver, and check that a promotion has its conditions; None if it has a mistake."""
    place = TablePlace(("waive", index), f"waiver {index + 1}")
    entry = read_entry(table, WaiveEntry, place, out)
    if entry is None:
        return None
    checks = frozenset(check for promotion in promotions for check in promotion.checks)
    for condition in entry.conditions:
        _check_condition(condition, checks, place, out)
    package = read_package(entry.package, place, out)
    until = read_moment(entry.until, "until", place, out)
    if package is None or until is None:
        return None
    return Waiver(package.pattern, frozenset(entry.conditions), entry.reason, until, package.versions)


def _check_condition(name: str, checks: frozenset[str], place: TablePlace, out: Collector) -> None:
    if name in WAIVABLE or name in checks:
        return
    can_be_waived = [*sorted(WAIVABLE), *sorted(checks)]
    if name in _NEVER:
        problem, hint = f'"{name}" cannot be waived', f"can be waived: {', '.join(can_be_waived)}"
    else:
        problem, hint = f'no promotion asks for a check "{name}"', suggest(name, can_be_waived)
    out.add(error(place.path_of("conditions"), f"conditions of {place.title}: {problem}", hint, name))
