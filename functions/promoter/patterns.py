"""Which packages a rule speaks of: Package URL globs.

`*` stands for anything within one segment (a namespace, a name), `**` alone in the last one for all the rest:
`pkg:npm/*` is every npm package without a scope, `pkg:npm/**` every npm package, `pkg:**` every package.
Matching takes time linear in the length of the name, whatever the pattern.
"""

import re
from urllib.parse import unquote

from msgspec import Struct

from promoter.package import FORMATS, NAMESPACED, PURL_TYPES, Package, normalise

_FORMATS = {PURL_TYPES.get(name, name): name for name in FORMATS} | {name: name for name in FORMATS}
_VERSION = re.compile(r"\A(?P<package>.*[^/])@(?P<version>[^/@]+)\Z", re.DOTALL)


class PatternError(ValueError):
    """A pattern that means nothing; the message says what is wrong with it and what to write."""


class Pattern(Struct, frozen=True):
    """A compiled pattern; `text` is as its author wrote it, `prefix` the literal beginning of its path."""

    text: str
    regex: re.Pattern[str]
    prefix: str

    def matches(self, path: str) -> bool:
        """Whether the package of this `path` (see `path_of`) is meant."""
        return self.regex.match(path) is not None


class VersionPattern(Struct, frozen=True):
    """A pattern of packages and, where it names one, of versions."""

    package: Pattern
    version: re.Pattern[str] | None = None

    def matches(self, path: str, version: str) -> bool:
        """Whether this version of the package of this `path` is meant."""
        return self.package.matches(path) and (
            self.version is None or self.version.match(version) is not None
        )


def path_of(package: Package) -> str:
    """What patterns are matched against: `format/namespace/name`, as in the package's ARN."""
    return f"{package.format}/{package.namespace}/{package.name}"


def parse(text: str) -> Pattern:
    """Read a pattern of packages; raises PatternError."""
    if _VERSION.match(text):
        raise PatternError(f'"{text}" names a version; a pattern of packages has none')
    return _compile(text, _segments(text))


def parse_versioned(text: str) -> VersionPattern:
    """Read a pattern of packages that may end in `@VERSION`, a glob too; raises PatternError."""
    parts = _VERSION.match(text)
    if parts is None:
        return VersionPattern(parse(text))
    package = _compile(parts["package"], _segments(parts["package"]))
    return VersionPattern(package, re.compile(_glob(unquote(parts["version"])) + r"\Z"))


def _segments(text: str) -> list[str]:
    """`[format, namespace, name]`, or fewer where the last is `**`."""
    scheme, _, rest = text.partition(":")
    if scheme != "pkg" or not rest:
        raise PatternError(f'"{text}" is not a Package URL; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME')
    if rest == "**":
        return ["**"]
    type_, *names = (unquote(segment) for segment in rest.strip("/").split("/"))
    format_ = _FORMATS.get(type_)
    if format_ is None:
        raise PatternError(f'"{text}" has an unknown type "{type_}"; one of {", ".join(sorted(_FORMATS))}')
    if names and names[0].startswith("@") and format_ == "npm":
        if len(names) == 1:
            raise PatternError(
                f'"{text}" is a scope without a package; write pkg:npm/{names[0]}/* for all of them'
            )
        names[0] = names[0][1:]
    _check(text, format_, names)
    names = [normalise(format_, name) for name in names]
    return [format_, *names] if len(names) == 2 or names == ["**"] else [format_, "", *names]


def _check(text: str, format_: str, names: list[str]) -> None:
    if not 1 <= len(names) <= 2 or not all(names):
        raise PatternError(f'"{text}" has to name a package; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME')
    if any("**" in name and (name != "**" or name is not names[-1]) for name in names):
        raise PatternError(f'"{text}" has "**" beside other text; it stands alone, as the last segment')
    if len(names) == 1 and format_ in NAMESPACED and names != ["**"]:
        raise PatternError(
            f'"{text}" can select nothing: {format_} packages have a namespace; '
            f"write pkg:{format_}/NAMESPACE/{names[0]}, or pkg:{format_}/** for all"
        )


def _compile(text: str, segments: list[str]) -> Pattern:
    if segments[-1] == "**":
        fixed = [_segment(segment) + "/" for segment in segments[:-1]]
        regex = "".join(fixed)
    else:
        regex = "/".join(_segment(segment) for segment in segments) + r"\Z"
    literal = "/".join("" if segment == "**" else segment for segment in segments)
    return Pattern(text, re.compile(regex, re.DOTALL), literal.split("*", 1)[0])


def _segment(text: str) -> str:
    return (r"(?=[^/])" + _glob(text)) if text.startswith("*") else _glob(text)


def _glob(text: str) -> str:
    """A regular expression that never backtracks over more than one star."""
    first, *rest = (re.escape(piece) for piece in re.split(r"\*+", text))
    if not rest:
        return first
    *middle, last = rest
    lazy = "".join(rf"(?>[^/]*?{piece})" for piece in middle)
    return rf"{first}{lazy}[^/]*{last}(?=/|\Z)" if last else rf"{first}{lazy}[^/]*"
