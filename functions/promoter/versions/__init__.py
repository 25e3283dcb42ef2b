"""Version ranges of each package format in its own ecosystem's language, and which versions are prereleases.

Formats are CodeArtifact's. Each language is a module here, imported (with its library, if it has one) only
when a range of its format is parsed or a version of it is judged:

- `npm` (also swift and generic): node semver ranges, own code over versions by `semver`;
- `cargo`: cargo's requirements, own code over versions by `semver`;
- `pypi`: PEP 440 specifiers by `packaging`;
- `maven`: Maven's ranges and ComparableVersion order, own code;
- `nuget`: NuGet's intervals and floating versions, own code;
- `ruby`: RubyGems' requirements by `univers.gem`.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from typing import Final, Protocol, cast

from msgspec import Struct

Contains = Callable[[str], bool | None]

MODULES: Final = {
    "npm": "npm",
    "pypi": "pypi",
    "maven": "maven",
    "nuget": "nuget",
    "generic": "npm",
    "ruby": "ruby",
    "swift": "npm",
    "cargo": "cargo",
}
LONGEST_RANGE: Final = 1000
LONGEST_VERSION: Final = 255  # CodeArtifact's limit


class RangeError(ValueError):
    """A text that is no range of its format; the message says why and, if it can be told, what to write."""


class Language(Protocol):
    """What each format's module offers; a version that it cannot parse is None."""

    def compile_range(self, text: str) -> Contains:
        """Whether a version lies within `text`, prereleases included; raises RangeError."""

    def is_prerelease(self, version: str) -> bool | None:
        """Whether `version` comes before a release that it announces."""


class Range(Struct, frozen=True):
    """The versions that `text` means in the language of `format`, as `parse` found it valid."""

    format: str
    text: str

    def contains(self, version: str, *, prereleases: bool) -> bool | None:
        """Whether `version` is in the range; None if it is no version of this format.

        A prerelease is never in it without `prereleases`, not even if the range names one. With `prereleases`
        it is ordered as the ecosystem's own tool orders it when told to include prereleases.
        """
        early = is_prerelease(self.format, version)
        if early is None:
            return None
        if early and not prereleases:
            return False
        return _compiled(self.format, self.text)(version)


def parse(format: str, text: str) -> Range:  # noqa: A002 - CodeArtifact's word
    """The range that `text` means for packages of `format`, as in `parse("npm", "^1.4 || ^2")`.

    Raises RangeError. The empty text, which some ecosystems read as "any version", is refused.
    """
    _compiled(format, text)
    return Range(format, text)


def is_prerelease(format: str, version: str) -> bool | None:  # noqa: A002 - CodeArtifact's word
    """Whether `version` is a prerelease to `format`'s ecosystem; None if it is no version there.

    A SNAPSHOT, alpha, beta, milestone, rc or cr to maven; a, b, rc and dev to pypi; whatever has a letter to
    ruby; what has a SemVer prerelease part to the others. Raises RangeError for a format that there is not.
    """
    language = _language(format)
    return language.is_prerelease(version) if 0 < len(version) <= LONGEST_VERSION else None


@lru_cache(maxsize=4096)
def _compiled(format: str, text: str) -> Contains:  # noqa: A002 - CodeArtifact's word
    language = _language(format)
    if not text.strip():
        raise RangeError("a range cannot be empty; leave it out to allow every version")
    if len(text) > LONGEST_RANGE:
        raise RangeError(f"a range cannot be longer than {LONGEST_RANGE} characters")
    try:
        return language.compile_range(text)
    except RangeError as error:
        raise RangeError(f'"{text}" is not {error}{_advice(format, text)}') from None


@cache
def _language(format: str) -> Language:  # noqa: A002 - CodeArtifact's word
    if format not in MODULES:
        raise RangeError(f'"{format}" is not a package format; choose one of {", ".join(MODULES)}')
    return cast("Language", import_module(f"{__name__}.{MODULES[format]}"))


def _advice(format: str, text: str) -> str:  # noqa: A002 - CodeArtifact's word
    from promoter.versions.translation import translate

    for candidate in translate(MODULES[format], text):
        try:
            _language(format).compile_range(candidate)
        except RangeError:
            continue
        return f'; write "{candidate}"'
    return ""
