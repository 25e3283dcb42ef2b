"""The resource policies of domains and repositories (User Guide: domain-policies, repo-policies)."""

from dataclasses import dataclass
from typing import Protocol

from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    ValidationException,
)
from .packages import new_revision
from .policies import PolicyError, require_resource_policy


@dataclass(frozen=True)
class ResourcePolicy:
    """A policy of a domain or a repository, as the API returns it."""

    resource_arn: str
    document: str
    revision: str


class PolicyHolder(Protocol):
    """A domain or a repository."""

    name: str
    policy: ResourcePolicy | None

    @property
    def arn(self) -> str:
        """The ARN."""

    @property
    def resource_type(self) -> str:
        """`domain` or `repository`."""


def find_policy(holder: PolicyHolder) -> ResourcePolicy:
    """Return the policy. Our choice: without one, ResourceNotFoundException is raised."""
    if holder.policy is None:
        kind = holder.resource_type
        raise ResourceNotFoundException(
            f"{kind.capitalize()} '{holder.name}' has no permissions policy",
            holder.name,
            kind,
        )
    return holder.policy


def put_policy(
    holder: PolicyHolder, document: str, expected_revision: str | None
) -> ResourcePolicy:
    """Replace the policy, which is ignored for this call, so that nobody locks themselves out."""
    _require_revision(holder, expected_revision)
    try:
        require_resource_policy(document)
    except PolicyError as error:
        raise ValidationException(f"Invalid policy document: {error}") from error
    holder.policy = ResourcePolicy(holder.arn, document, new_revision())
    return holder.policy


def delete_policy(
    holder: PolicyHolder, expected_revision: str | None
) -> ResourcePolicy:
    """Remove the policy and return it."""
    _require_revision(holder, expected_revision)
    policy, holder.policy = find_policy(holder), None
    return policy


def _require_revision(holder: PolicyHolder, expected: str | None) -> None:
    present = holder.policy.revision if holder.policy else None
    if expected not in (None, present):
        raise ConflictException(
            "The policy has another revision than the given one",
            holder.name,
            holder.resource_type,
        )
