"""The resource policy of the evidence repository: it decides who may answer.

An Allow alone separates nobody, because many roles may publish everywhere. So the policy denies: a namespace
takes answers of its own principals only, every other package takes none, and nobody changes an answer.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

MAX_CHARACTERS = 7168  # API: PutRepositoryPermissionsPolicy
PUBLISH = "codeartifact:PublishPackageVersion"
CHANGES = (
    "codeartifact:CopyPackageVersions",
    "codeartifact:UpdatePackageVersionsStatus",
    "codeartifact:DisposePackageVersions",
    "codeartifact:DeletePackageVersions",
    "codeartifact:DeletePackage",
)

Statement = dict[str, Any]


class PolicyTooLongError(ValueError):
    """The policy has more characters than a repository takes."""


class EvidenceRepository(Struct, frozen=True, kw_only=True):
    """The place of the evidence repository."""

    domain: str
    account: str
    region: str
    repository: str
    partition: str = "aws"

    def package_arn(self, rest: str) -> str:
        """Return the ARN of packages. `rest` is FORMAT/NAMESPACE/NAME and may have wildcards."""
        place = f"arn:{self.partition}:codeartifact:{self.region}:{self.account}"
        return f"{place}:package/{self.domain}/{self.repository}/{rest}"

    def namespace_arn(self, namespace: str) -> str:
        """Return the ARN of all packages of a namespace; without the slash `approval*` has more namespaces."""
        return self.package_arn(f"generic/{namespace}/*")


def write_policy(place: EvidenceRepository, principals: Mapping[str, Collection[str]]) -> str:
    """Write the policy from the principals of each namespace: ARNs of roles and users, `*` is any text.

    A namespace without principals takes no answers.

    Raises:
        PolicyTooLongError: a repository does not take such a long policy.

    """
    statements = [*_answers(place, principals), _other_packages(place, principals), _changes()]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
    if len(text) > MAX_CHARACTERS:
        raise PolicyTooLongError(
            f"the policy has {len(text)} characters, a repository takes {MAX_CHARACTERS}; "
            "name fewer principals, for example one role for several namespaces"
        )
    return text


def _answers(place: EvidenceRepository, principals: Mapping[str, Collection[str]]) -> list[Statement]:
    """Return one statement for each set of principals: several namespaces can share it."""
    namespaces: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for namespace, arns in sorted(principals.items()):
        if arns:
            namespaces[tuple(sorted(set(arns)))].append(namespace)
    return [
        {
            **_deny([PUBLISH]),
            "Resource": [place.namespace_arn(each) for each in shared],
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(arns)}},
        }
        for arns, shared in namespaces.items()
    ]


def _other_packages(place: EvidenceRepository, principals: Mapping[str, Collection[str]]) -> Statement:
    answered = [place.namespace_arn(each) for each, arns in sorted(principals.items()) if arns]
    return {**_deny([PUBLISH]), **({"NotResource": answered} if answered else {"Resource": "*"})}


def _changes() -> Statement:
    return {**_deny(CHANGES), "Resource": "*"}


def _deny(actions: Collection[str]) -> Statement:
    return {"Effect": "Deny", "Principal": "*", "Action": list(actions)}
