"""The demo's output: what happens, line by line, as it happens."""

import time
from pathlib import Path
from threading import Condition
from typing import Any

from rich.console import Console
from rich.text import Text

from local.demo.sample_packages import SampleVersion
from local.display.decision_lines import (
    COLOURS,
    EventLine,
    decision_lines,
    is_decision,
    is_hidden,
    line_finder,
    package_name,
    printable,
    read_record,
)

_Key = tuple[str, str, str]  # format, name, version
_Record = dict[str, Any]  # of the decision log


class Timeline:
    """Prints publications and decisions, and keeps the decisions.

    A decision may be logged before the publish command returns, or before the log of the copy that it follows.
    It is printed after them.
    """

    def __init__(self, console: Console, rules_file: Path) -> None:
        """Rejections show the line of `rules_file` that caused them."""
        self._console = console
        self._rules_line = line_finder(rules_file)
        self._start = time.monotonic()
        self._published_at: dict[_Key, float] = {}
        self._shown: set[tuple[_Key, str]] = set()  # versions that have been shown in a repository
        self._early: dict[tuple[_Key, str], list[tuple[float, _Record]]] = {}
        self._lock = Condition()
        self.decisions: list[_Record] = []

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def restart(self) -> None:
        """Set the time to zero."""
        self._start = time.monotonic()

    def say(self, text: str, word: str = "") -> None:
        """Print a line. `word` in it gets the colour of its meaning on a terminal."""
        line = Text(text)
        if word in COLOURS:
            line.highlight_words([word], COLOURS[word])
        self._console.print(line, soft_wrap=True)

    def show_published(self, sample: SampleVersion, repository: str, command: str) -> None:
        """Print that a package manager has published a version."""
        key = (sample.format, sample.name, sample.version)
        with self._lock:
            early = self._early.get((key, repository), [])
            self._published_at[key] = min([self.seconds, *(seconds for seconds, _ in early)])
            self._print(
                self._published_at[key],
                EventLine("published", sample.format, str(sample), repository, (command,)),
            )
            self._show_in(key, repository)

    def log(self, line: str) -> None:
        """Receive a line of the function's log. Print decisions, warnings and errors."""
        record = read_record(line)
        if record is not None and is_decision(record):
            self._receive(record)
        elif not is_hidden(record):
            self.say(printable(line))

    def show_rest(self) -> None:
        """Print the decisions whose publication or copy was never shown."""
        with self._lock:
            for key, repository in list(self._early):
                self._show_in(key, repository)

    def _receive(self, record: _Record) -> None:
        key, source = (record["format"], package_name(record), record["version"]), record["hop"]["from"]
        with self._lock:
            self.decisions.append(record)
            if (key, source) in self._shown:
                self._print_decision(self.seconds, key, record)
            else:
                self._early.setdefault((key, source), []).append((self.seconds, record))

    def _show_in(self, key: _Key, repository: str) -> None:
        self._shown.add((key, repository))
        for seconds, record in self._early.pop((key, repository), ()):
            self._print_decision(seconds, key, record)

    def _print_decision(self, seconds: float, key: _Key, record: _Record) -> None:
        since = seconds - self._published_at[key] if key in self._published_at else None
        for line in decision_lines(record, self._rules_line, since):
            self._print(seconds, line)
        if record.get("outcome") in ("copied", "unchanged"):
            self._show_in(key, record["hop"]["to"])

    def _print(self, seconds: float, line: EventLine) -> None:
        self._console.print(line.text(f"{seconds:>5.1f}s"), soft_wrap=True)
