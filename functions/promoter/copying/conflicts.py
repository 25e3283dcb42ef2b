"""Conflicts: the destination already has a version, and CodeArtifact answered ALREADY_EXISTS."""

from promoter.copying.calls import Calls
from promoter.copying.outcome import compare_assets, outcome_of_destination_status
from promoter.copying.plan import Copy, RevisionAttempt
from promoter.copying.results import Outcome, OutcomeKind

_EXTENSIBLE = frozenset({"Published"})
_REPLACEABLE = frozenset({"Published", "Unlisted"})


def resolve_conflict(
    calls: Calls, copy: Copy, attempt: RevisionAttempt, *, overwrite: bool
) -> Outcome | None:
    """Return the outcome of a conflict, or None if the version may be copied again with allowOverwrite.

    `overwrite` is True if the call that met the conflict had allowOverwrite.
    """
    if copy.on_conflict == "overwrite" and not overwrite:
        return _check_destination(calls, copy, attempt, _REPLACEABLE)
    outcome = _compare(calls, copy, attempt)
    if outcome is not None:
        return outcome
    if overwrite:
        text = "the API refused the version, also with allowOverwrite"
        return Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text)
    return _check_destination(calls, copy, attempt, _EXTENSIBLE)


def _compare(calls: Calls, copy: Copy, attempt: RevisionAttempt) -> Outcome | None:
    package, version, number = copy.package, attempt.version, attempt.delivery_number
    source = calls.list_assets(copy.hop.source, package, version, number)
    if isinstance(source, Outcome):
        return source
    destination = calls.list_assets(copy.hop.destination, package, version, number)
    if isinstance(destination, Outcome):
        return _of_destination(destination)
    return compare_assets(source, destination, attempt.revision, copy.hop, copy.on_conflict)


def _check_destination(
    calls: Calls, copy: Copy, attempt: RevisionAttempt, allowed: frozenset[str]
) -> Outcome | None:
    """The outcome if the version in the destination must not be changed."""
    found = calls.describe(copy.hop.destination, copy.package, attempt.version, attempt.delivery_number)
    if isinstance(found, Outcome):
        return _of_destination(found)
    return outcome_of_destination_status(found.status, copy.hop, allowed)


def _of_destination(outcome: Outcome) -> Outcome:
    """A version that was removed from the destination meanwhile can be copied by the next delivery."""
    if outcome.kind is not OutcomeKind.SUPERSEDED:
        return outcome
    return Outcome.retry(outcome.code, outcome.text)
