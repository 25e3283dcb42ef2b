"""Adds uploaded files to package versions, for all package managers."""

from dataclasses import dataclass, replace
from datetime import datetime

from .exceptions import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from .formats import require_generic_asset
from .packages import (
    PUBLISHED,
    UNFINISHED,
    UNLISTED,
    Asset,
    Metadata,
    Origin,
    PackageKey,
    PackageVersion,
    new_revision,
)
from .repositories import Repository

# User Guide: service-limits
ROOMY_REGIONS = frozenset(
    {"us-east-1", "us-east-2", "ap-south-1", "eu-central-1", "eu-west-1", "eu-west-3"}
)
ASSETS_IN_ROOMY_REGIONS, ASSETS_ELSEWHERE = 350, 150


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file for a version."""

    key: PackageKey
    version: str
    asset: Asset
    metadata: Metadata
    finished: bool
    """False: more files will follow, and the version stays Unfinished."""
    describes: bool = False
    """True: the file describes the version, so that its metadata replaces what the version has."""
    external_connection: str | None = None
    """The connection that the file was ingested through; None if it was published to the repository."""

    def origin(self, repository: Repository) -> Origin:
        """Return the origin of a new version with this file."""
        if self.external_connection:
            return Origin(external_connection_name=self.external_connection)
        return Origin(repository_name=repository.name)


def with_asset(repository: Repository, upload: Upload, now: datetime) -> PackageVersion:
    """Return the version with the file.

    The same file again has no effect. A different file of the same name is a conflict, and so is any file
    for a version that is Archived or Disposed (User Guide: packages-overview).
    """
    package = repository.packages.get(upload.key)
    version = package.versions.get(upload.version) if package else None
    if version is None:
        return _new_version(repository, upload, now)
    existing = version.assets.get(upload.asset.name)
    label = f"{upload.key.display_name} {upload.version}"
    if version.status not in (PUBLISHED, UNLISTED, UNFINISHED):
        raise _conflict(f"Package version {label} is {version.status}", upload.version)
    if existing is not None and existing.hashes != upload.asset.hashes:
        raise _conflict(
            f"Asset '{existing.name}' of {label} already exists with other content",
            upload.version,
        )
    status = (
        PUBLISHED
        if upload.finished and version.status == UNFINISHED
        else version.status
    )
    metadata = upload.metadata if upload.describes else version.metadata
    if existing is not None:
        return replace(version, status=status)
    require_space(repository.region, version, label)
    assets = {
        **version.assets,
        upload.asset.name: replace(upload.asset, uploaded=upload.asset.uploaded or now),
    }
    return replace(
        version,
        status=status,
        assets=assets,
        metadata=metadata,
        revision=new_revision(),
    )


def require_space(region: str, version: PackageVersion, label: str) -> None:
    """Raise ServiceQuotaExceededException if the version cannot have one more file."""
    most = ASSETS_IN_ROOMY_REGIONS if region in ROOMY_REGIONS else ASSETS_ELSEWHERE
    if len(version.assets) >= most:
        raise ServiceQuotaExceededException(
            f"Package version {label} has {most} assets, which is the maximum",
            version.version,
            "package-version",
        )


def _new_version(
    repository: Repository, upload: Upload, now: datetime
) -> PackageVersion:
    return PackageVersion(
        version=upload.version,
        revision=new_revision(),
        status=PUBLISHED if upload.finished else UNFINISHED,
        metadata=upload.metadata,
        assets={
            upload.asset.name: replace(
                upload.asset, uploaded=upload.asset.uploaded or now
            )
        },
        published_time=now,
        origin=upload.origin(repository),
    )


def require_generic(repository: Repository, upload: Upload, sha256: str) -> None:
    """Check what PublishPackageVersion requires beyond the model (User Guide: generic-packages-overview)."""
    key = upload.key
    if key.format != "generic":
        raise ValidationException(
            f"Packages of format {key.format} cannot be published by this operation"
        )
    require_generic_asset(upload.asset.name)
    if upload.asset.hashes["SHA-256"] != sha256:
        raise ValidationException(
            "The SHA256 of the content is not the given assetSHA256"
        )
    package = repository.packages.get(key)
    version = package.versions.get(upload.version) if package else None
    if version is not None and version.status != UNFINISHED:
        raise _conflict(
            f"Cannot update existing generic package version '{key.namespace}/{key.name}/{upload.version}' "
            f"with status '{version.status}'. Only 'Unfinished' package versions can be updated.",
            upload.version,
        )


def _conflict(text: str, version: str) -> ConflictException:
    return ConflictException(text, version, "package-version")
