"""The operations on domains, their policies, tags, and the tokens of package managers."""

from datetime import datetime, timedelta

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.utilities.tagging_service import TaggingService

from .domains import Domain
from .exceptions import (
    ConflictException,
    ResourceNotFoundException,
    ValidationException,
    domain_not_found,
)
from .outbox import locked
from .principals import Caller
from .resource_policies import ResourcePolicy, delete_policy, find_policy, put_policy

TOKEN_SECONDS = 12 * 60 * 60
LEAST_TOKEN_SECONDS = 15 * 60


class DomainBackend:
    """The operations on domains. CodeArtifactBackend inherits them."""

    account_id: str
    region_name: str
    partition: str
    domains: dict[str, Domain]
    tokens: dict[str, tuple[str, datetime, Caller]]
    tagger: TaggingService

    @locked
    def create_domain(
        self, name: str, encryption_key: str | None, tags: list[dict[str, str]]
    ) -> Domain:
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

    @locked
    def delete_domain(self, name: str) -> Domain | None:
        """Delete an empty domain. Return None if it does not exist: this is no error (API: DeleteDomain)."""
        domain = self.domains.get(name)
        if domain is None:
            return None
        if domain.repositories:
            raise ConflictException(
                f"Domain '{name}' still has repositories", name, "domain"
            )
        domain.status = "Deleted"
        self.tagger.delete_all_tags_for_resource(domain.arn)
        return self.domains.pop(name)

    def list_domains(self) -> list[Domain]:
        """Return all domains by name."""
        return [self.domains[name] for name in sorted(self.domains)]

    # Policies

    def get_domain_permissions_policy(self, name: str) -> ResourcePolicy:
        """Return the policy of a domain."""
        return find_policy(self.describe_domain(name))

    @locked
    def put_domain_permissions_policy(
        self, name: str, document: str, expected_revision: str | None
    ) -> ResourcePolicy:
        """Replace the policy of a domain."""
        return put_policy(self.describe_domain(name), document, expected_revision)

    @locked
    def delete_domain_permissions_policy(
        self, name: str, expected_revision: str | None
    ) -> ResourcePolicy:
        """Remove the policy of a domain and return it."""
        return delete_policy(self.describe_domain(name), expected_revision)

    # Tags

    @locked
    def tag_resource(self, arn: str, tags: list[dict[str, str]]) -> None:
        """Add or replace tags."""
        self._require_taggable(arn)
        self.tagger.tag_resource(arn, tags)

    @locked
    def untag_resource(self, arn: str, keys: list[str]) -> None:
        """Remove tags."""
        self._require_taggable(arn)
        self.tagger.untag_resource_using_names(arn, keys)

    def list_tags_for_resource(self, arn: str) -> dict[str, list[dict[str, str]]]:
        """Return the tags of a domain or a repository."""
        self._require_taggable(arn)
        tags: dict[str, list[dict[str, str]]] = self.tagger.list_tags_for_resource(arn)
        return tags

    def _require_taggable(self, arn: str) -> None:
        """Raise ResourceNotFoundException unless the ARN is that of a domain or a repository."""
        arns = {domain.arn for domain in self.domains.values()}
        arns |= {
            r.arn
            for domain in self.domains.values()
            for r in domain.repositories.values()
        }
        if arn not in arns:
            raise ResourceNotFoundException(f"Resource '{arn}' does not exist", arn)

    # Tokens of package managers

    @locked
    def get_authorization_token(
        self, domain_name: str, seconds: int | None, caller: Caller
    ) -> tuple[str, datetime]:
        """Create a token, which acts for the caller. Return it and its expiration.

        On AWS, 0 means the rest of the caller's session. Sessions have no end here, so 0 means the default.
        """
        self.describe_domain(domain_name)
        seconds = seconds or TOKEN_SECONDS
        if seconds < LEAST_TOKEN_SECONDS:
            raise ValidationException(
                "durationSeconds must be 0 or 900 to 43200", "FIELD_VALIDATION_FAILED"
            )
        token, expiration = (
            mock_random.token_urlsafe(96),
            utcnow() + timedelta(seconds=seconds),
        )
        self.tokens[token] = (domain_name, expiration, caller)
        return token, expiration

    def find_token_owner(self, token: str, domain_name: str) -> Caller | None:
        """Return who got the token; None unless it was issued for the domain and has not expired."""
        if token not in self.tokens:
            return None
        issued_for, expiration, caller = self.tokens[token]
        return caller if issued_for == domain_name and utcnow() < expiration else None
