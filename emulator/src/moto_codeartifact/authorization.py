"""Decides if a principal may do something in a repository: by its own policies and by those of repository and domain.

Evaluated are the operations that write package versions, on the ARN of the package. Permission boundaries,
session policies and policies of the organization are not evaluated.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .domains import Domain
from .exceptions import AccessDeniedException, InternalServerException
from .policies import Effects, PolicyError, PolicyRequest, find_effects, read_statements
from .principals import Principal
from .repositories import Repository

# operation -> the parameter that names the repository in which it writes
WRITES = {
    "PublishPackageVersion": "repository",
    "CopyPackageVersions": "destinationRepository",
    "UpdatePackageVersionsStatus": "repository",
    "DisposePackageVersions": "repository",
    "DeletePackageVersions": "repository",
    "DeletePackage": "repository",
}


@dataclass(frozen=True)
class Question:
    """May this principal do this in this repository?"""

    principal: Principal
    operation: str
    repository: Repository
    domain: Domain

    def require_allowed(self, resources: Iterable[str]) -> None:
        """Raise AccessDeniedException unless the principal is allowed to do this to all resources."""
        for resource in resources:
            try:
                denial = self._find_denial(resource)
            except PolicyError as error:
                raise InternalServerException(
                    f"A policy cannot be evaluated: {error}"
                ) from error
            if denial:
                raise AccessDeniedException(
                    f"User: {self.principal.session_arn} is not authorized to perform: {self._action}"
                    f" on resource: {resource} {denial}"
                )

    @property
    def _action(self) -> str:
        return f"codeartifact:{self.operation}"

    def _find_denial(self, resource: str) -> str | None:
        """Return why the request is denied, in AWS's words; None if it is allowed."""
        identity, own = (
            self._identity_effects(resource),
            self._resource_effects(resource),
        )
        if identity.denied or own.denied:
            return f"with an explicit deny in {'an identity' if identity.denied else 'a resource'}-based policy"
        if self._is_same_account:
            # Our choice: an Allow for the whole account leaves the decision to the identity policies
            return (
                None if identity.allowed or own.allowed else self._no_policy("identity")
            )
        if not (own.allowed or own.delegated):
            return self._no_policy("resource")
        return None if identity.allowed else self._no_policy("identity")

    def _no_policy(self, kind: str) -> str:
        return f"because no {kind}-based policy allows the {self._action} action"

    @property
    def _is_same_account(self) -> bool:
        """True if no resource policy is needed (User Guide: repo-policies)."""
        owners = (self.repository.domain_owner, self.repository.administrator_account)
        return self.principal.account in owners

    def _request(self, resource: str) -> PolicyRequest:
        return PolicyRequest(
            action=self._action,
            resource=resource,
            arns=frozenset({self.principal.arn, self.principal.session_arn}),
            account=self.principal.account,
            context=self.principal.context,
        )

    def _identity_effects(self, resource: str) -> Effects:
        if self.principal.is_administrator:
            return Effects(denied=False, allowed=True)
        statements = [
            s
            for document in self.principal.documents
            for s in read_statements(document)
        ]
        return find_effects(statements, self._request(resource))

    def _resource_effects(self, resource: str) -> Effects:
        policies = [
            each
            for each in (self.repository.policy, self.domain.policy)
            if each is not None
        ]
        statements = [
            s for policy in policies for s in read_statements(policy.document)
        ]
        return find_effects(statements, self._request(resource))
