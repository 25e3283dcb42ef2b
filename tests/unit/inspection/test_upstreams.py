"""upstreams: the chains through which clients get versions that nobody promoted."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.inspection.ports import ExternalConnection, RepositoryLinks
from promoter.inspection.upstreams import Chain, Graph, UpstreamProblems, find_problems, sources_of
from promoter.rules.rule_set import RuleSet
from tests.support.samples import promotion, rules

CHAIN = rules(promotion("one"), promotion("two", "staging -> prod"))
NPMJS = ExternalConnection("public:npmjs", "npm")


def links(*upstreams: str, connection: ExternalConnection | None = None) -> RepositoryLinks:
    return RepositoryLinks(upstreams, (connection,) if connection else ())


def faults(graph: Graph, rule_set: RuleSet = CHAIN) -> list[str]:
    return [" <- ".join(chain) for chain in problems(graph, rule_set).faults]


def warnings(graph: Graph, rule_set: RuleSet) -> list[str]:
    return [" <- ".join(chain) for chain in problems(graph, rule_set).warnings]


def problems(graph: Graph, rule_set: RuleSet) -> UpstreamProblems:
    return find_problems(rule_set, destinations(rule_set), graph)


def destinations(rule_set: RuleSet) -> list[str]:
    return list(dict.fromkeys(each.destination for each in rule_set.promotions))


def test_a_source_among_the_direct_upstreams_is_a_fault() -> None:
    assert faults({"prod": links("staging")}) == ["prod <- staging"]


def test_a_source_behind_other_upstreams_is_a_fault_with_its_chain() -> None:
    graph = {"prod": links("other", "shared"), "other": links("store"), "shared": links("staging")}

    assert faults(graph) == ["prod <- shared <- staging"]


def test_a_source_two_hops_before_the_destination_is_a_fault() -> None:
    assert faults({"prod": links("dev")}) == ["prod <- dev"]


def test_a_fault_is_told_once_at_the_first_source_of_the_chain() -> None:
    graph = {"prod": links("staging"), "staging": links("shared"), "shared": links("dev")}

    assert faults(graph) == ["staging <- shared <- dev", "prod <- staging"]


def test_two_ways_to_a_source_are_told_by_the_shorter_one() -> None:
    graph = {"prod": links("a", "b"), "a": links("c"), "c": links("staging"), "b": links("staging")}

    assert faults(graph) == ["prod <- b <- staging"]


def test_a_source_may_have_its_destination_as_an_upstream() -> None:
    assert faults({"dev": links("prod"), "staging": links("prod")}) == []


def test_upstreams_that_no_promotion_starts_from_are_no_fault() -> None:
    assert faults({"prod": links("released", "public-store")}) == []


@pytest.mark.parametrize(
    "graph",
    [
        {"prod": links("prod")},
        {"prod": links("a"), "a": links("prod")},
        {"prod": links("a"), "a": links("b"), "b": links("a")},
    ],
)
def test_a_cycle_ends(graph: Graph) -> None:
    assert faults(graph) == []


def test_a_source_in_a_cycle_is_a_fault() -> None:
    graph = {"prod": links("a"), "a": links("staging"), "staging": links("a")}

    assert faults(graph) == ["prod <- a <- staging"]


def selecting(origin: str | None, pattern: str = "pkg:npm/@acme/*") -> RuleSet:
    table = promotion("one", "staging -> prod", [pattern], origin=origin or "any")
    return rules(table if origin else table.replace('origin = "any"\n', ""))


@pytest.mark.parametrize(
    ("origin", "warned"), [("any", True), ("external", True), ("internal", False), (None, False)]
)
def test_an_external_connection_is_a_warning_where_external_packages_are_promoted(
    origin: str | None, warned: bool
) -> None:
    graph = {"prod": links("store"), "store": links(connection=NPMJS)}

    found = problems(graph, selecting(origin))

    assert found.warnings == ((("prod", "store", "public:npmjs"),) if warned else ())
    assert found.faults == ()


def test_an_external_connection_of_the_destination_itself_is_a_warning() -> None:
    assert warnings({"prod": links(connection=NPMJS)}, selecting("any")) == ["prod <- public:npmjs"]


def test_an_external_connection_of_another_format_is_no_warning() -> None:
    graph = {"prod": links(connection=NPMJS)}

    assert warnings(graph, selecting("any", "pkg:pypi/acme-*")) == []
    assert warnings(graph, selecting("any", "pkg:**")) == ["prod <- public:npmjs"]


def test_an_external_connection_behind_another_destination_counts_only_for_its_own_promotions() -> None:
    both = rules(
        promotion("one", "dev -> staging", origin="any"),
        promotion("two", "staging -> prod", origin="internal"),
    )
    graph = {"prod": links("store"), "staging": links("store"), "store": links(connection=NPMJS)}

    assert warnings(graph, both) == ["staging <- store <- public:npmjs"]


def test_the_sources_of_a_destination_are_those_of_all_its_hops() -> None:
    wide = rules(promotion("one"), promotion("two", "staging -> prod"), promotion("three", "qa -> prod"))

    assert sources_of("prod", wide) == {"dev", "staging", "qa"}
    assert sources_of("staging", wide) == {"dev"}
    assert sources_of("dev", wide) == frozenset()


NAMES = ("s0", "s1", "s2", "d0", "d1", "u0", "u1", "u2")
GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4).map(tuple))
HOPS = st.sets(  # from a lower to a higher position, so that no hop leads back
    st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda each: each[0] < each[1]), min_size=1
)


def paths(graph: dict[str, tuple[str, ...]], start: str) -> Iterator[Chain]:
    """Every chain of upstreams without a repetition: the naive way, which takes exponential time."""
    ahead: list[Chain] = [(start,)]
    while ahead:
        chain = ahead.pop()
        yield chain
        ahead += [(*chain, each) for each in graph.get(chain[-1], ()) if each not in chain]


@given(GRAPHS, HOPS)
def test_faults_are_those_of_a_naive_search(
    upstreams: dict[str, tuple[str, ...]], hops: set[tuple[int, int]]
) -> None:
    rule_set = rules(*(promotion(f"p{a}{b}", f"{NAMES[a]} -> {NAMES[b]}") for a, b in sorted(hops)))
    graph = {name: links(*each) for name, each in upstreams.items()}

    found = problems(graph, rule_set).faults

    for destination in destinations(rule_set):
        sources = sources_of(destination, rule_set)
        reachable = {chain[-1] for chain in paths(upstreams, destination)} & sources
        direct = {
            chain[-1]: len(chain)
            for chain in sorted(paths(upstreams, destination), key=len, reverse=True)
            if chain[-1] in sources and not sources & set(chain[:-1])
        }
        ours = [chain for chain in found if chain[0] == destination]
        assert {chain[-1]: len(chain) for chain in ours} == direct
        assert bool(ours) == bool(reachable)
        assert all(b in upstreams[a] for chain in ours for a, b in pairwise(chain))


@given(GRAPHS, st.sets(st.sampled_from(NAMES)))
def test_warnings_are_those_of_a_naive_search(
    upstreams: dict[str, tuple[str, ...]], connected: set[str]
) -> None:
    rule_set = rules(promotion("one", "s0 -> d0", origin="any"))
    graph = {
        name: links(*upstreams.get(name, ()), connection=NPMJS if name in connected else None)
        for name in NAMES
    }

    found = problems(graph, rule_set).warnings

    lengths = [len(chain) for chain in paths(upstreams, "d0") if chain[-1] in connected]
    assert [len(chain) - 1 for chain in found] == ([min(lengths)] if lengths else [])
