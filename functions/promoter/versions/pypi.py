"""PyPI's version specifiers: PEP 440,
https://packaging.python.org/en/latest/specifications/version-specifiers/

The `packaging` library, which pip uses too, does the work. Prereleases are ordered as with its `prereleases=True`:
2.0rc1 is not in `<2`, as the specification demands.
"""

from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from promoter.versions.errors import RangeError
from promoter.versions.languages import Contains


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, or a number too long for Python
        return None


def compile_range(text: str) -> Contains:
    """Compile specifiers such as `~=1.4,!=1.4.2`; a version must meet all. Raises RangeError."""
    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier:
        raise RangeError("a PEP 440 specifier") from None

    def contains(text: str) -> bool | None:
        version = _version(text)
        return None if version is None else specifiers.contains(version, prereleases=True)

    return contains


def is_prerelease(version: str) -> bool | None:
    """True if a version has a, b, rc or dev; None if it is not PEP 440."""
    parsed = _version(version)
    return None if parsed is None else parsed.is_prerelease
