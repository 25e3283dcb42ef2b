"""Two repositories, read and compared: what would be promoted on a hop now, what not, and what differs."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from promoter.aws.listing import Listing, VersionSummary
from promoter.cli.paced import map_concurrently
from promoter.copying import outcome
from promoter.copying.plan import RevisionAttempt
from promoter.copying.results import OutcomeKind, Result
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.packages.patterns import path_of
from promoter.rules.conditions import Soaked
from promoter.rules.decision import Decision, decide
from promoter.rules.rule_set import Hop, RuleSet
from promoter.rules.vocabulary import Verdict

_MOST_FILTERS = 100  # beyond these, listing a format as a whole costs fewer calls


class Scope(Struct, frozen=True):
    """What is looked at: what one promotion decides, or all (None); the packages that `names` says.

    At most `most_compared` versions of a hop are compared by their files.
    """

    promotion: str | None
    names: Callable[[Package], bool]
    most_compared: int


class Comparison(Struct, frozen=True):
    """A hop: the decisions about what the destination lacks, and what stands there with other bytes.

    `present` counts the versions that both have; of these, `uncompared` have revisions that differ and were
    not looked into.
    """

    hop: Hop
    missing: tuple[Decision, ...]
    diverged: tuple[Result, ...]
    present: int
    uncompared: int = 0

    @property
    def passes(self) -> bool:
        """Whether nothing is rejected, and nothing differs."""
        rejected = any(decision.verdict is Verdict.REJECT for decision in self.missing)
        return not rejected and not self.diverged


class _Sides(Struct, frozen=True):
    """One package: decisions about what is missing, and about what is on both sides at other revisions."""

    missing: list[Decision]
    differing: list[Decision]
    present: int


def compare(listing: Listing, rule_set: RuleSet, hop: Hop, now: float, scope: Scope) -> Comparison:
    """Read both sides of a hop, as far as the scope goes, and decide at `now` (UTC seconds since the epoch)."""
    alone = msgspec.structs.replace(rule_set, hops={hop.source: (hop,)})
    promotions = [promotion for promotion in hop.promotions if scope.promotion in (None, promotion.name)]
    filters = filters_of(pattern.prefix for promotion in promotions for pattern in promotion.packages)
    packages = [
        package
        for package in _packages(listing, hop.source, filters)
        if scope.names(package) and hop.selecting(path_of(package))
    ]
    there = set(_packages(listing, hop.destination, filters)) if packages else set()
    reader = _Reader(listing, alone, hop, now, scope)
    title = f"{hop.source} -> {hop.destination}"
    sides = list(
        map_concurrently(lambda package: reader.sides(package, there=package in there), packages, title)
    )
    differing = [decision for side in sides for decision in side.differing]
    compared = map_concurrently(reader.compared, differing[: scope.most_compared], f"{title}, files")
    return Comparison(
        hop,
        tuple(decision for side in sides for decision in side.missing),
        tuple(result for result in compared if result is not None),
        sum(side.present for side in sides),
        max(0, len(differing) - scope.most_compared),
    )


def filters_of(prefixes: Iterable[str]) -> list[tuple[str, str, str]]:
    """The fewest ListPackages filters (format, namespace, name) that find all that begins with these paths."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    if len(kept) > _MOST_FILTERS:
        kept = sorted({prefix.partition("/")[0] + "/" for prefix in kept})
    return [_filter(prefix) for prefix in kept]


def _filter(prefix: str) -> tuple[str, str, str]:
    format_, namespace, name = [*prefix.split("/", 2), "", ""][:3]
    return format_, namespace, name


def _packages(listing: Listing, repository: str, filters: Sequence[tuple[str, str, str]]) -> list[Package]:
    found = (package for filter_ in filters for package in listing.packages(repository, *filter_))
    return sorted(set(found))


class _Reader(Struct, frozen=True):
    """Reads one package after the other on both sides of a hop; used by several threads."""

    listing: Listing
    rule_set: RuleSet
    hop: Hop
    now: float
    scope: Scope

    def sides(self, package: Package, *, there: bool) -> _Sides:
        """Compare the versions; `there` says that the destination has the package."""
        listed = self.listing.versions(self.hop.destination, package) if there else ()
        standing = {version.version: version.revision for version in listed}
        missing: list[Decision] = []
        differing: list[Decision] = []
        present = 0
        for version in self.listing.versions(self.hop.source, package, "Published"):
            lacking = version.version not in standing
            for decision in self.decisions(package, version, lacking=lacking):
                present += not lacking
                if lacking:
                    missing.append(decision)
                elif standing[version.version] != version.revision:
                    differing.append(decision)
        return _Sides(missing, differing, present)

    def decisions(self, package: Package, version: VersionSummary, *, lacking: bool) -> Iterator[Decision]:
        """The decision; when a version came that the destination lacks is looked up only where a soak asks.

        publishedTime is no reliable age (User Guide: package-version-age-gating), but all that there is here.
        """
        candidate = Candidate(
            package, version.version, version.revision, self.hop.source, 0.0, origin=version.origin
        )
        for decision in decide(candidate, self.rule_set, self.now):
            if self.scope.promotion not in (None, decision.promotion.name):
                continue
            if not lacking or decision.verdict is Verdict.REJECT or not _soaks(decision):
                yield decision
                continue
            described = self.listing.describe(self.hop.source, package, version.version)
            since = described.published if described else self.now
            yield from decide(msgspec.structs.replace(candidate, since=since), self.rule_set, self.now)

    def compared(self, decision: Decision) -> Result | None:
        """What differs, file by file; None where all files are the same, whatever the revisions."""
        package, version = decision.candidate.package, decision.candidate.version
        source = self.listing.assets(self.hop.source, package, version)
        destination = self.listing.assets(self.hop.destination, package, version)
        found = outcome.compare(source, destination, RevisionAttempt(version, source.revision, ()), "fail")
        return Result(decision, found) if found is not None and found.kind is OutcomeKind.FAILED else None


def _soaks(decision: Decision) -> bool:
    return any(isinstance(condition, Soaked) for condition in decision.promotion.conditions)
