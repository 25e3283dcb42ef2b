"""The tables `[[promotion]]`, and `[defaults]` for all of them."""

from typing import Any

from promoter.packages.patterns import Pattern
from promoter.rules.answer_conditions import Approved, CheckPassed, ManuallyRequested
from promoter.rules.conditions import InRange, NoPrerelease, NotExcluded, Soaked
from promoter.rules.evidence import Question, approval_namespace
from promoter.rules.reasons import Condition
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.file_format import PromotionEntry, Requirements
from promoter.rules_file.pattern_lists import Teams, read_patterns
from promoter.rules_file.ranges import read_ranges
from promoter.rules_file.table_reader import Table, TablePlace, read_fields
from promoter.times import parse_duration

_LONGEST_SOAK = 3650 * 86400


def read_defaults(table: Table, out: Collector) -> dict[str, Any]:
    """Read the keys of `[defaults]`. Their meaning is checked in each promotion that inherits them."""
    place = TablePlace(("defaults",), "[defaults]")
    values = read_fields(table, Requirements, place, out, complete=False)
    if isinstance(text := values.get("versions"), str):
        hint = f'write versions = {{ npm = "{text}" }}'
        out.add(
            error(place.path_of("versions"), "versions of [defaults] must be a table by format", hint, text)
        )
        del values["versions"]
    return values


def read_promotion(
    table: Table | None, index: int, defaults: dict[str, Any], teams: Teams, out: Collector
) -> Promotion:
    """Read one promotion. What cannot be read is left blank, so that the rest of the file can be checked."""
    path = ("promotion", index)
    name = (table or {}).get("name")
    title = f'promotion "{name}"' if isinstance(name, str) and name else f"promotion {index + 1}"
    own = read_fields(table, PromotionEntry, TablePlace(path, title), out, given=defaults)
    blank = {"name": f"#{index + 1}", "from_": "", "to": "", "packages": ()}
    entry = PromotionEntry(**blank | defaults | own)
    place = TablePlace(path, title, frozenset(defaults.keys() - own.keys()))
    packages = read_patterns(entry.packages, teams, place, "packages", out)
    return Promotion(
        name=entry.name,
        hop=Hop(entry.from_, entry.to),
        packages=packages,
        conditions=_conditions(entry, packages, teams, place, out),
        origin=entry.origin,
        mode=entry.mode,
        on_conflict=entry.on_conflict,
        include_from_upstream=entry.include_from_upstream,
        notify=frozenset(entry.notify),
        checks=entry.checks,
        approval_namespace=_approval_namespace(entry),
        npm_latest=entry.npm_latest,
    )


def _conditions(
    entry: PromotionEntry, packages: tuple[Pattern, ...], teams: Teams, place: TablePlace, out: Collector
) -> tuple[Condition, ...]:
    exclude = read_patterns(entry.exclude, teams, place, "exclude", out)
    ranges = read_ranges(entry, packages, place, out)
    soak = _read_soak(entry.soak, place, out) if entry.soak else 0
    approval = Question(_approval_namespace(entry), Hop(entry.from_, entry.to))
    found: list[tuple[bool, Condition]] = [
        (bool(exclude), NotExcluded(exclude)),
        (bool(ranges), InRange(ranges)),
        (not entry.prereleases, NoPrerelease()),
        (soak > 0, Soaked(soak)),  # "0h" overrides a soak of [defaults]
        *((True, CheckPassed(check)) for check in entry.checks),
        (entry.approval is not False, Approved(approval, entry.name)),
        (entry.mode == "manual", ManuallyRequested(approval, entry.name)),
    ]
    return tuple(condition for required, condition in found if required)


def _approval_namespace(entry: PromotionEntry) -> str:
    """The namespace of approvals and of requests; "" if the promotion asks for neither."""
    if isinstance(entry.approval, str):
        return approval_namespace(entry.approval)
    return approval_namespace() if entry.approval or entry.mode == "manual" else ""


def _read_soak(text: str, place: TablePlace, out: Collector) -> float:
    seconds = parse_duration(text)
    if seconds > _LONGEST_SOAK:
        message = f'soak "{text}" of {place.owner_of("soak")} is longer than ten years'
        out.add(error(place.path_of("soak"), message))
    return min(seconds, _LONGEST_SOAK)
