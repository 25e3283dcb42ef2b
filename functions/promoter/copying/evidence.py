"""Gathers the evidence that decisions need."""

from collections.abc import Mapping
from typing import Protocol

from promoter.copying.ports import Description
from promoter.copying.results import Deferred
from promoter.packages.candidate import Candidate
from promoter.rules.evidence import Evidence, Fact
from promoter.rules.rule_set import Hop


class Sources(Protocol):
    """Where facts are looked up."""

    def describe(self, candidate: Candidate, receive_count: int) -> Description | Deferred:
        """Describe the candidate in its repository."""
        ...


def gather(
    candidate: Candidate, needed: Mapping[Hop, frozenset[Fact]], sources: Sources, receive_count: int = 1
) -> Evidence | Deferred:
    """Look up every fact that some hop needs. A look-up that fails defers the candidate on these hops."""
    if not any(needed.values()):
        return Evidence()
    described = sources.describe(candidate, receive_count)
    if isinstance(described, Deferred):
        return described
    return Evidence(origin=described.origin)
