"""How much of AWS' quotas the template takes for given repositories, at the longest names that AWS gives.

The shapes are those of template.yaml; a test holds them to it. Both sizes are of compact JSON, as CloudFormation
writes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENT_PATTERN = 2_048  # characters; EventBridge User Guide, eb-quota: "Event pattern size"
ROLE_POLICIES = 10_240  # characters; IAM User Guide, reference_iam-quotas: sum of a role's inline policies

REGION = "ap-southeast-1"  # no region of CodeArtifact has a longer name (AWS General Reference: codeartifact)
ACCOUNT = "123456789012"
STACK = "s" * 128  # API reference, CreateStack: the longest StackName
_QUEUE = (
    "q" * 80
)  # API reference, CreateQueue: CloudFormation cuts a name that it makes to what the service takes
_SUFFIX = "R" * 12  # what CloudFormation adds to a name that it makes, after a hyphen


class Size(Struct, frozen=True):
    """So many characters of so many."""

    what: str
    characters: int
    limit: int
    cure: str

    @property
    def fits(self) -> bool:
        """Whether AWS would take it."""
        return self.characters <= self.limit


def sizes(
    domain: str, sources: Sequence[str], destinations: Sequence[str], *, looks_up_origin: bool = False
) -> tuple[Size, Size]:
    """What the event pattern and the role's policies take."""
    pattern = _length(_event_pattern(domain, sources))
    policies = [
        _own_policy(),
        _key_policy(),
        *(_source_policy(domain, repository, looks_up_origin) for repository in sources),
        *(_destination_policy(domain, repository) for repository in destinations),
    ]
    split = "split the rules into two files, and deploy a stack with each"
    return (
        Size(
            "the event pattern of PublishRule",
            pattern,
            EVENT_PATTERN,
            f'{split}; or have the quota "Event pattern size" of EventBridge raised',
        ),
        Size(
            "the inline policies of PromoteRole",
            sum(map(_length, policies)),
            ROLE_POLICIES,
            f"{split}; AWS does not raise it",
        ),
    )


def _length(document: dict[str, Any]) -> int:
    """Characters; IAM does not count white space, and CloudFormation writes none."""
    return len(json.dumps(document, separators=(",", ":")))


def _event_pattern(domain: str, sources: Sequence[str]) -> dict[str, Any]:
    return {
        "source": ["aws.codeartifact"],
        "detail-type": ["CodeArtifact Package Version State Change"],
        "detail": {
            "domainName": [domain],
            "domainOwner": [ACCOUNT],
            "repositoryName": list(sources),
            "packageVersionState": ["Published"],
            "operationType": ["Created", "Updated"],
        },
    }


def _policy(*statements: tuple[str, str | list[str], str | list[str]]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource}
            for sid, action, resource in statements
        ],
    }


def _own_policy() -> dict[str, Any]:
    queue, topic = _arn("sqs", _QUEUE), _arn("sns", f"{STACK}-NotificationTopic-{_SUFFIX}")
    log = _arn("logs", f"log-group:/aws/lambda/{STACK}-promote:*")
    return _policy(
        ("TakeMessages", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),
        ("ForwardWhatCannotBeUnderstood", "sqs:SendMessage", queue),
        ("Tell", "sns:Publish", topic),
        ("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], log),
        ("Trace", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    )


def _key_policy() -> dict[str, Any]:
    """Counted whether or not the deployment has a key: the rules do not say."""
    key = _arn("kms", f"key/{'k' * 36}")
    return _policy(("SendAndReceive", ["kms:Decrypt", "kms:GenerateDataKey"], key))


def _source_policy(domain: str, repository: str, looks_up_origin: bool) -> dict[str, Any]:
    itself, packages = _resources(domain, repository)
    reads = ["codeartifact:ListPackageVersionAssets"]
    if looks_up_origin:
        reads.append("codeartifact:DescribePackageVersion")
    return _policy(
        ("CopyFromHere", "codeartifact:ReadFromRepository", itself),
        ("CompareWhatStandsHere", reads, packages),
    )


def _destination_policy(domain: str, repository: str) -> dict[str, Any]:
    itself, packages = _resources(domain, repository)
    return _policy(
        ("CopyToHere", "codeartifact:CopyPackageVersions", [itself, packages]),
        ("CompareWhatStandsHere", "codeartifact:ListPackageVersionAssets", packages),
    )


def _resources(domain: str, repository: str) -> tuple[str, str]:
    """The repository's ARN, and that of all its packages."""
    path = f"{domain}/{repository}"
    return _arn("codeartifact", f"repository/{path}"), _arn("codeartifact", f"package/{path}/*")


def _arn(service: str, resource: str) -> str:
    """CodeArtifact is only in the partition `aws` (AWS General Reference: codeartifact)."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"
