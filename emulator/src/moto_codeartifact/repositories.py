"""Repositories and their external connections."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .exceptions import package_not_found, version_not_found
from .ordering import SortedDict
from .packages import Package, PackageKey, PackageVersion
from .public_repositories import EXTERNAL_CONNECTIONS
from .resource_policies import ResourcePolicy


@dataclass
class Repository:
    """A repository and its packages."""

    name: str
    administrator_account: str
    domain_name: str
    domain_owner: str
    region: str
    partition: str
    created_time: datetime
    description: str | None = None
    upstreams: list[str] = field(default_factory=list)
    external_connection: str | None = None
    policy: ResourcePolicy | None = None
    packages: SortedDict[PackageKey, Package] = field(default_factory=SortedDict)
    sequence_numbers: dict[PackageKey, int] = field(default_factory=dict)
    """The number of the last event per package. It stays when the package is deleted."""

    def _arn(self, kind: str) -> str:
        return (
            f"arn:{self.partition}:codeartifact:{self.region}:{self.domain_owner}"
            f":{kind}/{self.domain_name}/{self.name}"
        )

    @property
    def resource_type(self) -> str:
        """The name of its kind in errors."""
        return "repository"

    @property
    def arn(self) -> str:
        """The repository's ARN."""
        return self._arn("repository")

    def package_arn(self, key: PackageKey) -> str:
        """Return a package's ARN. Without a namespace it has two slashes (User Guide: repo-policies)."""
        return f"{self._arn('package')}/{key.format}/{key.namespace}/{key.name}"

    def package(self, key: PackageKey) -> Package:
        """Return the package, or raise ResourceNotFoundException."""
        if key not in self.packages:
            raise package_not_found(self.name, key.format, key.namespace, key.name)
        return self.packages[key]

    def version(self, key: PackageKey, version: str) -> PackageVersion:
        """Return the version, or raise ResourceNotFoundException. Upstreams are not searched."""
        package = self.package(key)
        if version not in package.versions:
            raise version_not_found(self.name, key.name, version)
        return package.versions[version]


def describe(repository: Repository) -> dict[str, Any]:
    """Return the repository as a RepositoryDescription."""
    connection = repository.external_connection
    connections = [
        {
            "external_connection_name": connection,
            "package_format": EXTERNAL_CONNECTIONS[connection],
            "status": "Available",
        }
        for connection in ([connection] if connection else [])
    ]
    return {
        "name": repository.name,
        "administrator_account": repository.administrator_account,
        "domain_name": repository.domain_name,
        "domain_owner": repository.domain_owner,
        "arn": repository.arn,
        "description": repository.description,
        "upstreams": [{"repository_name": name} for name in repository.upstreams],
        "external_connections": connections,
        "created_time": repository.created_time,
    }
