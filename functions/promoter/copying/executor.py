"""Carries instructions out, call by call."""

from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from typing import TypeVar

from promoter.copying.outcome import compare_assets, interpret_reply, outcome_of_error
from promoter.copying.plan import Copy, Instruction, RevisionAttempt
from promoter.copying.ports import ApiError, Assets, Description, Limits, Reply, Repositories
from promoter.copying.results import Deferred, Outcome, OutcomeKind
from promoter.packages.candidate import Candidate

# Start no call in the last 30 seconds: calls in flight and the report need them.
RESERVE_SECONDS = 30.0

_NO_TIME = Outcome.retry("Deadline", "no time was left in this invocation")
_THROTTLED = Outcome.retry("ThrottlingException", "the quota of copies is used up")
_SUPERSEDED = Outcome(OutcomeKind.SUPERSEDED, text="a newer revision of the version came in the same batch")

AttemptOutcomes = list[tuple[RevisionAttempt, Outcome]]
_T = TypeVar("_T")


class Executor:
    """Makes calls within the limits of one invocation. It stops at the first throttled call."""

    def __init__(self, repositories: Repositories, limits: Limits) -> None:
        """Keep the client and the limits."""
        self._repositories = repositories
        self._limits = limits
        self._throttled = False

    def describe(self, candidate: Candidate, receive_count: int) -> Description | Deferred:
        """Describe the candidate in its repository."""
        found = self._read(
            lambda: self._repositories.describe(candidate.repository, candidate.package, candidate.version),
            receive_count,
        )
        return Deferred(found) if isinstance(found, Outcome) else found

    @singledispatchmethod
    def carry_out(self, instruction: Instruction) -> AttemptOutcomes:
        """Carry one instruction out. Return one outcome for each revision in it."""
        raise TypeError(f"unknown instruction: {type(instruction).__name__}")

    @carry_out.register
    def _(self, copy: Copy) -> AttemptOutcomes:
        done: AttemptOutcomes = []
        waiting = {attempts[0].version: list(attempts) for attempts in copy.versions}
        asked = {version: attempts.pop(0) for version, attempts in waiting.items()}
        while asked:
            settled, again = self._round(copy, asked)
            done += [(asked[version], outcome) for version, outcome in settled.items()]
            again |= _older_to_try(settled, waiting)
            done += [
                (older, _outcome_of_older(outcome))
                for version, outcome in settled.items()
                for older in waiting[version]
                if version not in again
            ]
            asked = again
        return done

    def _round(
        self, copy: Copy, asked: dict[str, RevisionAttempt], *, overwrite: bool = False
    ) -> tuple[dict[str, Outcome], dict[str, RevisionAttempt]]:
        """Make one copy call. Return the outcomes that it settles, and what to ask for again."""
        overwrite = overwrite or copy.on_conflict == "overwrite"
        reply = self._copy(copy, asked, overwrite=overwrite)
        if not isinstance(reply, Reply):
            return reply, {}
        interpreted = interpret_reply(asked, reply)
        settled = dict(interpreted.settled)
        extensible: dict[str, RevisionAttempt] = {}
        for version in sorted(interpreted.conflicts):
            conflict = self._compare(copy, asked[version])
            if conflict is not None:
                settled[version] = conflict
            elif overwrite:
                text = "the API refused the version, also with allowOverwrite"
                settled[version] = Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text)
            else:
                extensible[version] = asked[version]
        settled |= self._extend(copy, extensible)
        return settled, {version: asked[version] for version in interpreted.again}

    def _extend(self, copy: Copy, extensible: dict[str, RevisionAttempt]) -> dict[str, Outcome]:
        """Add assets to versions of which no existing asset would change."""
        settled: dict[str, Outcome] = {}
        while extensible:
            outcomes, extensible = self._round(copy, extensible, overwrite=True)
            settled |= {version: _extended(outcome) for version, outcome in outcomes.items()}
        return settled

    def _compare(self, copy: Copy, attempt: RevisionAttempt) -> Outcome | None:
        """Compare both sides of a version that the destination already has; see `compare_assets`."""
        source = self._list(copy.hop.source, copy, attempt)
        destination = self._list(copy.hop.destination, copy, attempt)
        if isinstance(source, Outcome):
            return source
        if isinstance(destination, Outcome):
            return destination
        return compare_assets(source, destination, attempt.revision, copy.on_conflict)

    def _list(self, repository: str, copy: Copy, attempt: RevisionAttempt) -> Assets | Outcome:
        return self._read(
            lambda: self._repositories.list_assets(repository, copy.package, attempt.version),
            attempt.receive_count,
        )

    def _read(self, call: Callable[[], _T], receive_count: int) -> _T | Outcome:
        """The answer of a read, or the outcome if it could not be made or failed."""
        if self._throttled:
            return _THROTTLED
        if self._limits.remaining() < RESERVE_SECONDS:
            return _NO_TIME
        try:
            return call()
        except ApiError as error:
            self._throttled |= error.throttled
            return outcome_of_error(error, receive_count)

    def _copy(
        self, copy: Copy, asked: Mapping[str, RevisionAttempt], *, overwrite: bool
    ) -> Reply | dict[str, Outcome]:
        """The reply, or an outcome for each version if the call could not be made or failed as a whole."""
        if self._throttled:
            return dict.fromkeys(asked, _THROTTLED)
        if self._limits.remaining() - self._limits.next_slot_in() < RESERVE_SECONDS:
            return dict.fromkeys(asked, _NO_TIME)
        self._limits.acquire()
        revisions = {version: attempt.revision for version, attempt in asked.items()}
        try:
            return self._repositories.copy_versions(copy, revisions, overwrite=overwrite)
        except ApiError as error:
            self._throttled |= error.throttled
            return {
                version: outcome_of_error(error, attempt.receive_count) for version, attempt in asked.items()
            }


def _older_to_try(
    settled: Mapping[str, Outcome], waiting: Mapping[str, list[RevisionAttempt]]
) -> dict[str, RevisionAttempt]:
    """Take the next older revision of each version whose newer one was superseded."""
    return {
        version: waiting[version].pop(0)
        for version, outcome in settled.items()
        if waiting[version] and outcome.kind is OutcomeKind.SUPERSEDED
    }


def _outcome_of_older(newer: Outcome) -> Outcome:
    """The outcome of an older revision after a newer one that was not superseded."""
    return _SUPERSEDED if newer.is_final else Outcome.retry(newer.code, newer.text)


def _extended(outcome: Outcome) -> Outcome:
    if outcome.kind is not OutcomeKind.COPIED:
        return outcome
    return Outcome(OutcomeKind.COPIED, revision=outcome.revision, text="files were added", extended=True)
