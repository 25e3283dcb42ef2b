"""Decisions -> instructions, grouped by hop and package."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from promoter.packages.package import Package
from promoter.rules.decision import Decision
from promoter.rules.vocabulary import OnConflict, Verdict

MOST_VERSIONS = 100  # API reference: CopyPackageVersions takes at most 100 versions of one package


class RevisionAttempt(Struct, frozen=True):
    """One revision of a version and the decisions to promote it: the first leads, others are duplicates."""

    version: str
    revision: str
    decisions: tuple[Decision, ...]

    @property
    def receipts(self) -> int:
        """How often the message of the leading decision was received."""
        return self.decisions[0].candidate.receipts


class Copy(Struct, frozen=True):
    """Copy versions of one package over one hop.

    `versions` has for each version its revisions, the newest first: an older one is a second try, for when
    the source no longer has the newer.
    """

    source: str
    destination: str
    package: Package
    on_conflict: OnConflict
    include_from_upstream: bool
    versions: tuple[tuple[RevisionAttempt, ...], ...]


def make_plan(decisions: Iterable[Decision]) -> tuple[Copy, ...]:
    """The copies that carry out the decisions to promote; those that only observe have none."""
    groups: dict[tuple[str, str, Package, OnConflict, bool], list[Decision]] = {}
    for decision in decisions:
        if is_carried_out(decision):
            groups.setdefault(_group(decision), []).append(decision)
    return tuple(
        Copy(*group, versions=tuple(versions))
        for group, members in groups.items()
        for versions in _chunks(_by_version(members))
    )


def is_carried_out(decision: Decision) -> bool:
    """Whether the decision is to copy, and not only to say so."""
    return decision.verdict is Verdict.PROMOTE and decision.promotion.mode == "enforce"


def _group(decision: Decision) -> tuple[str, str, Package, OnConflict, bool]:
    promotion = decision.promotion
    return (
        promotion.source,
        promotion.destination,
        decision.candidate.package,
        promotion.on_conflict,
        promotion.include_from_upstream,
    )


def _by_version(decisions: list[Decision]) -> list[tuple[RevisionAttempt, ...]]:
    versions: dict[str, dict[str, list[Decision]]] = {}
    # never by revision, which has no order
    for decision in sorted(decisions, key=lambda each: each.candidate.sequence, reverse=True):
        candidate = decision.candidate
        versions.setdefault(candidate.version, {}).setdefault(candidate.revision, []).append(decision)
    return [
        tuple(RevisionAttempt(version, revision, tuple(members)) for revision, members in revisions.items())
        for version, revisions in versions.items()
    ]


def _chunks(versions: list[tuple[RevisionAttempt, ...]]) -> Iterator[list[tuple[RevisionAttempt, ...]]]:
    for start in range(0, len(versions), MOST_VERSIONS):
        yield versions[start : start + MOST_VERSIONS]
