"""CodeArtifactBackend class with methods for supported APIs."""

from datetime import datetime, timedelta

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.utilities.tagging_service import TaggingService

from .domains import Domain
from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    ValidationException,
    domain_not_found,
    repository_not_found,
)
from .faults import Faults
from .outbox import LOCK
from .package_backend import PackageBackend
from .principals import Caller
from .public_repositories import new_public_repositories, require_connection
from .repositories import Repository
from .settings import EmulatorSettings

TOKEN_SECONDS = 12 * 60 * 60


class CodeArtifactBackend(PackageBackend, BaseBackend):
    """The domains that one account owns in one region."""

    lock = LOCK
    """Held by each request, for all accounts and regions, so that events have the order of the changes."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.domains: dict[str, Domain] = {}
        self.tokens: dict[str, tuple[str, datetime, Caller]] = {}
        self.tagger = TaggingService(tag_name="tags", key_name="key", value_name="value")
        self.settings = EmulatorSettings()
        self.faults = Faults()
        self.public_repositories = new_public_repositories()

    # Faults

    def inject(
        self,
        operation: str,
        error: str,
        *,
        times: int = 1,
        after_effect: bool = False,
        message: str | None = None,
    ) -> None:
        """Make this account's next calls of an operation fail, before or after the operation is carried out.

        `error` is the code of one of the model's exceptions.
        """
        self.faults.add(operation, error, times=times, after_effect=after_effect, message=message)

    # Domains

    def create_domain(self, name: str, encryption_key: str | None, tags: list[dict[str, str]]) -> Domain:
        """Create a domain. The key defaults to a random one in the form of AWS's own."""
        if name in self.domains:
            raise ConflictException(f"Domain '{name}' already exists", name, "domain")
        key = f"arn:{self.partition}:kms:{self.region_name}:{self.account_id}:key/{mock_random.uuid4()}"
        domain = Domain(
            name=name,
            owner=self.account_id,
            region=self.region_name,
            partition=self.partition,
            created_time=utcnow(),
            encryption_key=encryption_key or key,
        )
        self.domains[name] = domain
        self.tagger.tag_resource(domain.arn, tags)
        return domain

    def describe_domain(self, name: str) -> Domain:
        """Return the domain, or raise ResourceNotFoundException."""
        if name not in self.domains:
            raise domain_not_found(name, self.account_id)
        return self.domains[name]

    def delete_domain(self, name: str) -> Domain | None:
        """Delete an empty domain. Return None if it does not exist: this is no error (API: DeleteDomain)."""
        domain = self.domains.get(name)
        if domain is None:
            return None
        if domain.repositories:
            raise ConflictException(f"Domain '{name}' still has repositories", name, "domain")
        domain.status = "Deleted"
        self.tagger.delete_all_tags_for_resource(domain.arn)
        return self.domains.pop(name)

    def list_domains(self) -> list[Domain]:
        """Return all domains by name."""
        return [self.domains[name] for name in sorted(self.domains)]

    # Repositories

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
            raise ConflictException(f"Repository '{name}' already exists", name, "repository")
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

    def update_repository(
        self, domain_name: str, name: str, description: str | None, upstreams: list[str] | None
    ) -> Repository:
        """Replace the description and the upstreams; None keeps the old value."""
        repository = self.describe_repository(domain_name, name)
        if upstreams is not None:
            self.domains[domain_name].require_upstreams(name, upstreams)
            repository.upstreams = upstreams
        if description is not None:
            repository.description = description
        return repository

    def delete_repository(self, domain_name: str, name: str) -> Repository:
        """Delete a repository and its contents. Our choice: no events are sent for its packages."""
        repository = self.describe_repository(domain_name, name)
        self.tagger.delete_all_tags_for_resource(repository.arn)
        return self.domains[domain_name].repositories.pop(name)

    def list_repositories(self, prefix: str) -> list[Repository]:
        """Return the repositories that this account administers, in all domains."""
        found = [
            repository
            for _, region, backend in codeartifact_backends.iter_backends()
            for domain in backend.domains.values()
            for repository in domain.repositories.values()
            if region == self.region_name and repository.administrator_account == self.account_id
        ]
        return sorted((r for r in found if r.name.startswith(prefix)), key=lambda r: (r.domain_name, r.name))

    def list_repositories_in_domain(
        self, domain_name: str, prefix: str, administrator: str | None
    ) -> list[Repository]:
        """Return the repositories of one domain by name."""
        repositories = self.describe_domain(domain_name).repositories
        return [
            repositories[name]
            for name in sorted(repositories)
            if name.startswith(prefix) and administrator in (None, repositories[name].administrator_account)
        ]

    def associate_external_connection(self, domain_name: str, name: str, connection: str) -> Repository:
        """Store the connection. Behind it is a public repository that a test fills."""
        repository = self.describe_repository(domain_name, name)
        require_connection(connection)
        if repository.external_connection:
            raise ConflictException(f"Repository '{name}' has an external connection", name, "repository")
        repository.external_connection = connection
        return repository

    def disassociate_external_connection(self, domain_name: str, name: str, connection: str) -> Repository:
        """Remove the connection."""
        repository = self.describe_repository(domain_name, name)
        if repository.external_connection != connection:
            raise ResourceNotFoundException(
                f"Repository '{name}' has no external connection '{connection}'", name, "repository"
            )
        repository.external_connection = None
        return repository

    # Tags

    def require_taggable(self, arn: str) -> None:
        """Raise ResourceNotFoundException unless the ARN is that of a domain or a repository."""
        arns = {domain.arn for domain in self.domains.values()}
        arns |= {r.arn for domain in self.domains.values() for r in domain.repositories.values()}
        if arn not in arns:
            raise ResourceNotFoundException(f"Resource '{arn}' does not exist", arn)

    # Tokens of package managers

    def issue_token(self, domain_name: str, seconds: int | None, caller: Caller) -> tuple[str, datetime]:
        """Create a token, which acts for the caller. Return it and its expiration.

        On AWS, 0 means the rest of the caller's session. Sessions have no end here, so 0 means the default.
        """
        self.describe_domain(domain_name)
        seconds = seconds or TOKEN_SECONDS
        if seconds < 900:
            raise ValidationException("durationSeconds must be 0 or 900 to 43200", "FIELD_VALIDATION_FAILED")
        token, expiration = mock_random.token_urlsafe(96), utcnow() + timedelta(seconds=seconds)
        self.tokens[token] = (domain_name, expiration, caller)
        return token, expiration

    def find_token_owner(self, token: str, domain_name: str) -> Caller | None:
        """Return who got the token; None unless it was issued for the domain and has not expired."""
        if token not in self.tokens:
            return None
        issued_for, expiration, caller = self.tokens[token]
        return caller if issued_for == domain_name and utcnow() < expiration else None


codeartifact_backends = BackendDict(CodeArtifactBackend, "codeartifact")
