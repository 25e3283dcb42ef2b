"""What a call about several versions answers: one outcome for each, and none done if one cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .packages import PackageVersion


@dataclass(frozen=True)
class Failure:
    """Why a version was left alone."""

    error_code: str
    error_message: str


@dataclass
class Outcomes:
    """The two maps of the response; a version may be in neither (User Guide: copy-package)."""

    successful_versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed_versions: dict[str, Failure] = field(default_factory=dict)

    def succeeded(self, version: PackageVersion, status: str | None = None) -> None:
        """Record a version that was done, with the status that it now has."""
        self.successful_versions[version.version] = {
            "revision": version.revision,
            "status": status or version.status,
        }


def mismatch(
    version: PackageVersion, revisions: Mapping[str, str | None], expected_status: str | None = None
) -> Failure | None:
    """Whether the version is not as the caller expects it (User Guide: update-package-version-status)."""
    expected = revisions.get(version.version)
    if expected is not None and expected != version.revision:
        text = f"current revision: {version.revision}, expected revision: {expected}"
        return Failure("MISMATCHED_REVISION", text)
    if expected_status is not None and expected_status != version.status:
        text = f"current status: {version.status}, expected status: {expected_status}"
        return Failure("MISMATCHED_STATUS", text)
    return None
