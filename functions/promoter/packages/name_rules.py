"""Rules for names of packages. A pattern that breaks one of them matches no package."""

import re
from collections.abc import Iterable

from promoter.packages.errors import PatternError
from promoter.packages.package import FORMATS, NAMESPACED

WITHOUT_NAMESPACE = frozenset(FORMATS) - NAMESPACED - {"npm"}

_LONGEST = 255  # API reference: of a namespace, of a name
_FORBIDDEN = re.compile(r"[#/\s]")  # API reference: the patterns of a namespace and of a name


def check_names(text: str, names: Iterable[str]) -> None:
    """Check the characters and the length of names and versions. Raises PatternError; `text` is the pattern."""
    for name in names:
        if forbidden := _FORBIDDEN.search(name):
            raise PatternError(f'"{text}" matches no package: no name or version contains {forbidden[0]!r}')
        if len(name.replace("*", "")) > _LONGEST:
            raise PatternError(
                f'"{text}" matches no package: no name or version is longer than {_LONGEST} characters'
            )


def namespace_missing(text: str, format_: str, hint: str) -> PatternError:
    """The error of a pattern that gives no namespace in a format that needs one."""
    return PatternError(f'"{text}" matches no package: {format_} packages have a namespace', hint)


def namespace_unknown(text: str, format_: str, hint: str) -> PatternError:
    """The error of a pattern that gives a namespace in a format that has none."""
    return PatternError(f'"{text}" matches no package: {format_} packages have no namespace', hint)
