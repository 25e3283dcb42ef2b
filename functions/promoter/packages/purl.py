"""Package URLs, `pkg:npm/@acme/widget@1.2.3`, with or without globs."""

import re
from urllib.parse import unquote

from promoter.packages.errors import PatternError
from promoter.packages.name_rules import (
    WITHOUT_NAMESPACE,
    check_names,
    namespace_missing,
    namespace_unknown,
)
from promoter.packages.package import FORMATS, NAMESPACED, PURL_TYPES, Package, normalise

_FORMATS = {PURL_TYPES.get(name, name): name for name in FORMATS} | {name: name for name in FORMATS}
_VERSION = re.compile(r"\A(?P<package>.*[^/])@(?P<version>[^/@]+)\Z", re.DOTALL)
_ANY_PURL = "pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"


def parse_package(text: str) -> tuple[Package, str]:
    """Read the Package URL of one package, and its version or "". Raises PatternError.

    Qualifiers and a subpath (`?...`, `#...`) are ignored.
    """
    plain, version = split_version(text.partition("?")[0].partition("#")[0])
    segments = read_segments(plain)
    if any("*" in segment for segment in segments):
        raise PatternError(f'"{text}" is a pattern', "name one package")
    format_, namespace, name = segments
    return Package(format_, namespace, name), version


def split_version(text: str) -> tuple[str, str]:
    """Split a Package URL into the part of the package and the unescaped version; "" if it has no version."""
    match = _VERSION.match(text)
    return (match["package"], unquote(match["version"])) if match else (text, "")


def read_segments(text: str) -> list[str]:
    """Read a Package URL without a version into `[format, namespace, name]`. Raises PatternError.

    A last segment of `**` replaces all segments from there on, as in `["npm", "**"]`.
    """
    scheme, _, rest = text.partition(":")
    if scheme != "pkg" or not rest:
        raise _not_a_purl(text)
    if rest == "**":
        return ["**"]
    type_, *names = (unquote(segment) for segment in rest.strip("/").split("/"))
    format_ = _format(text, type_)
    if format_ == "npm":
        names = _without_scope_sign(text, names)
    _check(text, format_, names)
    names = [normalise(format_, name) for name in names]
    return [format_, *names] if len(names) == 2 or names == ["**"] else [format_, "", *names]


def _not_a_purl(text: str) -> PatternError:
    """The error of a text without `pkg:`; it suggests the Package URL of a name in npm's or Maven's own form."""
    problem = f'"{text}" is not a Package URL'
    if re.fullmatch(r"@[^/@:]+/[^/@:]+", text):
        return PatternError(problem, suggestions=[f"pkg:npm/{text}"])
    if re.fullmatch(r"[^/@:]+\.[^/@:]+:[^/@:]+", text):
        return PatternError(problem, suggestions=[f"pkg:maven/{text.replace(':', '/')}"])
    return PatternError(problem, f"write {_ANY_PURL}")


def _format(text: str, type_: str) -> str:
    if type_ not in _FORMATS:
        known = ", ".join(sorted(_FORMATS))
        raise PatternError(f'"{text}" has an unknown type "{type_}"', f"known types: {known}")
    return _FORMATS[type_]


def _without_scope_sign(text: str, names: list[str]) -> list[str]:
    if not names or not names[0].startswith("@"):
        return names
    if len(names) == 1:
        _check_separators(text, names)
        every = f"pkg:npm/{names[0]}/*"
        hint = f"write {every} for all its packages"
        raise PatternError(f'"{text}" is a scope without a package', hint, [every])
    return [names[0][1:], *names[1:]]


def _check(text: str, format_: str, names: list[str]) -> None:
    if not 1 <= len(names) <= 2 or not all(names):
        raise PatternError(f'"{text}" does not name a package', f"write {_ANY_PURL}")
    _check_separators(text, names)
    check_names(text, names, format_)
    if any("**" in name for name in names[:-1]) or ("**" in names[-1] and names[-1] != "**"):
        hint = 'use "**" only as the whole last segment, as in pkg:npm/**'
        raise PatternError(f'"{text}" has "**" in the wrong place', hint)
    _check_namespace(text, format_, names)


def _check_separators(text: str, names: list[str]) -> None:
    """Check that no separator is escaped, as in `pkg:npm/%40acme%2Fwidget`."""
    if any("/" in name for name in names):
        type_ = text.partition("/")[0]
        problem = f'"{text}" matches no package: no name or version contains an escaped "/"'
        raise PatternError(problem, suggestions=[f"{type_}/{'/'.join(names)}".replace("npm/%40", "npm/@")])


def _check_namespace(text: str, format_: str, names: list[str]) -> None:
    if len(names) == 1 and format_ in NAMESPACED and names != ["**"]:
        raise _namespace_missing(text, format_, names[0])
    if len(names) == 2 and format_ in WITHOUT_NAMESPACE:
        name = f"{names[0]}-*" if names[1].startswith("*") and "*" not in names[0] else names[1]
        raise namespace_unknown(text, format_, f"{text.partition('/')[0]}/{name}")


def _namespace_missing(text: str, format_: str, name: str) -> PatternError:
    coordinates = re.fullmatch(r"([^:]+):([^:]+)", name)
    if format_ == "maven" and coordinates:
        return namespace_missing(text, format_, f"pkg:maven/{coordinates[1]}/{coordinates[2]}")
    suggestion = f"pkg:{format_}/NAMESPACE/{name}"
    return namespace_missing(text, format_, suggestion, f"write {suggestion}, or pkg:{format_}/** for all")
