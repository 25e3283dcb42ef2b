"""The demo's output: what happens, line by line, as it happens."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import Any

from rich.console import Console
from rich.text import Text

from local.demo.decision_lines import package_name, printable
from local.demo.sample_packages import SampleVersion

COLOURS = {
    "FAILED": "bold red",
    "REJECT": "yellow",
    "HOLD": "yellow",
    "WAIT": "yellow",
    "copied": "green",
    "ok": "green",
}
Key = tuple[str, str, str]  # format, name, version
Record = dict[str, Any]  # of the decision log


class Timeline:
    """Prints publications and decisions, and keeps the decisions.

    A version may be in prod before its publish command returns. Its decisions are printed after its publication.
    """

    def __init__(self, console: Console, rules_file: Path) -> None:
        """Rejections show the line of `rules_file` that caused them."""
        self._console = console
        self._rules_file = rules_file
        self._start = time.monotonic()
        self._published_at: dict[Key, float] = {}
        self._early: dict[
            Key, list[tuple[float, Record]]
        ] = {}  # decisions before the publish command returned
        self._changed = Condition()
        self.decisions: list[Record] = []

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
        with self._changed:
            early = self._early.pop(key, [])
            self._published_at[key] = min([self.seconds, *(seconds for seconds, _ in early)])
            self._print_event(self._published_at[key], "published", key, f"{repository:<18}", command)
            for seconds, record in early:
                self._print_decision(seconds, key, record)

    def log(self, line: str) -> None:
        """Receive a line of the function's log. Print decisions, warnings and errors."""
        try:
            record = json.loads(line)
        except ValueError:
            record = {"level": "ERROR"}
        if record.get("message") == "decision":
            self._receive(record)
        elif record.get("level") in ("WARNING", "ERROR", "CRITICAL"):
            self.say(printable(line))

    def wait_for_decisions(self, complete: Callable[[list[Record]], bool], timeout: float) -> bool:
        """Wait until the decisions are complete. Return False if they are not after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: complete(self.decisions), timeout)

    def _receive(self, record: Record) -> None:
        key = (record["format"], package_name(record), record["version"])
        with self._changed:
            if key in self._published_at:
                self._print_decision(self.seconds, key, record)
            else:
                self._early.setdefault(key, []).append((self.seconds, record))
            self.decisions.append(record)
            self._changed.notify_all()

    def _print_decision(self, seconds: float, key: Key, record: Record) -> None:
        hop = f"{record['hop']['from']} -> {record['hop']['to']}"
        match record.get("outcome"):
            case None:
                self._print_event(seconds, record["verdict"].upper(), key, hop, *self._unmet_reasons(record))
            case "copied" | "unchanged" as outcome:
                reasons = ", ".join(reason["text"] for reason in record["reasons"])
                since_publish = f"{seconds - self._published_at[key]:.1f}s after publish"
                self._print_event(seconds, "PROMOTE", key, hop, record["promotion"], reasons)
                self._print_event(seconds, outcome, key, record["hop"]["to"], since_publish)
            case "superseded":
                self._print_event(seconds, "superseded", key, hop, record.get("text", ""))
            case outcome:
                detail = _different_assets(record) or [record.get("text", "")]
                self._print_event(seconds, outcome.upper(), key, hop, record.get("code", ""), *detail)

    def _print_event(self, seconds: float, word: str, key: Key, where: str, *details: str) -> None:
        format_, name, version = key
        subject = f"{word:<10} {format_:<8} {name + ' ' + version:<28}"
        columns = [subject, f"{where:<18}", *filter(None, details)]
        self.say(printable(f"{seconds:>5.1f}s  " + "  ".join(columns)), word)

    def _unmet_reasons(self, record: Record) -> list[str]:
        unmet = (reason for reason in record["reasons"] if not reason["met"])
        return [f"{_label(reason)}{reason['text']}{self._rules_line(reason['seen'])}" for reason in unmet]

    def _rules_line(self, seen: str) -> str:
        """Return the first line of the rules file that contains the value; empty if there is none."""
        for number, line in enumerate(self._rules_file.read_text(encoding="utf-8").splitlines(), 1):
            if f'"{seen}"' in line:
                return f"  {self._rules_file.name}:{number}"
        return ""


def _label(reason: Record) -> str:
    """Return the name of a condition whose sentence does not name it."""
    return f"{reason['code']}: " if reason["code"] in ("approval", "manual", "soak") else ""


def _different_assets(record: Record) -> list[str]:
    source, destination = record["hop"]["from"], record["hop"]["to"]
    return [
        f"{asset['name']}: {destination} {_shorten(asset['destination'])} {source} {_shorten(asset['source'])}"
        for asset in record.get("assets", ())
    ]


def _shorten(digest: str | None) -> str:
    return f"{digest[:4]}.." if digest else "none"
