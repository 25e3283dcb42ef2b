"""The resource policies of repositories (User Guide: repo-policies)."""

from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult

from .exceptions import ConflictException, ResourceNotFoundException, ValidationException
from .packages import new_revision
from .policies import PolicyError, require_resource_policy
from .repositories import Repository, RepositoryPolicy


@dataclass(frozen=True)
class PolicyChange:
    """A change of a repository's policy. With a revision, the policy must still have it."""

    repository: Repository
    expected_revision: str | None

    def put(self, document: str) -> RepositoryPolicy:
        """Replace the policy, which is ignored for this call, so that nobody locks themselves out."""
        self._require_revision()
        try:
            require_resource_policy(document)
        except PolicyError as error:
            raise ValidationException(f"Invalid policy document: {error}") from error
        self.repository.policy = RepositoryPolicy(document, new_revision())
        return self.repository.policy

    def delete(self) -> RepositoryPolicy:
        """Remove the policy and return it."""
        self._require_revision()
        policy, self.repository.policy = find_policy(self.repository), None
        return policy

    def _require_revision(self) -> None:
        present = self.repository.policy.revision if self.repository.policy else None
        if self.expected_revision not in (None, present):
            raise ConflictException(
                "The policy has another revision than the given one", self.repository.name, "repository"
            )


def find_policy(repository: Repository) -> RepositoryPolicy:
    """Return the policy. Our choice: a repository without one raises ResourceNotFoundException."""
    if repository.policy is None:
        raise ResourceNotFoundException(
            f"Repository '{repository.name}' has no permissions policy", repository.name, "repository"
        )
    return repository.policy


class PolicyResponses:
    """The operations on the policies of repositories. CodeArtifactResponse inherits them."""

    params: dict[str, Any]

    def _repository(self, parameter: str = "repository") -> Repository:
        raise NotImplementedError

    def _described(self, policy: RepositoryPolicy) -> ActionResult:
        described = {
            "resource_arn": self._repository().arn,
            "document": policy.document,
            "revision": policy.revision,
        }
        return ActionResult({"policy": described})

    def _change(self) -> PolicyChange:
        return PolicyChange(self._repository(), self.params.get("policyRevision"))

    def get_repository_permissions_policy(self) -> ActionResult:
        return self._described(find_policy(self._repository()))

    def put_repository_permissions_policy(self) -> ActionResult:
        return self._described(self._change().put(self.params["policyDocument"]))

    def delete_repository_permissions_policy(self) -> ActionResult:
        return self._described(self._change().delete())
