"""The rules in memory: hops, their promotions, and holds."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.packages.patterns import Pattern
from promoter.rules.conditions import Condition, HoldRule
from promoter.rules.evidence import Fact
from promoter.rules.pattern_index import PatternIndex
from promoter.rules.vocabulary import (
    DEFAULT_NOTIFICATIONS,
    Mode,
    NotificationKind,
    OnConflict,
    Origin,
    SelectedOrigin,
)


class Hop(Struct, frozen=True, order=True):
    """The way from one repository to another."""

    source: str
    destination: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.destination}"


class Promotion(Struct, frozen=True):
    """One promotion of the rules file. It selects by `packages` and `origin` and requires its `conditions`."""

    name: str
    hop: Hop
    packages: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    origin: SelectedOrigin | None = None
    mode: Mode = "enforce"
    on_conflict: OnConflict = "fail"
    include_from_upstream: bool = False
    notify: frozenset[NotificationKind] = frozenset(DEFAULT_NOTIFICATIONS)

    @property
    def source(self) -> str:
        """The repository that versions are promoted from."""
        return self.hop.source

    @property
    def destination(self) -> str:
        """The repository that versions are promoted to."""
        return self.hop.destination

    @property
    def selects_by_origin(self) -> bool:
        """True if the origin of a package decides whether this promotion selects it."""
        return self.origin in ("internal", "external")

    def accepts_origin(self, origin: Origin | None) -> bool:
        """True if this promotion selects packages of this origin; None is an unknown origin."""
        return not self.selects_by_origin or origin == self.origin

    @property
    def needs(self) -> frozenset[Fact]:
        """The facts that this promotion and its conditions need."""
        own = {Fact.ORIGIN} if self.selects_by_origin else frozenset[Fact]()
        return frozenset(own).union(*(condition.needs for condition in self.conditions))


class HopRules(Struct, frozen=True):
    """The promotions of one hop, in the order of the file."""

    hop: Hop
    promotions: tuple[Promotion, ...]
    index: PatternIndex

    @classmethod
    def of(cls, hop: Hop, promotions: tuple[Promotion, ...]) -> "HopRules":
        """Index the patterns of the promotions."""
        patterns = (
            (position, pattern)
            for position, promotion in enumerate(promotions)
            for pattern in promotion.packages
        )
        return cls(hop, promotions, PatternIndex(patterns))

    def selecting(self, path: str) -> list[Promotion]:
        """The promotions whose patterns match this path (see `path_of`), whatever the package's origin."""
        return [self.promotions[position] for position in self.index.positions(path)]


class RuleSet(Struct, frozen=True):
    """A valid rules file.

    `hops` has the hops by their source repository. `digest` is the first 8 hex digits of the SHA-256 of the text.
    """

    domain: str
    digest: str
    promotions: tuple[Promotion, ...]
    hops: dict[str, tuple[HopRules, ...]]
    holds: tuple[HoldRule, ...] = ()

    @property
    def all_hops(self) -> list[HopRules]:
        """Every hop, in the order of the file."""
        return [hop for leaving in self.hops.values() for hop in leaving]

    @property
    def repositories(self) -> list[str]:
        """Every repository that a promotion names, in the order of the file."""
        named = (name for each in self.promotions for name in (each.source, each.destination))
        return list(dict.fromkeys(named))


def hops_of(promotions: Iterable[Promotion]) -> dict[str, tuple[HopRules, ...]]:
    """Group promotions by hop, and the hops by their source repository."""
    by_hop: dict[Hop, list[Promotion]] = {}
    for promotion in promotions:
        by_hop.setdefault(promotion.hop, []).append(promotion)
    by_source: dict[str, list[HopRules]] = {}
    for hop, members in by_hop.items():
        by_source.setdefault(hop.source, []).append(HopRules.of(hop, tuple(members)))
    return {source: tuple(leaving) for source, leaving in by_source.items()}
