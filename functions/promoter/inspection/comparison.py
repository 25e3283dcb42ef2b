"""Compares the two repositories of a hop: what would be promoted now, what not, and which files differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from promoter.copying.results import Result
from promoter.inspection.differences import compare_files
from promoter.inspection.ports import Reader, VersionSummary
from promoter.packages.candidate import Candidate, Delivery
from promoter.packages.package import Package
from promoter.packages.patterns import path_of
from promoter.reporting.decision_log import result_to_json
from promoter.rules.conditions import PUBLISHED, Soaked
from promoter.rules.decision import Decision, decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import HopRules, RuleSet
from promoter.rules.vocabulary import Verdict

_MAX_FILTERS = 100  # with more of them, listing whole formats takes fewer calls

_T = TypeVar("_T")
_R = TypeVar("_R")


class Mapper(Protocol):
    """Does work for each item, in order of the items; it may do several at a time."""

    def __call__(self, work: Callable[[_T], _R], items: Sequence[_T], title: str) -> Iterable[_R]:
        """Return the results. `title` says what is done, for a progress bar."""
        ...


class Scope(Struct, frozen=True):
    """The versions to compare: those that one promotion decides, or all (None), of packages that `accepts` names.

    The files of at most `max_compared` versions of a hop are compared.
    """

    promotion: str | None
    accepts: Callable[[Package], bool]
    max_compared: int


class Comparison(Struct, frozen=True):
    """One hop: decisions about versions that the destination does not have, and versions whose files differ.

    `present` counts the versions that both have. `uncompared` counts those of them whose revisions differ and whose
    files were not compared.
    """

    hop_rules: HopRules
    missing: tuple[Decision, ...]
    diverged: tuple[Result, ...]
    present: int
    uncompared: int = 0

    @property
    def equal(self) -> bool:
        """True if nothing is missing in the destination, and no files are known to differ."""
        return not self.missing and not self.diverged


class _Differing(Struct, frozen=True):
    """The decision about a version with another revision on each side, and its status in the destination."""

    decision: Decision
    status: str


class _Sides(Struct, frozen=True):
    """One package: decisions about missing versions, and versions with another revision on each side."""

    missing: list[Decision]
    differing: list[_Differing]
    present: int


def compare(
    reader: Reader, rule_set: RuleSet, hop_rules: HopRules, now: float, scope: Scope, map_: Mapper
) -> Comparison:
    """Read both sides of a hop within the scope, and decide at `now` (UTC seconds since the epoch)."""
    hop = hop_rules.hop
    comparer = _Comparer(reader, replace(rule_set, hops={hop.source: (hop_rules,)}), hop_rules, now, scope)
    source, destination = _list_packages(reader, hop_rules, scope)
    sides = _total(map_(lambda each: comparer.sides(each, downstream=each in destination), source, str(hop)))
    results = map_(comparer.diverged, sides.differing[: scope.max_compared], f"{hop}, files")
    return Comparison(
        hop_rules,
        tuple(sides.missing),
        tuple(filter(None, results)),
        sides.present,
        max(0, len(sides.differing) - scope.max_compared),
    )


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison for programs. Its decisions have the shape of the decision log."""
    hop = comparison.hop_rules.hop
    return {
        "hop": {"from": hop.source, "to": hop.destination},
        "decisions": [_missing_to_json(decision) for decision in comparison.missing],
        "diverged": [_diverged_to_json(result) for result in comparison.diverged],
        "present": comparison.present,
        "notCompared": comparison.uncompared,
    }


def _missing_to_json(decision: Decision) -> dict[str, Any]:
    candidate = decision.candidate
    json_ = result_to_json(Result.of(decision, Delivery()))
    return {**json_, "purl": candidate.purl, "revision": candidate.revision}


def _diverged_to_json(result: Result) -> dict[str, Any]:
    candidate = result.candidate
    json_ = result_to_json(result)
    return {
        "purl": candidate.purl,
        "revision": candidate.revision,
        "text": json_["text"],
        "assets": json_.get("assets", []),
    }


def list_filters(prefixes: Iterable[str]) -> list[tuple[str, str, str]]:
    """The fewest ListPackages filters (format, namespace, name) that find all paths with these prefixes."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    if len(kept) > _MAX_FILTERS:
        kept = sorted({prefix.partition("/")[0] + "/" for prefix in kept})
    return [_filter(prefix) for prefix in kept]


def _filter(prefix: str) -> tuple[str, str, str]:
    format_, namespace, name = [*prefix.split("/", 2), "", ""][:3]
    return format_, namespace, name


def _list_packages(
    reader: Reader, hop_rules: HopRules, scope: Scope
) -> tuple[list[Package], frozenset[Package]]:
    """The packages of the source that a promotion within the scope selects; and those of the destination."""
    promotions = [each for each in hop_rules.promotions if scope.promotion in (None, each.name)]
    filters = list_filters(pattern.prefix for promotion in promotions for pattern in promotion.packages)
    selected = {
        package
        for package in _packages(reader, hop_rules.hop.source, filters)
        if scope.accepts(package) and hop_rules.selecting(path_of(package))
    }
    if not selected:
        return [], frozenset()
    return sorted(selected), frozenset(_packages(reader, hop_rules.hop.destination, filters))


def _packages(reader: Reader, repository: str, filters: Sequence[tuple[str, str, str]]) -> Iterator[Package]:
    """The packages that the filters find; filters that overlap find some of them more than once."""
    for filter_ in filters:
        yield from (each.package for each in reader.packages(repository, *filter_))


def _total(sides: Iterable[_Sides]) -> _Sides:
    """The sides of all packages together."""
    missing: list[Decision] = []
    differing: list[_Differing] = []
    present = 0
    for each in sides:
        missing += each.missing
        differing += each.differing
        present += each.present
    return _Sides(missing, differing, present)


class _Comparer(Struct, frozen=True):
    """Compares one package after the other on both sides of a hop; several threads use it."""

    reader: Reader
    rule_set: RuleSet
    hop_rules: HopRules
    now: float
    scope: Scope

    def sides(self, package: Package, *, downstream: bool) -> _Sides:
        """Compare the versions of a package. `downstream` is True if the destination has the package."""
        hop = self.hop_rules.hop
        listed = self.reader.versions(hop.destination, package) if downstream else ()  # in every status
        there = {version.version: version for version in listed}
        missing: list[Decision] = []
        present: list[Decision] = []
        for version in self.reader.versions(hop.source, package, PUBLISHED):
            is_missing = version.version not in there
            decisions = self._decisions(package, version, is_missing=is_missing)
            (missing if is_missing else present).extend(decisions)
        differing = [
            _Differing(each, there[each.candidate.version].status)
            for each in present
            if there[each.candidate.version].revision != each.candidate.revision
        ]
        return _Sides(missing, differing, len(present))

    def diverged(self, differing: _Differing) -> Result | None:
        """The result with each file that differs; None if all files are the same."""
        decision = differing.decision
        outcome = compare_files(self.reader, decision.candidate, decision.hop, differing.status)
        result = Result.of(decision, Delivery(), outcome)
        return result if result.failed else None

    def _decisions(
        self, package: Package, version: VersionSummary, *, is_missing: bool
    ) -> Iterator[Decision]:
        """Decide about a version. Its time is looked up only if it is missing and a soak asks for it."""
        candidate = Candidate(package, version.version, version.revision, self.hop_rules.hop.source, 0.0)
        evidence = Evidence(version.origin)
        for decision in decide(candidate, evidence, self.rule_set, self.now):
            if self.scope.promotion not in (None, decision.promotion.name):
                continue
            if not is_missing or decision.verdict is Verdict.REJECT or not _soaks(decision):
                yield decision
                continue
            since = self._published(candidate)
            yield from decide(replace(candidate, available_since=since), evidence, self.rule_set, self.now)

    def _published(self, candidate: Candidate) -> float:
        """publishedTime: not a reliable age (User Guide: package-version-age-gating), but the only one known."""
        described = self.reader.find(candidate.repository, candidate.package, candidate.version)
        return described.published if described else self.now


def _soaks(decision: Decision) -> bool:
    return any(isinstance(condition, Soaked) for condition in decision.promotion.conditions)
