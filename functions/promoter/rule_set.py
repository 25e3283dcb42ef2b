"""The rule set: what is promoted, and where to."""

from msgspec import Struct

from promoter.conditions import Condition, Hold
from promoter.entries import DEFAULT_NOTICES, Mode, Notice, OnConflict, Origin
from promoter.mistakes import Mistake
from promoter.package import Candidate
from promoter.patterns import Pattern, path_of
from promoter.selection import Index


class Promotion(Struct, frozen=True):
    """One named promotion, ready to decide."""

    name: str
    source: str
    destination: str
    packages: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    origin: Origin | None = None
    mode: Mode = "enforce"
    on_conflict: OnConflict = "fail"
    include_from_upstream: bool = False
    notify: frozenset[Notice] = frozenset(DEFAULT_NOTICES)

    @property
    def asks_for_origin(self) -> bool:
        """Whether it selects by where a package first came from."""
        return self.origin in ("internal", "external")

    def takes(self, origin: str | None) -> bool:
        """Whether it selects a package of this origin ("internal", "external"; None is unknown)."""
        return not self.asks_for_origin or origin == self.origin


class Hop(Struct, frozen=True):
    """The promotions from one repository to another, in the order of the file."""

    source: str
    destination: str
    promotions: tuple[Promotion, ...]
    index: Index
    asks_for_origin: bool = False

    @classmethod
    def of(cls, source: str, destination: str, promotions: tuple[Promotion, ...]) -> "Hop":
        """Index the promotions' patterns."""
        patterns = (
            (position, pattern)
            for position, promotion in enumerate(promotions)
            for pattern in promotion.packages
        )
        asks = any(promotion.asks_for_origin for promotion in promotions)
        return cls(source, destination, promotions, Index(patterns), asks)

    def selecting(self, path: str) -> list[Promotion]:
        """The promotions whose packages have this path (see `patterns.path_of`), whatever its origin."""
        return [self.promotions[position] for position in self.index.positions(path)]


class RuleSet(Struct, frozen=True):
    """A rules file that holds together.

    `hops` has the hops by the repository that they leave; `digest` is the beginning of the text's SHA-256;
    `warnings` are what its author may not have meant.
    """

    domain: str
    digest: str
    promotions: tuple[Promotion, ...]
    hops: dict[str, tuple[Hop, ...]]
    holds: tuple[Hold, ...] = ()
    warnings: tuple[Mistake, ...] = ()

    def asks_for_origin(self, candidate: Candidate) -> bool:
        """Whether deciding about the candidate needs to know where its package came from."""
        for hop in self.hops.get(candidate.repository, ()):
            asks = hop.asks_for_origin  # most rules do not, and then nothing has to be matched
            first = next(iter(hop.selecting(path_of(candidate.package))), None) if asks else None
            if first is not None and first.asks_for_origin:
                return True
        return False
