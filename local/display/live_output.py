"""What `make local` prints while it serves: decisions, packages that no promotion selects, mails and sums."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from local.display.decision_lines import (
    EventLine,
    client_name,
    decision_lines,
    is_decision,
    is_hidden,
    line_finder,
    printable,
    read_record,
)
from local.display.mailbox import Mail
from local.rules_summary import RulesSummary

SUM_AFTER = 50  # decisions

_Version = tuple[str, str, str, str, str]  # format, namespace, package, version, repository


class LiveOutput:
    """Prints lines as they come, from several threads."""

    def __init__(self, console: Console, rules_file: Path) -> None:
        """Rejections show the line of `rules_file` that caused them."""
        self._console = console
        self._rules_line = line_finder(rules_file)
        self._evidence = ""  # the repository of answers
        self._read_mails: Callable[[], list[Mail]] = list
        self._mails_shown = 0
        self._decided: set[_Version] = set()
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def watch(self, rules: RulesSummary, read_mails: Callable[[], list[Mail]] | None = None) -> None:
        """Use these rules from now on. `read_mails` returns all mails that were ever sent."""
        with self._lock:
            self._evidence = rules.evidence
            self._read_mails = read_mails or self._read_mails

    def log(self, line: str) -> None:
        """Receive a line of the function's log. Print decisions, warnings and errors."""
        record = read_record(line)
        with self._lock:
            if record is not None and is_decision(record):
                self._show_decision(record)
            elif not is_hidden(record):
                self._say(printable(line))

    def end_batch(self, event: Mapping[str, Any], answer: Mapping[str, Any] | None) -> None:
        """Receive a batch and the function's answer, None if it failed. Print what has no decision, and new mails."""
        with self._lock:
            if answer is not None:
                kept = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
                for record in event["Records"]:
                    if record["messageId"] not in kept:
                        self._show_unselected(record["body"])
            self._show_mails()

    def say(self, text: str) -> None:
        """Print a text of our own."""
        with self._lock:
            self._say(text)

    def _show_decision(self, record: dict[str, Any]) -> None:
        self._decided.add(
            (
                record["format"],
                record["namespace"] or "",
                record["package"],
                record["version"],
                record["hop"]["from"],
            )
        )
        for line in decision_lines(record, self._rules_line):
            self._show(line)
        self._counts[record.get("outcome") or record["verdict"]] += 1
        if self._counts.total() % SUM_AFTER == 0:
            self._say(f"{self._counts.total()} decisions so far: {_sums(self._counts)}")

    def _show_unselected(self, body: str) -> None:
        for version in _versions(body):
            format_, namespace, package, text, repository = version
            if version not in self._decided and repository != self._evidence:
                name = f"{client_name(format_, namespace, package)} {text}"
                self._show(
                    EventLine("ignored", format_, name, repository, ("no promotion selects this package",))
                )

    def _show_mails(self) -> None:
        mails = self._read_mails()
        for mail in mails[self._mails_shown :]:
            self._say(f"mail: {mail.subject}")
            for line in mail.text.splitlines():
                self._console.print(f"    {line}".rstrip(), soft_wrap=True, markup=False)
        self._mails_shown = len(mails)

    def _show(self, line: EventLine) -> None:
        self._console.print(line.text(_clock_time()), soft_wrap=True)

    def _say(self, text: str) -> None:
        self._console.print(f"{_clock_time()}  {text}", soft_wrap=True, markup=False)


def _versions(body: str) -> Iterator[_Version]:
    """The version of a CodeArtifact event; nothing for other messages, which the function reports."""
    try:
        detail = json.loads(body)["detail"]
        yield (
            detail["packageFormat"],
            detail["packageNamespace"] or "",
            detail["packageName"],
            detail["packageVersion"],
            detail["repositoryName"],
        )
    except (ValueError, KeyError, TypeError):
        return


def _sums(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())


def _clock_time() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"
