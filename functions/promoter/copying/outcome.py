"""What was asked for and what was answered -> what became of each version.

Source: User Guide, copy-package; API reference, CopyPackageVersions.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from promoter.copying.plan import RevisionAttempt
from promoter.rules.vocabulary import OnConflict

REPORT_ON_DELIVERY = (
    3  # the receipt at which a configuration mistake is told: the first two may be IAM propagating
)
_VERSION_RESOURCES = frozenset({"package", "package-version", "asset", "package-version-asset"})
_PASSING = frozenset({"ThrottlingException", "InternalServerException", "ConflictException", "Unreachable"})


class OutcomeKind(StrEnum):
    """The last word on a version, but for RETRY, which leaves its message on the queue."""

    COPIED = "copied"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    RETRY = "retry"


class AssetDifference(Struct, frozen=True):
    """One asset that is not known to be the same on both sides; a side without it, or its hash, has ""."""

    name: str
    source: str
    destination: str


class Outcome(Struct, frozen=True):
    """What became of a version.

    `code` is the API's error code or ""; `ended` says whether its message may be deleted, and `extended` that
    assets were added to a version that stood there already; `revision` and `status` are as the API answered.
    """

    kind: OutcomeKind
    code: str = ""
    text: str = ""
    ended: bool = True
    extended: bool = False
    revision: str = ""
    status: str = ""
    differences: tuple[AssetDifference, ...] = ()


class Failure(Struct, frozen=True):
    """An entry of failedVersions."""

    code: str
    message: str = ""


class Success(Struct, frozen=True):
    """An entry of successfulVersions."""

    revision: str
    status: str = ""


class Reply(Struct, frozen=True):
    """The answer to a copy: the two maps, by version."""

    successful: Mapping[str, Success]
    failed: Mapping[str, Failure]


class Assets(Struct, frozen=True):
    """The assets of one version in one repository, by name, as SHA-256 in hex."""

    revision: str
    hashes: Mapping[str, str]


class ApiError(Exception):
    """An API call that was refused or lost; `code` is the API's, or "Unreachable"."""

    def __init__(self, code: str, message: str, resource_type: str = "", request_id: str = "") -> None:
        """`resource_type` is that of a ResourceNotFoundException."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.resource_type = resource_type
        self.request_id = request_id

    @property
    def throttled(self) -> bool:
        """Whether the account's quota is used up, so that any further call would be refused too."""
        return self.code == "ThrottlingException"


class InterpretedReply(Struct, frozen=True):
    """A reply, read: what is settled, what to ask again, and where the destination has something else."""

    settled: Mapping[str, Outcome]
    again: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()


def interpret_reply(asked: Mapping[str, RevisionAttempt], reply: Reply) -> InterpretedReply:
    """Read the reply to a copy of these versions; every one of them is in the reading once."""
    settled: dict[str, Outcome] = {}
    again: set[str] = set()
    conflicts: set[str] = set()
    for version, revision in asked.items():
        failure = reply.failed.get(version)
        if failure is None:
            settled[version] = _done(reply.successful.get(version))
        elif failure.code == "SKIPPED":
            again.add(version)
        elif failure.code == "ALREADY_EXISTS":
            conflicts.add(version)
        else:
            settled[version] = _failed(failure, revision)
    if again and len(again) == len(asked):  # nobody to blame: asking again now would loop
        reason = Outcome(
            OutcomeKind.RETRY, "SKIPPED", "the API skipped every version that was asked for", ended=False
        )
        return InterpretedReply(dict.fromkeys(asked, reason))
    return InterpretedReply(settled, frozenset(again), frozenset(conflicts))


def outcome_of_error(error: ApiError, receipts: int) -> Outcome:
    """What a call that failed as a whole means for one version of it, received for the `receipts`th time."""
    if error.code in _PASSING:
        return Outcome(OutcomeKind.RETRY, error.code, error.message, ended=False)
    if error.code == "ResourceNotFoundException" and error.resource_type in _VERSION_RESOURCES:
        return _not_found(error.code, error.message, receipts)
    kind = OutcomeKind.FAILED if receipts == REPORT_ON_DELIVERY else OutcomeKind.RETRY
    return Outcome(kind, error.code, error.message, ended=False)


def compare_assets(
    source: Assets, destination: Assets, revision: RevisionAttempt, on_conflict: OnConflict
) -> Outcome | None:
    """What it means that the destination already has the version; None: its assets may be added to."""
    if source.revision != revision.revision:
        return Outcome(OutcomeKind.SUPERSEDED, "MISMATCHED_REVISION", "the source has a newer revision")
    names = sorted(source.hashes.keys() | destination.hashes.keys())
    differences = tuple(
        AssetDifference(name, here, there)
        for name in names
        if (here := source.hashes.get(name, "")) != (there := destination.hashes.get(name, "")) or not here
    )
    if not differences:
        return Outcome(OutcomeKind.UNCHANGED, text="the destination has the same assets")
    if on_conflict == "extend" and not any(each.name in destination.hashes for each in differences):
        return None
    text = "the destination already holds this version with other contents"
    return Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", text, differences=differences)


def _done(success: Success | None) -> Outcome:
    if success is None:  # in neither map: the destination has it, identical
        return Outcome(OutcomeKind.UNCHANGED)
    return Outcome(OutcomeKind.COPIED, revision=success.revision, status=success.status)


def _failed(failure: Failure, revision: RevisionAttempt) -> Outcome:
    if failure.code == "MISMATCHED_REVISION":
        return Outcome(OutcomeKind.SUPERSEDED, failure.code, failure.message)
    if failure.code == "NOT_FOUND":
        return _not_found(failure.code, failure.message, revision.receipts)
    return Outcome(OutcomeKind.FAILED, failure.code, failure.message)


def _not_found(code: str, message: str, receipts: int) -> Outcome:
    if receipts < REPORT_ON_DELIVERY:  # the API may lag behind its own events
        return Outcome(OutcomeKind.RETRY, code, message, ended=False)
    return Outcome(OutcomeKind.SUPERSEDED, code, message)
