"""Formats the function's log for people: one line per decision."""

import json
from typing import Any

HIDDEN_LEVELS = ("DEBUG", "INFO")


def format_log_line(line: str) -> str | None:
    """Format one line of the function's log. Return None if it is not meant for people.

    A decision becomes one line. Warnings, errors and lines that are not JSON stay as they are.
    """
    try:
        record = json.loads(line)
    except ValueError:
        return printable(line)
    if not isinstance(record, dict) or "_aws" in record:
        return None
    if "hop" in record and "verdict" in record:
        return printable(_format_decision(record))
    return printable(line) if record.get("level", "INFO") not in HIDDEN_LEVELS else None


def printable(text: str) -> str:
    """Return the text on one line, with control characters escaped, because names are untrusted input."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def package_name(record: dict[str, Any]) -> str:
    """Return the name of a decision's package as its own package manager writes it."""
    namespace, package = record.get("namespace"), record["package"]
    if not namespace:
        return str(package)
    if record["format"] == "npm":
        return f"@{namespace}/{package}"
    return f"{namespace}{':' if record['format'] == 'maven' else '/'}{package}"


def _format_decision(record: dict[str, Any]) -> str:
    hop = f"{record['hop']['from']} -> {record['hop']['to']}"
    package = f"{package_name(record)} {record['version']}"
    columns = [
        f"{record['verdict'].upper():<8}",
        f"{record['format']:<7}",
        f"{package:<32}",
        f"{hop:<18}",
        f"{record['promotion']:<20}",
        _result(record),
    ]
    return "  ".join(columns).rstrip()


def _result(record: dict[str, Any]) -> str:
    if "outcome" in record:
        return " ".join(str(record[key]) for key in ("outcome", "code", "text") if record.get(key))
    return "; ".join(reason["text"] for reason in record["reasons"] if not reason["met"])
