"""CopyPackageVersions (User Guide: copy-package; API: CopyPackageVersions)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .exceptions import ValidationException, package_not_found
from .outcomes import Failure, FindFault, Outcomes, find_mismatch
from .packages import (
    DISPOSED,
    UNFINISHED,
    Package,
    PackageKey,
    PackageVersion,
    new_revision,
)
from .repositories import Repository
from .settings import EmulatorSettings

MAX_REVISIONS = 100


@dataclass(frozen=True)
class CopyRequest:
    """A valid request."""

    key: PackageKey
    revisions: Mapping[str, str | None]
    """The versions to copy, each with the revision that it must have; None accepts any revision."""
    allow_overwrite: bool
    include_from_upstream: bool


@dataclass(frozen=True)
class Found:
    """A version to copy, and the package that contains it."""

    package: Package
    version: PackageVersion


Store = Callable[[Repository, PackageKey, PackageVersion], None]


def wanted_revisions(
    versions: list[str] | None, version_revisions: dict[str, str] | None
) -> dict[str, str | None]:
    """Convert the two parameters, of which exactly one must be given, into one mapping.

    Our choice: an empty list counts as missing, duplicates count once, both parameters take at most 100.
    """
    if bool(versions) == bool(version_revisions):
        raise ValidationException(
            "Specify either versions or versionRevisions, and not both"
        )
    if len(version_revisions or ()) > MAX_REVISIONS:
        raise ValidationException(
            f"versionRevisions has more than {MAX_REVISIONS} items",
            "FIELD_VALIDATION_FAILED",
        )
    return (
        dict(version_revisions) if version_revisions else dict.fromkeys(versions or ())
    )


def copy_versions(
    request: CopyRequest,
    sources: list[Repository],
    destination: Repository,
    settings: EmulatorSettings,
    store: Store,
    find_fault: FindFault,
) -> Outcomes:
    """Copy each version from the first source that contains it."""
    packages = [
        source.packages[request.key]
        for source in sources
        if request.key in source.packages
    ]
    if not packages:
        key = request.key
        raise package_not_found(sources[0].name, key.format, key.namespace, key.name)
    existing = destination.packages.get(request.key, Package(request.key)).versions
    judged = {
        name: find_fault(name)
        or _judge(name, _find(name, packages), existing.get(name), request)
        for name in request.revisions
    }
    outcomes = Outcomes(
        failed_versions={
            n: why for n, why in judged.items() if isinstance(why, Failure)
        }
    )
    if outcomes.failed_versions and settings.all_or_nothing:
        # Our choice: identical versions are skipped, too, when the call fails
        healthy = [name for name in judged if name not in outcomes.failed_versions]
        outcomes.add_skipped(healthy, "Version {name} was skipped")
        return outcomes
    for found in judged.values():
        if isinstance(found, Found):
            outcomes.add_success(
                _copy_one(found, request.key, destination, settings, store)
            )
    return outcomes


def _find(name: str, packages: list[Package]) -> Found | None:
    return next(
        (
            Found(package, package.versions[name])
            for package in packages
            if name in package.versions
        ),
        None,
    )


def _judge(
    name: str,
    found: Found | None,
    existing: PackageVersion | None,
    request: CopyRequest,
) -> Found | Failure | None:
    """Return the version to copy, or why it cannot be copied, or None if the destination has an identical one."""
    if found is None:
        return Failure("NOT_FOUND", f"Could not find version {name}")
    mismatch = find_mismatch(found.version, request.revisions)
    if mismatch:
        return mismatch
    if found.version.status in (UNFINISHED, DISPOSED):
        # Our choice: AWS does not document which statuses can be copied
        return Failure(
            "NOT_ALLOWED",
            f"Version {name} is {found.version.status} and cannot be copied",
        )
    if existing is None:
        return found
    if existing.same_content(found.version):
        return None
    return (
        found
        if request.allow_overwrite
        else Failure("ALREADY_EXISTS", f"Version {name} already exists")
    )


def _copy_one(
    found: Found,
    key: PackageKey,
    destination: Repository,
    settings: EmulatorSettings,
    store: Store,
) -> PackageVersion:
    fresh = settings.copied_revision == "fresh"
    copied = replace(found.version, revision=new_revision()) if fresh else found.version
    store(destination, key, copied)
    # all npm tags of the version are copied with it (User Guide: npm-tags)
    tags = destination.packages[key].dist_tags
    tags.update(
        {tag: to for tag, to in found.package.dist_tags.items() if to == copied.version}
    )
    return copied
