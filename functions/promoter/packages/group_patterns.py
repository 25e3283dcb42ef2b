"""CodeArtifact's package-group patterns; they begin with `/`.

`/npm/acme/*` is every package of a namespace, `/maven/com.acme~` everything that begins with these words,
`/pypi//requests$` one package (User Guide: package-group-definition-syntax-matching-behavior). Only a strong match
of that page counts. A package that differs in case or punctuation is a weak match, which AWS blocks.
"""

from msgspec import Struct

from promoter.packages.errors import PatternError
from promoter.packages.matching import Pattern, is_word_character
from promoter.packages.name_rules import (
    WITHOUT_NAMESPACE,
    check_names,
    namespace_missing,
    namespace_unknown,
)
from promoter.packages.package import FORMATS, NAMESPACED, normalise

# the User Guide writes /python//requests; gem is the type in Package URLs
_FORMATS = {name: name for name in FORMATS} | {"python": "pypi", "gem": "ruby"}


class _Group(Struct, frozen=True):
    """The parts of `/npm/acme/*`: `head` is "npm" as its author wrote it, `rest` is "acme/", `end` is "*"."""

    text: str
    head: str
    format: str
    rest: str
    end: str

    @property
    def follows_word(self) -> bool:
        """True if the last sign comes directly after a word."""
        return bool(self.rest) and is_word_character(self.rest[-1])


def read_group(text: str) -> Pattern:
    """Read a package-group pattern. Raises PatternError."""
    if text == "/*":
        return Pattern(text, "", broad=True)
    group = _split(text)
    check_names(text, group.rest.split("/"))
    _check_namespace(group)
    _check_end(group)
    return Pattern(
        text,
        _prefix(group),
        whole=group.end == "$",
        word=group.end == "~",
        broad=not group.rest.strip("/"),
    )


def _split(text: str) -> _Group:
    problem = f'"{text}" is not a package-group pattern'
    path, end = text[1:-1], text[-1]
    head, slash, rest = path.partition("/")
    if end not in "$~*" or not slash:
        raise PatternError(problem, 'end it with "$", "~" or "*", as in /npm/acme/*')
    if head not in _FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise PatternError(f'"{text}" has an unknown format "{head}"', f"known formats: {known}")
    if "*" in rest:
        raise PatternError(problem, 'use "*" only at its end')
    if rest.count("/") > 1:
        raise _name_whole(head, problem)
    return _Group(text, head, _FORMATS[head], rest, end)


def _check_namespace(group: _Group) -> None:
    head, rest, end = group.head, group.rest, group.end
    if group.format in WITHOUT_NAMESPACE and rest and not rest.startswith("/"):
        prefix = f"{rest[:-1]}-" if rest.endswith("/") else rest.rpartition("/")[2]
        raise namespace_unknown(group.text, group.format, f"/{head}//{prefix}{end}")
    if group.format in NAMESPACED and rest.startswith("/"):
        raise namespace_missing(group.text, group.format, f"/{head}/NAMESPACE{rest}{end}")


def _check_end(group: _Group) -> None:
    text, head, rest, end = group.text, group.head, group.rest, group.end
    if end == "$" and (rest.count("/") != 1 or rest.endswith("/")):
        raise _name_whole(head, f'"{text}" does not name a whole package')
    if end == "~" and not group.follows_word:
        raise PatternError(f'"~" in "{text}" does not follow a word', suggestions=[f"{text[:-1]}*"])
    if end == "*" and group.follows_word:
        raise PatternError(f'"*" in "{text}" directly follows a word', suggestions=[f"{text[:-1]}~"])


def _name_whole(head: str, problem: str) -> PatternError:
    """An error that says how to name one package in the format of `head`."""
    format_ = _FORMATS[head]
    with_namespace = [] if format_ in WITHOUT_NAMESPACE else [f"/{head}/NAMESPACE/NAME$"]
    without = [] if format_ in NAMESPACED else [f"/{head}//NAME$"]
    suggestions = with_namespace + without
    return PatternError(problem, f"write {' or '.join(suggestions)}", suggestions[:1])


def _prefix(group: _Group) -> str:
    """The normalised beginning of every path in the group. CodeArtifact demands normalised names; we do not."""
    prefix = f"{group.format}/{normalise(group.format, group.rest)}"
    if group.format == "pypi" and group.end == "*" and group.rest[-1:] in ("-", "_", "."):
        return prefix.rstrip("-") + "-"
    return prefix
