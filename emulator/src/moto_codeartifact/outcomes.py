"""The response of an operation on several versions: one outcome per version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .packages import PackageVersion


@dataclass(frozen=True)
class Failure:
    """The reason why a version was not changed."""

    error_code: str
    error_message: str


FindFault = Callable[[str], Failure | None]
"""Returns the failure that a test requested for a version."""


@dataclass
class Outcomes:
    """The two maps of the response. A version may be in neither (User Guide: copy-package)."""

    successful_versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed_versions: dict[str, Failure] = field(default_factory=dict)

    def add_success(self, version: PackageVersion, status: str | None = None) -> None:
        """Record a changed version. `status` is its new status if it differs from the version's own."""
        self.successful_versions[version.version] = {
            "revision": version.revision,
            "status": status or version.status,
        }

    def add_skipped(self, names: list[str], message: str) -> None:
        """Record versions that were left alone because others failed. `message` has a {name}."""
        for name in names:
            self.failed_versions[name] = Failure("SKIPPED", message.format(name=name))


def find_mismatch(
    version: PackageVersion,
    revisions: Mapping[str, str | None],
    expected_status: str | None = None,
) -> Failure | None:
    """Return a failure if the version does not have the revision or the status that the caller expects.

    The texts are AWS's own (User Guide: update-package-version-status).
    """
    expected = revisions.get(version.version)
    if expected is not None and expected != version.revision:
        text = f"current revision: {version.revision}, expected revision: {expected}"
        return Failure("MISMATCHED_REVISION", text)
    if expected_status is not None and expected_status != version.status:
        text = f"current status: {version.status}, expected status: {expected_status}"
        return Failure("MISMATCHED_STATUS", text)
    return None
