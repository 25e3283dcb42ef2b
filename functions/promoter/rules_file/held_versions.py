"""Versions after `@` in the `package` of a hold or a waiver: one version, a glob (`1.5.*`), or a range of the format.

A bare version always means this version, even where it would be a minimum in a range (nuget, cargo). Versions of
generic packages are texts: a bare one is compared as a text.
"""

import re
from collections.abc import Mapping
from typing import Final

from promoter.packages.name_rules import check_names
from promoter.packages.package import FORMATS
from promoter.packages.patterns import PatternError
from promoter.packages.purl_globs import read_version_glob
from promoter.rules.held_versions import HeldVersions
from promoter.versions import Range, RangeError, RangeLengthError, parse

_NUMBER: Final = r"(?:0|[1-9][0-9]{0,8})"
_RELEASE: Final = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{1,2}}")  # a version in every format
_STARRED_RELEASE: Final = re.compile(rf"({_NUMBER}(?:\.{_NUMBER})?)\.\*")
_RANGE: Final = re.compile(r"^[~^!]|[<>=|,\[\]()]|\s-\s|(?:^|\.)[xX](?:\.|$)")
_CLEARLY_RANGE: Final = re.compile(r"^[~^=!<>\[(]|\s")
_FOREIGN: Final = re.compile(r"[{}?]")
_NUMERIC: Final = frozenset({"npm", "swift", "cargo", "pypi", "nuget", "ruby"})  # versions begin with a digit

# one version and a starred one, as ranges of each format
_EXACT: Final = {
    "npm": "{}", "swift": "{}", "cargo": "={}", "pypi": "=={}", "ruby": "= {}", "nuget": "[{}]", "maven": "[{}]",
}  # fmt: skip
_STARRED: Final = _EXACT | {
    "npm": "{}.*", "swift": "{}.*", "cargo": "={}.*", "pypi": "=={}.*", "ruby": "~> {}.0", "nuget": "{}.*",
}  # fmt: skip
_EXAMPLES: Final = {
    "cargo": "^1.4",
    "pypi": "~=1.4",
    "ruby": "~> 1.4",
    "nuget": "[1.4,2.0)",
    "maven": "[1.4,2.0)",
}


def read_held_versions(package: str, format_: str, text: str) -> HeldVersions:
    """Read the versions of a hold; `package` is its pattern without them. Raises PatternError.

    `format_` is the format that the pattern selects, "" if it selects all.
    """
    is_range = _RANGE.search(text) is not None
    if not is_range or _FOREIGN.search(text):
        _check_characters(package, format_, text)
    if is_range:
        return _read_range(package, format_, text)
    return _read_glob(package, format_, text) if "*" in text else _read_version(package, format_, text)


def _read_version(package: str, format_: str, text: str) -> HeldVersions:
    if _RELEASE.fullmatch(text):  # nothing has to be parsed
        return HeldVersions(text, ranges=_written(_EXACT, format_, text))
    ranges = _readable(_written(_EXACT, format_, text))
    of_platform = format_ == "ruby" and text[0].isdigit()  # 1.0-x86_64-linux
    if not ranges and format_ not in ("", "generic") and not of_platform:
        raise _not_versions(package, format_, text)
    return HeldVersions(text, ranges=ranges)


def _read_glob(package: str, format_: str, text: str) -> HeldVersions:
    glob = read_version_glob(text, format_, text)
    if numbers := _STARRED_RELEASE.fullmatch(text):
        return HeldVersions(text, glob, _written(_STARRED, format_, numbers[1]))
    ranges = _readable(_written(_EXACT, format_, text))
    if not ranges and format_ in _NUMERIC and not re.match(r"[0-9*]", text):
        raise _not_versions(package, format_, text)
    return HeldVersions(text, glob, ranges)


def _read_range(package: str, format_: str, text: str) -> HeldVersions:
    formats = (format_,) if format_ else FORMATS
    ranges = _readable({each: Range(each, text) for each in formats})
    is_text = format_ == "generic" and not _CLEARLY_RANGE.search(text)
    if len(ranges) == len(formats) or is_text:
        return HeldVersions(text, ranges=ranges)
    raise _not_versions(package, format_, text) if format_ else _differs(package, text, ranges)


def _written(forms: Mapping[str, str], format_: str, text: str) -> dict[str, Range]:
    """The text as a range of each format, in the form of the format. The ranges are not parsed."""
    return {each: Range(each, form.format(text)) for each, form in forms.items() if format_ in ("", each)}


def _readable(ranges: Mapping[str, Range]) -> dict[str, Range]:
    """The ranges without those that cannot be parsed."""
    return {format_: each for format_, each in ranges.items() if _mistake(format_, each.text) is None}


def _mistake(format_: str, text: str) -> RangeError | RangeLengthError | None:
    try:
        parse(format_, text)
    except (RangeError, RangeLengthError) as wrong:
        return wrong
    return None


def _check_characters(package: str, format_: str, text: str) -> None:
    try:
        check_names(f"{package}@{text}", [text])
    except PatternError as wrong:
        versions = [each.removeprefix(f"{package}@") for each in wrong.suggestions]
        valid = all(_is_valid(package, format_, each) for each in versions)
        hint = "" if versions and valid else _example(package, format_)
        raise PatternError(wrong.problem, hint, wrong.suggestions if valid else ()) from None


def _not_versions(package: str, format_: str, text: str) -> PatternError:
    """The error of a text that is neither a version nor a range of its format."""
    wrong = _mistake(format_, text)
    problem = f'"{package}@{text}" names no version: "{text}" is neither a version nor a range of {format_}'
    translated = wrong.suggestion if isinstance(wrong, RangeError) else ""
    for suggestion in (text.lstrip("vV"), translated):
        if suggestion not in ("", text) and _is_valid(package, format_, suggestion):
            return PatternError(problem, suggestions=[f"{package}@{suggestion}"])
    return PatternError(problem, _example(package, format_))


def _differs(package: str, text: str, ranges: Mapping[str, Range]) -> PatternError:
    """The error of a range for all formats that is none in some of them."""
    missing = ", ".join(format_ for format_ in FORMATS if format_ not in ranges)
    problem = f'"{package}@{text}" names no version of {missing}: "{text}" is no range there'
    return PatternError(problem, "write one entry for each format, each with a range of its format")


def _example(package: str, format_: str) -> str:
    return f"write {package}@1.5.0, {package}@1.5.* or {package}@{_EXAMPLES.get(format_, '>=1.4 <2.0')}"


def _is_valid(package: str, format_: str, text: str) -> bool:
    try:
        read_held_versions(package, format_, text)
    except PatternError:
        return False
    return True
