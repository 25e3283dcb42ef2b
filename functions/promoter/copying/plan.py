"""Decisions -> instructions, grouped by hop and package."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from promoter.packages.candidate import Delivery
from promoter.packages.package import Package
from promoter.rules.decision import Decision
from promoter.rules.vocabulary import Hop, OnConflict, Verdict

MAX_VERSIONS = 100  # API reference: CopyPackageVersions takes at most 100 versions of one package


class Decided(Struct, frozen=True):
    """A decision and the delivery that caused it."""

    decision: Decision
    delivery: Delivery = Delivery()


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


Instruction = Copy


def make_plan(decided: Iterable[Decided]) -> tuple[Instruction, ...]:
    """Make the instructions that carry out the decisions. Decisions that only observe have none."""
    groups: dict[tuple[Hop, Package, OnConflict, bool], list[Decided]] = {}
    for each in decided:
        if is_carried_out(each.decision):
            groups.setdefault(_group(each.decision), []).append(each)
    return tuple(
        Copy(*group, versions=tuple(versions))
        for group, members in groups.items()
        for versions in _chunks(_by_version(members))
    )


def is_carried_out(decision: Decision) -> bool:
    """True if the decision is to copy, and not only to observe."""
    return decision.verdict is Verdict.PROMOTE and decision.promotion.mode == "enforce"


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
