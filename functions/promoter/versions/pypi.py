"""PyPI's version specifiers (PEP 440,
https://packaging.python.org/en/latest/specifications/version-specifiers/).

By `packaging`, which is what pip itself uses. Prereleases are ordered as under its `prereleases=True`, where
2.0rc1 is not in `<2` because the specification says so.
"""

from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from promoter.versions import Contains, RangeError


@lru_cache(maxsize=4096)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, or a number too long for Python
        return None


def compile_range(text: str) -> Contains:
    """Whether a version meets every specifier of `text`, such as `~=1.4,!=1.4.2`."""
    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier:
        raise RangeError("a PEP 440 specifier") from None

    def contains(text: str) -> bool | None:
        version = _version(text)
        return None if version is None else specifiers.contains(version, prereleases=True)

    return contains


def is_prerelease(version: str) -> bool | None:
    """Whether a PEP 440 version has a, b, rc or dev; None for what is not PEP 440."""
    parsed = _version(version)
    return None if parsed is None else parsed.is_prerelease
