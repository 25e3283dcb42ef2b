"""The key `versions`: one range, or a table of ranges by format."""

from collections.abc import Collection, Mapping

from promoter.packages.package import FORMATS, PURL_TYPES
from promoter.packages.patterns import Pattern
from promoter.rules_file.diagnostics import Collector, error, warning
from promoter.rules_file.file_format import PromotionEntry, VersionsKey
from promoter.rules_file.table_reader import TablePlace
from promoter.versions import Range, RangeError, RangeLengthError, parse

_FORMAT_OF = {type_: format_ for format_, type_ in PURL_TYPES.items()}  # gem -> ruby
_UNKNOWN = '"..."'  # in a suggestion, a range that the author has to find


def read_ranges(
    entry: PromotionEntry, packages: Collection[Pattern], place: TablePlace, out: Collector
) -> dict[str, Range]:
    """Read the ranges of a promotion, by format."""
    selected = {pattern.format for pattern in packages}
    if isinstance(entry.versions, str):
        formats = [format_ for format_ in FORMATS if format_ in selected or "" in selected]
        return _read_one_for_all(entry.versions, formats, entry.name, place, out)
    if entry.versions is None:
        return {}
    if "versions" not in place.inherited:
        _check_selected(entry.versions, selected, place, out)
    return _read_by_format(entry.versions, place, out)


def _read_by_format(
    versions: Mapping[VersionsKey, str], place: TablePlace, out: Collector
) -> dict[str, Range]:
    ranges: dict[str, Range] = {}
    owner = place.owner_of("versions")
    for key, text in versions.items():
        path, format_ = (*place.path_of("versions"), key), _FORMAT_OF.get(key, key)
        if format_ != key and format_ in versions:
            message = f"versions of {owner} has both {key} and {format_}, which are one format"
            out.add(error(path, message, f"remove {key}"))
            continue
        try:
            ranges[format_] = parse(format_, text)
        except RangeLengthError as wrong:
            out.add(error(path, f"{format_} in versions of {owner}: {wrong.problem}", wrong.hint, text))
        except RangeError as wrong:
            message = f'versions "{text}" of {owner} is not {_expected(wrong)}; {format_} packages need one'
            out.add(error(path, message, _hint(wrong), text))
    return ranges


def _check_selected(
    versions: Mapping[VersionsKey, str], selected: set[str], place: TablePlace, out: Collector
) -> None:
    if not selected or "" in selected:
        return
    for key in versions:
        if _FORMAT_OF.get(key, key) not in selected:
            path = (*place.path_of("versions"), key)
            message = f"versions of {place.title} restricts {key}, but no pattern selects {key}"
            out.add(warning(path, message, f"remove {key} from versions"))


def _read_one_for_all(
    text: str, formats: list[str], name: str, place: TablePlace, out: Collector
) -> dict[str, Range]:
    """Read one range for every selected format. It must be valid in the language of each."""
    path = place.path_of("versions")
    try:
        parsed = {format_: _parse(format_, text) for format_ in formats}
    except RangeLengthError as wrong:
        message = f"versions of {place.owner_of('versions')}: {wrong.problem}"
        out.add(error(path, message, wrong.hint, text))
        return {}
    refused = {format_: each for format_, each in parsed.items() if isinstance(each, RangeError)}
    ranges = {format_: each for format_, each in parsed.items() if isinstance(each, Range)}
    if refused:
        also = "also selects" if ranges else "selects"
        expected = " or ".join(dict.fromkeys(map(_expected, refused.values())))
        message = f'versions "{text}" is not {expected}, and "{name}" {also} {", ".join(refused)}'
        out.add(error(path, message, _hint_for_all(text, parsed), text))
    return ranges


def _parse(format_: str, text: str) -> Range | RangeError:
    try:
        return parse(format_, text)
    except RangeError as wrong:
        return wrong


def _expected(wrong: RangeError) -> str:
    return f"{wrong.expected} ({wrong.detail})" if wrong.detail else wrong.expected


def _hint(wrong: RangeError) -> str:
    return f'write "{wrong.suggestion}"' if wrong.suggestion else ""


def _hint_for_all(text: str, parsed: Mapping[str, Range | RangeError]) -> str:
    if len(parsed) == 1:
        return next(_hint(each) for each in parsed.values() if isinstance(each, RangeError))
    entries = ", ".join(f"{format_} = {_suggestion(text, each)}" for format_, each in parsed.items())
    return f"write  versions = {{ {entries} }}"


def _suggestion(text: str, parsed: Range | RangeError) -> str:
    if isinstance(parsed, Range):
        return f'"{text}"'
    return f'"{parsed.suggestion}"' if parsed.suggestion else _UNKNOWN
