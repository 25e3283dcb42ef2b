"""One seeded world: the production function over the emulator's backend, a queue, a clock, people, and faults.

A seed decides everything. Later features add their actions to `ACTIONS` and their faults to `FAULTS`.
"""

import io
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.exceptions import ServiceException

import moto_codeartifact.notifications
from moto_codeartifact.models import CodeArtifactBackend
from moto_codeartifact.packages import Asset, Metadata, PackageKey, PackageVersion
from moto_codeartifact.publishing import Upload
from moto_codeartifact.settings import EmulatorSettings
from moto_codeartifact.statuses import StatusChange
from promoter.copying.pipeline import Clients
from promoter.copying.ports import ApiError
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.reporting.sns_message import SnsMessage
from promoter.rules.rule_set import RuleSet
from promoter.times import format_time
from tests.simulation.clockwork import Chance, Clock
from tests.simulation.queue import SimulatedQueue
from tests.simulation.repositories import Fault, KilledError, SimulatedRepositories
from tests.simulation.waits import ASKING, Waits
from tests.support.in_memory_function import SETTINGS, InMemoryTopic, Invocation
from tests.support.samples import DOMAIN, MORNING, OWNER, promotion, rules

REGION = "eu-west-1"
HOPS = {"dev": "staging", "staging": "prod"}
PACKAGES = (
    PackageKey("npm", "acme", "widget"),
    PackageKey("npm", "", "acme-tools"),
    PackageKey("pypi", "", "gadget"),
    PackageKey("generic", "acme", "model"),
)
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
FAULTS: dict[str, Callable[[], BaseException]] = {
    "throttled": lambda: ApiError("ThrottlingException", "Rate exceeded"),
    "lost": lambda: ApiError("InternalServerException", "lost"),
    "unreachable": lambda: ApiError("Unreachable", "timed out"),
    "busy": lambda: ApiError("ConflictException", "busy"),
    "invalid": lambda: ApiError("ValidationException", "bad"),
    "denied": lambda: ApiError("AccessDeniedException", "not authorized"),
    "crash": lambda: ZeroDivisionError("a mistake of ours"),
    "killed": KilledError,
}


@dataclass(frozen=True)
class Written:
    """One version that a copy changed, with what was true at that moment."""

    at: float
    source: str
    destination: str
    key: PackageKey
    version: str
    allowed: bool
    source_status: str
    fresh: bool
    early: bool


@dataclass
class World:
    """Everything that one seed makes."""

    seed: int
    chance: Chance = field(init=False)
    clock: Clock = field(init=False)
    waits: Waits = field(init=False)
    backend: CodeArtifactBackend = field(init=False)
    queue: SimulatedQueue = field(init=False)
    topic: InMemoryTopic = field(default_factory=InMemoryTopic)
    excluded: str = ""
    announced: set[tuple[str, PackageKey, str, str]] = field(default_factory=set)
    written: list[Written] = field(default_factory=list)
    copying_from: str = ""
    fresh: set[tuple[str, PackageKey, str]] = field(default_factory=set)
    rejected: set[tuple[str, PackageKey, str, str]] = field(default_factory=set)
    touched: set[tuple[str, PackageKey, str]] = field(default_factory=set)
    faults_seen: Counter[str] = field(default_factory=Counter)
    log: io.StringIO = field(default_factory=io.StringIO)
    deployed: dict[str, RuleSet] = field(default_factory=dict)  # every rule set by its digest

    def __post_init__(self) -> None:
        self.chance, self.clock = Chance(self.seed), Clock(MORNING)
        self.queue = SimulatedQueue(self.clock, self.chance)
        self.waits = Waits(self.chance, self.clock)
        self.backend = CodeArtifactBackend(REGION, OWNER)
        self.backend.settings = EmulatorSettings(
            copied_revision=self.chance.random.choice(["same", "fresh"]),
            all_or_nothing=self.chance.happens(0.8),
        )
        self.backend.create_domain(DOMAIN, None, [])
        for name in ("dev", "staging", "prod"):
            self.backend.create_repository(DOMAIN, name, OWNER, "", [], [])
        self.on_conflict = self.chance.random.choice(["fail", "extend", "overwrite"])
        self.repositories = SimulatedRepositories(self.backend)
        self.rule_set = self._rule_set()

    # People

    def publish(self) -> None:
        """Publish a version to dev, or add a file to one."""
        key, version = self._any_version()
        existing = self._versions("dev", key).get(version)
        number = len(existing.assets) if existing else 0
        asset = Asset.of(f"file{number}", f"{key} {version} {number} {self.clock.now}".encode())
        upload = Upload(
            key=key, version=version, asset=asset, metadata=Metadata(display_name=key.name), finished=True
        )
        self._attempt(lambda: self.backend.upload(self._repository("dev"), upload))

    def change_status(self) -> None:
        """Archive, unlist, dispose or delete a version anywhere, or publish an unlisted one again."""
        repository = self.chance.random.choice(["dev", "staging", "prod"])
        key, version = self._any_version()
        target = self.chance.random.choice(["Archived", "Unlisted", "Disposed", "Deleted", "Published"])
        change = StatusChange(target=target, versions=[version])
        self.touched.add((repository, key, version))
        self._attempt(lambda: self.backend.change_statuses(self._repository(repository), key, change))

    def publish_downstream(self) -> None:
        """Publish other content under the same version to a destination."""
        key, version = self._any_version()
        asset = Asset.of("file0", f"downstream {self.clock.now}".encode())
        upload = Upload(
            key=key, version=version, asset=asset, metadata=Metadata(display_name=key.name), finished=True
        )
        self._attempt(lambda: self.backend.upload(self._repository("staging"), upload))

    def deploy(self) -> None:
        """Deploy rules that exclude one package, or none."""
        self.excluded = self.chance.random.choice(["", *(key.name for key in PACKAGES)])
        self.rule_set = self._rule_set()

    def answer(self) -> None:
        """Answer a question about a version in staging, if any is asked."""
        key, version = self._any_version()
        found = self.find(ASKING.source, key, version)
        if found is not None and self.waits.namespaces:
            self.queue.put(self.waits.answer(candidate_of(ASKING.source, key, found)), self._delay())

    def send_nonsense(self) -> None:
        """Put something on the queue that is not an event."""
        self.queue.put(self.chance.random.choice(["", "not JSON", "[]", '{"source": "aws.codeartifact"}']))

    def pass_time(self) -> None:
        """Let some time pass, from a second to a day."""
        self.clock.sleep(self.chance.random.choice([1, 20, 40, 200, 400, 3600, 86_400]))

    # The pipeline

    def deliver(self, faults: float = 0.3) -> None:
        """Let the schedules fire, and serve one batch, with faults of this probability."""
        for body in self.waits.schedules.fire(self.clock.now):
            self.queue.put(body)
        records = self.queue.receive()
        self.fresh = set(self._fresh(records))
        self._draw_faults(faults)
        context = Invocation(lambda: 20_000 if self.chance.happens(faults / 6) else 60_000)
        try:
            with redirect_stdout(self.log):
                answer = self._function()({"Records": records}, context)
        except KilledError:
            answer = None  # the whole batch comes back after the visibility time-out
        self.topic.down = self.queue.refuses_visibility = False
        self.repositories.faults.clear()
        self.waits.end_faults()
        if answer is None:
            return
        failures = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        finished = [each for each in records if each["messageId"] not in failures]
        subjects = (self._subject(each) for each in finished)
        self.rejected |= {each for each in subjects if each and each[1].name == self.excluded}
        self.queue.finish(records, failures)

    def settle(self, days: float) -> None:
        """Deliver without faults until the queue is empty, and no schedule fires within this number of days."""
        end = self.clock.now + days * 86_400
        for _ in range(5_000):
            fires = [each.fires for each in self.waits.schedules.entries.values() if each.fires <= end]
            due = min([*fires, self.queue.next_visible or math.inf])
            if due == math.inf:
                return
            self.clock.now = max(self.clock.now, due)
            self.deliver(faults=0)
        raise AssertionError(f"seed {self.seed}: the queue does not become empty")

    def answer_everything(self) -> None:
        """Answer every open question with yes."""
        for source, key, version in self.published_in_sources():
            if source == ASKING.source:
                for event in self.waits.answer_all(candidate_of(source, key, version)):
                    self.queue.put(event)

    # What oracles ask

    def is_ended(self, candidate: Candidate) -> bool:
        """True if nobody has to wait for a version: somebody refused it, it has expired, or is a dead letter."""
        refused = any(self.waits.refused(candidate, namespace) for namespace in self.waits.namespaces)
        told = candidate.version in self._expired(candidate)
        dead = any(candidate.revision in message.body for message in self.queue.dead_letters)
        return refused or told or dead

    def published_in_sources(self) -> list[tuple[str, PackageKey, PackageVersion]]:
        """Every Published version in every source."""
        return [
            (name, key, version)
            for name in HOPS
            for key in PACKAGES
            for version in self._versions(name, key).values()
            if version.status == "Published"
        ]

    def find(self, repository: str, key: PackageKey, version: str) -> PackageVersion | None:
        return self._versions(repository, key).get(version)

    def notified(self) -> list[Counter[tuple[str, str, str]]]:
        """The failures of each message: destination, package and version."""
        found = []
        for message in self.topic.published:
            found.append(_failures(message))
        return found

    # Inside

    def _expired(self, candidate: Candidate) -> set[str]:
        """The versions of a candidate's package that were reported as expired on the way from its repository."""
        notices = (notice for message in self.topic.published for notice in _document(message)["notices"])
        return {
            version
            for notice in notices
            if notice["hop"]["from"] == candidate.repository
            and notice["package"]["purl"] == candidate.package.purl
            for version in notice.get("expiredVersions", ())
        }

    def on_event(self, account: str, region: str, event: dict[str, Any]) -> None:
        """EventBridge: hands an event on, sometimes late, sometimes twice."""
        detail = event["detail"]
        event = {**event, "time": _rfc3339(self.clock.now)}
        key = PackageKey(detail["packageFormat"], detail["packageNamespace"] or "", detail["packageName"])
        if self.copying_from:
            self._note_write(detail, key)
        matches = detail["packageVersionState"] == "Published" and detail["operationType"] != "Deleted"
        if not matches or detail["repositoryName"] not in HOPS:
            return
        self.announced.add(
            (detail["repositoryName"], key, detail["packageVersion"], detail["packageVersionRevision"])
        )
        self.waits.arrive(_announced(detail, key))
        for _ in range(2 if self.chance.happens(0.15) else 1):
            self.queue.put(json.dumps(event), self._delay())

    def _delay(self) -> int:
        return self.chance.random.choice([0, 0, 0, 1, 60, 900, 86_400])

    def _note_write(self, detail: dict[str, Any], key: PackageKey) -> None:
        found = self.find(self.copying_from, key, detail["packageVersion"])
        self.written.append(
            Written(
                self.clock.now,
                self.copying_from,
                detail["repositoryName"],
                key,
                detail["packageVersion"],
                key.name != self.excluded,
                found.status if found else "",
                (self.copying_from, key, detail["packageVersion"]) in self.fresh,
                found is not None and not self.waits.may_pass(candidate_of(self.copying_from, key, found)),
            )
        )

    def _fresh(self, records: list[dict[str, Any]]) -> Iterator[tuple[str, PackageKey, str]]:
        """The versions whose event is believed without another look (design: late candidates)."""
        for record in records:
            subject = _subject(record)
            if subject is None or subject[0] not in HOPS or "promoter" in record["body"]:
                continue
            settled = subject[1].format == "pypi" and subject[0] == "dev"
            age = self.clock.now - _seconds(json.loads(record["body"])["time"])
            if int(record["attributes"]["ApproximateReceiveCount"]) <= 1 + settled and age <= 300:
                yield subject[:3]

    def _function(self) -> PromoterFunction:
        rate_limiter = RateLimiter(1.5, self.clock, self.clock.sleep)
        clients = Clients(_Copying(self), self.waits.answers, self.waits.schedules)
        ports = Ports(clients, self.queue, self.queue, self.topic)
        return PromoterFunction(SETTINGS, self.rule_set, ports, rate_limiter, self.clock)

    def _draw_faults(self, probability: float) -> None:
        self.topic.down = self.chance.happens(probability / 2)
        self.queue.refuses_visibility = self.chance.happens(probability / 2)
        while self.chance.happens(probability):
            name = self.chance.random.choice(list(FAULTS))
            operation = self.chance.random.choice(["copy", "copy", "list", "describe"])
            after_effect = self.chance.happens(0.4)
            self.faults_seen[name] += 1
            self.chance.note(f"fault {name} in {operation}{' after its effect' if after_effect else ''}")
            self.repositories.faults.append(Fault(operation, FAULTS[name](), after_effect))
        if self.chance.happens(probability / 2):
            self.faults_seen[self.waits.draw_fault()] += 1

    def _rule_set(self) -> RuleSet:
        exclude = [
            Package(key.format, key.namespace, key.name).purl for key in PACKAGES if key.name == self.excluded
        ]
        keys: dict[str, Any] = {"exclude": exclude, "on_conflict": self.on_conflict, "packages": ["pkg:**"]}
        made = rules(
            *(
                promotion(f"from-{source}", f"{source} -> {to}", **keys, **self.waits.keys[source])
                for source, to in HOPS.items()
            )
        )
        return self.deployed.setdefault(made.digest, made)

    def _subject(self, record: dict[str, Any]) -> tuple[str, PackageKey, str, str] | None:
        """What a record is about: the version of an event, or the version that an answer is about."""
        subject = _subject(record)
        if subject is None or subject[1].name not in self.waits.about:
            return subject
        about = self.waits.about[subject[1].name]
        key = PackageKey(about.package.format, about.package.namespace, about.package.name)
        return about.repository, key, about.version, about.revision

    def _any_version(self) -> tuple[PackageKey, str]:
        return self.chance.random.choice(PACKAGES), self.chance.random.choice(VERSIONS)

    def _repository(self, name: str) -> Any:
        return self.backend.describe_repository(DOMAIN, name)

    def _versions(self, repository: str, key: PackageKey) -> dict[str, PackageVersion]:
        package = self._repository(repository).packages.get(key)
        return dict(package.versions) if package else {}

    def _attempt(self, action: Callable[[], object]) -> None:
        """Do what a person tries; the API may refuse it."""
        try:
            action()
        except ServiceException as error:
            self.chance.note(f"refused: {error}")


class _Copying:
    """The repositories, which tell the world from where a copy is under way."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.list_assets = world.repositories.list_assets
        self.describe = world.repositories.describe

    def copy_versions(self, instruction: Any, revisions: Any, *, overwrite: bool) -> Any:
        self._world.copying_from = instruction.hop.source
        try:
            return self._world.repositories.copy_versions(instruction, revisions, overwrite=overwrite)
        finally:
            self._world.copying_from = ""


ACTIONS: tuple[tuple[Callable[[World], None], int], ...] = (
    (World.publish, 6),
    (World.deliver, 8),
    (World.pass_time, 5),
    (World.change_status, 1),
    (World.publish_downstream, 1),
    (World.deploy, 1),
    (World.send_nonsense, 1),
    (World.answer, 4),
)


def run(seed: int, steps: int = 60) -> World:
    """Let one seed happen: some steps with faults, then a time without any."""
    world = World(seed)
    deliver = moto_codeartifact.notifications._deliver
    moto_codeartifact.notifications._deliver = world.on_event
    try:
        actions, weights = zip(*ACTIONS, strict=True)
        for action in world.chance.random.choices(actions, weights, k=steps):
            world.chance.note(f"{world.clock.now - MORNING:9.0f}s {action.__name__}")
            action(world)
        world.settle(days=3)
        if seed % 3 == 0:
            world.answer_everything()
            world.settle(days=3)
        if seed % 20 == 0:
            world.settle(days=100)
    finally:
        moto_codeartifact.notifications._deliver = deliver
    return world


def _document(message: SnsMessage) -> dict[str, Any]:
    """The message for programs."""
    read: dict[str, Any] = json.loads(json.loads(message.body)["default"])
    return read


def candidate_of(repository: str, key: PackageKey, version: PackageVersion) -> Candidate:
    package = Package(key.format, key.namespace, key.name)
    return Candidate(package, version.version, version.revision, repository, 0)


def _announced(detail: dict[str, Any], key: PackageKey) -> Candidate:
    package = Package(key.format, key.namespace, key.name)
    version, revision = detail["packageVersion"], detail["packageVersionRevision"]
    return Candidate(package, version, revision, detail["repositoryName"], 0)


def _failures(message: SnsMessage) -> Counter[tuple[str, str, str]]:
    return Counter(
        (notice["hop"]["to"], notice["package"]["purl"], version)
        for notice in _document(message)["notices"]
        for version in notice["failedVersions"]
    )


def _subject(record: dict[str, Any]) -> tuple[str, PackageKey, str, str] | None:
    """Repository, package, version and revision of a record's event; None if it is not an event."""
    try:
        detail = json.loads(record["body"])["detail"]
    except (ValueError, KeyError, TypeError):
        return None
    key = PackageKey(detail["packageFormat"], detail["packageNamespace"] or "", detail["packageName"])
    return detail["repositoryName"], key, detail["packageVersion"], detail["packageVersionRevision"]


def _rfc3339(seconds: float) -> str:
    return format_time(int(seconds))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
