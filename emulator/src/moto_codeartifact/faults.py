"""Errors that a test injects into API calls."""

from dataclasses import dataclass, field

from moto.core.exceptions import ServiceException

from .exceptions import ERRORS


@dataclass(frozen=True)
class Fault:
    """An error that replaces the answer to one call of an operation."""

    operation: str
    error: ServiceException
    after_effect: bool = False
    """True: the operation is carried out before the error, as if its response was lost."""


@dataclass
class Faults:
    """The pending faults, oldest first."""

    pending: list[Fault] = field(default_factory=list)

    def add(
        self,
        operation: str,
        error: str,
        *,
        times: int,
        after_effect: bool,
        message: str | None,
    ) -> None:
        """Make the next calls of an operation fail with the error of this code."""
        raised = ERRORS[error](message or f"{error} was injected into {operation}")
        self.pending.extend([Fault(operation, raised, after_effect)] * times)

    def take(self, operation: str) -> Fault | None:
        """Return the next fault of the operation and remove it; None if there is none."""
        due = next(
            (fault for fault in self.pending if fault.operation == operation), None
        )
        if due is not None:
            self.pending.remove(due)
        return due
