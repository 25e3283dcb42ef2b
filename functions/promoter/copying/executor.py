"""Carries copies out, call by call; its clients and its limits are arguments."""

from collections.abc import Callable, Mapping
from typing import Protocol

from promoter.copying import outcome
from promoter.copying.plan import Copy, RevisionAttempt
from promoter.copying.ports import ApiError, Assets, Reply
from promoter.copying.results import Outcome, OutcomeKind
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package

RESERVE = 30.0  # seconds at the end in which no copy is begun: what is under way ends, then the report

_NO_TIME = Outcome(OutcomeKind.RETRY, "Deadline", "no time was left in this invocation", ended=False)
_THROTTLED = Outcome(OutcomeKind.RETRY, "ThrottlingException", "the quota of copies is used up", ended=False)
_SUPERSEDED = Outcome(OutcomeKind.SUPERSEDED, text="a newer revision of the version came in the same batch")


class Repositories(Protocol):
    """The calls of CodeArtifact that a promotion needs; each raises ApiError."""

    def copy(self, copy: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """Copy these versions, each pinned to its revision."""
        ...

    def assets(self, repository: str, package: Package, version: str) -> Assets:
        """The assets of one version."""
        ...

    def origin(self, repository: str, package: Package, version: str) -> str | None:
        """Where the version first came from: "internal", "external"; None is unknown."""
        ...


class Limits(Protocol):
    """How fast and how long calls may be made."""

    def remaining(self) -> float:
        """Seconds that are left to this invocation."""
        ...

    def pace(self) -> float:
        """Seconds until the next copy may be issued; 0 if it may be now."""
        ...

    def take(self) -> None:
        """Wait until the next copy may be issued, and take its place."""
        ...


class Executor:
    """Carries copies out, one after the other, within the limits."""

    def __init__(self, repositories: Repositories, limits: Limits) -> None:
        """Keep the clients; the executor lives for one invocation."""
        self._repositories = repositories
        self._limits = limits
        self._throttled = False

    def origin(self, candidate: Candidate) -> str | Outcome | None:
        """Where the candidate first came from, or what it means that this cannot be looked up."""
        if self._throttled:
            return _THROTTLED
        if self._limits.remaining() < RESERVE:
            return _NO_TIME
        try:
            return self._repositories.origin(candidate.repository, candidate.package, candidate.version)
        except ApiError as error:
            self._throttled |= error.throttled
            return outcome.of_error(error, candidate.receipts)

    def carry_out(self, copy: Copy) -> list[tuple[RevisionAttempt, Outcome]]:
        """Copy what can be copied; one outcome for every revision of every version."""
        done: list[tuple[RevisionAttempt, Outcome]] = []
        waiting = {revisions[0].version: list(revisions) for revisions in copy.versions}
        asked = {version: revisions.pop(0) for version, revisions in waiting.items()}
        while asked:
            settled, asked_again = self._round(copy, asked)
            for version, result in settled.items():
                done.append((asked[version], result))
                older = waiting[version]
                if older and result.kind is OutcomeKind.SUPERSEDED:
                    asked_again[version] = older.pop(0)
                elif older:
                    done.extend((revision, _of_older(result)) for revision in older)
            asked = asked_again
        return done

    def _round(
        self, copy: Copy, asked: dict[str, RevisionAttempt], *, overwrite: bool = False
    ) -> tuple[dict[str, Outcome], dict[str, RevisionAttempt]]:
        """Ask once: what is settled by it, and what to ask again without those."""
        overwrite = overwrite or copy.on_conflict == "overwrite"
        revisions = {version: revision.revision for version, revision in asked.items()}
        answer = self._call(asked, lambda: self._repositories.copy(copy, revisions, overwrite=overwrite))
        if not isinstance(answer, Reply):
            return answer, {}
        reading = outcome.read(asked, answer)
        settled = dict(reading.settled)
        extensible: dict[str, RevisionAttempt] = {}
        for version in sorted(reading.conflicts):
            verdict = self._compare(copy, asked[version])
            if verdict is None and not overwrite:
                extensible[version] = asked[version]
            else:
                settled[version] = verdict or Outcome(
                    OutcomeKind.FAILED, "ALREADY_EXISTS", "not even with allowOverwrite"
                )
        if extensible:
            settled |= self._extend(copy, extensible)
        return settled, {version: asked[version] for version in reading.again}

    def _extend(self, copy: Copy, extensible: dict[str, RevisionAttempt]) -> dict[str, Outcome]:
        """Add assets to versions of which nothing in the destination would change."""
        settled: dict[str, Outcome] = {}
        while extensible:
            results, extensible = self._round(copy, extensible, overwrite=True)
            settled |= {version: _extended(result) for version, result in results.items()}
        return settled

    def _compare(self, copy: Copy, revision: RevisionAttempt) -> Outcome | None:
        if self._throttled:
            return _THROTTLED
        if self._limits.remaining() < RESERVE:
            return _NO_TIME
        try:
            source = self._repositories.assets(copy.source, copy.package, revision.version)
            destination = self._repositories.assets(copy.destination, copy.package, revision.version)
        except ApiError as error:
            self._throttled |= error.throttled
            return outcome.of_error(error, revision.receipts)
        return outcome.compare(source, destination, revision, copy.on_conflict)

    def _call(
        self, asked: Mapping[str, RevisionAttempt], call: Callable[[], Reply]
    ) -> Reply | dict[str, Outcome]:
        """The reply, or the outcomes of a call that was not made or failed as a whole."""
        if self._throttled:
            return dict.fromkeys(asked, _THROTTLED)
        if self._limits.remaining() - self._limits.pace() < RESERVE:
            return dict.fromkeys(asked, _NO_TIME)
        self._limits.take()
        try:
            return call()
        except ApiError as error:
            self._throttled |= error.throttled
            return {
                version: outcome.of_error(error, revision.receipts) for version, revision in asked.items()
            }


def _of_older(newer: Outcome) -> Outcome:
    """What the outcome of a newer revision, which was not superseded, means for an older one."""
    return _SUPERSEDED if newer.ended else Outcome(OutcomeKind.RETRY, newer.code, newer.text, ended=False)


def _extended(result: Outcome) -> Outcome:
    if result.kind is not OutcomeKind.COPIED:
        return result
    return Outcome(OutcomeKind.COPIED, revision=result.revision, text="files were added", extended=True)
