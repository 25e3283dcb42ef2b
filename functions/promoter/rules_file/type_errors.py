"""Type errors: why a value of the rules file is not of its key's type, in the words of TOML."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from msgspec import Struct, inspect

from promoter.rules_file.diagnostics import Diagnostic, Path, error
from promoter.rules_file.spelling import suggest

_KINDS: dict[type[inspect.Type], tuple[str, type | tuple[type, ...]]] = {
    inspect.StrType: ("a string", str),
    inspect.LiteralType: ("a string", str),
    inspect.BoolType: ("true or false", bool),
    inspect.DateTimeType: ("a date with a time", (datetime, str)),
    inspect.ListType: ("an array", list),
    inspect.VarTupleType: ("an array", list),
    inspect.DictType: ("a table", dict),
}
_WORDS: tuple[tuple[type, str], ...] = (  # a bool is an int, a datetime is a date: the first that fits counts
    (str, "a string"),
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a number"),
    (list, "an array"),
    (dict, "a table"),
    (datetime, "a date with a time"),
    (date, "a date"),
    (time, "a time"),
)
_HINTS = {
    "domain": 'use 2 to 50 lower-case letters, digits and "-"; begin with a letter',
    "from": 'use 2 to 100 letters, digits, ".", "_" and "-"; begin with a letter or a digit',
    "to": 'use 2 to 100 letters, digits, ".", "_" and "-"; begin with a letter or a digit',
    "name": "use letters, digits, spaces and punctuation of ASCII; no space at either end",
    "evidence": 'use 2 to 100 letters, digits, ".", "_" and "-"; begin with a letter or a digit',
    "checks": 'use letters, digits, ".", "_" and "-"',
    "approval": 'write true, false, or a name of letters, digits, ".", "_" and "-"',
    "packages": "list patterns or teams, each as a string",
    "soak": 'write numbers with units: "24h", "7d", "1d12h"',
    **dict.fromkeys(
        ("until", "from-time", "since", "now"), "write a date and a time with its zone: 2027-01-31T08:00:00Z"
    ),
    "allow": 'write "Mon-Thu 08:00-16:00 Europe/Berlin"',
    "waive": "begin each waiver with [[waive]]",
    "window": "begin each window with [[window]]",
    "promotion": "begin each promotion with [[promotion]]",
    "hold": "begin each hold with [[hold]]",
    "case": "begin each case with [[case]]",
}
_PROBLEMS = {  # of a text that does not match the pattern of its key
    "domain": "is not a valid domain name",
    "from": "is not a valid repository name",
    "to": "is not a valid repository name",
    "evidence": "is not a valid repository name",
    "checks": "has characters that are not allowed",
    "approval": "has characters that are not allowed",
    "name": "has characters that are not allowed",
    "soak": "is not a duration",
}


class _Subject(Struct, frozen=True):
    """The key that the message is about. `title` names its table, "" for the file itself."""

    path: Path
    key: str
    title: str

    def __str__(self) -> str:
        return self.key + self.owner

    def with_value(self, value: Any) -> str:
        """The key with its value: `soak "24x" of promotion "web"`."""
        return self.key + _shown(value) + self.owner

    @property
    def owner(self) -> str:
        """The table of the key, for a message."""
        return f" of {self.title}" if self.title else ""

    def error(self, message: str) -> Diagnostic:
        """An error at the key, with the key's hint."""
        return error(self.path, message, _HINTS.get(self.key, ""))

    def element(self, step: str | int) -> "_Subject":
        """An element of the key's array or table."""
        return _Subject((*self.path, step), self.key, self.title)


def type_errors(value: Any, type_: Any, path: Path, title: str) -> list[Diagnostic]:
    """Explain why `msgspec.convert` refuses a value; at least one error.

    `path` ends with the key of the value. `title` names the key's table, "" for the file itself.
    """
    subject = _Subject(path, str(path[-1]), title)
    found = list(_check(value, inspect.type_info(type_), subject))
    return found or [error(path, f"{subject.with_value(value)} is not valid")]


def _check(value: Any, info: inspect.Type, subject: _Subject, name: str = "") -> Iterator[Diagnostic]:
    """Check one value. `name` is the subject of the message about a wrong type, if not the key."""
    alternatives = list(_alternatives(info))
    fitting = next((each for each in alternatives if isinstance(value, _KINDS[type(each)][1])), None)
    match fitting:
        case inspect.StrType():
            yield from _check_text(value, fitting, subject)
        case inspect.LiteralType():
            yield from _check_choice(value, fitting, subject)
        case inspect.VarTupleType():
            yield from _check_array(value, fitting, subject)
        case inspect.DictType():
            yield from _check_table(value, fitting, subject)
        case inspect.DateTimeType():
            message = f"{subject.with_value(value)} is not a date and a time with a zone"
            yield subject.error(message)
        case None if alternatives:
            yield _wrong_type(value, alternatives, name or subject.with_value(value), subject)


def _alternatives(info: inspect.Type) -> Iterator[inspect.Type]:
    """The types of a union, without None: TOML has no such value."""
    match info:
        case inspect.Metadata():
            yield from _alternatives(info.type)
        case inspect.UnionType():
            for each in info.types:
                yield from _alternatives(each)
        case _ if type(info) in _KINDS:
            yield info


def _wrong_type(value: Any, alternatives: list[inspect.Type], name: str, subject: _Subject) -> Diagnostic:
    expected = " or ".join(dict.fromkeys(_KINDS[type(each)][0] for each in alternatives))
    actual = next(word for type_, word in _WORDS if isinstance(value, type_))
    message = f"{name} must be {expected}, not {actual}"
    if isinstance(value, str) and expected == "an array":
        return error(subject.path, message, f'write {subject.key} = ["{value}"]')
    return subject.error(message)


def _check_text(text: str, info: inspect.StrType, subject: _Subject) -> Iterator[Diagnostic]:
    if len(text) < (info.min_length or 0):
        yield subject.error(f"{subject} is empty")
    elif info.max_length is not None and len(text) > info.max_length:
        yield error(subject.path, f"{subject} is longer than {info.max_length} characters")
    elif info.pattern is not None and not re.search(info.pattern, text):
        problem = _PROBLEMS.get(subject.key, "is not valid")
        yield subject.error(f"{subject.with_value(text)} {problem}")


def _check_choice(text: str, info: inspect.LiteralType, subject: _Subject) -> Iterator[Diagnostic]:
    choices = [str(each) for each in info.values]
    if text not in choices:
        message = f"{subject.with_value(text)} is not one of {', '.join(choices)}"
        yield error(subject.path, message, suggest(text, choices))


def _check_array(values: list[Any], info: inspect.VarTupleType, subject: _Subject) -> Iterator[Diagnostic]:
    if len(values) < (info.min_length or 0):
        yield subject.error(f"{subject} is empty")
    for position, value in enumerate(values):
        yield from _check(value, info.item_type, subject.element(position), f"each value in {subject}")


def _check_table(table: dict[str, Any], info: inspect.DictType, subject: _Subject) -> Iterator[Diagnostic]:
    for key, value in table.items():
        element = subject.element(key)
        wrong_key = list(_check(key, info.key_type, element))
        yield from wrong_key or _check(value, info.value_type, element, f"each value in {subject}")


def _shown(value: Any) -> str:
    match value:
        case bool():
            return f" {str(value).lower()}"
        case str():
            return f' "{value}"'
        case int() | float():
            return f" {value}"
        case date() | time():  # a datetime is a date, too
            return f" {value.isoformat()}"
    return ""
