"""The function with everything that it talks to, in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from promoter.copying.pipeline import Clients
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.reporting.sns_message import SnsMessage
from promoter.rules.rule_set import RuleSet
from promoter.settings import Settings
from tests.support.clocks import Clock
from tests.support.in_memory_repositories import InMemoryRepositories
from tests.support.in_memory_waiting import InMemoryAnswers, InMemorySchedules
from tests.support.samples import MORNING, OWNER, QUEUE, rules

SETTINGS = Settings(
    domain_owner=OWNER,
    notification_topic_arn="arn:aws:sns:eu-west-1:123456789012:topic",
    promotion_queue_arn=QUEUE,
    dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
    copies_per_second=0,
    rules_file=Path("rules.toml"),
    promotion_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/promotion",
    settle_seconds=30,
    sam_local=True,
)


class DownError(Exception):
    """The exception of the SDK for a service that is down."""


@dataclass
class InMemoryTopic:
    """Keeps what was published, unless it is down."""

    published: list[SnsMessage] = field(default_factory=list)
    down: bool = False

    def publish(self, message: SnsMessage) -> None:
        if self.down:
            raise DownError("the topic")
        self.published.append(message)


@dataclass
class InMemoryDeadLetters:
    """Keeps bodies with their reasons, unless it is down."""

    kept: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False

    def send(self, body: str, reason: str) -> None:
        if self.down:
            raise DownError("the queue")
        self.kept.append((body, reason))


@dataclass
class InMemoryQueue:
    """Keeps the delays that messages were returned with, unless it is down or refuses them."""

    delays: dict[str, int] = field(default_factory=dict)
    down: bool = False
    failures: list[str] = field(default_factory=list)

    def return_later(self, delays: Mapping[str, int]) -> list[str]:
        if self.down:
            raise DownError("the queue")
        self.delays.update(delays)
        return self.failures


@dataclass(frozen=True)
class Invocation:
    """Lambda's context."""

    remaining: Callable[[], int] = lambda: 120_000
    aws_request_id: str = "7d0e"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining()


@dataclass
class Deployment:
    """A function whose repositories, topic, dead letters and clock are in this process."""

    rule_set: RuleSet = field(default_factory=rules)
    store: InMemoryRepositories = field(
        default_factory=lambda: InMemoryRepositories({"dev": {}, "staging": {}, "prod": {}})
    )
    answers: InMemoryAnswers = field(default_factory=InMemoryAnswers)
    schedules: InMemorySchedules = field(default_factory=InMemorySchedules)
    topic: InMemoryTopic = field(default_factory=InMemoryTopic)
    queue: InMemoryQueue = field(default_factory=InMemoryQueue)
    settings: Settings = SETTINGS
    dead_letters: InMemoryDeadLetters = field(default_factory=InMemoryDeadLetters)
    clock: Clock = field(default_factory=lambda: Clock(MORNING + 30))
    context: Invocation = field(default_factory=Invocation)

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Call the handler as Lambda does."""
        pace = RateLimiter(0, self.clock, self.clock.sleep)
        clients = Clients(self.store, self.answers, self.schedules)
        ports = Ports(clients, self.queue, self.dead_letters, self.topic)
        function = PromoterFunction(self.settings, self.rule_set, ports, pace, self.clock)
        return function(event, self.context)

    def serve(self, *records: dict[str, Any]) -> list[str]:
        """Serve a batch; the messages that have to come again."""
        answer = self.invoke({"Records": list(records)})
        assert list(answer) == ["batchItemFailures"]
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
