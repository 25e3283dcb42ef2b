"""Which packages a rule speaks of: Package URL globs, and CodeArtifact's package-group patterns.

In a glob `*` stands for anything within one segment (a namespace, a name), `**` alone in the last one for all
the rest: `pkg:npm/*` is every npm package without a scope, `pkg:npm/**` every npm package, `pkg:**` every one.

A pattern that begins with `/` means what it means for a package group: `/npm/acme/*` the packages of a
namespace, `/maven/com.acme~` everything that begins with these words, `/pypi//requests$` one package (User
Guide: package-group-definition-syntax-matching-behavior). Only what that page calls a strong match counts: a
package that differs in case or punctuation is the one that AWS would block.

Matching takes time linear in the length of the name, whatever the pattern.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category
from urllib.parse import unquote

from msgspec import Struct

from promoter.packages.package import FORMATS, NAMESPACED, PURL_TYPES, Package, normalise

_FORMATS = {PURL_TYPES.get(name, name): name for name in FORMATS} | {name: name for name in FORMATS}
_GROUP_FORMATS = {name: name for name in FORMATS} | {"python": "pypi"}  # the page writes /python//requests
_FLAT = frozenset(FORMATS) - NAMESPACED - {"npm"}  # their packages have no namespace
_LONGEST = 255  # API reference: of a namespace, of a name
_VERSION = re.compile(r"\A(?P<package>.*[^/])@(?P<version>[^/@]+)\Z", re.DOTALL)


class PatternError(ValueError):
    """A pattern that means nothing; the message says what is wrong with it and what to write."""


class Pattern(Struct, frozen=True):
    """A pattern; `text` is as its author wrote it.

    A path matches if it begins with `prefix`, and `glob`, where there is one, matches all of it; `whole` wants it
    to be `prefix`, `word` wants a word of it to end there. `broad` says that neither a namespace nor the beginning of
    a name is given.
    """

    text: str
    prefix: str
    glob: str = ""
    whole: bool = False
    word: bool = False
    broad: bool = False

    @property
    def format(self) -> str:
        """The format that is meant; "" is every one."""
        head, slash, _ = self.prefix.partition("/")
        return head if slash else ""

    def matches(self, path: str) -> bool:
        """Whether the package of this `path` (see `path_of`) is meant."""
        if self.whole:
            return path == self.prefix
        if not path.startswith(self.prefix):
            return False
        if self.glob:
            return _regex(self.glob).match(path) is not None
        return not self.word or ends_word(path, len(self.prefix))


class VersionPattern(Struct, frozen=True):
    """A pattern of packages and, where it names one, of versions."""

    package: Pattern
    version: str = ""

    def matches(self, path: str, version: str) -> bool:
        """Whether this version of the package of this `path` is meant."""
        if not self.package.matches(path):
            return False
        return not self.version or _regex(self.version).match(version) is not None


def path_of(package: Package) -> str:
    """What patterns are matched against: `format/namespace/name`, as in the package's ARN."""
    return f"{package.format}/{package.namespace}/{package.name}"


def parse(text: str) -> Pattern:
    """Read a pattern of packages; raises PatternError."""
    if text.startswith("/"):
        return _group(text)
    if _VERSION.match(text):
        raise PatternError(f'"{text}" names a version; a pattern of packages has none')
    return _purl(text, _segments(text))


def parse_versioned(text: str) -> VersionPattern:
    """Read a pattern of packages that may end in `@VERSION`, a glob too; raises PatternError."""
    parts = None if text.startswith("/") else _VERSION.match(text)
    if parts is None:
        return VersionPattern(parse(text))
    package, version = _purl(parts["package"], _segments(parts["package"])), _unescaped(parts["version"])
    _check_letters(text, [version])
    return VersionPattern(package, _glob(_version(package.format, version)) + r"\Z")


def parse_package(text: str) -> tuple[Package, str]:
    """Read the Package URL of one package, and its version or ""; raises PatternError."""
    parts = _VERSION.match(text)
    plain = parts["package"] if parts else text
    segments = _segments(plain.partition("?")[0].partition("#")[0])
    if any("*" in segment for segment in segments):
        raise PatternError(f'"{text}" is a pattern; name one package')
    format_, namespace, name = segments
    return Package(format_, namespace, name), _unescaped(parts["version"]) if parts else ""


def _version(format_: str, text: str) -> str:
    """A version as CodeArtifact spells it (User Guide: nuget-name-normalization); a glob as it is written."""
    release = re.match(r"[0-9]+(\.[0-9]+){1,3}(?=[-+]|\Z)", text)
    if format_ != "nuget" or release is None:
        return text
    numbers = [str(int(number)) for number in release[0].split(".")]
    if len(numbers) == 4 and numbers[3] == "0":
        numbers.pop()
    return ".".join(numbers) + text[release.end() :].partition("+")[0]


def _unescaped(text: str) -> str:
    """A part of a Package URL as its author means it."""
    return unquote(text)


def _segments(text: str) -> list[str]:
    """`[format, namespace, name]`, or fewer where the last is `**`."""
    scheme, _, rest = text.partition(":")
    if scheme != "pkg" or not rest:
        raise PatternError(f'"{text}" is not a Package URL; write {_as_purl(text)}')
    if rest == "**":
        return ["**"]
    type_, *names = (_unescaped(segment) for segment in rest.strip("/").split("/"))
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


def _as_purl(text: str) -> str:
    """What npm's or Maven's own way to name a package may have meant."""
    if re.fullmatch(r"@[^/@:]+/[^/@:]+", text):
        return f"pkg:npm/{text}"
    coordinates = re.fullmatch(r"([^/@:]+\.[^/@:]+):([^/@:]+)", text)
    if coordinates:
        return f"pkg:maven/{coordinates[1]}/{coordinates[2]}"
    return "pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"


def _check(text: str, format_: str, names: list[str]) -> None:
    if not 1 <= len(names) <= 2 or not all(names):
        raise PatternError(f'"{text}" has to name a package; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME')
    _check_letters(text, names)
    if any("**" in name and (name != "**" or name is not names[-1]) for name in names):
        raise PatternError(f'"{text}" has "**" beside other text; it stands alone, as the last segment')
    if len(names) == 1 and format_ in NAMESPACED and names != ["**"]:
        raise PatternError(
            f'"{text}" can select nothing: {format_} packages have a namespace; '
            f"write pkg:{format_}/NAMESPACE/{names[0]}, or pkg:{format_}/** for all"
        )
    if len(names) == 2 and format_ in _FLAT:
        raise PatternError(
            f'"{text}" can select nothing: {format_} packages have no namespace; '
            f"write {text.partition('/')[0]}/{names[1]}"
        )


def _check_letters(text: str, names: Iterable[str]) -> None:
    """That a package could have these names (API reference: their pattern and their length)."""
    for name in names:
        strange = re.search(r"[#/\s]", name)
        if strange:
            raise PatternError(f'"{text}" can select nothing: no name or version has {strange[0]!r} in it')
        if len(name.replace("*", "")) > _LONGEST:
            raise PatternError(
                f'"{text}" can select nothing: no name or version is longer than {_LONGEST} characters'
            )


def _purl(text: str, segments: list[str]) -> Pattern:
    open_end = segments[-1] == "**"
    fixed = segments[:-1] if open_end else segments
    literal = "/".join(fixed) + ("/" if open_end and fixed else "")
    broad = len(segments) < 2 or all(segment.startswith("*") or not segment for segment in segments[1:])
    pieces = re.split(r"\*+", literal)
    if len(pieces) == 1:
        return Pattern(text, literal, whole=not open_end, broad=broad)
    glob = "/".join(_segment(segment) for segment in fixed) + ("/" if open_end else r"\Z")
    return Pattern(text, prefix=pieces[0], glob=glob, broad=broad)


def _group(text: str) -> Pattern:
    if text == "/*":
        return Pattern(text, "", broad=True)
    path, end = text[1:-1], text[-1]
    head, slash, rest = path.partition("/")
    format_ = _GROUP_FORMATS.get(head)
    if end not in "$~*" or not slash:
        raise PatternError(
            f'"{text}" is not a package-group pattern; it ends in "$", "~" or "*", as in /npm/acme/*'
        )
    if format_ is None:
        raise PatternError(f'"{text}" has an unknown format "{head}"; one of {", ".join(sorted(FORMATS))}')
    if "*" in rest or rest.count("/") > 1:
        raise PatternError(f'"{text}" is not a package-group pattern; "*" stands only at its end')
    _check_letters(text, rest.split("/"))
    if format_ in _FLAT and rest and not rest.startswith("/"):
        raise PatternError(
            f'"{text}" can select nothing: {format_} packages have no namespace; write /{head}//{rest}{end}'
        )
    if format_ in NAMESPACED and rest.startswith("/"):
        raise PatternError(
            f'"{text}" can select nothing: {format_} packages have a namespace; write /{head}/NAMESPACE{rest}{end}'
        )
    if end == "$" and (rest.count("/") != 1 or rest.endswith("/")):
        raise PatternError(
            f'"{text}" has to name a package whole; write /{head}/NAMESPACE/NAME$ or /{head}//NAME$'
        )
    after_word = bool(rest) and _is_of_word(rest[-1])
    if end == "~" and not after_word:
        raise PatternError(f'"{text}" has "~" where no word ends; write "{text[:-1]}*"')
    if end == "*" and after_word:
        raise PatternError(f'"{text}" has "*" inside a word; write "{text[:-1]}~"')
    return _of_group(text, format_, rest, end)


def _of_group(text: str, format_: str, rest: str, end: str) -> Pattern:
    """Package groups have to be written with normalised names; a slip is mended silently, as in globs."""
    tail = rest[len(rest.rstrip("-_.")) :] if end == "*" else ""
    prefix = f"{format_}/{normalise(format_, rest)}"
    if tail and format_ == "pypi":
        prefix = prefix.rstrip("-") + "-"
    return Pattern(text, prefix, whole=end == "$", word=end == "~", broad=not rest.strip("/"))


def ends_word(text: str, end: int) -> bool:
    """Whether no word goes on at this place."""
    return end >= len(text) or not _is_of_word(text[end])


def _is_of_word(character: str) -> bool:
    """Whether it goes on a word: a letter, a number or a mark, as the page defines it."""
    return category(character)[0] in "LNM"


@lru_cache(maxsize=4096)
def _regex(glob: str) -> re.Pattern[str]:
    return re.compile(glob, re.DOTALL)


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
