"""The operations on repositories, their policies and external connections."""

from moto.core.utils import utcnow
from moto.utilities.tagging_service import TaggingService

from .addresses import repository_endpoint
from .domains import Domain
from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    repository_not_found,
)
from .outbox import locked
from .public_repositories import require_connection
from .repositories import Repository
from .resource_policies import ResourcePolicy, delete_policy, find_policy, put_policy


class RepositoryBackend:
    """The operations on repositories. CodeArtifactBackend inherits them."""

    account_id: str
    region_name: str
    partition: str
    domains: dict[str, Domain]
    tagger: TaggingService

    def describe_domain(self, name: str) -> Domain:
        """Return the domain, or raise ResourceNotFoundException."""
        raise NotImplementedError

    @locked
    def create_repository(
        self,
        domain_name: str,
        name: str,
        administrator: str,
        description: str | None,
        upstreams: list[str],
        tags: list[dict[str, str]],
    ) -> Repository:
        """Create a repository. `administrator` is the caller's account."""
        domain = self.describe_domain(domain_name)
        if name in domain.repositories:
            raise ConflictException(
                f"Repository '{name}' already exists", name, "repository"
            )
        domain.require_upstreams(name, upstreams)
        repository = Repository(
            name=name,
            administrator_account=administrator,
            domain_name=domain.name,
            domain_owner=domain.owner,
            region=self.region_name,
            partition=self.partition,
            created_time=utcnow(),
            description=description,
            upstreams=upstreams,
        )
        domain.repositories[name] = repository
        self.tagger.tag_resource(repository.arn, tags)
        return repository

    def describe_repository(self, domain_name: str, name: str) -> Repository:
        """Return the repository, or raise ResourceNotFoundException for it or its domain."""
        domain = self.describe_domain(domain_name)
        if name not in domain.repositories:
            raise repository_not_found(name, domain_name, self.account_id)
        return domain.repositories[name]

    @locked
    def update_repository(
        self,
        domain_name: str,
        name: str,
        description: str | None,
        upstreams: list[str] | None,
    ) -> Repository:
        """Replace the description and the upstreams; None keeps the old value."""
        repository = self.describe_repository(domain_name, name)
        if upstreams is not None:
            self.domains[domain_name].require_upstreams(name, upstreams)
            repository.upstreams = upstreams
        if description is not None:
            repository.description = description
        return repository

    @locked
    def delete_repository(self, domain_name: str, name: str) -> Repository:
        """Delete a repository and its contents. Our choice: no events are sent for its packages."""
        repository = self.describe_repository(domain_name, name)
        self.tagger.delete_all_tags_for_resource(repository.arn)
        return self.domains[domain_name].repositories.pop(name)

    def list_repositories_in_domain(
        self, domain_name: str, prefix: str, administrator: str | None
    ) -> list[Repository]:
        """Return the repositories of one domain by name."""
        repositories = self.describe_domain(domain_name).repositories
        return [
            repositories[name]
            for name in sorted(repositories)
            if name.startswith(prefix)
            and administrator in (None, repositories[name].administrator_account)
        ]

    def get_repository_endpoint(
        self, domain_name: str, name: str, format_: str, server: str
    ) -> str:
        """Return the URL of a repository for a package manager, on the server that was called."""
        return repository_endpoint(
            server, self.describe_repository(domain_name, name), format_
        )

    # External connections

    @locked
    def associate_external_connection(
        self, domain_name: str, name: str, connection: str
    ) -> Repository:
        """Store the connection. Behind it is a public repository that a test fills."""
        repository = self.describe_repository(domain_name, name)
        require_connection(connection)
        if repository.external_connection:
            raise ConflictException(
                f"Repository '{name}' has an external connection", name, "repository"
            )
        repository.external_connection = connection
        return repository

    @locked
    def disassociate_external_connection(
        self, domain_name: str, name: str, connection: str
    ) -> Repository:
        """Remove the connection."""
        repository = self.describe_repository(domain_name, name)
        if repository.external_connection != connection:
            raise ResourceNotFoundException(
                f"Repository '{name}' has no external connection '{connection}'",
                name,
                "repository",
            )
        repository.external_connection = None
        return repository

    # Policies

    def get_repository_permissions_policy(
        self, domain_name: str, name: str
    ) -> ResourcePolicy:
        """Return the policy of a repository."""
        return find_policy(self.describe_repository(domain_name, name))

    @locked
    def put_repository_permissions_policy(
        self, domain_name: str, name: str, document: str, expected_revision: str | None
    ) -> ResourcePolicy:
        """Replace the policy of a repository."""
        return put_policy(
            self.describe_repository(domain_name, name), document, expected_revision
        )

    @locked
    def delete_repository_permissions_policy(
        self, domain_name: str, name: str, expected_revision: str | None
    ) -> ResourcePolicy:
        """Remove the policy of a repository and return it."""
        return delete_policy(
            self.describe_repository(domain_name, name), expected_revision
        )
