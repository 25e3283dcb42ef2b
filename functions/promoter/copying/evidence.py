"""Gathers the evidence that decisions need."""

from collections.abc import Mapping
from typing import Protocol

from promoter.copying.ports import Description
from promoter.copying.results import Deferred, Outcome
from promoter.packages.candidate import Arrival
from promoter.packages.package import Package
from promoter.rules.evidence import Evidence, Fact, Need
from promoter.rules.vocabulary import Hop


class Sources(Protocol):
    """Where facts are looked up."""

    def describe(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome:
        """Describe one version, or return the outcome of a look-up that failed."""
        ...


def gather(arrival: Arrival, needed: Mapping[Hop, frozenset[Need]], sources: Sources) -> Evidence | Deferred:
    """Look up every fact that some hop needs. A look-up that fails defers the candidate on these hops.

    The status is evidence only if it was asked for: right after an event the API may still show an older one.
    """
    facts = {need for needs in needed.values() for need in needs if isinstance(need, Fact)}
    if not facts:
        return Evidence()
    candidate = arrival.candidate
    described = sources.describe(
        candidate.repository, candidate.package, candidate.version, arrival.delivery.number
    )
    if isinstance(described, Outcome):
        return Deferred(described)
    if Fact.STATUS not in facts:
        return Evidence(described.origin)
    if described.status == "Unfinished":  # no version goes back to it, so the API lags behind its event
        return Deferred(Outcome.retry("NOT_FOUND", "the API does not show the published version yet"))
    return Evidence(described.origin, described.status)
