"""Domains."""

from dataclasses import dataclass, field
from datetime import datetime

from .repositories import Repository
from .resource_policies import ResourcePolicy
from .upstreams import require_upstreams


@dataclass
class Domain:
    """A domain and its repositories."""

    name: str
    owner: str
    region: str
    partition: str
    created_time: datetime
    encryption_key: str
    status: str = "Active"
    repositories: dict[str, Repository] = field(default_factory=dict)
    policy: ResourcePolicy | None = None

    @property
    def resource_type(self) -> str:
        """The name of its kind in errors."""
        return "domain"

    @property
    def arn(self) -> str:
        """The domain's ARN."""
        return f"arn:{self.partition}:codeartifact:{self.region}:{self.owner}:domain/{self.name}"

    @property
    def s3_bucket_arn(self) -> str:
        """The ARN of a bucket that does not exist. AWS's own bucket is not accessible either."""
        return f"arn:{self.partition}:s3:::assets-{self.owner}-{self.region}"

    @property
    def repository_count(self) -> int:
        """The number of repositories."""
        return len(self.repositories)

    @property
    def asset_size_bytes(self) -> int:
        """The size of all assets. Each file counts once per domain (User Guide: domain-overview)."""
        sizes = {
            asset.hashes["SHA-256"]: asset.size
            for repository in self.repositories.values()
            for package in repository.packages.values()
            for version in package.versions.values()
            for asset in version.assets.values()
        }
        return sum(sizes.values())

    def require_upstreams(self, repository: str, upstreams: list[str]) -> None:
        """Raise an error unless a repository can have these direct upstreams."""
        require_upstreams(
            repository, upstreams, self.repositories, (self.name, self.owner)
        )
