"""Calls within the limits of one invocation."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from promoter.copying.outcome import is_missing_version, outcome_of_error
from promoter.copying.plan import Copy, RevisionAttempt
from promoter.copying.ports import Answers, ApiError, Assets, Description, Limits, Reply, Repositories
from promoter.copying.results import Outcome
from promoter.packages.package import Package
from promoter.waiting.answers import MAX_BYTES, AnswerVersion

# Start no call in the last 30 seconds: calls in flight and the report need them.
RESERVE_SECONDS = 30.0

_NO_TIME = Outcome.retry("Deadline", "no time was left in this invocation")

_T = TypeVar("_T")


class CallLimits:
    """Decides whether one more call of a service may be made. Stops after a throttled call."""

    def __init__(self, limits: Limits, quota: str) -> None:
        """`quota` names the quota that a throttled call has used up."""
        self._limits = limits
        self._throttled_outcome = Outcome.retry("ThrottlingException", f"the quota of {quota} is used up")
        self._throttled = False

    def make(self, call: Callable[[], _T], delivery_number: int) -> _T | Outcome:
        """Make a call, or return the outcome of a call that was not made or failed."""
        stopped = self.stopped(0)
        if stopped is not None:
            return stopped
        try:
            return call()
        except ApiError as error:
            self.note(error)
            return outcome_of_error(error, delivery_number)

    def stopped(self, delay: float) -> Outcome | None:
        """The outcome of a call that may not be made any more. `delay` is in seconds."""
        if self._throttled:
            return self._throttled_outcome
        return _NO_TIME if self._limits.remaining() - delay < RESERVE_SECONDS else None

    def note(self, error: ApiError) -> None:
        """Make no more calls after a throttled one."""
        self._throttled |= error.throttled


class Calls:
    """Makes calls of CodeArtifact, or returns the outcome of a call that was not made or failed."""

    def __init__(self, repositories: Repositories, answers: Answers, limits: Limits) -> None:
        """Keep the clients and the limits."""
        self._repositories = repositories
        self._answers = answers
        self._limits = limits
        self._call_limits = CallLimits(limits, "copies")

    def describe(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome:
        """Describe one version."""
        return self._call_limits.make(
            lambda: self._repositories.describe(repository, package, version), delivery_number
        )

    def find(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome | None:
        """Describe one version, None if the repository does not have it."""

        def describe() -> Description | None:
            try:
                return self._repositories.describe(repository, package, version)
            except ApiError as error:
                if is_missing_version(error):
                    return None
                raise

        return self._call_limits.make(describe, delivery_number)

    def list_assets(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Assets | Outcome:
        """List all assets of one version."""
        return self._call_limits.make(
            lambda: self._repositories.list_assets(repository, package, version), delivery_number
        )

    def newest_answers(
        self, namespace: str, package: str, delivery_number: int
    ) -> Sequence[AnswerVersion] | Outcome:
        """The newest versions of a package of answers, the newest first."""
        return self._call_limits.make(lambda: self._answers.newest(namespace, package), delivery_number)

    def statement(
        self, namespace: str, package: str, version: str, delivery_number: int
    ) -> bytes | Outcome | None:
        """The statement of an answer, cut after the largest size that counts and one byte."""
        return self._call_limits.make(
            lambda: self._answers.statement(namespace, package, version, MAX_BYTES + 1), delivery_number
        )

    def copy(
        self, copy: Copy, asked: Mapping[str, RevisionAttempt], *, overwrite: bool
    ) -> Reply | ApiError | Outcome:
        """Copy versions; an outcome stands for all of them if the call was not made."""
        stopped = self._call_limits.stopped(self._limits.next_slot_in())
        if stopped is not None:
            return stopped
        self._limits.acquire()
        revisions = {version: attempt.revision for version, attempt in asked.items()}
        try:
            return self._repositories.copy_versions(copy, revisions, overwrite=overwrite)
        except ApiError as error:
            self._call_limits.note(error)
            return error
