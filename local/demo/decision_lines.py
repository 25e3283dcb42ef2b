"""The decision log as lines that a person reads."""

import json
from typing import Any

QUIET = ("DEBUG", "INFO")


def plain(line: str) -> str | None:
    """One line of the function's log as it is shown; None for what is not for people.

    Decisions become one line each; warnings, errors and what is not JSON are shown as they are.
    """
    try:
        record = json.loads(line)
    except ValueError:
        return printable(line)
    if not isinstance(record, dict) or "_aws" in record:
        return None
    if "hop" in record and "verdict" in record:
        return printable(_decision(record))
    return printable(line) if record.get("level", "INFO") not in QUIET else None


def printable(text: str) -> str:
    """The text on one line, without anything that a terminal would obey: names come from strangers."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _decision(record: dict[str, Any]) -> str:
    hop = f"{record['hop']['from']} -> {record['hop']['to']}"
    package = f"{name_of(record)} {record['version']}"
    return "  ".join(
        [
            f"{record['verdict'].upper():<7}",
            f"{record['format']:<7}",
            f"{package:<32}",
            f"{hop:<18}",
            f"{record['promotion']:<20}",
            _result(record),
        ]
    ).rstrip()


def name_of(record: dict[str, Any]) -> str:
    """The package's name as its own clients write it."""
    namespace, package = record.get("namespace"), record["package"]
    if not namespace:
        return str(package)
    if record["format"] == "npm":
        return f"@{namespace}/{package}"
    return f"{namespace}{':' if record['format'] == 'maven' else '/'}{package}"


def _result(record: dict[str, Any]) -> str:
    if "outcome" in record:
        return " ".join(str(record[key]) for key in ("outcome", "code", "text") if record.get(key))
    return "; ".join(reason["text"] for reason in record["reasons"] if not reason["met"])
