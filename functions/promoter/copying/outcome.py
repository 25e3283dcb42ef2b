"""Replies of the API -> outcomes.

Source: User Guide, copy-package; API reference, CopyPackageVersions.
"""

from collections.abc import Mapping

from msgspec import Struct

from promoter.copying.plan import RevisionAttempt
from promoter.copying.ports import ApiError, Assets, Failure, Reply, Success
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind
from promoter.rules.vocabulary import OnConflict

# The first two deliveries may fail only because an IAM change has not propagated.
REPORT_ON_DELIVERY = 3

_VERSION_RESOURCES = frozenset({"package", "package-version", "asset", "package-version-asset"})
_TRANSIENT = frozenset({"ThrottlingException", "InternalServerException", "ConflictException", "Unreachable"})


class InterpretedReply(Struct, frozen=True):
    """The outcomes that a reply settles, the versions to ask for again, and those that the destination has."""

    settled: Mapping[str, Outcome]
    again: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()


def interpret_reply(asked: Mapping[str, RevisionAttempt], reply: Reply) -> InterpretedReply:
    """Interpret the reply to a copy. Every version that was asked for is in the answer exactly once."""
    settled: dict[str, Outcome] = {}
    again: set[str] = set()
    conflicts: set[str] = set()
    for version, attempt in asked.items():
        failure = reply.failed.get(version)
        if failure is None:
            settled[version] = _success_outcome(reply.successful.get(version))
        elif failure.code == "SKIPPED":
            again.add(version)
        elif failure.code == "ALREADY_EXISTS":
            conflicts.add(version)
        else:
            settled[version] = _failure_outcome(failure, attempt.receive_count)
    if again and len(again) == len(asked):  # no version is to blame: asking again now would loop
        skipped = Outcome.retry("SKIPPED", "the API skipped every version that was asked for")
        return InterpretedReply(dict.fromkeys(asked, skipped))
    return InterpretedReply(settled, frozenset(again), frozenset(conflicts))


def outcome_of_error(error: ApiError, receive_count: int) -> Outcome:
    """Map a failed API call to the outcome of one version. `receive_count` is SQS's ApproximateReceiveCount."""
    if error.code in _TRANSIENT:
        return Outcome.retry(error.code, error.message)
    if error.code == "ResourceNotFoundException" and error.resource_type in _VERSION_RESOURCES:
        return _not_found(error.code, error.message, receive_count)
    kind = OutcomeKind.FAILED if receive_count == REPORT_ON_DELIVERY else OutcomeKind.RETRY
    return Outcome(kind, error.code, error.message, is_final=False)


def compare_assets(
    source: Assets, destination: Assets, revision: str, on_conflict: OnConflict
) -> Outcome | None:
    """Compare both sides after ALREADY_EXISTS. Return the outcome, or None if assets may be added.

    `revision` is the revision that was judged.
    """
    if source.revision != revision:
        text = "the source has a newer revision"
        return Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", text)
    differences = _differences(source, destination)
    if not differences:
        return Outcome(OutcomeKind.UNCHANGED, text="the destination has the same assets")
    if on_conflict == "extend" and not any(each.name in destination.hashes for each in differences):
        return None
    text = "the destination already has this version with different files"
    return Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text, differences=differences)


def _differences(source: Assets, destination: Assets) -> tuple[AssetDifference, ...]:
    """The assets that differ. An asset without a hash is not known to be the same."""
    names = sorted(source.hashes.keys() | destination.hashes.keys())
    return tuple(
        AssetDifference(name, here, there)
        for name in names
        if (here := source.hashes.get(name, "")) != (there := destination.hashes.get(name, "")) or not here
    )


def _success_outcome(success: Success | None) -> Outcome:
    if success is None:  # in neither map: the destination already has the same version
        return Outcome(OutcomeKind.UNCHANGED)
    return Outcome(OutcomeKind.COPIED, revision=success.revision, status=success.status)


def _failure_outcome(failure: Failure, receive_count: int) -> Outcome:
    if failure.code == "MISMATCHED_REVISION":
        return Outcome(OutcomeKind.SUPERSEDED, failure.code, failure.message)
    if failure.code == "NOT_FOUND":
        return _not_found(failure.code, failure.message, receive_count)
    return Outcome(OutcomeKind.FAILED, failure.code, failure.message)


def _not_found(code: str, message: str, receive_count: int) -> Outcome:
    if receive_count < REPORT_ON_DELIVERY:  # the API may lag behind its own events
        return Outcome.retry(code, message)
    return Outcome(OutcomeKind.SUPERSEDED, code, message)
