"""What a test may choose where AWS is silent about CodeArtifact, and the faults it may ask for."""

from dataclasses import dataclass, field
from typing import Literal

from moto.core.exceptions import ServiceException

from .exceptions import (
    AccessDeniedException,
    ConflictException,
    InternalServerException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ThrottlingException,
    ValidationException,
)

ERRORS: dict[str, type[ServiceException]] = {
    error.code: error
    for error in (
        AccessDeniedException,
        ConflictException,
        InternalServerException,
        ResourceNotFoundException,
        ServiceQuotaExceededException,
        ThrottlingException,
        ValidationException,
    )
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Behaviour of one account and region that AWS does not document, or that is not its contract."""

    copied_revision: Literal["same", "fresh"] = "same"
    """Whether a copy keeps the revision of its source."""
    all_or_nothing: bool = True
    """False: copy, update, dispose and delete do what they can, and only the culprits fail."""
    event_deliveries: int = 1
    """How often each event is delivered; 0 loses them."""
    sequence_step: int = 1
    """More than one leaves gaps in `sequenceNumber`."""
    repository_administrator_in_events: bool = True
    """False: as events were before March 2022."""
    booleans_as_strings: bool = False
    """True: `"true"` instead of `true` in `detail.changes`, as one recorded event has it."""


@dataclass(frozen=True)
class Fault:
    """An error to raise instead of answering one call of an operation."""

    operation: str
    error: ServiceException
    after_effect: bool = False
    """True: the operation is carried out and then the error is answered, as after a lost response."""


@dataclass
class Faults:
    """The faults that are still to happen, oldest first."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, operation: str, error: str, *, times: int, after_effect: bool, message: str | None) -> None:
        """Let the next calls of an operation fail with the error of that code."""
        raised = ERRORS[error](message or f"{error} was injected into {operation}")
        self.pending.extend([Fault(operation, raised, after_effect)] * times)

    def take(self, operation: str) -> Fault | None:
        """The fault that is due for this call of the operation, which is then used up."""
        due = next((fault for fault in self.pending if fault.operation == operation), None)
        if due is not None:
            self.pending.remove(due)
        return due
