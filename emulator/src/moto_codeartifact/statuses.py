"""UpdatePackageVersionsStatus, DisposePackageVersions and DeletePackageVersions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from .exceptions import ValidationException
from .outcomes import Failure, FindFault, Outcomes, find_mismatch
from .packages import (
    ARCHIVED,
    DELETED,
    DISPOSED,
    PUBLISHED,
    UNFINISHED,
    UNLISTED,
    Package,
    PackageVersion,
)

Store = Callable[[PackageVersion], None]
Remove = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """The new status of some versions, and the revisions and the status that they must have now."""

    target: str
    versions: list[str]
    revisions: Mapping[str, str] = field(default_factory=dict)
    expected_status: str | None = None

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValidationException("versions is empty", "FIELD_VALIDATION_FAILED")
        if self.revisions and self.revisions.keys() != set(self.versions):
            raise ValidationException(
                "versionRevisions must name the same versions as versions"
            )


def require_settable(target: str) -> None:
    """Refuse Unfinished, Disposed and Deleted (User Guide: update-package-version-status)."""
    if target not in (PUBLISHED, UNLISTED, ARCHIVED):
        raise ValidationException(
            f"targetStatus cannot be {target}", "FIELD_VALIDATION_FAILED"
        )


def change_statuses(
    change: StatusChange,
    package: Package,
    *,
    all_or_nothing: bool,
    store: Store,
    remove: Remove,
    find_fault: FindFault,
) -> Outcomes:
    """Change the status of all versions. If one cannot change and `all_or_nothing` is set, change none."""
    names = list(dict.fromkeys(change.versions))
    failures = {
        name: find_fault(name)
        or _find_failure(name, package.versions.get(name), change)
        for name in names
    }
    outcomes = Outcomes(
        failed_versions={name: why for name, why in failures.items() if why}
    )
    healthy = [name for name in names if not failures[name]]
    if outcomes.failed_versions and all_or_nothing:
        outcomes.add_skipped(healthy, "version {name} is skipped")
        return outcomes
    for version in [package.versions[name] for name in healthy]:
        if change.target == DELETED:
            remove(version.version)
        else:
            # the revision does not change (User Guide: update-package-version-status)
            assets = {} if change.target == DISPOSED else version.assets
            store(replace(version, status=change.target, assets=assets))
        outcomes.add_success(version, change.target)
    return outcomes


def _find_failure(
    name: str, version: PackageVersion | None, change: StatusChange
) -> Failure | None:
    if version is None:
        return Failure("NOT_FOUND", f"version {name} not found")
    mismatch = find_mismatch(version, change.revisions, change.expected_status)
    if mismatch:
        return mismatch
    settable = change.target in (PUBLISHED, UNLISTED, ARCHIVED)
    # Our choice: an unfinished version can only become Published
    stuck = version.status == UNFINISHED and change.target in (UNLISTED, ARCHIVED)
    if stuck or (settable and version.status == DISPOSED):
        return Failure(
            "NOT_ALLOWED",
            f"version {name} is {version.status} and cannot become {change.target}",
        )
    return None
