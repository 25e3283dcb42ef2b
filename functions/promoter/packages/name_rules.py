"""Rules for names of packages. A pattern that breaks one of them matches no package."""

import re
from collections.abc import Iterable, Sequence

from promoter.packages.errors import PatternError
from promoter.packages.package import FORMATS, NAMESPACED
from promoter.packages.spelled_out import spell_out, without_sign

WITHOUT_NAMESPACE = frozenset(FORMATS) - NAMESPACED - {"npm"}

_LONGEST = 255  # API reference: of a namespace, of a name
_FORBIDDEN = re.compile(r"[#/\s]")  # API reference: the patterns of a namespace and of a name
_FOREIGN = re.compile(r"[{}?\[\]]")  # signs of other pattern languages; no name has them
_QUALIFIERS = re.compile(r"\?[A-Za-z][A-Za-z0-9._-]*=.*|#.*", re.DOTALL)


def check_names(text: str, names: Iterable[str], format_: str = "") -> None:
    """Check the characters and the length of names and versions. Raises PatternError; `text` is the pattern.

    Only generic packages may have an "@" in their names.
    """
    for name in names:
        if forbidden := _FORBIDDEN.search(name):
            raise _character_forbidden(text, forbidden[0])
        if foreign := _FOREIGN.search(name):
            raise _character_forbidden(text, foreign[0], spell_out(text))
        if "@" in name and format_ != "generic":
            raise _character_forbidden(text, "@", without_sign(text))
        if len(name.replace("*", "")) > _LONGEST:
            raise PatternError(
                f'"{text}" matches no package: no name or version is longer than {_LONGEST} characters'
            )


def check_no_qualifiers(text: str) -> None:
    """Check that a Package URL ends with its name or version. Raises PatternError."""
    if found := _QUALIFIERS.search(text):
        plain = text[: found.start()]
        problem = f'"{text}" matches no package: a pattern has no qualifiers and no subpath'
        raise PatternError(f'{problem} ("{found[0]}")', suggestions=[plain])


def namespace_missing(text: str, format_: str, suggestion: str, hint: str = "") -> PatternError:
    """The error of a pattern that gives no namespace in a format that needs one."""
    problem = f'"{text}" matches no package: {format_} packages have a namespace'
    return PatternError(problem, hint, [suggestion])


def namespace_unknown(text: str, format_: str, suggestion: str) -> PatternError:
    """The error of a pattern that gives a namespace in a format that has none."""
    problem = f'"{text}" matches no package: {format_} packages have no namespace'
    return PatternError(problem, suggestions=[suggestion])


def _character_forbidden(text: str, character: str, suggestions: Sequence[str] = ()) -> PatternError:
    problem = f'"{text}" matches no package: no name or version contains {character!r}'
    hint = "" if suggestions or not _FOREIGN.match(character) else 'write each name, or use "*" for any text'
    return PatternError(problem, hint, suggestions)
