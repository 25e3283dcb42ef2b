"""The key `package` of a hold or a waiver: a pattern of packages that may end in versions."""

from msgspec import Struct

from promoter.packages.patterns import Pattern, PatternError, parse_versioned
from promoter.rules.held_versions import HeldVersions
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.held_versions import read_held_versions
from promoter.rules_file.table_reader import TablePlace


class VersionPattern(Struct, frozen=True):
    """Packages, and some of their versions or all (None)."""

    pattern: Pattern
    versions: HeldVersions | None


def read_package(text: str, place: TablePlace, out: Collector) -> VersionPattern | None:
    """Read the key `package`; None if it has a mistake."""
    try:
        pattern, version = parse_versioned(text)
        versions = read_held_versions(pattern.text, pattern.format, version) if version else None
    except PatternError as wrong:
        message = f"package of {place.title}: {wrong.problem}"
        several = len(wrong.suggestions) > 1
        hint = f"{wrong.hint}, each in an entry of its own" if several else wrong.hint
        out.add(error(place.path_of("package"), message, hint, text))
        return None
    return VersionPattern(pattern, versions)
