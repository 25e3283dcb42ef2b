"""The way of a version to a repository: whether it has arrived, and if not, what the pipeline last decided."""

from collections.abc import Iterable

from msgspec import Struct

from promoter.copying.ports import Description
from promoter.copying.results import OutcomeKind
from promoter.inspection.history import LoggedDecision
from promoter.inspection.ports import Reader
from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop, Verdict

_INSTALLABLE = frozenset({"Published", "Unlisted"})
_GONE = frozenset({"Archived", "Disposed", "Deleted"})


class Way(Struct, frozen=True):
    """The repositories from which a version can reach `repository`, and where the version is now."""

    repository: str
    hops: tuple[Hop, ...]
    found: dict[str, Description]

    @property
    def installable(self) -> bool:
        """True if a version of this number can be installed from the repository."""
        return self._status in _INSTALLABLE

    @property
    def gone(self) -> str:
        """The status that the version has in the repository if it cannot be installed from there any more, else ""."""
        return self._status if self._status in _GONE else ""

    @property
    def open_hops(self) -> list[Hop]:
        """The hops whose source has the version and whose destination does not."""
        return [hop for hop in self.hops if hop.source in self.found and hop.destination not in self.found]

    def last_decisions(self, decisions: Iterable[LoggedDecision]) -> list[LoggedDecision]:
        """The last decision about the revision that is there now, for each open hop and each hop that failed.

        `decisions` are oldest first.
        """
        last = {_hop(each): each for each in decisions}
        current = [last[hop] for hop in self.hops if hop in last and self._is_current(last[hop])]
        return [each for each in current if _hop(each) in self.open_hops or _failed(each)]

    def is_blocked(self, last: list[LoggedDecision]) -> bool:
        """True if the version will not come.

        It was removed there, or a repository on the way has other files under its number, or every open hop has a last
        decision, and each of them is a no.
        """
        opened = [each for each in last if _hop(each) in self.open_hops]
        stays = bool(opened) and len(opened) == len(self.open_hops) and all(map(_is_no, opened))
        return bool(self.gone) or len(opened) < len(last) or stays

    @property
    def _status(self) -> str:
        return self.found[self.repository].status if self.repository in self.found else ""

    def _is_current(self, decision: LoggedDecision) -> bool:
        source = self.found.get(decision.recorded.hop.from_)
        return source is not None and decision.recorded.revision == source.revision


def hops_to(rule_set: RuleSet, repository: str) -> tuple[Hop, ...]:
    """The hops that lead to a repository, directly or through others."""
    hops = [each.hop for each in rule_set.all_hops]
    reached, found = {repository}, set[Hop]()
    for _ in hops:  # no way is longer: rules have no cycle
        found |= {hop for hop in hops if hop.destination in reached}
        reached |= {hop.source for hop in found}
    return tuple(hop for hop in hops if hop in found)


def find_way(reader: Reader, rule_set: RuleSet, package: Package, version: str, repository: str) -> Way:
    """Look the version up in the repository and in those before it; raises ApiError."""
    hops = hops_to(rule_set, repository)
    names = dict.fromkeys(name for hop in hops for name in (hop.source, hop.destination))
    looked_up = {name: reader.find(name, package, version) for name in names}
    return Way(repository, hops, {name: each for name, each in looked_up.items() if each is not None})


def _hop(decision: LoggedDecision) -> Hop:
    return Hop(decision.recorded.hop.from_, decision.recorded.hop.to)


def _failed(decision: LoggedDecision) -> bool:
    return decision.recorded.outcome == OutcomeKind.FAILED.value


def _is_no(decision: LoggedDecision) -> bool:
    recorded = decision.recorded
    return recorded.verdict == Verdict.REJECT.name.lower() or _failed(decision) or recorded.observed
