"""The event path as a whole, through whatever order of publishes, deliveries and faults hypothesis finds.

After every invocation: what took effect was allowed by the rules of that moment and written once; every
message that was deleted had taken effect, been told of, or come too late; and every message that stays has
a fault to blame. At the end the queue empties.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from promoter.copying.outcome import REPORT_ON_DELIVERY
from promoter.copying.ports import ApiError
from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_function import Deployment, Invocation
from tests.support.in_memory_repositories import Fault, InMemoryRepositories
from tests.support.samples import event, promotion, record, rules

NAMES = ["alpha", "beta"]
VERSIONS = ["1", "2", "3"]
HOPS = {"dev": "staging", "staging": "prod"}
FAULTS: dict[str, Callable[[], Exception]] = {
    "throttled": lambda: ApiError("ThrottlingException", "Rate exceeded"),
    "lost": lambda: ApiError("InternalServerException", "lost"),
    "denied": lambda: ApiError("AccessDeniedException", "not authorized"),
    "crash": lambda: ZeroDivisionError("a mistake of ours"),
}


def ruleset(excluded: str | None, on_conflict: str) -> RuleSet:
    exclude = [f"pkg:npm/@acme/{excluded}"] if excluded else []
    return rules(
        *(
            promotion(f"from-{source}", f"{source} -> {to}", exclude=exclude, on_conflict=on_conflict)
            for source, to in HOPS.items()
        )
    )


@dataclass
class Queued:
    """A message on the queue, with what its event said."""

    identifier: str
    body: dict[str, Any]
    receipts: int = 0

    @property
    def repository(self) -> str:
        return str(self.body["detail"]["repositoryName"])

    @property
    def key(self) -> tuple[Package, str]:
        return package(self.body["detail"]["packageName"]), self.body["detail"]["packageVersion"]

    @property
    def revision(self) -> str:
        return str(self.body["detail"]["packageVersionRevision"])

    @property
    def deletion(self) -> bool:
        return bool(self.body["detail"]["operationType"] == "Deleted")


def package(name: str) -> Package:
    return Package("npm", "acme", name)


@dataclass
class Before:
    """The state that an oracle needs from before an invocation."""

    writes: int
    told: int
    contents: dict[str, dict[Any, Any]] = field(default_factory=dict)


class EventPath(RuleBasedStateMachine):
    """A domain, its queue, and the function between them."""

    @initialize(
        fresh=st.booleans(), all_or_nothing=st.booleans(), on_conflict=st.sampled_from(["fail", "extend"])
    )
    def begin(self, fresh: bool, all_or_nothing: bool, on_conflict: str) -> None:
        contents: dict[str, Any] = {"dev": {}, "staging": {}, "prod": {}}
        store = InMemoryRepositories(contents, fresh_revisions=fresh, all_or_nothing=all_or_nothing)
        self.on_conflict = on_conflict
        self.excluded: str | None = None
        self.deployment = Deployment(ruleset(None, on_conflict), store)
        self.queue: list[Queued] = []
        self.sequence: Counter[tuple[str, str]] = Counter()
        self.made = 0

    # What happens in the domain

    def announce(self, repository: str, name: str, version: str, revision: str, **more: Any) -> None:
        self.sequence[repository, name] += 1
        self.made += 1
        detail = {
            "repositoryName": repository,
            "packageName": name,
            "packageVersionRevision": revision,
            "sequenceNumber": self.sequence[repository, name],
            **more,
        }
        self.queue.append(Queued(f"m{self.made}", event(version, **detail)))

    @rule(name=st.sampled_from(NAMES), version=st.sampled_from(VERSIONS), adds=st.booleans())
    def publish(self, name: str, version: str, adds: bool) -> None:
        """A new version, or another revision of it: a file more, or a file changed."""
        store, key = self.deployment.store, (package(name), version)
        before = store.contents["dev"].get(key)
        self.made += 1
        hashes = dict(before.hashes) if before else {}
        hashes[f"file{len(hashes) if adds else 0}"] = f"hash{self.made}"
        store.put("dev", *key, f"r{self.made}", hashes)
        self.announce("dev", name, version, f"r{self.made}")

    @rule(name=st.sampled_from(NAMES), version=st.sampled_from(VERSIONS), restart=st.booleans())
    def delete(self, name: str, version: str, restart: bool) -> None:
        """A version is deleted, after which sequence numbers may begin anew."""
        gone = self.deployment.store.contents["dev"].pop((package(name), version), None)
        if gone is not None:
            self.announce("dev", name, version, gone.revision, operationType="Deleted")
            if restart:
                self.sequence["dev", name] = 0

    @rule(name=st.sampled_from(NAMES), version=st.sampled_from(VERSIONS))
    def somebody_publishes_downstream(self, name: str, version: str) -> None:
        self.made += 1
        hashes = {"file0": f"hash{self.made}"}
        self.deployment.store.put("staging", package(name), version, f"r{self.made}", hashes)

    @precondition(lambda self: self.queue)
    @rule(data=st.data())
    def deliver_twice(self, data: st.DataObject) -> None:
        original = data.draw(st.sampled_from(self.queue))
        self.made += 1
        self.queue.append(Queued(f"m{self.made}", original.body))

    # What happens to the function

    @rule(excluded=st.sampled_from([None, *NAMES]))
    def deploy_other_rules(self, excluded: str | None) -> None:
        self.excluded = excluded
        self.deployment.rule_set = ruleset(excluded, self.on_conflict)

    @precondition(lambda self: self.queue)
    @rule(
        data=st.data(),
        faults=st.lists(st.sampled_from([*FAULTS]), max_size=2),
        after_effect=st.booleans(),
        topic_down=st.booleans(),
        late=st.sampled_from([False, False, False, True]),
    )
    def deliver(
        self, data: st.DataObject, faults: list[str], after_effect: bool, topic_down: bool, late: bool
    ) -> None:
        """A batch, in any order, of anything on the queue; and what goes wrong meanwhile."""
        batch = data.draw(st.lists(st.sampled_from(self.queue), min_size=1, max_size=12, unique_by=id))
        self.deployment.store.faults[:] = [Fault("copy", FAULTS[each](), after_effect) for each in faults]
        self.deployment.topic.down = topic_down
        self.deployment.context = Invocation(lambda: 20_000 if late else 120_000)
        self.serve(batch)

    def serve(self, batch: list[Queued]) -> None:
        store, topic = self.deployment.store, self.deployment.topic
        faults = len(store.faults)
        before = Before(
            len(store.writes),
            len(topic.published),
            {name: dict(each) for name, each in store.contents.items()},
        )
        for each in batch:
            each.receipts += 1
        kept = self.deployment.serve(
            *(record(each.body, each.identifier, receive_count=each.receipts) for each in batch)
        )
        hit = faults - len(store.faults)
        store.faults.clear()
        told = self.told_since(before)
        assert all(count == 1 for count in told.values())  # no failure is told twice in a batch
        self.check_writes(before)
        for each in batch:
            if each.identifier not in kept:
                self.check_deleted(each, [other for other in batch if other.key == each.key], kept, told)
            elif not hit and not topic.down and self.deployment.context.remaining() > 30_000:
                assert each.key not in before.contents[each.repository]
                assert any(other.receipts < REPORT_ON_DELIVERY for other in batch if other.key == each.key)
        gone = {each.identifier for each in batch} - set(kept)
        self.queue = [each for each in self.queue if each.identifier not in gone]
        for destination, moved, version, _ in store.writes[before.writes :]:
            self.announce(
                destination, moved.name, version, store.contents[destination][moved, version].revision
            )

    def told_since(self, before: Before) -> Counter[tuple[str, str, str]]:
        """The failures that were told, by destination, package and version."""
        told: Counter[tuple[str, str, str]] = Counter()
        for message in self.deployment.topic.published[before.told :]:
            for notice in json.loads(json.loads(message.body)["default"])["notices"]:
                names = (notice["hop"]["to"], notice["package"]["name"])
                told.update((*names, version) for version in notice["failedVersions"])
        return told

    def check_writes(self, before: Before) -> None:
        """Only what the rules allow, only what the source has, and only what changes nothing there."""
        for destination, moved, version, revision in self.deployment.store.writes[before.writes :]:
            [source] = [name for name, to in HOPS.items() if to == destination]
            assert moved.name != self.excluded
            here = before.contents[source][moved, version]
            assert here.revision == revision
            there = before.contents[destination].get((moved, version))
            if there is not None:
                assert self.on_conflict == "extend"
                assert there.hashes.items() < here.hashes.items()

    def check_deleted(
        self, message: Queued, alike: list[Queued], kept: list[str], told: Counter[tuple[str, str, str]]
    ) -> None:
        """It took effect, or was told, or nothing can be done any more, or another delivery of it stays."""
        moved, version = message.key
        here = self.deployment.store.contents[message.repository].get(message.key)
        if message.deletion or message.repository not in HOPS or moved.name == self.excluded:
            return
        if here is None:
            assert any(other.receipts >= REPORT_ON_DELIVERY for other in alike)
            return
        if here.revision != message.revision:
            return
        destination = HOPS[message.repository]
        there = self.deployment.store.contents[destination].get(message.key)
        same = there is not None and there.hashes == here.hashes
        stays = any(other.identifier in kept for other in alike if other.revision == message.revision)
        assert same or stays or told[destination, moved.name, version] == 1

    @invariant()
    def nothing_is_written_twice(self) -> None:
        if hasattr(self, "deployment"):
            writes = Counter(self.deployment.store.writes)
            assert all(count == 1 for count in writes.values())

    def teardown(self) -> None:
        """Once nothing goes wrong any more, the queue empties."""
        if not hasattr(self, "deployment"):
            return
        self.deployment.topic.down = False
        self.deployment.context = Invocation()
        for _ in range(3 * REPORT_ON_DELIVERY):
            if self.queue:
                self.serve(list(self.queue))
        assert self.queue == []


TestEventPath = EventPath.TestCase
TestEventPath.pytestmark = pytest.mark.timeout(600)  # a failure takes its time to be shrunk
TestEventPath.settings = settings(max_examples=300, stateful_step_count=30)
