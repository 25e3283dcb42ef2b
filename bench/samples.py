"""Rules, events and Lambda contexts that the benchmarks share."""

import json
from datetime import UTC, datetime
from typing import Any

OWNER = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:promotion"


class Context:
    """Lambda's context with time that never runs out."""

    function_name = "bench"
    memory_limit_in_mb = 256
    invoked_function_arn = f"arn:aws:lambda:us-east-1:{OWNER}:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        """Return two minutes, always."""
        return 120_000


def rules(count: int, mode: str = "enforce") -> str:
    """Write a rules file with `count` promotions; each of their patterns begins with its own text."""
    tables = [
        f'[[promotion]]\nname = "team{number}"\nfrom = "dev"\nto = "staging"\norigin = "any"\n'
        f'packages = ["pkg:npm/team{number}-*", "pkg:npm/lib{number}-*"]\n'
        f'versions = "^{number % 9 + 1}"\nmode = "{mode}"\n'
        for number in range(count)
    ]
    return 'domain = "acme"\n' + "".join(tables)


def record(message_id: str, *, revision: str = "r1", **coordinates: str) -> dict[str, Any]:
    """Build the SQS record of a version published in `dev`. `coordinates` are keys of the event's detail."""
    detail = {
        "domainName": "acme",
        "domainOwner": OWNER,
        "repositoryAdministrator": OWNER,
        "repositoryName": "dev",
        **coordinates,
        "packageVersionState": "Published",
        "packageVersionRevision": revision,
        "changes": {"assetsAdded": 1, "metadataUpdated": True, "statusChanged": True},
        "operationType": "Created",
        "sequenceNumber": 1,
    }
    event = {
        "version": "0",
        "id": message_id,
        "detail-type": "CodeArtifact Package Version State Change",
        "source": "aws.codeartifact",
        "account": OWNER,
        "time": datetime.now(UTC).isoformat(),  # an older one would be late, and described before its copy
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
    return {
        "messageId": message_id,
        "receiptHandle": "handle",
        "body": json.dumps(event),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
        "awsRegion": "us-east-1",
    }
