"""Decisions -> instructions, grouped by hop and package."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from promoter.packages.candidate import Delivery
from promoter.packages.package import Package
from promoter.rules.decision import Decision
from promoter.rules.vocabulary import Hop, OnConflict, ReasonCode, Verdict

MAX_VERSIONS = 100  # API reference: CopyPackageVersions takes at most 100 versions of one package


class Decided(Struct, frozen=True):
    """A decision and the delivery that caused it. `entries` are the pending entries that were found before it."""

    decision: Decision
    delivery: Delivery = Delivery()
    entries: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, Hop]:
        """The key of the decision's result."""
        return self.delivery.message_id, self.decision.hop


class RevisionAttempt(Struct, frozen=True):
    """One revision of a version, with the decisions to promote it. The first leads, the others are duplicates."""

    version: str
    revision: str
    decided: tuple[Decided, ...]

    @property
    def delivery_number(self) -> int:
        """The receive count of the leading decision's message."""
        return self.decided[0].delivery.number


class Copy(Struct, frozen=True):
    """Copy versions of one package over one hop.

    `versions` has the revisions of each version, the newest first. An older revision is tried only if the source
    no longer has the newer one.
    """

    hop: Hop
    package: Package
    on_conflict: OnConflict
    include_from_upstream: bool
    versions: tuple[tuple[RevisionAttempt, ...], ...]

    @property
    def decided(self) -> tuple[Decided, ...]:
        """Every decision that this instruction carries out."""
        return tuple(each for attempts in self.versions for attempt in attempts for each in attempt.decided)


class Schedule(Struct, frozen=True):
    """Keep a decision that is not finished as a pending entry. The first decision leads, the others are duplicates."""

    decided: tuple[Decided, ...]


Instruction = Copy | Schedule


def make_plan(decided: Iterable[Decided]) -> tuple[Instruction, ...]:
    """Make the instructions that carry out the decisions, copies first. Decisions that only observe have none."""
    every = list(decided)
    return (*_copies(every), *_schedules(every))


def _copies(decided: Iterable[Decided]) -> tuple[Copy, ...]:
    groups: dict[tuple[Hop, Package, OnConflict, bool], list[Decided]] = {}
    for each in decided:
        if is_carried_out(each.decision):
            groups.setdefault(_group(each.decision), []).append(each)
    return tuple(
        Copy(*group, versions=tuple(versions))
        for group, members in groups.items()
        for versions in _chunks(_by_version(members))
    )


def _schedules(decided: Iterable[Decided]) -> tuple[Schedule, ...]:
    """One instruction for each revision on each hop."""
    groups: dict[tuple[Hop, str, str], list[Decided]] = {}
    for each in decided:
        if is_pending(each.decision):
            candidate = each.decision.candidate
            groups.setdefault((each.decision.hop, candidate.purl, candidate.revision), []).append(each)
    return tuple(Schedule(tuple(members)) for members in groups.values())


def is_pending(decision: Decision) -> bool:
    """True if the decision is not finished, so that it gets a pending entry.

    A manual promotion that nobody has requested is not: the request brings the candidate again.
    """
    unfinished = decision.verdict in (Verdict.WAIT, Verdict.HOLD)
    return unfinished and decision.promotion.mode != "observe" and not _needs_request(decision)


def is_carried_out(decision: Decision) -> bool:
    """True if the decision is to copy, and not only to observe."""
    return decision.verdict is Verdict.PROMOTE and decision.promotion.mode != "observe"


def _group(decision: Decision) -> tuple[Hop, Package, OnConflict, bool]:
    promotion = decision.promotion
    package = decision.candidate.package
    return promotion.hop, package, promotion.on_conflict, promotion.include_from_upstream


def _by_version(decided: list[Decided]) -> list[tuple[RevisionAttempt, ...]]:
    versions: dict[str, dict[str, list[Decided]]] = {}
    # by sequence number: revisions have no order
    for each in sorted(decided, key=lambda one: one.decision.candidate.sequence_number, reverse=True):
        candidate = each.decision.candidate
        versions.setdefault(candidate.version, {}).setdefault(candidate.revision, []).append(each)
    return [
        tuple(RevisionAttempt(version, revision, tuple(members)) for revision, members in revisions.items())
        for version, revisions in versions.items()
    ]


def _chunks(
    versions: list[tuple[RevisionAttempt, ...]],
) -> Iterator[list[tuple[RevisionAttempt, ...]]]:
    for start in range(0, len(versions), MAX_VERSIONS):
        yield versions[start : start + MAX_VERSIONS]


def _needs_request(decision: Decision) -> bool:
    return any(reason.code is ReasonCode.MANUAL and not reason.met for reason in decision.reasons)
