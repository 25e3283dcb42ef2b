"""Domains."""

from dataclasses import dataclass, field
from datetime import datetime

from .repositories import Repository


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

    @property
    def arn(self) -> str:
        """As policies and tags name the domain."""
        return f"arn:{self.partition}:codeartifact:{self.region}:{self.owner}:domain/{self.name}"

    @property
    def s3_bucket_arn(self) -> str:
        """A choice: a bucket that does not exist; AWS's own is not accessible either."""
        return f"arn:{self.partition}:s3:::assets-{self.owner}-{self.region}"

    @property
    def repository_count(self) -> int:
        """How many repositories there are."""
        return len(self.repositories)

    @property
    def asset_size_bytes(self) -> int:
        """Each file counts once per domain (User Guide: domain-overview)."""
        sizes = {
            asset.hashes["SHA-256"]: asset.size
            for repository in self.repositories.values()
            for package in repository.packages.values()
            for version in package.versions.values()
            for asset in version.assets.values()
        }
        return sum(sizes.values())
