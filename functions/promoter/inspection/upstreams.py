"""Upstreams that make promotion pointless: clients get versions through them that nobody promoted.

Source: User Guide, repo-upstream-behavior.
"""

from collections import deque
from collections.abc import Iterable, Mapping

from msgspec import Struct

from promoter.inspection.ports import RepositoryLinks
from promoter.rules.rule_set import RuleSet

Graph = Mapping[str, RepositoryLinks]  # by repository; a repository that is not there has no known links
Chain = tuple[str, ...]  # from a destination to the repository or connection that clients reach through it


class UpstreamProblems(Struct, frozen=True):
    """Chains of upstreams, each from a destination.

    A fault ends in a source of the destination, a warning in an external connection.
    """

    faults: tuple[Chain, ...]
    warnings: tuple[Chain, ...]


def find_problems(rule_set: RuleSet, destinations: Iterable[str], graph: Graph) -> UpstreamProblems:
    """The problems of these destinations."""
    faults: list[Chain] = []
    warnings: list[Chain] = []
    for destination in destinations:
        faults += _faults(destination, sources_of(destination, rule_set), graph)
        warnings += _warnings(destination, rule_set, graph)
    return UpstreamProblems(tuple(faults), tuple(warnings))


def sources_of(destination: str, rule_set: RuleSet) -> frozenset[str]:
    """The repositories that versions of a destination come from, over one hop or several."""
    found: set[str] = set()
    ahead = {destination}
    while ahead:
        ahead = {each.source for each in rule_set.promotions if each.destination in ahead} - found
        found |= ahead
    return frozenset(found)


def _faults(destination: str, sources: frozenset[str], graph: Graph) -> list[Chain]:
    """The shortest chain to each source that can be reached without passing another source."""
    chains = _shortest_chains(destination, graph, sources)
    return [chain for name, chain in chains.items() if name in sources]


def _warnings(destination: str, rule_set: RuleSet, graph: Graph) -> list[Chain]:
    """The shortest chain to each external connection that may have packages which are promoted here."""
    formats = {each.name: each.format for links in graph.values() for each in links.connections}
    chains = _shortest_chains(destination, graph, frozenset())
    return [
        chain
        for name, chain in chains.items()
        if name in formats and _promotes_external(destination, formats[name], rule_set)
    ]


def _promotes_external(destination: str, format_: str, rule_set: RuleSet) -> bool:
    """True if a promotion to the destination selects external packages of the format."""
    return any(
        pattern.format in ("", format_)
        for each in rule_set.promotions
        if each.destination == destination and each.origin in ("external", "any")
        for pattern in each.packages
    )


def _shortest_chains(start: str, graph: Graph, ends: frozenset[str]) -> dict[str, Chain]:
    """The shortest chain to each repository and connection, by its name. No chain goes on beyond the `ends`.

    Names of connections have a colon, which names of repositories have not.
    """
    chains: dict[str, Chain] = {start: (start,)}
    ahead = deque([start])
    while ahead:
        name = ahead.popleft()
        linked = () if name in ends else _linked(graph.get(name, RepositoryLinks()))
        new = [each for each in dict.fromkeys(linked) if each not in chains]
        chains |= {each: (*chains[name], each) for each in new}
        ahead.extend(new)
    return chains


def _linked(links: RepositoryLinks) -> tuple[str, ...]:
    return (*links.upstreams, *(each.name for each in links.connections))
