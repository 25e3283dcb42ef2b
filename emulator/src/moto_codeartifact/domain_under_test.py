"""A domain for tests, with what they need to call it and to fill it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID

from .faults import Faults
from .formats import package_of_client, version_of_client
from .models import CodeArtifactBackend, codeartifact_backends
from .packages import Asset, PackageKey
from .publishing import Upload
from .sample_files import write_files, write_metadata
from .settings import EmulatorSettings


@dataclass(frozen=True)
class Published:
    """A version that was published."""

    repository: str
    format: str
    namespace: str
    package: str
    version: str
    revision: str


@dataclass(frozen=True)
class DomainUnderTest:
    """A domain on a server of this process."""

    name: str
    region: str
    endpoint_url: str
    client: Any
    """A client of boto3."""
    owner: str = DEFAULT_ACCOUNT_ID

    @property
    def backend(self) -> CodeArtifactBackend:
        """The backend of the account and the region."""
        backend: CodeArtifactBackend = codeartifact_backends[self.owner][self.region]
        return backend

    @property
    def faults(self) -> Faults:
        """The faults on request."""
        return self.backend.faults

    @property
    def settings(self) -> EmulatorSettings:
        """What AWS does not document."""
        return self.backend.settings

    def choose(self, **settings: Any) -> None:
        """Replace settings, for example `copied_revision="fresh"`."""
        self.backend.settings = replace(self.settings, **settings)

    def endpoint(self, format: str, repository: str) -> str:
        """Return the URL of a repository for a package manager."""
        answer = self.client.get_repository_endpoint(
            domain=self.name, repository=repository, format=format
        )
        return str(answer["repositoryEndpoint"])

    def token(self) -> str:
        """Return a token for package managers."""
        answer = self.client.get_authorization_token(domain=self.name)
        return str(answer["authorizationToken"])

    def publish(
        self,
        format: str,
        package: str,
        version: str,
        *,
        to: str = "dev",
        files: Mapping[str, bytes] | None = None,
    ) -> Published:
        """Publish a version, as a package manager does, with files that can be installed.

        Args:
            format: One of the API's formats, for example `npm`.
            package: The name as its package manager writes it: `@acme/widget`, `com.acme:app`, `acme/model`.
            version: The version.
            to: The repository.
            files: The bytes of each file; None means files that this function writes.

        """
        key = _read_package(format, package)
        stored = version_of_client(format, version)
        repository = self.backend.describe_repository(self.name, to)
        contents = write_files(key, stored) if files is None else files
        last = len(contents) - 1
        with self.backend.lock:
            for number, (name, content) in enumerate(contents.items()):
                upload = Upload(
                    key=key,
                    version=stored,
                    asset=Asset.of(name, content),
                    metadata=write_metadata(key, stored),
                    finished=number == last,
                )
                found = self.backend.upload(repository, upload)
            if key.format == "npm":
                repository.package(key).dist_tags["latest"] = stored
        return Published(
            to, key.format, key.namespace, key.name, stored, found.revision
        )


def _read_package(format_: str, text: str) -> PackageKey:
    separator = ":" if format_ == "maven" else "/"
    namespace, _, name = text.rpartition(separator)
    return package_of_client(format_, namespace.removeprefix("@"), name)


def create_domain(
    endpoint_url: str, region: str, name: str, repositories: Iterable[str]
) -> DomainUnderTest:
    """Create a domain and its repositories, each given as NAME[:UPSTREAM,...]."""
    client = boto3.client(
        "codeartifact",
        region_name=region,
        endpoint_url=endpoint_url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_domain(domain=name)
    for text in repositories:
        repository, _, upstreams = text.partition(":")
        client.create_repository(
            domain=name,
            repository=repository,
            upstreams=[
                {"repositoryName": each} for each in upstreams.split(",") if each
            ],
        )
    return DomainUnderTest(name, region, endpoint_url, client)
