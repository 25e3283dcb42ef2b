"""The lines that the function has printed: the decision log, the log, and metrics, each line a JSON object."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_NAMES = {
    "copied": "Promoted",
    "unchanged": "Unchanged",
    "superseded": "Superseded",
    "failed": "Failed",
    "retry": "Retried",
    "wait": "Waiting",
    "hold": "Held",
    "reject": "Rejected",
}


def _name(decision: dict[str, Any]) -> str:
    """The name of the result in a line of the decision log; "" for another delivery that changed nothing."""
    if decision.get("observed"):
        return "Observed"
    result = decision.get("outcome", decision["verdict"])
    if decision.get("duplicate"):
        return "Unchanged" if result in ("copied", "unchanged") else ""
    return _NAMES[result]


@dataclass(frozen=True)
class Output:
    """The lines that one or more invocations have printed."""

    lines: list[dict[str, Any]]

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """The decision log."""
        return [line for line in self.lines if line.get("message") == "decision"]

    @property
    def logged(self) -> list[dict[str, Any]]:
        """The log of the function itself."""
        return [line for line in self.lines if "level" in line]

    @property
    def counts(self) -> dict[str, float]:
        """The results by name: those in the decision log, and what the metrics count besides them."""
        counts: Counter[str] = Counter(name for line in self.decisions if (name := _name(line)))
        emitted = self.metrics_of()
        promoted = sum(blob.get("Promoted", [0])[0] for blob in self.lines if "_aws" in blob)
        assert counts["Promoted"] == promoted
        assert all(counts[name] == emitted.get(name, 0) for name in ("Failed", "Held", "Waiting"))
        return dict(+counts) | {
            name: count for name, count in emitted.items() if name in ("Malformed", "Retried")
        }

    @property
    def failures(self) -> dict[str, int]:
        """The failures by code, each once."""
        failed = [each for each in self.decisions if each.get("outcome") == "failed"]
        return dict(Counter(each["code"] for each in failed if not each.get("duplicate")))

    def metrics_of(self, **dimensions: str) -> dict[str, float]:
        """The counts under these dimensions, besides the service; what is zero is not there."""
        counts: dict[str, float] = {}
        for blob in (line for line in self.lines if "_aws" in line):
            [directive] = blob["_aws"]["CloudWatchMetrics"]
            assert directive["Namespace"] == "PackagePromoter"
            if set(directive["Dimensions"][0]) != {"service", *dimensions}:
                continue
            if all(blob[name] == value for name, value in {"service": "promoter", **dimensions}.items()):
                for name in (metric["Name"] for metric in directive["Metrics"]):
                    if name != "PublishToPromote":
                        counts[name] = counts.get(name, 0) + sum(blob[name])
        return counts

    @property
    def seconds(self) -> list[float]:
        """The seconds from publish to promote, of the service as a whole."""
        return [
            each
            for blob in self.lines
            if "_aws" in blob and blob["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
            for each in blob.get("PublishToPromote", ())
        ]


class Printed:
    """Reads what was printed since it was last asked."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    def take(self) -> Output:
        lines = self._read().splitlines()
        assert all(line.isascii() and line.isprintable() for line in lines)
        return Output([json.loads(line) for line in lines])
