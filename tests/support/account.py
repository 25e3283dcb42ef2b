"""An AWS account in this process: the emulator's domain, the function's queues, and its topic."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.samples import DOMAIN, OWNER

if TYPE_CHECKING:
    from emulator.models import CodeArtifactBackend
    from promoter.lambda_function import PromoterFunction
    from promoter.rules.rule_set import RuleSet

REGION = "eu-west-1"
GADGET = ("pypi", "", "gadget")  # a format whose versions may get further files
MOST_RECEIPTS = 10


@dataclass
class Account:
    """An AWS account in this process: the emulator's domain, the function's queues, and its topic.

    `requests` are those of the function's own clients, each attempt once.
    """

    clients: Mapping[str, Any]
    queue: str
    dead_letters: str
    subscriber: str
    topic: str
    requests: list[str] = field(default_factory=list)

    @property
    def backend(self) -> "CodeArtifactBackend":
        """The emulator, with what a test may choose and the faults that it may ask for."""
        from emulator.models import codeartifact_backends

        return codeartifact_backends[OWNER][REGION]

    def publish(
        self,
        version: str = "1.0",
        files: Mapping[str, bytes] | None = None,
        *,
        to: str = "dev",
        package: tuple[str, str, str] = GADGET,
    ) -> str:
        """Upload files one by one, each announced by an event; the last revision."""
        from emulator.packages import Asset, Metadata, PackageKey
        from emulator.publishing import Upload

        repository = self.backend.describe_repository(DOMAIN, to)
        revision = ""
        for name, content in (files or {"gadget.whl": b"gadget"}).items():
            metadata = Metadata(display_name=package[2])
            upload = Upload(
                key=PackageKey(*package),
                version=version,
                asset=Asset(name, content),
                metadata=metadata,
                finished=True,
            )
            revision = self.backend.upload(repository, upload).revision
        return revision

    def holds(self, repository: str, package: tuple[str, str, str] = GADGET) -> dict[str, dict[str, str]]:
        """What stands in a repository: for each version its assets' SHA-256."""
        from emulator.packages import PackageKey

        found = self.backend.describe_repository(DOMAIN, repository).packages.get(PackageKey(*package))
        versions = found.versions if found else {}
        return {
            name: {asset: each.hashes["SHA-256"] for asset, each in version.assets.items()}
            for name, version in versions.items()
        }

    def writes(self, repository: str, package: tuple[str, str, str] = GADGET) -> int:
        """How often a package was changed in a repository."""
        from emulator.packages import PackageKey

        numbers = self.backend.describe_repository(DOMAIN, repository).sequence_numbers
        return numbers.get(PackageKey(*package), 0)

    def of_gadget(self, operation: str, **parameters: Any) -> Any:
        """Call the API about the gadget in dev, as a person would."""
        names = {"domain": DOMAIN, "repository": "dev", "format": "pypi", "package": "gadget"}
        return getattr(self.clients["codeartifact"], operation)(**{**names, **parameters})

    def function(self, rule_set: "RuleSet", repositories: Any = None) -> "PromoterFunction":
        """The function as it is deployed, but for its pace."""
        import time
        from pathlib import Path

        from promoter.aws.clients import function_client
        from promoter.aws.codeartifact import CodeArtifact
        from promoter.aws.sns import Topic
        from promoter.aws.sqs import DeadLetterQueue
        from promoter.copying.rate_limit import RateLimiter
        from promoter.lambda_function import PromoterFunction
        from promoter.settings import Settings

        settings = Settings(
            domain_owner=OWNER,
            notification_topic_arn=self.topic,
            promotion_queue_arn=f"arn:aws:sqs:{REGION}:{OWNER}:promotion",
            dead_letter_queue_url=self.dead_letters,
            copies_per_second=0,
            rules_file=Path("rules.toml"),
        )
        return PromoterFunction(
            settings,
            rule_set,
            repositories or CodeArtifact(function_client("codeartifact"), DOMAIN, OWNER),
            Topic(function_client("sns"), self.topic),
            DeadLetterQueue(function_client("sqs"), self.dead_letters),
            RateLimiter(0, time.monotonic, time.sleep),
        )

    def send(self, body: str) -> str:
        """Put a body on the function's queue; the message's id."""
        answer = self.clients["sqs"].send_message(QueueUrl=self.queue, MessageBody=body)
        return str(answer["MessageId"])

    def receive(self, most: int = 100) -> list[dict[str, Any]]:
        """What of the function's queue can be seen, as the records of a batch."""
        from tests.support.samples import record

        found: list[dict[str, Any]] = []
        while len(found) < most:
            answer = self.clients["sqs"].receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
            )
            messages = answer.get("Messages", ())
            if not messages:
                break
            for each in messages:
                receipts = int(each["Attributes"]["ApproximateReceiveCount"])
                made = record(each["Body"], each["MessageId"], receive_count=receipts)
                found.append({**made, "receiptHandle": each["ReceiptHandle"]})
        return found

    def settle(self, records: list[dict[str, Any]], answer: Mapping[str, Any]) -> list[str]:
        """Delete what was served and let the rest be seen again, as Lambda does; the rest's messages."""
        failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        for each in records:
            handle = {"QueueUrl": self.queue, "ReceiptHandle": each["receiptHandle"]}
            if each["messageId"] in failed:
                self.clients["sqs"].change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                self.clients["sqs"].delete_message(**handle)
        return failed

    def deliver(self, function: "Function", context: Any = None) -> list[str]:
        """Give what is on the queue to the function, in one batch; the messages that stay."""
        from tests.support.in_memory_function import Invocation

        records = self.receive()
        return self.settle(records, function({"Records": records}, context or Invocation()))

    def drain(self, function: "Function", rounds: int = 20) -> int:
        """Deliver until nothing is left; how many batches it took."""
        from tests.support.in_memory_function import Invocation

        for number in range(rounds):
            records = self.receive()
            if not records:
                return number
            self.settle(records, function({"Records": records}, Invocation()))
        raise AssertionError(f"after {rounds} batches the queue still is not empty")

    def set_aside(self) -> list[tuple[str, str]]:
        """What newly stands on the dead-letter queue: bodies, and reasons where there are any."""
        answer = self.clients["sqs"].receive_message(
            QueueUrl=self.dead_letters, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            (each["Body"], each.get("MessageAttributes", {}).get("reason", {}).get("StringValue", ""))
            for each in answer.get("Messages", ())
        ]

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What a subscriber newly got: subjects, and documents for programs."""
        found: list[tuple[str, dict[str, Any]]] = []
        while (
            messages := self.clients["sqs"]
            .receive_message(QueueUrl=self.subscriber, MaxNumberOfMessages=10)
            .get("Messages")
        ):
            envelopes = [json.loads(each["Body"]) for each in messages]
            found += [(each["Subject"], json.loads(each["Message"])) for each in envelopes]
        return found


def sha256(content: bytes) -> str:
    """As the API shows it."""
    return hashlib.sha256(content).hexdigest()


def open_account(clients: Mapping[str, Any]) -> Account:
    """Make the domain, the queues, the rule and the topic."""
    codeartifact, sqs = clients["codeartifact"], clients["sqs"]
    codeartifact.create_domain(domain=DOMAIN)
    for repository in ("dev", "staging", "prod"):
        codeartifact.create_repository(domain=DOMAIN, repository=repository)
    arn = f"arn:aws:sqs:{REGION}:{OWNER}"
    dead_letters = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": f"{arn}:dead", "maxReceiveCount": MOST_RECEIPTS})
    queue = sqs.create_queue(QueueName="promotion", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    subscriber = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    clients["events"].put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.codeartifact"]}))
    clients["events"].put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": f"{arn}:promotion"}])
    topic = clients["sns"].create_topic(Name="topic")["TopicArn"]
    clients["sns"].subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{arn}:subscriber")
    return Account(clients, queue, dead_letters, subscriber, topic)
