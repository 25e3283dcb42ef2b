"""The rules in memory: the promotions of each hop, windows, holds and waivers."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.packages.patterns import Pattern
from promoter.rules.evidence import NOTHING, Fact, Need, Question
from promoter.rules.holds import HoldRule
from promoter.rules.pattern_index import PatternIndex
from promoter.rules.reasons import Condition
from promoter.rules.vocabulary import (
    DEFAULT_NOTIFICATIONS,
    Hop,
    Mode,
    NotificationKind,
    NpmLatest,
    OnConflict,
    Origin,
    SelectedOrigin,
)
from promoter.rules.waivers import Waiver
from promoter.rules.windows import Window


class Promotion(Struct, frozen=True):
    """One promotion of the rules file. It selects by `packages` and `origin` and requires its `conditions`.

    `checks` are the names of its checks. `approval_namespace` is the namespace of the answers of people: approvals,
    and requests for `mode = "manual"`; it is "" if the promotion asks for neither.
    """

    name: str
    hop: Hop
    packages: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    origin: SelectedOrigin | None = None
    mode: Mode = "enforce"
    on_conflict: OnConflict = "fail"
    include_from_upstream: bool = False
    notify: frozenset[NotificationKind] = frozenset(DEFAULT_NOTIFICATIONS)
    checks: tuple[str, ...] = ()
    approval_namespace: str = ""
    npm_latest: NpmLatest = "as-copied"

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
    def asks_for_answers(self) -> bool:
        """True if somebody has to answer before a version is promoted."""
        return bool(self.checks or self.approval_namespace)

    def asks_in(self, namespace: str) -> bool:
        """True if answers in this namespace may decide."""
        return any(
            isinstance(need, Question) and need.namespace == namespace for need in self.condition_needs
        )

    @property
    def selection_needs(self) -> frozenset[Need]:
        """The facts that decide whether this promotion selects a package."""
        return frozenset({Fact.ORIGIN}) if self.selects_by_origin else NOTHING

    @property
    def condition_needs(self) -> frozenset[Need]:
        """The facts and questions that its conditions need."""
        return NOTHING.union(*(condition.needs for condition in self.conditions))

    @property
    def needs(self) -> frozenset[Need]:
        """The facts and questions that this promotion and its conditions need."""
        return self.selection_needs | self.condition_needs


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
    `evidence` is the repository of answers, "" if there is none.
    """

    domain: str
    digest: str
    promotions: tuple[Promotion, ...]
    hops: dict[str, tuple[HopRules, ...]]
    holds: tuple[HoldRule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    windows: tuple[Window, ...] = ()
    evidence: str = ""

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
