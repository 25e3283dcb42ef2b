"""Patterns: which packages a rule is about.

A pattern is a Package URL with globs (`purl_globs`), or a package-group pattern of CodeArtifact (`group_patterns`).
"""

from promoter.packages.errors import PatternError
from promoter.packages.group_patterns import read_group
from promoter.packages.matching import Pattern, VersionPattern, path_of
from promoter.packages.purl import parse_package, split_version
from promoter.packages.purl_globs import read_purl_glob, read_version_glob

__all__ = [
    "Pattern",
    "PatternError",
    "VersionPattern",
    "parse",
    "parse_package",
    "parse_versioned",
    "path_of",
]


def parse(text: str) -> Pattern:
    """Read a pattern of packages. Raises PatternError."""
    if text.startswith("/"):
        return read_group(text)
    package, version = split_version(text)
    if version:
        raise PatternError(f'"{text}" names a version, but no version is allowed here', f"write {package}")
    return read_purl_glob(text)


def parse_versioned(text: str) -> VersionPattern:
    """Read a pattern of packages that may end in `@VERSION`; the version may be a glob. Raises PatternError."""
    package, version = ("", "") if text.startswith("/") else split_version(text)
    if not version:
        return VersionPattern(parse(text))
    pattern = read_purl_glob(package)
    return VersionPattern(pattern, read_version_glob(text, pattern.format, version))
