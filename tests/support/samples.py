"""Events, records, rules and candidates as the tests need them: each says only what is special about it."""

import json
import re
from collections.abc import Iterable
from typing import Any

from promoter.copying.plan import Decided, RevisionAttempt
from promoter.copying.results import Outcome, Pending, Result
from promoter.packages.candidate import Arrival, Candidate, Delivery
from promoter.packages.package import Package
from promoter.rules.decision import Decision, decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load

DOMAIN = "acme"
OWNER = "123456789012"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:promotion"
MORNING = 1_767_323_045.0  # 2026-01-02T03:04:05Z
WIDGET = Package("npm", "acme", "widget")
_ASKS = re.compile(r'^(approval = (true|")|checks = \["|mode = "manual")', re.MULTILINE)


def event(version: str = "1.0.0", *, time: Any = "2026-01-02T03:04:05Z", **detail: Any) -> dict[str, Any]:
    """The event that EventBridge sends when @acme/widget is published in dev.

    Source: User Guide, service-event-format-example.
    """
    return {
        "version": "0",
        "id": "e1",
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "account": OWNER,
        "time": time,
        "region": "eu-west-1",
        "resources": [f"arn:aws:codeartifact:eu-west-1:{OWNER}:package/acme/dev/npm/acme/widget"],
        "detail": {
            "domainName": DOMAIN,
            "domainOwner": OWNER,
            "repositoryName": "dev",
            "repositoryAdministrator": OWNER,
            "packageFormat": "npm",
            "packageNamespace": "acme",
            "packageName": "widget",
            "packageVersion": version,
            "packageVersionState": "Published",
            "packageVersionRevision": "r1",
            "changes": {
                "assetsAdded": 1,
                "assetsRemoved": 0,
                "assetsUpdated": 0,
                "metadataUpdated": True,
                "statusChanged": True,
            },
            "operationType": "Created",
            "sequenceNumber": 1,
            "eventDeduplicationId": "d1",
            **detail,
        },
    }


def without(shape: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The same without these keys, of the event or of its detail."""
    detail = {key: value for key, value in shape["detail"].items() if key not in keys}
    return {key: value for key, value in {**shape, "detail": detail}.items() if key not in keys}


def record(
    body: Any,
    message: str = "m1",
    *,
    receive_count: int = 1,
    queue: str = QUEUE,
    first_received: float | None = None,
) -> dict[str, Any]:
    """A record of an SQS batch (Lambda developer guide: with-sqs); what is not text is sent as JSON."""
    return {
        "messageId": message,
        "receiptHandle": f"handle of {message}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": str(receive_count),
            "ApproximateFirstReceiveTimestamp": str(int((first_received or MORNING + 30) * 1000)),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
        "awsRegion": "eu-west-1",
    }


def candidate(version: str = "1.0.0", revision: str = "r1", **more: Any) -> Candidate:
    """@acme/widget in dev, since the morning."""
    known = {"package": WIDGET, "repository": "dev", "available_since": MORNING, "sequence_number": 1}
    return Candidate(version=version, revision=revision, **{**known, **more})


def delivery(message_id: str = "", number: int = 1) -> Delivery:
    """The delivery of a message."""
    return Delivery(message_id, number, "e1", receipt_handle=f"handle of {message_id}")


def arrival(
    version: str = "1.0.0",
    revision: str = "r1",
    *,
    message_id: str | None = None,
    number: int = 1,
    **more: Any,
) -> Arrival:
    """A candidate that a message brought. Each revision has a message of its own unless one is named."""
    made = candidate(version, revision, **more)
    message = f"m-{made.package}-{version}-{revision}" if message_id is None else message_id
    return Arrival(made, delivery(message, number))


def promotion(
    name: str = "npm-to-staging",
    hop: str = "dev -> staging",
    packages: Iterable[str] = ("pkg:npm/**",),
    **keys: Any,
) -> str:
    """A `[[promotion]]` as TOML; `on_conflict="fail"` is the key `on-conflict`."""
    source, destination = hop.split(" -> ")
    values = {"name": name, "from": source, "to": destination, "packages": list(packages)}
    values |= {"origin": "any", "prereleases": True, **keys}  # so that nothing else stands in the way
    lines = [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(["[[promotion]]", *lines, ""])


def rules(*tables: str) -> RuleSet:
    """A rule set of the domain; without tables it promotes all npm packages from dev to staging."""
    return load(rules_text(*(tables or [promotion()]))).rule_set


def rules_text(*tables: str) -> str:
    """The text of a rules file. It names a repository of answers if a table asks for answers."""
    text = "\n".join(tables)
    evidence = ['evidence = "evidence"'] if _ASKS.search(text) else []
    return "\n".join([f'domain = "{DOMAIN}"', *evidence, text])


def decision(
    rule_set: RuleSet | None = None,
    now: float = MORNING,
    evidence: Evidence | None = None,
    **changes: Any,
) -> Decision:
    """The decision about a candidate on the only hop that selects it."""
    [only] = decide(candidate(**changes), evidence or Evidence(), rule_set or rules(), now)
    return only


def decided(message_id: str = "", number: int = 1, **changes: Any) -> Decided:
    """A decision that a message caused."""
    return Decided(decision(**changes), delivery(message_id, number))


def attempt(version: str = "1.0.0", revision: str = "r1", *, number: int = 1) -> RevisionAttempt:
    """A revision that one message asks for."""
    one = decided(version=version, revision=revision, number=number)
    return RevisionAttempt(version, revision, (one,))


def result(
    outcome: Outcome | None = None,
    rule_set: RuleSet | None = None,
    *,
    duplicate: bool = False,
    message_id: str | None = None,
    pending: Pending | None = None,
    **changes: Any,
) -> Result:
    """The result of a candidate. Each version has a message of its own unless one is named."""
    made = decision(rule_set, **changes)
    message = f"m-{made.candidate.purl}" if message_id is None else message_id
    return Result.of(made, delivery(message), outcome, duplicate=duplicate, pending=pending)


BEGINS = Pending("entry", 1_767_400_000, begins=True)
