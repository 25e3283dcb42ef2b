"""Carries instructions out, call by call."""

from collections.abc import Mapping
from functools import singledispatchmethod

from msgspec.structs import replace

from promoter.copying.calls import Calls
from promoter.copying.conflicts import resolve_conflict
from promoter.copying.outcome import interpret_reply, outcome_of_error
from promoter.copying.pending_entries import PendingEntries
from promoter.copying.plan import Copy, Instruction, RevisionAttempt, Schedule
from promoter.copying.ports import ApiError, Reply
from promoter.copying.results import Outcome, OutcomeKind, Result

_SUPERSEDED = Outcome(OutcomeKind.SUPERSEDED, text="a newer revision of the version came in the same batch")

Asked = dict[str, RevisionAttempt]
AttemptOutcomes = list[tuple[RevisionAttempt, Outcome]]


class Executor:
    """Carries out one instruction after the other."""

    def __init__(self, calls: Calls, entries: PendingEntries) -> None:
        """Keep the calls of this invocation."""
        self._calls = calls
        self._entries = entries

    @singledispatchmethod
    def carry_out(self, instruction: Instruction) -> list[Result]:
        """Carry one instruction out. Return one result for each decision in it."""
        raise TypeError(f"unknown instruction: {type(instruction).__name__}")

    @carry_out.register
    def _(self, copy: Copy) -> list[Result]:
        results = [
            Result.of(each.decision, each.delivery, outcome, duplicate=position > 0)
            for attempt, outcome in self._copy(copy)
            for position, each in enumerate(attempt.decided)
        ]
        finished = {result.key for result in results if result.is_final}
        for each in copy.decided:  # only after the copy: a worker that is killed must leave the entry
            if each.key in finished:
                self._entries.delete(each.entries)
        return results

    @carry_out.register
    def _(self, schedule: Schedule) -> list[Result]:
        created = self._entries.create(schedule.decided[0])
        outcome, pending = (created, None) if isinstance(created, Outcome) else (None, created)
        return [
            Result.of(each.decision, each.delivery, outcome, duplicate=position > 0, pending=pending)
            for position, each in enumerate(schedule.decided)
        ]

    def _copy(self, copy: Copy) -> AttemptOutcomes:
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
        self, copy: Copy, asked: Asked, *, overwrite: bool = False
    ) -> tuple[dict[str, Outcome], Asked]:
        """Make one copy call. Return the outcomes that it settles, and what to ask for again."""
        reply = self._calls.copy(copy, asked, overwrite=overwrite)
        if isinstance(reply, Outcome):
            return dict.fromkeys(asked, reply), {}
        if isinstance(reply, ApiError):
            return self._after_error(copy, asked, reply, overwrite=overwrite), {}
        return self._after_reply(copy, asked, reply, overwrite=overwrite)

    def _after_error(
        self, copy: Copy, asked: Asked, error: ApiError, *, overwrite: bool
    ) -> dict[str, Outcome]:
        """The outcomes of a call that failed as a whole.

        From the second delivery on, a ValidationException is asked version by version: the others must not share
        the fate of one.
        """
        repeated = any(attempt.delivery_number > 1 for attempt in asked.values())
        if error.code != "ValidationException" or len(asked) == 1 or not repeated:
            return {
                version: outcome_of_error(error, attempt.delivery_number)
                for version, attempt in asked.items()
            }
        settled: dict[str, Outcome] = {}
        for version, attempt in asked.items():
            outcomes, _ = self._round(copy, {version: attempt}, overwrite=overwrite)
            settled |= outcomes
        return settled

    def _after_reply(
        self, copy: Copy, asked: Asked, reply: Reply, *, overwrite: bool
    ) -> tuple[dict[str, Outcome], Asked]:
        interpreted = interpret_reply(asked, reply)
        settled = dict(interpreted.settled)
        writable: Asked = {}
        for version in sorted(interpreted.conflicts):
            outcome = resolve_conflict(self._calls, copy, asked[version], overwrite=overwrite)
            if outcome is None:
                writable[version] = asked[version]
            else:
                settled[version] = outcome
        settled |= self._write(copy, writable)
        return settled, {version: asked[version] for version in interpreted.again}

    def _write(self, copy: Copy, writable: Asked) -> dict[str, Outcome]:
        """Copy versions again with allowOverwrite."""
        settled: dict[str, Outcome] = {}
        while writable:
            outcomes, writable = self._round(copy, writable, overwrite=True)
            settled |= outcomes
        if copy.on_conflict != "extend":
            return settled
        return {version: _extended(outcome) for version, outcome in settled.items()}


def _older_to_try(settled: Mapping[str, Outcome], waiting: Mapping[str, list[RevisionAttempt]]) -> Asked:
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
    return replace(outcome, text="files were added", extended=True)
