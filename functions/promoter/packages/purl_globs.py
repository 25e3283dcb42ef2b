"""Package URLs with globs.

In a glob, `*` matches any text within one segment (a namespace, a name). `**` as the whole last segment matches the
rest: `pkg:npm/*` is every npm package without a scope, `pkg:npm/**` every npm package, `pkg:**` every package.
"""

import re

from promoter.packages.matching import Pattern
from promoter.packages.name_rules import check_names
from promoter.packages.purl import read_segments

_STARS = re.compile(r"\*+")


def read_purl_glob(text: str) -> Pattern:
    """Read a Package URL without a version. Raises PatternError."""
    segments = read_segments(text)
    open_end = segments[-1] == "**"
    fixed = segments[:-1] if open_end else segments
    literal = "/".join(fixed) + ("/" if open_end and fixed else "")
    prefix, *more = _STARS.split(literal)
    if not more:
        return Pattern(text, literal, whole=not open_end, broad=_is_broad(segments))
    glob = "/".join(_segment(segment) for segment in fixed) + ("/" if open_end else r"\Z")
    return Pattern(text, prefix, glob=glob, broad=_is_broad(segments))


def read_version_glob(text: str, format_: str, version: str) -> str:
    """Translate the glob of a version into a regular expression. Raises PatternError; `text` is the pattern."""
    check_names(text, [version])
    if format_ == "nuget":
        version = _normalise_nuget(version)
    return _glob(version) + r"\Z"


def _is_broad(segments: list[str]) -> bool:
    return all(segment.startswith("*") or not segment for segment in segments[1:])


def _normalise_nuget(version: str) -> str:
    """Spell a NuGet version as CodeArtifact does (User Guide: nuget-name-normalization); keep a glob as it is."""
    release = re.match(r"[0-9]+(\.[0-9]+){1,3}(?=[-+]|\Z)", version)
    if release is None:
        return version
    numbers = [str(int(number)) for number in release[0].split(".")]
    if len(numbers) == 4 and numbers[3] == "0":
        numbers.pop()
    return ".".join(numbers) + version[release.end() :].partition("+")[0]


def _segment(text: str) -> str:
    return (r"(?=[^/])" + _glob(text)) if text.startswith("*") else _glob(text)


def _glob(text: str) -> str:
    """Translate a glob into a regular expression that never backtracks over more than one star."""
    first, *rest = (re.escape(piece) for piece in _STARS.split(text))
    if not rest:
        return first
    *middle, last = rest
    lazy = "".join(rf"(?>[^/]*?{piece})" for piece in middle)
    return rf"{first}{lazy}[^/]*{last}(?=/|\Z)" if last else rf"{first}{lazy}[^/]*"
