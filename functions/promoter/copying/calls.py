"""Calls of CodeArtifact within the limits of one invocation."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from promoter.copying.outcome import outcome_of_error
from promoter.copying.plan import Copy, RevisionAttempt
from promoter.copying.ports import ApiError, Assets, Description, Limits, Reply, Repositories
from promoter.copying.results import Outcome
from promoter.packages.package import Package

# Start no call in the last 30 seconds: calls in flight and the report need them.
RESERVE_SECONDS = 30.0

_NO_TIME = Outcome.retry("Deadline", "no time was left in this invocation")
_THROTTLED = Outcome.retry("ThrottlingException", "the quota of copies is used up")

_T = TypeVar("_T")


class Calls:
    """Makes calls, or returns the outcome of a call that was not made or failed. Stops after a throttled call."""

    def __init__(self, repositories: Repositories, limits: Limits) -> None:
        """Keep the client and the limits."""
        self._repositories = repositories
        self._limits = limits
        self._throttled = False

    def describe(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome:
        """Describe one version."""
        return self._read(lambda: self._repositories.describe(repository, package, version), delivery_number)

    def list_assets(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Assets | Outcome:
        """List all assets of one version."""
        return self._read(
            lambda: self._repositories.list_assets(repository, package, version), delivery_number
        )

    def copy(
        self, copy: Copy, asked: Mapping[str, RevisionAttempt], *, overwrite: bool
    ) -> Reply | ApiError | Outcome:
        """Copy versions; an outcome stands for all of them if the call was not made."""
        stopped = self._stopped(self._limits.next_slot_in())
        if stopped is not None:
            return stopped
        self._limits.acquire()
        revisions = {version: attempt.revision for version, attempt in asked.items()}
        try:
            return self._repositories.copy_versions(copy, revisions, overwrite=overwrite)
        except ApiError as error:
            self._throttled |= error.throttled
            return error

    def _read(self, call: Callable[[], _T], delivery_number: int) -> _T | Outcome:
        stopped = self._stopped(0)
        if stopped is not None:
            return stopped
        try:
            return call()
        except ApiError as error:
            self._throttled |= error.throttled
            return outcome_of_error(error, delivery_number)

    def _stopped(self, delay: float) -> Outcome | None:
        """The outcome of a call that may not be made any more. `delay` is in seconds."""
        if self._throttled:
            return _THROTTLED
        return _NO_TIME if self._limits.remaining() - delay < RESERVE_SECONDS else None
