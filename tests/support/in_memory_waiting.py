"""Scheduler and the evidence repository in memory."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from promoter.copying.calls import Calls
from promoter.copying.executor import Executor
from promoter.copying.pending_entries import PendingEntries, WaitSettings
from promoter.copying.pipeline import Clients, Pipeline
from promoter.copying.ports import ApiError
from promoter.copying.results import Run
from promoter.packages.candidate import Arrival, Candidate
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import AnswerVersion
from promoter.waiting.entries import Entry, EventOrigin
from promoter.waiting.names import answer_package
from tests.support.clocks import Budget
from tests.support.samples import MORNING

WAITS = WaitSettings(EventOrigin("acme", "123456789012", "eu-west-1"), 120)


def calls_of(repositories: Any, limits: Budget | None = None, answers: Any = None) -> Calls:
    """The calls of one invocation."""
    return Calls(repositories, answers or InMemoryAnswers(), limits or Budget())


def executor_of(repositories: Any, schedules: Any = None) -> Executor:
    """An executor over these repositories."""
    entries = PendingEntries(schedules or InMemorySchedules(), Budget(), WAITS, MORNING)
    return Executor(calls_of(repositories), entries)


def run_pipeline(
    arrivals: Iterable[Arrival],
    rule_set: RuleSet,
    store: Any,
    limits: Budget | None = None,
    now: float = MORNING,
) -> Run:
    """Run arrivals through the pipeline, over these repositories."""
    clients = Clients(store, InMemoryAnswers(), InMemorySchedules())
    return Pipeline(rule_set, now, clients, limits or Budget(), WAITS).run(arrivals)


@dataclass
class InMemorySchedules:
    """The entries of one group by name. `calls` are the calls, `faults` the errors of the next ones by operation.

    A call in `lost` has its effect, and then the error.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, ApiError] = field(default_factory=dict)
    lost: dict[str, ApiError] = field(default_factory=dict)

    def create(self, entry: Entry) -> bool:
        self._call("create", entry.name)
        created = self.entries.setdefault(entry.name, entry) is entry
        self._lose("create")
        return created

    def names(self, prefix: str) -> list[str]:
        self._call("list", prefix)
        return [name for name in self.entries if name.startswith(prefix)]

    def input_of(self, name: str) -> str | None:
        self._call("get", name)
        return self.entries[name].input if name in self.entries else None

    def delete(self, name: str) -> None:
        self._call("delete", name)
        self.entries.pop(name, None)
        self._lose("delete")

    def fire(self, now: float) -> list[str]:
        """Remove the entries that are due at `now` and return the messages that they send."""
        due = sorted(
            (each for each in self.entries.values() if each.fires <= now), key=lambda each: each.fires
        )
        for each in due:
            del self.entries[each.name]
        return [each.input for each in due]

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.calls]

    def _call(self, operation: str, name: str) -> None:
        self.calls.append((operation, name))
        if operation in self.faults:
            raise self.faults.pop(operation)

    def _lose(self, operation: str) -> None:
        if operation in self.lost:
            raise self.lost.pop(operation)


@dataclass
class InMemoryAnswers:
    """The packages of answers, each with its versions, the newest first."""

    packages: dict[tuple[str, str], list[tuple[AnswerVersion, bytes | None]]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, ApiError] = field(default_factory=dict)
    hidden: int = 0  # so many of the newest versions are not listed yet

    def newest(self, namespace: str, package: str) -> Sequence[AnswerVersion]:
        self._call("list", namespace)
        listed = self.packages.get((namespace, package), [])[self.hidden :]
        return [version for version, _ in listed]

    def statement(self, namespace: str, package: str, version: str, limit: int) -> bytes | None:
        self._call("read", namespace)
        found = {each.version: content for each, content in self.packages[namespace, package]}
        content = found[version]
        return None if content is None else content[:limit]

    def publish(
        self,
        candidate: Candidate,
        namespace: str = "check-sca",
        hop: Hop | None = None,
        *,
        version: str = "",
        status: str = "Published",
        content: bytes | None = None,
        **predicate: Any,
    ) -> dict[str, Any]:
        """Publish an answer. Return the detail of the event about it."""
        package = answer_package(candidate, hop)
        versions = self.packages.setdefault((namespace, package), [])
        version = version or f"2026010{len(versions) + 1}T000000.000Z"
        body = content or statement(candidate, **predicate)
        versions.insert(0, (AnswerVersion(version, status), body))
        return {
            "repositoryName": "evidence",
            "packageFormat": "generic",
            "packageNamespace": namespace,
            "packageName": package,
            "packageVersion": version,
        }

    def _call(self, operation: str, namespace: str) -> None:
        self.calls.append((operation, namespace))
        if operation in self.faults:
            raise self.faults.pop(operation)


def statement(candidate: Candidate, **predicate: Any) -> bytes:
    """The statement of an answer about a candidate; it passes unless it says otherwise."""
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"name": candidate.purl, "digest": {"codeartifact-revision": candidate.revision}},
            ],
            "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
            "predicate": {"result": "PASSED", "configuration": [], **predicate},
        }
    ).encode()
