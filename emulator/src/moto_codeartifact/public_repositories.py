"""The public repositories behind external connections. They contain what a test puts into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from moto.core.utils import utcnow

from .exceptions import ValidationException
from .formats import package_of_client, version_of_client
from .ordering import SortedDict
from .packages import (
    PUBLISHED,
    Asset,
    Metadata,
    Origin,
    Package,
    PackageKey,
    PackageVersion,
    new_revision,
)

# API: AssociateExternalConnection
EXTERNAL_CONNECTIONS = {
    "public:npmjs": "npm",
    "public:nuget-org": "nuget",
    "public:pypi": "pypi",
    "public:maven-central": "maven",
    "public:maven-googleandroid": "maven",
    "public:maven-gradleplugins": "maven",
    "public:maven-commonsware": "maven",
    "public:maven-clojars": "maven",
    "public:ruby-gems-org": "ruby",
    "public:crates-io": "cargo",
}


@dataclass
class PublicRepository:
    """A public repository. Nothing in it is fetched from anywhere."""

    connection: str
    packages: SortedDict[PackageKey, Package] = field(default_factory=SortedDict)

    @property
    def format(self) -> str:
        """The format of all its packages."""
        return EXTERNAL_CONNECTIONS[self.connection]

    def add(
        self,
        name: str,
        version: str,
        files: Mapping[str, bytes],
        *,
        namespace: str = "",
        metadata: Metadata | None = None,
        uploaded: datetime | None = None,
        tags: tuple[str, ...] = ("latest",),
    ) -> PackageVersion:
        """Publish a version, or replace it.

        Args:
            name: The name without its namespace.
            version: The version.
            files: The bytes of each file. An npm version has the one file `package.tgz`.
            namespace: The scope without its `@`, or the group.
            metadata: What the package manager says about the version, and if it is yanked.
            uploaded: When the files were uploaded, in UTC without a zone; None means now.
            tags: npm only: the tags that then refer to the version.

        """
        key = package_of_client(self.format, namespace, name)
        now = uploaded or utcnow()
        created = PackageVersion(
            version=version_of_client(self.format, version),
            revision=new_revision(),
            status=PUBLISHED,
            metadata=metadata or Metadata(display_name=key.display_name),
            assets={
                each: replace(Asset.of(each, data), uploaded=now)
                for each, data in files.items()
            },
            published_time=now,
            origin=Origin(external_connection_name=self.connection),
        )
        package = self.packages.setdefault(key, Package(key))
        package.versions[created.version] = created
        if self.format == "npm":
            package.dist_tags.update(dict.fromkeys(tags, created.version))
        return created


def new_public_repositories() -> dict[str, PublicRepository]:
    """Create an empty repository behind each connection."""
    return {
        connection: PublicRepository(connection) for connection in EXTERNAL_CONNECTIONS
    }


def require_connection(connection: str) -> None:
    """Raise ValidationException unless there is such a connection."""
    if connection not in EXTERNAL_CONNECTIONS:
        raise ValidationException(f"Unknown external connection '{connection}'")
