"""CodeArtifactBackend class with methods for supported APIs."""

from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.utilities.tagging_service import TaggingService

from .copying import CopyRequest, copy, with_upstreams
from .domains import Domain
from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
    asset_not_found,
    domain_not_found,
    repository_not_found,
)
from .notifications import Change, send_events
from .outcomes import Outcomes
from .packages import DISPOSED, Asset, Package, PackageKey, PackageVersion
from .publishing import Upload, require_generic, with_asset
from .repositories import EXTERNAL_CONNECTIONS, Repository
from .settings import Faults, Settings
from .statuses import StatusChange, change_statuses

MAX_UPSTREAMS = 10
TOKEN_SECONDS = 12 * 60 * 60


class CodeArtifactBackend(BaseBackend):
    """The domains that one account owns in one region."""

    lock = RLock()
    """One request at a time, over all accounts and regions: the order of events is that of the changes."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.domains: dict[str, Domain] = {}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.tagger = TaggingService(tag_name="tags", key_name="key", value_name="value")
        self.settings = Settings()
        self.faults = Faults()

    # Choices of a test

    def inject(
        self,
        operation: str,
        error: str,
        *,
        times: int = 1,
        after_effect: bool = False,
        message: str | None = None,
    ) -> None:
        """Let the next calls that this account makes of an operation fail, before or after the work is done.

        `error` is the code of one of the model's exceptions.
        """
        self.faults.add(operation, error, times=times, after_effect=after_effect, message=message)

    # Domains

    def create_domain(self, name: str, encryption_key: str | None, tags: list[dict[str, str]]) -> Domain:
        """Create a domain; the key defaults to one that looks like AWS's own."""
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
        """The domain, or ResourceNotFoundException."""
        if name not in self.domains:
            raise domain_not_found(name, self.account_id)
        return self.domains[name]

    def delete_domain(self, name: str) -> Domain | None:
        """Delete an empty domain; its model knows no ResourceNotFoundException (API: DeleteDomain)."""
        domain = self.domains.get(name)
        if domain is None:
            return None
        if domain.repositories:
            raise ConflictException(f"Domain '{name}' still has repositories", name, "domain")
        domain.status = "Deleted"
        self.tagger.delete_all_tags_for_resource(domain.arn)
        return self.domains.pop(name)

    def list_domains(self) -> list[Domain]:
        """All domains, by name."""
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
        """Create a repository, administered by the account that asks."""
        domain = self.describe_domain(domain_name)
        if name in domain.repositories:
            raise ConflictException(f"Repository '{name}' already exists", name, "repository")
        self._require_upstreams(domain, upstreams)
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
        """The repository, or ResourceNotFoundException for it or its domain."""
        domain = self.describe_domain(domain_name)
        if name not in domain.repositories:
            raise repository_not_found(name, domain_name, self.account_id)
        return domain.repositories[name]

    def update_repository(
        self, domain_name: str, name: str, description: str | None, upstreams: list[str] | None
    ) -> Repository:
        """Replace what is given."""
        repository = self.describe_repository(domain_name, name)
        if upstreams is not None:
            self._require_upstreams(self.domains[domain_name], upstreams)
            repository.upstreams = upstreams
        if description is not None:
            repository.description = description
        return repository

    def delete_repository(self, domain_name: str, name: str) -> Repository:
        """Delete a repository with all that is in it; no package events follow (a choice)."""
        repository = self.describe_repository(domain_name, name)
        self.tagger.delete_all_tags_for_resource(repository.arn)
        return self.domains[domain_name].repositories.pop(name)

    def list_repositories(self, prefix: str) -> list[Repository]:
        """The repositories that this account administers, in its own domains and those of others."""
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
        """The repositories of one domain, by name."""
        repositories = self.describe_domain(domain_name).repositories
        return [
            repositories[name]
            for name in sorted(repositories)
            if name.startswith(prefix) and administrator in (None, repositories[name].administrator_account)
        ]

    def associate_external_connection(self, domain_name: str, name: str, connection: str) -> Repository:
        """Note the connection; nothing is ever fetched through it."""
        repository = self.describe_repository(domain_name, name)
        if connection not in EXTERNAL_CONNECTIONS:
            raise ValidationException(f"Unknown external connection '{connection}'")
        if repository.external_connection:
            raise ConflictException(f"Repository '{name}' has an external connection", name, "repository")
        repository.external_connection = connection
        return repository

    def disassociate_external_connection(self, domain_name: str, name: str, connection: str) -> Repository:
        """Forget the connection."""
        repository = self.describe_repository(domain_name, name)
        if repository.external_connection != connection:
            raise ResourceNotFoundException(
                f"Repository '{name}' has no external connection '{connection}'", name, "repository"
            )
        repository.external_connection = None
        return repository

    @staticmethod
    def _require_upstreams(domain: Domain, upstreams: list[str]) -> None:
        if len(upstreams) > MAX_UPSTREAMS:
            raise ServiceQuotaExceededException(
                f"A repository has at most {MAX_UPSTREAMS} direct upstreams", domain.name, "repository"
            )
        for name in upstreams:
            if name not in domain.repositories:
                raise repository_not_found(name, domain.name, domain.owner)

    # Tags

    def tagged(self, arn: str) -> str:
        """The ARN, if it names a domain or repository that exists."""
        arns = {domain.arn for domain in self.domains.values()}
        arns |= {r.arn for domain in self.domains.values() for r in domain.repositories.values()}
        if arn not in arns:
            raise ResourceNotFoundException(f"Resource '{arn}' does not exist", arn)
        return arn

    # Tokens for the package managers

    def issue_token(self, domain_name: str, seconds: int | None) -> tuple[str, datetime]:
        """A token and when it expires; without role credentials to follow, 0 means the default too."""
        self.describe_domain(domain_name)
        seconds = seconds or TOKEN_SECONDS
        if seconds < 900:
            raise ValidationException("durationSeconds must be 0 or 900 to 43200", "FIELD_VALIDATION_FAILED")
        token, expiration = mock_random.token_urlsafe(96), utcnow() + timedelta(seconds=seconds)
        self.tokens[token] = (domain_name, expiration)
        return token, expiration

    def accepts_token(self, token: str, domain_name: str) -> bool:
        """Whether the token was issued for the domain and is still valid."""
        issued_for, expiration = self.tokens.get(token, ("", utcnow()))
        return issued_for == domain_name and utcnow() < expiration

    # Package versions

    def store(self, repository: Repository, key: PackageKey, version: PackageVersion) -> None:
        """Put a version into a repository and announce what changed, if anything did."""
        package = repository.packages.setdefault(key, Package(key))
        before = package.versions.get(version.version)
        package.versions[version.version] = version
        if before != version:
            send_events(repository, Change(key, before, version), self.settings)

    def remove(self, repository: Repository, key: PackageKey, version: str) -> None:
        """Take a version out of a repository and announce it; npm tags go with it."""
        package = repository.packages[key]
        before = package.versions.pop(version)
        package.dist_tags = {tag: to for tag, to in package.dist_tags.items() if to != version}
        send_events(repository, Change(key, before, None), self.settings)

    def upload(self, repository: Repository, upload: Upload) -> PackageVersion:
        """Add a file to a version, which may be new; with an external connection this is an ingestion."""
        version = with_asset(repository, upload, utcnow())
        self.store(repository, upload.key, version)
        return version

    def publish_package_version(self, repository: Repository, upload: Upload, sha256: str) -> PackageVersion:
        """Add a file to a version of a generic package."""
        require_generic(repository, upload, sha256)
        return self.upload(repository, upload)

    def copy_package_versions(self, source: Repository, destination: str, request: CopyRequest) -> Outcomes:
        """Copy within the domain."""
        siblings = self.domains[source.domain_name].repositories
        target = self.describe_repository(source.domain_name, destination)
        sources = list(with_upstreams(source, siblings)) if request.include_from_upstream else [source]
        return copy(request, sources, target, self.settings, self.store)

    def change_statuses(self, repository: Repository, key: PackageKey, change: StatusChange) -> Outcomes:
        """Update, dispose or delete versions."""
        return change_statuses(
            change,
            repository.package(key),
            all_or_nothing=self.settings.all_or_nothing,
            store=lambda version: self.store(repository, key, version),
            remove=lambda version: self.remove(repository, key, version),
        )

    def delete_package(self, repository: Repository, key: PackageKey) -> Package:
        """Delete the package with its versions: one event each (User Guide: monitoring-events)."""
        package = repository.package(key)
        for version in list(package.versions):
            self.remove(repository, key, version)
        return repository.packages.pop(key)

    def get_asset(
        self, repository: Repository, key: PackageKey, version: str, asset: str, revision: str | None
    ) -> tuple[PackageVersion, Asset]:
        """An asset, and the version that holds it at the moment."""
        found = repository.version(key, version)
        if revision is not None and revision != found.revision:
            raise ConflictException(
                f"current revision: {found.revision}, expected revision: {revision}",
                version,
                "package-version",
            )
        if found.status == DISPOSED or asset not in found.assets:
            raise asset_not_found(version, asset)
        return found, found.assets[asset]

    def put_origin_configuration(
        self, repository: Repository, key: PackageKey, restrictions: dict[str, Any]
    ) -> Package:
        """Note the restrictions, which nothing here enforces; the package may be new."""
        package = repository.packages.setdefault(key, Package(key))
        package.publish, package.upstream = restrictions["publish"], restrictions["upstream"]
        return package


codeartifact_backends = BackendDict(CodeArtifactBackend, "codeartifact")
