"""CopyPackageVersions (User Guide: copy-package; API: CopyPackageVersions)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from .exceptions import ResourceNotFoundException, ValidationException, package_not_found
from .outcomes import Failure, Outcomes, mismatch
from .packages import DISPOSED, UNFINISHED, Package, PackageKey, PackageVersion, new_revision
from .repositories import Repository
from .settings import Settings


@dataclass(frozen=True)
class CopyRequest:
    """A copy that is well formed."""

    key: PackageKey
    revisions: Mapping[str, str | None]
    """The versions to copy; each with the revision that it must have, if any was given."""
    allow_overwrite: bool
    include_from_upstream: bool


@dataclass(frozen=True)
class Found:
    """A version, in the package where the search ended."""

    package: Package
    version: PackageVersion


Store = Callable[[Repository, PackageKey, PackageVersion], None]


def wanted_revisions(
    versions: list[str] | None, version_revisions: dict[str, str] | None
) -> dict[str, str | None]:
    """Exactly one of the two parameters, as one mapping.

    A choice: an empty list counts as none; duplicates count once; both parameters take at most 100.
    """
    if bool(versions) == bool(version_revisions):
        raise ValidationException("Specify either versions or versionRevisions, and not both")
    if len(version_revisions or ()) > 100:
        raise ValidationException("versionRevisions has more than 100 items", "FIELD_VALIDATION_FAILED")
    return dict(version_revisions) if version_revisions else dict.fromkeys(versions or ())


def copy(
    request: CopyRequest,
    sources: list[Repository],
    destination: Repository,
    settings: Settings,
    store: Store,
) -> Outcomes:
    """Copy from the first of the sources that has each version, or say why not."""
    holders = [source.packages[request.key] for source in sources if request.key in source.packages]
    if not holders:
        key = request.key
        raise package_not_found(sources[0].name, key.format, key.namespace, key.name)
    there = destination.packages.get(request.key, Package(request.key)).versions
    judged = {
        name: _judge(name, _find(name, holders), there.get(name), request) for name in request.revisions
    }
    outcomes = Outcomes(failed_versions={n: why for n, why in judged.items() if isinstance(why, Failure)})
    if outcomes.failed_versions and settings.all_or_nothing:
        for name in [name for name in judged if name not in outcomes.failed_versions]:
            # A choice: what is already there is skipped too when the call fails
            outcomes.failed_versions[name] = Failure("SKIPPED", f"Version {name} was skipped")
        return outcomes
    for found in judged.values():
        if isinstance(found, Found):
            outcomes.succeeded(_copy_one(found, request.key, destination, settings, store))
    return outcomes


def _find(name: str, holders: list[Package]) -> Found | None:
    return next(
        (Found(package, package.versions[name]) for package in holders if name in package.versions), None
    )


def _judge(
    name: str, found: Found | None, present: PackageVersion | None, request: CopyRequest
) -> Found | Failure | None:
    """What to copy, why it cannot be, or None if the destination already has it."""
    if found is None:
        return Failure("NOT_FOUND", f"Could not find version {name}")
    unexpected = mismatch(found.version, request.revisions)
    if unexpected:
        return unexpected
    if found.version.status in (UNFINISHED, DISPOSED):
        # A choice: AWS does not say which statuses can be copied
        return Failure("NOT_ALLOWED", f"Version {name} is {found.version.status} and cannot be copied")
    if present is None:
        return found
    if present.same_content(found.version):
        return None
    return found if request.allow_overwrite else Failure("ALREADY_EXISTS", f"Version {name} already exists")


def _copy_one(
    found: Found, key: PackageKey, destination: Repository, settings: Settings, store: Store
) -> PackageVersion:
    fresh = settings.copied_revision == "fresh"
    copied = replace(found.version, revision=new_revision()) if fresh else found.version
    store(destination, key, copied)
    # Every tag that points at the version comes along (User Guide: npm-tags)
    tags = destination.packages[key].dist_tags
    tags.update({tag: to for tag, to in found.package.dist_tags.items() if to == copied.version})
    return copied


def with_upstreams(repository: Repository, siblings: Mapping[str, Repository]) -> Iterator[Repository]:
    """The repository, then its upstreams in their order, each with its own before the next."""
    seen: set[str] = set()
    ahead = [repository.name]
    while ahead:
        name = ahead.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name not in siblings:
            raise ResourceNotFoundException(
                f"Upstream repository '{name}' does not exist", name, "repository"
            )
        yield siblings[name]
        ahead = [*siblings[name].upstreams, *ahead]
