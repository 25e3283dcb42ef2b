"""Patterns: which packages a rule is about.

A pattern is a Package URL with globs (`purl_globs`), or a package-group pattern of CodeArtifact (`group_patterns`).
"""

from collections.abc import Callable
from typing import TypeVar

from promoter.packages.errors import PatternError
from promoter.packages.group_patterns import read_group
from promoter.packages.matching import Pattern, path_of
from promoter.packages.name_rules import check_no_qualifiers
from promoter.packages.purl import parse_package, split_version
from promoter.packages.purl_globs import read_purl_glob

__all__ = [
    "Pattern",
    "PatternError",
    "parse",
    "parse_package",
    "parse_versioned",
    "path_of",
]

_Read = TypeVar("_Read")


def parse(text: str) -> Pattern:
    """Read a pattern of packages. Raises PatternError; its suggestions are valid patterns."""
    return _read(_parse, text)


def parse_versioned(text: str) -> tuple[Pattern, str]:
    """Read a pattern of packages that may end in `@VERSION`. Returns the pattern, and the version as it is written.

    Raises PatternError; its suggestions are valid here, too.
    """
    return _read(_parse_versioned, text)


def _parse(text: str) -> Pattern:
    if text.startswith("/"):
        return read_group(text)
    check_no_qualifiers(text)
    package, version = split_version(text)
    if version:
        problem = f'"{text}" names a version, but no version is allowed here'
        raise PatternError(problem, suggestions=[package])
    return read_purl_glob(text)


def _parse_versioned(text: str) -> tuple[Pattern, str]:
    if text.startswith("/"):
        return read_group(text), ""
    check_no_qualifiers(text)
    package, version = split_version(text)
    try:
        return read_purl_glob(package), version
    except PatternError as wrong:
        suggestions = [each + text[len(package) :] for each in wrong.suggestions]
        hint = "" if wrong.suggestions and version else wrong.hint
        raise PatternError(wrong.problem, hint, suggestions) from None


def _read(read: Callable[[str], _Read], text: str) -> _Read:
    """Read a text. Suggestions that `read` refuses are left out of its error, or replaced by theirs."""
    try:
        return read(text)
    except PatternError as wrong:
        suggestions = [_valid(read, each, depth=2) for each in wrong.suggestions]
        if all(suggestions) and suggestions == list(wrong.suggestions):
            raise
        raise PatternError(wrong.problem, suggestions=suggestions if all(suggestions) else ()) from None


def _valid(read: Callable[[str], object], text: str, depth: int) -> str:
    """The text if it can be read, else the one text that its error suggests; "" if there is none."""
    try:
        read(text)
    except PatternError as wrong:
        following = wrong.suggestions if depth and len(wrong.suggestions) == 1 else ()
        return _valid(read, following[0], depth - 1) if following else ""
    return text
