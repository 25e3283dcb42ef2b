"""The tables `[[hold]]`."""

from collections.abc import Sequence

from promoter.rules.holds import HoldRule
from promoter.rules.rule_set import Promotion
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import HoldEntry
from promoter.rules_file.hop_scopes import check_scope
from promoter.rules_file.moments import read_moment
from promoter.rules_file.table_reader import Table, TablePlace, read_entry
from promoter.rules_file.version_patterns import read_package


def read_hold(
    table: Table | None, index: int, promotions: Sequence[Promotion], out: Collector
) -> HoldRule | None:
    """Read one hold, and check that a promotion goes where it says; None if it has a mistake."""
    place = TablePlace(("hold", index), f"hold {index + 1}")
    entry = read_entry(table, HoldEntry, place, out)
    if entry is None:
        return None
    check_scope(entry, place, promotions, out)
    package = read_package(entry.package, place, out)
    begins = read_moment(entry.from_time, "from-time", place, out)
    until = read_moment(entry.until, "until", place, out)
    if begins is not None and until is not None and begins >= until:
        message = f"{place.title} ends before it begins"
        out.add(error(place.path_of("until"), message, "write an until that is later than from-time"))
    if package is None:
        return None
    return HoldRule(
        package.pattern, entry.reason, package.versions, entry.from_, entry.to, until, begins=begins
    )
