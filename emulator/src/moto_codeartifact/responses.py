"""Handles incoming codeartifact requests, invokes methods, returns responses."""

from .authorization import WRITES, Question
from .dispatch import Dispatcher, backend_of
from .domain_responses import DomainResponses
from .models import CodeArtifactBackend
from .package_responses import PackageResponses
from .principals import Caller
from .repository_responses import RepositoryResponses
from .version_responses import VersionResponses


class CodeArtifactResponse(
    DomainResponses, RepositoryResponses, PackageResponses, VersionResponses, Dispatcher
):
    """Handler for CodeArtifact requests and responses."""

    @property
    def backend(self) -> CodeArtifactBackend:
        """The backend of the domain owner that the request names, or of the caller."""
        return backend_of(
            self.params.get("domainOwner") or self.current_account, self.region
        )

    @property
    def caller(self) -> Caller:
        return Caller(self.current_account, self.access_key, self.partition)

    def authorize(self, operation: str) -> None:
        """Raise AccessDeniedException if a policy does not allow the request."""
        if operation not in WRITES:
            return
        repository = self.repository(WRITES[operation])
        domain = self.backend.describe_domain(self.params["domain"])
        resources = [repository.package_arn(self.key())]
        if operation == "CopyPackageVersions":
            # of the destination, both are required (Service Authorization Reference)
            resources.append(repository.arn)
        Question(
            self.caller.principal(), operation, repository, domain
        ).require_allowed(resources)
