"""The tables `[[window]]`."""

from collections.abc import Sequence

from promoter.rules.rule_set import Promotion
from promoter.rules.windows import Window
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import WindowEntry
from promoter.rules_file.hop_scopes import check_scope
from promoter.rules_file.opening_hours import OpeningHoursError, read_opening_hours
from promoter.rules_file.table_reader import Table, TablePlace, read_entry


def read_window(
    table: Table | None, index: int, promotions: Sequence[Promotion], out: Collector
) -> Window | None:
    """Read one window, and check that a promotion goes where it says; None if it has a mistake."""
    place = TablePlace(("window", index), f"window {index + 1}")
    entry = read_entry(table, WindowEntry, place, out)
    if entry is None:
        return None
    check_scope(entry, place, promotions, out)
    try:
        hours = read_opening_hours(entry.allow)
    except OpeningHoursError as wrong:
        message = f"allow of {place.title}: {wrong.problem}"
        out.add(error(place.path_of("allow"), message, wrong.hint, entry.allow))
        return None
    return Window(hours, entry.allow, entry.from_, entry.to)
