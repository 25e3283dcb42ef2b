"""draft: the proposed rules file observes, is valid, and selects no public packages."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cli.draft import RepositoryContents, draft_rules, summarize
from promoter.inspection.ports import RepositoryPackage
from promoter.inspection.stages import find_families
from promoter.packages.package import FORMATS, NAMESPACED, Package
from promoter.rules_file.advice import advise
from promoter.rules_file.conflict_warnings import conflict_warnings
from promoter.rules_file.reader import load
from tests.unit.inspection.test_proposal import LODASH, own

PUBLIC = RepositoryPackage(LODASH, False)


def test_contents_are_counted_by_format_and_namespace() -> None:
    packages = [*own("npm", "acme/a", "acme/b", "c"), *own("pypi", "d"), PUBLIC]

    assert summarize(packages) == "npm 3 (@acme 2, unscoped 1), pypi 1; 1 public"
    assert summarize([PUBLIC]) == "no packages of your own; 1 public"
    assert summarize([]) == "no packages of your own"


def test_only_the_largest_namespaces_are_named() -> None:
    packages = own("maven", *(f"g{number}/a" for number in range(7)), "g6/b")

    assert summarize(packages) == "maven 8 (g6 2, g0 1, g1 1, g2 1, g3 1, 2 more)"


def test_a_draft_observes_and_its_broad_promotions_state_the_origin() -> None:
    packages = (*own("npm", "acme/widget"), *own("pypi", *(f"thing{number}" for number in range(11))))
    repositories = [RepositoryContents("dev", packages), RepositoryContents("prod")]

    loaded = load(draft_rules("acme", repositories, find_families(["dev", "prod"])))

    assert [
        (each.name, [pattern.text for pattern in each.packages], each.origin, each.mode)
        for each in loaded.rule_set.promotions
    ] == [
        ("dev-to-prod", ["pkg:npm/@acme/*"], None, "observe"),
        ("dev-to-prod-by-origin", ["pkg:pypi/*"], "internal", "observe"),
    ]
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("packages", "on_conflict"),
    [
        (own("npm", "acme/a"), "fail"),
        (own("generic", "acme/a"), "fail"),
        (own("pypi", "acme-a"), "extend"),
        (own("maven", "com.acme/a"), "extend"),
        ([*own("npm", "acme/a"), *own("pypi", "acme-a")], "extend"),
        ([], "extend"),  # everything
    ],
)
def test_versions_that_may_get_files_later_are_extended_on_every_hop(
    packages: list[RepositoryPackage], on_conflict: str
) -> None:
    names = ["dev", "staging", "prod"]
    repositories = [RepositoryContents(name, tuple(packages)) for name in names]

    text = draft_rules("acme", repositories, find_families(names))

    promotions = load(text).rule_set.promotions
    assert [each.on_conflict for each in promotions] == [on_conflict] * len(promotions)
    assert {(each.source, each.destination) for each in promotions} == {
        ("dev", "staging"),
        ("staging", "prod"),
    }
    assert list(conflict_warnings(promotions)) == []
    assert ("such as a wheel after its sdist" in text) is (on_conflict == "extend")


def test_the_example_is_valid_and_needs_no_advice() -> None:
    text = draft_rules("acme", [RepositoryContents("one"), RepositoryContents("two")], [])
    assert "# [[promotion]]" in text
    example = re.sub(r"^# ?(?=[a-z\[])", "", text[text.index("# [[promotion]]") :], flags=re.MULTILINE)
    rules = f'domain = "acme"\n{example}'

    loaded = load(rules)

    assert loaded.warnings == ()
    [promotion] = loaded.rule_set.promotions
    assert promotion.npm_latest == "highest"
    assert advise(rules, loaded.rule_set, 0) == []
    assert advise(rules.replace("npm-latest", "#"), loaded.rule_set, 0) != []


def test_families_do_not_share_names() -> None:
    repositories = [RepositoryContents(name) for name in ("dev", "prod", "ours-dev", "ours-prod")]

    text = draft_rules("acme", repositories, find_families(each.name for each in repositories))

    assert list(tomllib.loads(text)["teams"]) == ["ours-by-origin", "ours-by-origin-2"]


def test_a_draft_without_hops_has_an_example_that_can_be_used() -> None:
    text = draft_rules("acme", [RepositoryContents("shared")], ())

    assert "promotion" not in tomllib.loads(text)
    start = text.index("# [[promotion]]")
    example = re.sub(r"^# ", "", text[start:], flags=re.MULTILINE)
    promotions = load(text[:start] + example).rule_set.promotions
    assert len(promotions) == 1
    assert list(conflict_warnings(promotions)) == []


NAMES = st.lists(
    st.sampled_from(["dev", "prod", "staging", "ours", "by", "origin", "a", "to", "x" * 40]),
    min_size=1,
    max_size=4,
)
REPOSITORIES = st.tuples(NAMES, st.sampled_from("-._")).map(lambda each: each[1].join(each[0]))
TEXTS = st.from_regex(r"[^#/\s]{1,12}", fullmatch=True)


@st.composite
def packages(draw: st.DrawFn) -> RepositoryPackage:
    format_ = draw(st.sampled_from(FORMATS))
    namespace = draw(TEXTS) if format_ in NAMESPACED or (format_ == "npm" and draw(st.booleans())) else ""
    package = Package(format_, namespace, draw(TEXTS))
    return RepositoryPackage(package, draw(st.sampled_from([True, False, None])))


@given(
    st.dictionaries(REPOSITORIES.filter(lambda name: 2 <= len(name) <= 100), st.lists(packages()), max_size=8)
)
def test_the_draft_is_valid_whatever_the_domain_has(domain: dict[str, list[RepositoryPackage]]) -> None:
    repositories = [RepositoryContents(name, tuple(contents)) for name, contents in domain.items()]
    families = find_families(domain)

    text = draft_rules("acme", repositories, families)

    if not families:
        assert "promotion" not in tomllib.loads(text)
        return
    promotions = load(text).rule_set.promotions
    hops = {hop for family in families for hop in family.hops}
    assert {(each.source, each.destination) for each in promotions} == hops
    assert {each.mode for each in promotions} == {"observe"}
    several = {
        each.on_conflict
        for each in promotions
        if {pattern.format for pattern in each.packages} & {"", "pypi", "maven"}
    }
    assert several <= {"extend"}
