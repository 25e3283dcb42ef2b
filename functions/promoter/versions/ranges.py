"""Ranges of versions, for every package format of CodeArtifact."""

from functools import lru_cache
from typing import Final

from msgspec import Struct

from promoter.versions.errors import RangeError, RangeLengthError
from promoter.versions.languages import LANGUAGES, Contains, language_of
from promoter.versions.translation import translate

LONGEST_RANGE: Final = 1000
LONGEST_VERSION: Final = 255  # CodeArtifact's limit


class Range(Struct, frozen=True):
    """The versions that `text` selects in the language of `format`. `parse` makes valid ranges."""

    format: str
    text: str

    def contains(self, version: str, *, prereleases: bool) -> bool | None:
        """True if the version is in the range; None if it is not a version of this format.

        Without `prereleases`, no prerelease is in the range, even if the range names it. With `prereleases`, the
        order is that of the ecosystem's own tool when it includes prereleases.
        """
        prerelease = is_prerelease(self.format, version)
        if prerelease is None:
            return None
        if prerelease and not prereleases:
            return False
        return _compiled(self.format, self.text)(version)


def parse(format_: str, text: str) -> Range:
    """Read a range of a package format, as in `parse("npm", "^1.4 || ^2")`.

    Raises RangeError, RangeLengthError and UnknownFormatError. An empty text is an error, although some ecosystems
    read it as "any version".
    """
    _compiled(format_, text)
    return Range(format_, text)


def is_prerelease(format_: str, version: str) -> bool | None:
    """True if a version is a prerelease in its ecosystem; None if it is not a version there.

    Prereleases are: in maven a SNAPSHOT, alpha, beta, milestone, rc or cr; in pypi a, b, rc and dev; in ruby a
    version with a letter; in the other formats a version with a SemVer prerelease. Raises UnknownFormatError.
    """
    language = language_of(format_)
    return language.is_prerelease(version) if 0 < len(version) <= LONGEST_VERSION else None


@lru_cache(maxsize=4096)
def _compiled(format_: str, text: str) -> Contains:
    language = language_of(format_)
    if not text.strip():
        raise RangeLengthError("a range cannot be empty", "leave it out to allow every version")
    if len(text) > LONGEST_RANGE:
        raise RangeLengthError(f"a range cannot be longer than {LONGEST_RANGE} characters")
    try:
        return language.compile_range(text)
    except RangeError as error:
        suggestion = _suggestion(format_, text)
        raise RangeError(error.expected, suggestion, detail=error.detail, text=text) from None


def _suggestion(format_: str, text: str) -> str:
    """The same range in the language of the format; "" if it is not a range of another language."""
    for candidate in translate(LANGUAGES[format_], text):
        try:
            language_of(format_).compile_range(candidate)
        except RangeError:
            continue
        return candidate
    return ""
