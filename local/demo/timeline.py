"""What happens, line by line, as it happens: the demo's output."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import Any

from rich.console import Console
from rich.text import Text

from local.demo.decision_lines import name_of, printable

COLOURS = {
    "FAILED": "bold red",
    "REJECT": "yellow",
    "HOLD": "yellow",
    "WAIT": "yellow",
    "copied": "green",
    "ok": "green",
}
Key = tuple[str, str, str]  # format, name, version


class Timeline:
    """Prints what is published and what the function decides; remembers the decisions."""

    def __init__(self, console: Console, rules: Path) -> None:
        """`rules` is the file that rejections point into."""
        self._console = console
        self._rules = rules
        self._start = time.monotonic()
        self._published: dict[Key, float] = {}
        self._changed = Condition()
        self.decisions: list[dict[str, Any]] = []

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._start

    def restart(self) -> None:
        """Count the time from now."""
        self._start = time.monotonic()

    def say(self, text: str, word: str = "") -> None:
        """Print a line; `word` in it gets the colour of its meaning on a terminal."""
        line = Text(text)
        if word in COLOURS:
            line.highlight_words([word], COLOURS[word])
        self._console.print(line, soft_wrap=True)

    def published(self, format_: str, name: str, version: str, repository: str, command: str) -> None:
        """A client has published."""
        self._published[format_, name, version] = self.seconds
        self._event("published", format_, name, version, f"{repository:<18}", command)

    def log(self, line: str) -> None:
        """A line of the function's log: decisions are shown, metrics are not, anything else is as it is."""
        try:
            record = json.loads(line)
        except ValueError:
            record = {"level": "ERROR"}
        if record.get("message") == "decision":
            self._decision(record)
        elif record.get("level") in ("WARNING", "ERROR", "CRITICAL"):
            self.say(printable(line))

    def wait(self, seen: Callable[[list[dict[str, Any]]], bool], seconds: float) -> bool:
        """Wait until the decisions so far are as wanted; False if that took longer."""
        with self._changed:
            return self._changed.wait_for(lambda: seen(self.decisions), seconds)

    def _decision(self, record: dict[str, Any]) -> None:
        name, version, hop = name_of(record), record["version"], record["hop"]
        way = f"{hop['from']} -> {hop['to']}"
        outcome = record.get("outcome")
        if outcome == "superseded":
            self._event("superseded", record["format"], name, version, way, record.get("text", ""))
        elif outcome in ("copied", "unchanged"):
            reasons = ", ".join(reason["text"] for reason in record["reasons"])
            self._event("PROMOTE", record["format"], name, version, way, record["promotion"], reasons)
            self._event(outcome, record["format"], name, version, hop["to"], self._age(record, name))
        elif outcome:
            detail = self._assets(record) or [record.get("text", "")]
            self._event(
                outcome.upper(), record["format"], name, version, way, record.get("code", ""), *detail
            )
        else:
            self._event(
                record["verdict"].upper(), record["format"], name, version, way, *self._reasons(record)
            )
        with self._changed:
            self.decisions.append(record)
            self._changed.notify_all()

    def _event(self, word: str, format_: str, name: str, version: str, where: str, *more: str) -> None:
        columns = [
            f"{word:<10}",
            f"{format_:<8}",
            f"{name + ' ' + version:<28}",
            f"{where:<18}",
            *filter(None, more),
        ]
        self.say(
            printable(f"{self.seconds:>5.1f}s  " + " ".join(columns[:3]) + "  " + "  ".join(columns[3:])),
            word,
        )

    def _age(self, record: dict[str, Any], name: str) -> str:
        published = self._published.get((record["format"], name, record["version"]))
        return "" if published is None else f"{self.seconds - published:.1f}s after publish"

    def _assets(self, record: dict[str, Any]) -> list[str]:
        there = record["hop"]["to"]
        return [
            f"{asset['name']}: {there} {_short(asset['destination'])} here {_short(asset['source'])}"
            for asset in record.get("assets", ())
        ]

    def _reasons(self, record: dict[str, Any]) -> list[str]:
        return [
            f"{reason['text']}{self._line(reason['seen'])}"
            for reason in record["reasons"]
            if not reason["met"]
        ]

    def _line(self, seen: str) -> str:
        """Where the rules say so."""
        for number, line in enumerate(self._rules.read_text(encoding="utf-8").splitlines(), 1):
            if f'"{seen}"' in line:
                return f"  {self._rules.name}:{number}"
        return ""


def _short(digest: str | None) -> str:
    return f"{digest[:4]}.." if digest else "none"
