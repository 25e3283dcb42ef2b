"""Formats the function's log for people: a line per decision, and another per copy."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.text import Text

COLOURS = {
    "FAILED": "bold red",
    "REJECT": "yellow",
    "HOLD": "yellow",
    "WAIT": "yellow",
    "copied": "green",
    "ok": "green",
}
_HIDDEN_LEVELS = ("DEBUG", "INFO")
_LABELLED = ("approval", "manual", "soak")  # conditions whose sentences do not name them
_ARN_PREFIX = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::\d*:")

Record = dict[str, Any]  # of the decision log


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of output about a package version. `where` is a repository or a hop."""

    word: str
    format: str
    package: str
    where: str
    details: tuple[str, ...] = ()

    def text(self, time: str) -> Text:
        """Return the line, in columns, with the word in the colour of its meaning."""
        subject = f"{self.word:<10} {self.format:<8} {self.package:<28}"
        columns = [subject, f"{self.where:<18}", *filter(None, self.details)]
        line = Text(printable(f"{time}  " + "  ".join(columns)).rstrip())
        if self.word in COLOURS:
            line.highlight_words([self.word], COLOURS[self.word])
        return line


def read_record(line: str) -> Record | None:
    """Read a line of the function's log. Return None if it is not an object in JSON."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def is_decision(record: Record | None) -> bool:
    """Return True if a record of the log is a decision."""
    return record is not None and record.get("message") == "decision"


def is_hidden(record: Record | None) -> bool:
    """Return True if a line of the log is not meant for people: metrics, and what is less than a warning."""
    return record is not None and ("_aws" in record or record.get("level", "INFO") in _HIDDEN_LEVELS)


def decision_lines(
    record: Record, rules_line: Callable[[str], str], since_publish: float | None = None
) -> list[EventLine]:
    """Return the lines of a decision.

    Args:
        record: the record of the decision log.
        rules_line: finds the line of the rules that has a value, such as "rules.toml:18"; "" if none has it.
        since_publish: seconds since the version was published, if that is known.

    """
    line = _LineOf(record)
    match record.get("outcome"):
        case None if record["verdict"] == "promote":
            word = "OBSERVED" if record.get("observed") else "PROMOTE"
            copied = "not copied" if record.get("observed") else ""
            return [line(word, line.hop, copied, record["promotion"], _met_reasons(record))]
        case None:
            observed = "observed only" if record.get("observed") else ""
            return [line(record["verdict"].upper(), line.hop, *_unmet(record, rules_line), observed)]
        case "copied" | "unchanged" as outcome:
            seconds = "" if since_publish is None else f"{since_publish:.1f}s after publish"
            extended = "files were added" if record.get("extended") else ""
            return [
                line("PROMOTE", line.hop, record["promotion"], _met_reasons(record)),
                line(outcome, record["hop"]["to"], seconds, extended),
            ]
        case "superseded" | "retry" as outcome:
            return [line(outcome, line.hop, record.get("code", ""), record.get("text", ""))]
        case outcome:
            detail = _different_assets(record) or [record.get("text", "")]
            return [line(outcome.upper(), line.hop, record.get("code", ""), *detail)]


def printable(text: str) -> str:
    """Return the text on one line, with control characters escaped, because names are untrusted input."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def package_name(record: Record) -> str:
    """Return the name of a decision's package as its own package manager writes it."""
    return client_name(record["format"], record.get("namespace"), record["package"])


def client_name(format_: str, namespace: str | None, package: str) -> str:
    """Return the name of a package as its own package manager writes it."""
    if not namespace:
        return package
    if format_ == "npm":
        return f"@{namespace}/{package}"
    return f"{namespace}{':' if format_ == 'maven' else '/'}{package}"


def line_finder(rules_file: Path) -> Callable[[str], str]:
    """Return a function that finds the first line of the rules file that has a value in quotes."""

    def find(value: str) -> str:
        for number, line in enumerate(rules_file.read_text("utf-8-sig").splitlines(), 1):
            if f'"{value}"' in line:
                return f"{rules_file.name}:{number}"
        return ""

    return find


class _LineOf:
    """Makes lines about the version and the hop of one decision."""

    def __init__(self, record: Record) -> None:
        self._format = record["format"]
        self._package = f"{package_name(record)} {record['version']}"
        self.hop = f"{record['hop']['from']} -> {record['hop']['to']}"

    def __call__(self, word: str, where: str, *details: str) -> EventLine:
        return EventLine(word, self._format, self._package, where, details)


def _met_reasons(record: Record) -> str:
    return ", ".join(_sentence(reason) for reason in record["reasons"])


def _unmet(record: Record, rules_line: Callable[[str], str]) -> list[str]:
    unmet = [reason for reason in record["reasons"] if not reason["met"]]
    sentences = [_sentence(reason) for reason in unmet]
    if sentences and "until" in record:
        sentences[-1] += f", until {_clock_time(record['until'])}"
    return [*sentences, *(place for reason in unmet if (place := rules_line(reason["seen"])))]


def _sentence(reason: Record) -> str:
    label = f"{reason['code']}: " if reason["code"] in _LABELLED else ""
    waived = " (waived)" if reason.get("waived") else ""
    return label + _ARN_PREFIX.sub("", reason["text"]) + waived


def _clock_time(time: str) -> str:
    """Return a time of the log in the zone of this machine; with the date if that is not today."""
    moment = datetime.fromisoformat(time).astimezone()
    today = moment.date() == datetime.now().astimezone().date()
    return f"{moment:%H:%M:%S}" if today else f"{moment:%Y-%m-%d %H:%M}"


def _different_assets(record: Record) -> list[str]:
    source, destination = record["hop"]["from"], record["hop"]["to"]
    return [
        f"{asset['name']}: {destination} {_shorten(asset['destination'])} {source} {_shorten(asset['source'])}"
        for asset in record.get("assets", ())
    ]


def _shorten(digest: str | None) -> str:
    return f"{digest[:4]}.." if digest else "none"
