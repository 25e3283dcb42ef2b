"""Faults on request: of API calls, of single versions in a call, and of events."""

from dataclasses import dataclass, field

from botocore.exceptions import ConnectionClosedError
from moto.core.exceptions import ServiceException
from moto.core.utils import get_service_model

from .event_faults import EventFaults
from .exceptions import ERRORS
from .outcomes import Failure, FindFault

DROPPED = "ConnectionDropped"
"""Instead of the code of an error: the answer is lost."""


VERSION_ERRORS = (
    "ALREADY_EXISTS",
    "MISMATCHED_REVISION",
    "MISMATCHED_STATUS",
    "NOT_ALLOWED",
    "NOT_FOUND",
    "SKIPPED",
)
"""The model's PackageVersionErrorCode."""


@dataclass(frozen=True)
class CallFault:
    """An error, or no answer at all, instead of the answer to one call of an operation."""

    operation: str
    error: ServiceException | ConnectionClosedError
    after_effect: bool = False
    """True: the operation is carried out before the error, as if its response was lost."""


@dataclass(frozen=True)
class VersionFault:
    """A failure of one version in one call of an operation on several versions."""

    operation: str
    version: str
    failure: Failure


@dataclass
class Faults:
    """The pending faults of one account and region, oldest first."""

    events: EventFaults = field(default_factory=EventFaults)
    _calls: list[CallFault] = field(default_factory=list)
    _versions: list[VersionFault] = field(default_factory=list)

    def fail_call(
        self,
        operation: str,
        error: str,
        *,
        times: int = 1,
        after_effect: bool = False,
        message: str | None = None,
    ) -> None:
        """Make the next calls of an operation fail, before or after it is carried out.

        Args:
            operation: The name as the API has it, for example `CopyPackageVersions`.
            error: The code of one of the model's exceptions, or DROPPED.
            times: The number of calls.
            after_effect: True: the operation is carried out, and its answer is lost.
            message: The message of the error.

        Raises:
            ValueError: there is no such operation or error.

        """
        _require_operation(operation)
        if error not in (*ERRORS, DROPPED):
            raise ValueError(
                f"no error is named {error!r}; there are {', '.join(ERRORS)}, {DROPPED}"
            )
        text = message or f"{error} was injected into {operation}"
        raised = (
            ConnectionClosedError(endpoint_url=text)
            if error == DROPPED
            else ERRORS[error](text)
        )
        self._calls.extend([CallFault(operation, raised, after_effect)] * times)

    def fail_version(
        self,
        operation: str,
        version: str,
        error_code: str,
        *,
        times: int = 1,
        message: str | None = None,
    ) -> None:
        """Make a version fail in the next calls of an operation on several versions.

        `error_code` is one of the model's PackageVersionErrorCode, for example `NOT_ALLOWED`.

        Raises:
            ValueError: there is no such operation or code.

        """
        _require_operation(operation)
        if error_code not in VERSION_ERRORS:
            raise ValueError(
                f"no version fails with {error_code!r}, only with {', '.join(VERSION_ERRORS)}"
            )
        text = message or f"{error_code} was injected into {operation}"
        fault = VersionFault(operation, version, Failure(error_code, text))
        self._versions.extend([fault] * times)

    def take_call(self, operation: str) -> CallFault | None:
        """Return the next fault of the operation and remove it; None if there is none."""
        for fault in self._calls:
            if fault.operation == operation:
                self._calls.remove(fault)
                return fault
        return None

    def of_versions(self, operation: str) -> FindFault:
        """Return a function that returns the next failure of a version and removes it."""

        def take(version: str) -> Failure | None:
            for fault in self._versions:
                if (fault.operation, fault.version) == (operation, version):
                    self._versions.remove(fault)
                    return fault.failure
            return None

        return take


def _require_operation(name: str) -> None:
    if name not in get_service_model("codeartifact").operation_names:
        raise ValueError(f"there is no operation {name!r}")
