"""Withdrawing a version from a repository: its new status, npm's tag `latest`, and the hold that keeps it away.

Clients choose a version from a list, or a file names it exactly. An unlisted version is in no list, but a lock file
that names it still works. Nobody gets an archived version (User Guide: packages-overview).
"""

from typing import Literal

from msgspec import Struct

from promoter.copying.npm_latest import NpmPackage, next_latest
from promoter.copying.ports import ApiError, NpmTags
from promoter.inspection.ports import Reader
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.conditions import PUBLISHED
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop

WithdrawnStatus = Literal["Unlisted", "Archived"]
_FROM_MILD_TO_STRICT: tuple[str, ...] = (PUBLISHED, "Unlisted", "Archived", "Disposed")
_NAMED_EXACTLY = frozenset(
    {"maven", "generic"}
)  # their builds name the version, so a list keeps it from nobody


class LatestMove(Struct, frozen=True):
    """The move of npm's tag `latest` off a version. `to` is "" if no other release remains."""

    to: str = ""


class HoldScope(Struct, frozen=True):
    """The repositories that limit a hold to some hops."""

    source: str | None = None
    destination: str | None = None


def default_status(format_: str) -> WithdrawnStatus:
    """The mildest status that keeps the version from new builds of a format."""
    return "Archived" if format_ in _NAMED_EXACTLY else "Unlisted"


def was_published(status: str) -> bool:
    """False if a version with this status was never given to clients, as an unfinished one."""
    return status in _FROM_MILD_TO_STRICT


def status_to_set(current: str, wanted: WithdrawnStatus) -> WithdrawnStatus | None:
    """The wanted status, or None if the current one is as strict. The version was published."""
    order = _FROM_MILD_TO_STRICT
    return wanted if order.index(current) < order.index(wanted) else None


def latest_move(
    reader: Reader, tags: NpmTags, repository: str, package: Package, version: str, *, listed: bool
) -> LatestMove | None:
    """Return the move of the tag `latest` off a version, None if the tag is not on it; raises ApiError.

    `listed` is True if clients see the version. If they do not, they may not see its tag either: then a tag that is
    on no version that they see counts as one on this version.
    """
    seen = _as_clients_see(tags, repository, package)
    if seen.latest != version and (listed or seen.latest in seen.versions):
        return None
    published = reader.versions(repository, package, PUBLISHED)
    remaining = frozenset(each.version for each in published) - {version}
    return LatestMove(next_latest(NpmPackage(remaining)) or "")


def hold_scope(rule_set: RuleSet, repository: str) -> HoldScope:
    """The hops to a repository, which could bring a version back; those from it if none goes there."""
    if any(each.destination == repository for each in rule_set.promotions):
        return HoldScope(destination=repository)
    return HoldScope(source=repository)


def is_held(rule_set: RuleSet, scope: HoldScope, package: Package, version: str) -> bool:
    """True if the rules hold a version on all these hops, without an end."""
    hops = {each.hop for each in rule_set.promotions if _is_in(each.hop, scope)}
    return all(_holds(rule_set, hop, package, version) for hop in hops)


def _as_clients_see(tags: NpmTags, repository: str, package: Package) -> NpmPackage:
    """The package as clients see it. Without a listed version it does not exist for them."""
    try:
        return tags.read(repository, package)
    except ApiError as error:
        if error.code == "ResourceNotFoundException":
            return NpmPackage(frozenset())
        raise


def _is_in(hop: Hop, scope: HoldScope) -> bool:
    return hop.source == scope.source or hop.destination == scope.destination


def _holds(rule_set: RuleSet, hop: Hop, package: Package, version: str) -> bool:
    candidate = Candidate(package, version, "", hop.source, 0)
    return any(
        hold.until is None and hold.begins is None and hold.applies(candidate, hop.destination)
        for hold in rule_set.holds
    )
