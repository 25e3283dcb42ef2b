"""comparison: what of one repository is missing or different in the next."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pytest

from promoter.inspection.comparison import Comparison, Scope, compare, comparison_to_json, list_filters
from promoter.packages.package import Package
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_reader import InMemoryReader
from tests.support.samples import MORNING, WIDGET, promotion, rules

GADGET = Package("npm", "acme", "gadget")
EVERYTHING = Scope(None, lambda _: True, 500)

_T = TypeVar("_T")
_R = TypeVar("_R")


class Mapper:
    """Does the work in order, and notes how much."""

    def __init__(self) -> None:
        self.titles: list[tuple[str, int]] = []

    def __call__(self, work: Callable[[_T], _R], items: Sequence[_T], title: str) -> Iterable[_R]:
        self.titles.append((title, len(items)))
        return map(work, items)


@pytest.fixture
def domain() -> InMemoryReader:
    return InMemoryReader.of("dev", "staging")


def compared(
    domain: InMemoryReader,
    rule_set: RuleSet | None = None,
    scope: Scope = EVERYTHING,
    mapper: Mapper | None = None,
) -> Comparison:
    used = rule_set or rules()
    [hop_rules] = used.all_hops
    return compare(domain, used, hop_rules, MORNING, scope, mapper or Mapper())


def missing(comparison: Comparison) -> list[tuple[str, str]]:
    return [(each.candidate.version, each.verdict.name) for each in comparison.missing]


def test_versions_that_the_destination_lacks_are_decided(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0")
    domain.put("dev", "1.1.0")
    domain.put("staging", "1.0.0")

    comparison = compared(domain)

    assert missing(comparison) == [("1.1.0", "PROMOTE")]
    assert (comparison.present, comparison.diverged, comparison.equal) == (1, (), False)


def test_only_published_versions_of_selected_packages_count(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", status="Archived")
    domain.put("dev", "1.0.0", Package("pypi", "", "tools"))

    assert missing(compared(domain)) == []


@pytest.mark.parametrize("status", ["Published", "Unlisted", "Archived", "Disposed"])
def test_a_version_in_any_status_in_the_destination_is_present(domain: InMemoryReader, status: str) -> None:
    domain.put("dev", "1.0.0")
    domain.put("staging", "1.0.0", status=status)

    comparison = compared(domain)

    assert (missing(comparison), comparison.present, comparison.diverged) == ([], 1, ())


def test_a_version_that_was_disposed_in_the_destination_is_told_by_its_status(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", revision="r1")
    domain.put("staging", "1.0.0", revision="r2", status="Disposed")

    [result] = compared(domain).diverged

    assert result.outcome is not None
    assert result.outcome.text == "the version is Disposed in staging; it is never changed there"
    assert result.outcome.differences == ()


def test_files_that_were_only_added_are_told_as_added(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", revision="r2", wheel="bb")
    domain.put("staging", "1.0.0")

    [result] = compared(domain).diverged

    assert result.outcome is not None
    assert result.outcome.only_added


@pytest.mark.parametrize(("hours", "verdict"), [(0, "WAIT"), (1, "WAIT"), (2, "PROMOTE"), (48, "PROMOTE")])
def test_a_soak_counts_from_published_time_and_not_from_now(
    domain: InMemoryReader, hours: int, verdict: str
) -> None:
    domain.put("dev", published=MORNING - 3600 * hours)

    [decision] = compared(domain, rules(promotion(soak="2h"))).missing

    assert decision.verdict.name == verdict
    assert decision.candidate.available_since == MORNING - 3600 * hours


def test_the_destination_is_asked_only_for_packages_that_it_has(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", WIDGET)
    domain.put("dev", "1.0.0", GADGET)
    domain.put("staging", "1.0.0", GADGET)

    compared(domain)

    assert [call[1:3] for call in domain.calls if call[0] == "versions" and call[1] == "staging"] == [
        ("staging", "gadget")
    ]


def test_a_rejected_version_is_a_difference(domain: InMemoryReader) -> None:
    domain.put("dev")

    comparison = compared(domain, rules(promotion(exclude=["pkg:npm/@acme/*"])))

    assert (missing(comparison), comparison.equal) == ([("1.0.0", "REJECT")], False)


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [({"approval": True}, "HOLD"), ({"soak": "1h"}, "WAIT"), ({"mode": "observe"}, "PROMOTE")],
)
def test_a_version_that_only_waits_is_a_difference(
    domain: InMemoryReader, keys: dict[str, Any], verdict: str
) -> None:
    domain.put("dev")

    comparison = compared(domain, rules(promotion(**keys)))

    assert (missing(comparison), comparison.equal) == ([("1.0.0", verdict)], False)


def test_files_are_compared_only_if_the_revisions_differ(domain: InMemoryReader) -> None:
    for version, revision, content in (("1", "r1", "bb"), ("2", "r2", "aa"), ("3", "r2", "bb")):
        domain.put("dev", version, revision="r1", content="aa")
        domain.put("staging", version, revision=revision, content=content)

    comparison = compared(domain)

    assert [each.candidate.version for each in comparison.diverged] == ["3"]
    assert {call[3] for call in domain.calls if call[0] == "list_assets"} == {"2", "3"}
    assert (comparison.present, comparison.equal) == (3, False)


def test_no_more_files_are_compared_than_the_scope_allows(domain: InMemoryReader) -> None:
    for version in ("1", "2", "3"):
        domain.put("dev", version, revision="r1", content="aa")
        domain.put("staging", version, revision="r2", content="bb")

    comparison = compared(domain, scope=Scope(None, lambda _: True, 1))

    assert (len(comparison.diverged), comparison.uncompared) == (1, 2)


def test_a_soak_looks_up_the_time_of_missing_versions_alone(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", published=MORNING - 7200)
    domain.put("dev", "1.1.0", published=MORNING)
    domain.put("dev", "1.2.0", published=MORNING)
    domain.put("staging", "1.2.0")

    comparison = compared(domain, rules(promotion(soak="1h")))

    assert missing(comparison) == [("1.0.0", "PROMOTE"), ("1.1.0", "WAIT")]
    assert [call[3] for call in domain.calls if call[0] == "find"] == ["1.0.0", "1.1.0"]


def test_no_time_is_looked_up_for_a_version_that_is_rejected_anyway(domain: InMemoryReader) -> None:
    domain.put("dev")

    compared(domain, rules(promotion(soak="1h", exclude=["pkg:npm/@acme/*"])))

    assert not any(call[0] == "find" for call in domain.calls)


def test_the_origin_of_a_listed_version_selects_the_promotion(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", origin="internal")
    domain.put("dev", "1.1.0", origin="external")

    assert missing(compared(domain, rules(promotion(origin="internal")))) == [("1.0.0", "PROMOTE")]


def test_the_scope_limits_promotions_and_packages(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", WIDGET)
    domain.put("dev", "2.0.0", GADGET)
    both = rules(promotion("widgets", packages=["pkg:npm/@acme/w*"]), promotion("rest"))

    of_rest = compared(domain, both, Scope("rest", lambda _: True, 500))
    of_widget = compared(domain, both, Scope(None, lambda package: package == WIDGET, 500))

    assert (missing(of_rest), missing(of_widget)) == ([("2.0.0", "PROMOTE")], [("1.0.0", "PROMOTE")])


def test_work_is_mapped_by_package_and_then_by_file(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", WIDGET, revision="r1")
    domain.put("staging", "1.0.0", WIDGET, revision="r2")
    domain.put("dev", "1.0.0", GADGET)
    mapper = Mapper()

    compared(domain, mapper=mapper)

    assert mapper.titles == [("dev -> staging", 2), ("dev -> staging, files", 1)]


def test_json_has_decisions_as_in_the_log_and_the_files_that_differ(domain: InMemoryReader) -> None:
    domain.put("dev", "1.0.0", revision="r1", content="aa")
    domain.put("staging", "1.0.0", revision="r2", content="bb")
    domain.put("dev", "1.1.0", revision="r3")

    assert comparison_to_json(compared(domain)) == {
        "hop": {"from": "dev", "to": "staging"},
        "decisions": [
            {
                "hop": {"from": "dev", "to": "staging"},
                "promotion": "npm-to-staging",
                "verdict": "promote",
                "reasons": [],
                "purl": "pkg:npm/%40acme/widget@1.1.0",
                "revision": "r3",
            }
        ],
        "diverged": [
            {
                "purl": "pkg:npm/%40acme/widget@1.0.0",
                "revision": "r1",
                "text": "staging already has this version with different files",
                "assets": [{"name": "package.tgz", "source": "aa", "destination": "bb"}],
            }
        ],
        "present": 1,
        "notCompared": 0,
    }


@pytest.mark.parametrize(
    ("prefixes", "filters"),
    [
        ([""], [("", "", "")]),
        (["npm/"], [("npm", "", "")]),
        (["npm/acme/"], [("npm", "acme", "")]),
        (["npm//acme-"], [("npm", "", "acme-")]),
        (["maven/com.acme"], [("maven", "com.acme", "")]),
        (["npm/acme/widget", "npm/acme/", "npm/acme/ui"], [("npm", "acme", "")]),
        (["pypi//a", "npm/acme/", "", "npm/"], [("", "", "")]),
        (["npm/a/x", "npm/b/"], [("npm", "a", "x"), ("npm", "b", "")]),
    ],
)
def test_list_filters_are_the_fewest_that_find_all(
    prefixes: list[str], filters: list[tuple[str, str, str]]
) -> None:
    assert list_filters(prefixes) == filters


def test_too_many_list_filters_become_the_formats() -> None:
    prefixes = [f"npm/scope-{number}/" for number in range(101)] + ["pypi//acme-"]

    assert list_filters(prefixes) == [("npm", "", ""), ("pypi", "", "")]
