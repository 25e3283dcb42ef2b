"""upstream_check: which repositories are read, and what happens if one may not be."""

from promoter.copying.ports import ApiError
from promoter.inspection.upstream_check import UpstreamCheck, check_upstreams
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_reader import InMemoryReader
from tests.support.samples import promotion, rules

CHAIN = rules(promotion("one"), promotion("two", "staging -> prod"))


def check(reader: InMemoryReader, rule_set: RuleSet = CHAIN, *destinations: str) -> UpstreamCheck:
    return check_upstreams(reader, rule_set, destinations or ("staging", "prod", "staging"))


def test_each_repository_that_clients_reach_is_read_once_although_upstreams_form_a_cycle() -> None:
    reader = InMemoryReader.of("dev", "staging", "prod")
    reader.link("prod", "shared", "store")
    reader.link("shared", "store")
    reader.link("store", "shared")

    found = check(reader)

    assert sorted(reader.calls) == [("links", name) for name in ("prod", "shared", "staging", "store")]
    assert (found.problems.faults, found.unread, found.passes) == ((), {}, True)


def test_a_fault_does_not_pass() -> None:
    reader = InMemoryReader.of("dev", "staging", "prod")
    reader.link("prod", "shared")
    reader.link("shared", "staging")

    found = check(reader)

    assert (found.problems.faults, found.passes) == ((("prod", "shared", "staging"),), False)


def test_a_warning_passes() -> None:
    reader = InMemoryReader.of("dev", "staging")
    reader.link("staging", connection="public:npmjs")

    found = check(reader, rules(promotion("one", origin="any")), "staging")

    assert (found.problems.warnings, found.passes) == ((("staging", "public:npmjs"),), True)


def test_a_repository_that_may_not_be_read_hides_no_fault_of_another() -> None:
    reader = InMemoryReader.of("dev", "staging", "prod")
    reader.link("staging", "dev")
    reader.denied = frozenset({"prod"})

    found = check(reader)

    assert found.problems.faults == (("staging", "dev"),)
    assert [(name, error.code) for name, error in found.unread.items()] == [("prod", "AccessDeniedException")]


def test_an_upstream_that_may_not_be_read_is_still_found_as_a_source() -> None:
    reader = InMemoryReader.of("dev", "staging", "prod")
    reader.link("prod", "staging")
    reader.denied = frozenset({"staging"})

    found = check(reader, CHAIN, "prod")

    assert (found.problems.faults, list(found.unread)) == ((("prod", "staging"),), ["staging"])


def test_a_repository_that_may_not_be_read_passes() -> None:
    reader = InMemoryReader.of("dev", "staging")
    reader.denied = frozenset({"staging"})

    found = check(reader, rules(promotion("one")), "staging")

    assert found.passes
    assert isinstance(found.unread["staging"], ApiError)
