"""What is wrong with a value of the rules file, in the words of TOML, and what may have been meant."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any, Literal, get_args, get_origin

from promoter.rules_file.diagnostics import Diagnostic, Path

_TYPES = {
    "str": "a string",
    "bool": "true or false",
    "int": "an integer",
    "float": "a number",
    "array": "an array",
    "object": "a table",
    "datetime": "a date with a time",
    "date": "a date",
    "time": "a time",
}
_MENDS = {
    "soak": 'write a number and a unit: "24h", "7d", "30m"',
    "until": "write a date and a time with its zone: 2027-01-31T08:00:00Z",
    "name": "letters, digits, blanks and punctuation of ASCII; metrics carry it",
    "packages": "name a pattern or a team",
    "promotion": "a promotion begins with [[promotion]]",
    "hold": "a hold begins with [[hold]]",
}
_OTHER_WORDS = {"gem": "ruby", "rubygems": "ruby", "python": "pypi", "java": "maven", "crates": "cargo"}
_TYPE = re.compile(r"Expected `(.+?)`, got `(.+?)`( - at )?")


def type_error(value: Any, type_: Any, path: Path, title: str, error: str) -> Diagnostic:
    """What is wrong with a value that is not of its key's type; `error` is what msgspec says."""
    choices = _choices(type_)
    if choices and "Invalid enum value" in error:
        return _of_choice(value, choices, path, title)
    key, mend = path[-1], _MENDS.get(str(path[-1]), "")
    if types := _TYPE.match(error):
        expected, got = (" or ".join(_words(each)) for each in types.group(1, 2))
        if isinstance(value, str) and expected == "an array":
            mend = f"write {key} = [{shown(value)}]"
        subject = f"each of {key} of {title}" if types[3] else f"{key}{_shown(value)} of {title}"
        return Diagnostic(path, f"{subject} has to be {expected}, not {got}", mend)
    if "length >= 1" in error:
        return Diagnostic(path, f"{key} of {title} is empty", mend)
    if "length <= " in error:
        longest = error.rpartition(" ")[2]
        return Diagnostic(path, f"{key} of {title} is longer than {longest} characters")
    return Diagnostic(path, f"{key}{_shown(value)}{_refused(str(key), title)}", mend)


def shown(text: str) -> str:
    """A text in quotes."""
    return f'"{text}"'


def nearest(word: str, known: Iterable[str]) -> str:
    """What may have been meant; or all that could be."""
    import difflib  # only a mistake needs it

    known = sorted(known)
    close = difflib.get_close_matches(word[:100], known, n=1) or [_OTHER_WORDS.get(word, "")]
    return f'did you mean "{close[0]}"?' if close[0] in known else f"known: {', '.join(known)}"


def _of_choice(value: Any, choices: tuple[str, ...], path: Path, title: str) -> Diagnostic:
    several = isinstance(value, list | dict)
    strange = next(str(each) for each in (value if several else [value]) if each not in choices)
    text = f'{path[-1]} "{strange}" of {title} is not one of {", ".join(choices)}'
    if isinstance(value, dict):
        path = (*path, strange)
    return Diagnostic(path, text, nearest(strange, choices), value=strange if isinstance(value, list) else "")


def _refused(key: str, title: str) -> str:
    match key:
        case "domain":
            return " cannot be the name of a domain"
        case "from" | "to":
            return f" of {title} cannot be the name of a repository"
        case "soak":
            return f" of {title} is not a duration"
        case "until":
            return f" of {title} is not a moment: a date, a time and its zone"
        case _:
            return f" of {title} has other characters than it may have"


def _words(types: str) -> list[str]:
    return [_TYPES.get(each, each) for each in types.split(" | ") if each != "null"]


def _choices(type_: Any) -> tuple[str, ...]:
    if get_origin(type_) is Literal:
        return get_args(type_)
    return next((found for each in get_args(type_) if (found := _choices(each))), ())


def _shown(value: Any) -> str:
    match value:
        case bool():
            return f" {str(value).lower()}"
        case str():
            return f" {shown(value)}"
        case int() | float():
            return f" {value}"
        case date() | time():  # a datetime is a date, too
            return f" {value.isoformat()}"
    return ""
