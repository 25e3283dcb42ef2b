"""The languages of ranges: one module each, and the formats that use it.

A module, with its library if it has one, is imported when its first range is parsed or its first version is judged.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, Protocol, cast

from promoter.versions.errors import UnknownFormatError

Contains = Callable[
    [str], bool | None
]  # is a version in the range? None: it is not a version of the language

LANGUAGES: Final = {  # by CodeArtifact's package format
    "npm": "npm",
    "pypi": "pypi",
    "maven": "maven",
    "nuget": "nuget",
    "generic": "npm",
    "ruby": "ruby",
    "swift": "npm",
    "cargo": "cargo",
}


class Language(Protocol):
    """The functions that each language's module has."""

    def compile_range(self, text: str) -> Contains:
        """Compile a range. Prereleases are ordered like other versions. Raises RangeError."""

    def is_prerelease(self, version: str) -> bool | None:
        """True for a prerelease, False for a release, None if it is not a version of the language."""


@cache
def language_of(format_: str) -> Language:
    """Import the language of a package format. Raises UnknownFormatError."""
    if format_ not in LANGUAGES:
        raise UnknownFormatError(f'"{format_}" is not a package format; choose one of {", ".join(LANGUAGES)}')
    return cast("Language", import_module(f"{__package__}.{LANGUAGES[format_]}"))
