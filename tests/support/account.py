"""An AWS account in this process: the emulator's domain, the function's queues, and its topic."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator_support.codeartifact_calls import create_repositories
from emulator_support.queues import create_queue, subscribe_queue, take_messages
from moto_codeartifact.models import CodeArtifactBackend, codeartifact_backends
from moto_codeartifact.packages import Asset, Metadata, Package, PackageKey
from moto_codeartifact.publishing import Upload
from promoter.aws.clients import function_client
from promoter.aws.codeartifact import CodeArtifact
from promoter.aws.evidence_repository import EvidenceRepository
from promoter.aws.npm_tags import NpmTags
from promoter.aws.scheduler import Schedules, ScheduleTarget
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue, PromotionQueue
from promoter.copying.pipeline import Clients
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.rules.rule_set import RuleSet
from promoter.settings import Settings
from tests.support.in_memory_function import Invocation
from tests.support.moto_http import MotoHttp
from tests.support.samples import DOMAIN, OWNER, record

REGION = "eu-west-1"
GADGET = ("pypi", "", "gadget")  # versions of this format accept more files later
MAX_RECEIVE_COUNT = 10
SCHEDULES = ScheduleTarget(
    "promoter",
    f"arn:aws:sqs:{REGION}:{OWNER}:promotion",
    f"arn:aws:iam::{OWNER}:role/scheduler",
    f"arn:aws:sqs:{REGION}:{OWNER}:schedule-dead",
)


@dataclass
class Account:
    """An AWS account in this process.

    `requests` are the requests of the function's own clients, each attempt once.
    """

    clients: Mapping[str, Any]
    queue: str
    dead_letters: str
    subscriber: str
    topic: str
    requests: list[str] = field(default_factory=list)

    @property
    def backend(self) -> CodeArtifactBackend:
        """The emulator's backend, with its settings and faults."""
        return codeartifact_backends[OWNER][REGION]

    def publish(
        self,
        version: str = "1.0",
        files: Mapping[str, bytes] | None = None,
        *,
        to: str = "dev",
        package: tuple[str, str, str] = GADGET,
    ) -> str:
        """Upload files one by one; each sends an event. Return the last revision."""
        repository = self.backend.describe_repository(DOMAIN, to)
        revision = ""
        for name, content in (files or {"gadget.whl": b"gadget"}).items():
            upload = Upload(
                key=PackageKey(*package),
                version=version,
                asset=Asset.of(name, content),
                metadata=Metadata(display_name=package[2]),
                finished=True,
            )
            revision = self.backend.upload(repository, upload).revision
        return revision

    def versions_in(
        self, repository: str, package: tuple[str, str, str] = GADGET
    ) -> dict[str, dict[str, str]]:
        """Return the versions in a repository, each with the SHA-256 of its assets."""
        key = PackageKey(*package)
        found = self.backend.describe_repository(DOMAIN, repository).packages.get(key, Package(key))
        return {
            name: {asset: each.hashes["SHA-256"] for asset, each in version.assets.items()}
            for name, version in found.versions.items()
        }

    def count_changes(self, repository: str, package: tuple[str, str, str] = GADGET) -> int:
        """Return how often a package was changed in a repository."""
        numbers = self.backend.describe_repository(DOMAIN, repository).sequence_numbers
        return numbers.get(PackageKey(*package), 0)

    def call_about_gadget(self, operation: str, **parameters: Any) -> Any:
        """Call the API about the gadget in dev, as a person does."""
        names = {"domain": DOMAIN, "repository": "dev", "format": "pypi", "package": "gadget"}
        return getattr(self.clients["codeartifact"], operation)(**{**names, **parameters})

    def function(self, rule_set: RuleSet, repositories: Any = None) -> PromoterFunction:
        """Create the deployed function, but without a rate limit."""
        settings = Settings(
            domain_owner=OWNER,
            notification_topic_arn=self.topic,
            promotion_queue_arn=f"arn:aws:sqs:{REGION}:{OWNER}:promotion",
            dead_letter_queue_url=self.dead_letters,
            copies_per_second=0,
            rules_file=Path("rules.toml"),
            promotion_queue_url=self.queue,
            sam_local=True,
        )
        codeartifact = function_client("codeartifact")
        ports = Ports(
            Clients(
                repositories or CodeArtifact(codeartifact, DOMAIN, OWNER),
                EvidenceRepository(codeartifact, DOMAIN, OWNER, rule_set.evidence),
                Schedules(function_client("scheduler"), SCHEDULES),
                NpmTags(codeartifact, DOMAIN, OWNER, MotoHttp()),
            ),
            PromotionQueue(function_client("sqs"), self.queue),
            DeadLetterQueue(function_client("sqs"), self.dead_letters),
            Topic(function_client("sns"), self.topic),
        )
        return PromoterFunction(settings, rule_set, ports, RateLimiter(0, time.monotonic, time.sleep))

    def send(self, body: str) -> str:
        """Send a message to the function's queue. Return its id."""
        answer = self.clients["sqs"].send_message(QueueUrl=self.queue, MessageBody=body)
        return str(answer["MessageId"])

    def receive(self, most: int = 100) -> list[dict[str, Any]]:
        """Receive the visible messages of the function's queue, as the records of a batch."""
        found: list[dict[str, Any]] = []
        while len(found) < most:
            answer = self.clients["sqs"].receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
            )
            messages = answer.get("Messages", ())
            if not messages:
                break
            for each in messages:
                count = int(each["Attributes"]["ApproximateReceiveCount"])
                made = record(each["Body"], each["MessageId"], receive_count=count)
                found.append({**made, "receiptHandle": each["ReceiptHandle"]})
        return found

    def finish_batch(self, records: list[dict[str, Any]], answer: Mapping[str, Any]) -> list[str]:
        """Delete the successful messages and make the failed ones visible, as Lambda does. Return the failed."""
        failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        for each in records:
            handle = {"QueueUrl": self.queue, "ReceiptHandle": each["receiptHandle"]}
            if each["messageId"] in failed:
                self.clients["sqs"].change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                self.clients["sqs"].delete_message(**handle)
        return failed

    def deliver(self, function: PromoterFunction, context: Any = None) -> list[str]:
        """Deliver all messages of the queue in one batch. Return the failed ones."""
        records = self.receive()
        return self.finish_batch(records, function({"Records": records}, context or Invocation()))

    def deliver_all(self, function: PromoterFunction, rounds: int = 20) -> int:
        """Deliver until the queue is empty. Return the number of batches."""
        for number in range(rounds):
            records = self.receive()
            if not records:
                return number
            self.finish_batch(records, function({"Records": records}, Invocation()))
        raise AssertionError(f"the queue is not empty after {rounds} batches")

    def take_dead_letters(self) -> list[tuple[str, str]]:
        """Return the new messages of the dead-letter queue: bodies, and reasons if there are any."""
        return [
            (each["Body"], each.get("MessageAttributes", {}).get("reason", {}).get("StringValue", ""))
            for each in take_messages(self.clients["sqs"], self.dead_letters)
        ]

    def take_notifications(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the new notifications: subjects, and the documents for programs."""
        found: list[tuple[str, dict[str, Any]]] = []
        while messages := take_messages(self.clients["sqs"], self.subscriber):
            envelopes = [json.loads(each["Body"]) for each in messages]
            found += [(each["Subject"], json.loads(each["Message"])) for each in envelopes]
        return found


def sha256(content: bytes) -> str:
    """Return the SHA-256 as the API shows it."""
    return hashlib.sha256(content).hexdigest()


def open_account(clients: Mapping[str, Any]) -> Account:
    """Create the domain, the queues, the rule and the topic."""
    sqs, sns, events = clients["sqs"], clients["sns"], clients["events"]
    create_repositories(clients["codeartifact"])
    dead_letters, dead_letters_arn = create_queue(sqs, "dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_letters_arn, "maxReceiveCount": MAX_RECEIVE_COUNT})
    queue, queue_arn = create_queue(sqs, "promotion", RedrivePolicy=redrive)
    clients["scheduler"].create_schedule_group(Name=SCHEDULES.group)
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.codeartifact"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": queue_arn}])
    topic = sns.create_topic(Name="topic")["TopicArn"]
    subscriber = subscribe_queue(sqs, sns, topic)
    return Account(clients, queue, dead_letters, subscriber, topic)
