"""Replies of the API -> outcomes.

Source: User Guide, copy-package; API reference, CopyPackageVersions.
"""

from collections.abc import Mapping

from msgspec import Struct

from promoter.copying.plan import RevisionAttempt
from promoter.copying.ports import ApiError, Assets, Failure, Reply, Success
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind
from promoter.rules.vocabulary import Hop, OnConflict

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
            settled[version] = _failure_outcome(failure, attempt.delivery_number)
    if again and len(again) == len(asked):  # no version is to blame: asking again now would loop
        skipped = Outcome.retry("SKIPPED", "the API skipped every version that was asked for")
        return InterpretedReply(dict.fromkeys(asked, skipped))
    return InterpretedReply(settled, frozenset(again), frozenset(conflicts))


def outcome_of_error(error: ApiError, delivery_number: int) -> Outcome:
    """Map a failed API call to the outcome of one version. `delivery_number` is its message's delivery number."""
    if error.code in _TRANSIENT:
        return Outcome.retry(error.code, error.message)
    if is_missing_version(error):
        return _not_found(error.code, error.message, delivery_number)
    kind = OutcomeKind.FAILED if delivery_number == REPORT_ON_DELIVERY else OutcomeKind.RETRY
    return Outcome(kind, error.code, error.message, is_final=False)


def is_missing_version(error: ApiError) -> bool:
    """True if the repository exists, but not the version."""
    return error.code == "ResourceNotFoundException" and error.resource_type in _VERSION_RESOURCES


def compare_assets(
    source: Assets, destination: Assets, revision: str, hop: Hop, on_conflict: OnConflict
) -> Outcome | None:
    """Compare both sides after ALREADY_EXISTS. Return the outcome, or None if assets may be added.

    `revision` is the revision that was judged. A destination without assets was disposed, and is never extended.
    """
    if source.revision != revision:
        text = f"{hop.source} has a newer revision"
        return Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", text)
    differences = _differences(source, destination)
    if not differences:
        return Outcome(OutcomeKind.UNCHANGED, text=f"{hop.destination} has the same assets")
    only_added = bool(destination.hashes) and not any(each.name in destination.hashes for each in differences)
    if only_added and on_conflict == "extend":
        return None
    if only_added:
        text = f"files were added in {hop.source} after the version was promoted to {hop.destination}"
    else:
        text = f"{hop.destination} already has this version with different files"
    return Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text, differences=differences, only_added=only_added)


def outcome_of_destination_status(status: str, hop: Hop, allowed: frozenset[str]) -> Outcome | None:
    """The outcome if a version of this status in the destination must not be changed; None if it may be."""
    if status in allowed:
        return None
    text = f"the version is {status} in {hop.destination}; it is never changed there"
    return Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text)


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


def _failure_outcome(failure: Failure, delivery_number: int) -> Outcome:
    if failure.code == "MISMATCHED_REVISION":
        return Outcome(OutcomeKind.SUPERSEDED, failure.code, failure.message)
    if failure.code == "NOT_FOUND":
        return _not_found(failure.code, failure.message, delivery_number)
    return Outcome(OutcomeKind.FAILED, failure.code, failure.message)


def _not_found(code: str, message: str, delivery_number: int) -> Outcome:
    if delivery_number < REPORT_ON_DELIVERY:  # the API may lag behind its own events
        return Outcome.retry(code, message)
    return Outcome(OutcomeKind.SUPERSEDED, code, message)
