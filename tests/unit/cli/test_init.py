"""promoter init: stages by their names, patterns by what is held, and a file that loads."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promoter.cli.domain import Repository, RepositoryPackage

from promoter.cli.draft import contents, rules
from promoter.cli.proposal import select
from promoter.cli.stages import families
from promoter.packages.package import FORMATS, NAMESPACED, Package
from promoter.rules_file.reader import load


def ours(format_: str, *names: str) -> list[RepositoryPackage]:
    """Packages that were published here; a name may have a namespace, as in `acme/widget`."""
    split = [name.rpartition("/") for name in names]
    return [RepositoryPackage(Package(format_, namespace, name), True) for namespace, _, name in split]


def chains(*repositories: str) -> list[str]:
    return [" -> ".join(",".join(step) for step in family.steps) for family in families(repositories)]


@pytest.mark.parametrize(
    ("repositories", "found"),
    [
        (["prod", "dev", "staging"], ["dev -> staging -> prod"]),
        (["release", "snapshots"], ["snapshots -> release"]),
        (["live", "develop", "qa", "test"], ["develop -> test -> qa -> live"]),
        (["DEV", "Prod"], ["DEV -> Prod"]),
        (
            ["team-a-dev", "team-a-prod", "team-b-dev", "team-b-prod"],
            ["team-a-dev -> team-a-prod", "team-b-dev -> team-b-prod"],
        ),
        (["dev-team-a", "prod-team-a"], ["dev-team-a -> prod-team-a"]),
        (["npm.rc.acme", "npm.prod.acme"], ["npm.rc.acme -> npm.prod.acme"]),
        (["dev", "stage", "staging", "prod"], ["dev -> stage,staging -> prod"]),
        (["test-tools-dev", "test-tools-prod"], ["test-tools-dev -> test-tools-prod"]),
        (["dev", "team-a-prod"], []),
        (["npm-store", "shared", "devtools"], []),
        (["dev"], []),
        ([], []),
    ],
    ids=str,
)
def test_repositories_follow_each_other_by_the_words_for_their_stages(
    repositories: list[str], found: list[str]
) -> None:
    assert chains(*repositories) == found


def test_of_names_that_would_be_one_logical_id_one_is_taken() -> None:
    assert chains("a-dev", "a.dev", "a-prod") == ["a-dev -> a-prod"]


def test_every_step_leads_to_the_next() -> None:
    [family] = families(["dev", "stage", "staging", "prod"])

    assert family.hops == (
        ("dev", "stage"),
        ("dev", "staging"),
        ("stage", "prod"),
        ("staging", "prod"),
    )


@pytest.mark.parametrize(
    ("held", "patterns"),
    [
        (ours("npm", "acme/widget", "acme/ui"), {"pkg:npm/@acme/*": 2}),
        (ours("pypi", "acme-tools", "acme-tests"), {"pkg:pypi/acme-*": 2}),
        (ours("cargo", "acme_core"), {"pkg:cargo/acme_core": 1}),
        (ours("ruby", "acme", "acme-x"), {"pkg:gem/acme*": 2}),
        (ours("maven", "com.acme.core/a", "com.acme.web/b"), {"/maven/com.acme~": 2}),
        (ours("maven", "com.acme/a", "com.acme.web/b"), {"/maven/com.acme~": 2}),
        (ours("maven", "com.acme.core/a", "com.acme.core/b"), {"pkg:maven/com.acme.core/*": 2}),
        (
            ours("maven", "io.github.a/a", "io.github.b/b"),
            {"pkg:maven/io.github.a/*": 1, "pkg:maven/io.github.b/*": 1},
        ),
        (ours("maven", "io.github.a.x/a", "io.github.a.y/b"), {"/maven/io.github.a~": 2}),
        (ours("generic", "team@x/blob"), {"pkg:generic/team%40x/*": 1}),
        (ours("swift", "acme/core"), {"pkg:swift/acme/*": 1}),
        ([], {}),
    ],
    ids=str,
)
def test_patterns_are_as_narrow_as_what_is_held(
    held: list[RepositoryPackage], patterns: dict[str, int]
) -> None:
    selection = select(held)

    assert (selection.certain, selection.by_origin) == (patterns, {})


def test_many_names_of_nothing_in_common_are_one_broad_pattern_with_an_origin() -> None:
    selection = select(ours("nuget", *(f"thing{number}" for number in range(11))))

    assert (selection.certain, selection.by_origin) == ({}, {"pkg:nuget/*": 11})


def test_public_packages_are_not_selected() -> None:
    assert not select([RepositoryPackage(Package("npm", "", "lodash"), False)]).certain


@pytest.mark.parametrize("told", [False, None])
def test_a_pattern_that_a_doubtful_package_matches_asks_for_the_origin(told: bool | None) -> None:
    selection = select(
        [*ours("npm", "core-lib", "core-utils"), RepositoryPackage(Package("npm", "", "core-js"), told)]
    )

    assert selection.certain == {}
    assert selection.by_origin.keys() == {"pkg:npm/core-*"}


def test_contents_are_counted_by_format_and_namespace() -> None:
    public = [RepositoryPackage(Package("npm", "", "lodash"), False)]

    assert contents([*ours("npm", "acme/a", "acme/b", "c"), *ours("pypi", "d"), *public]) == (
        "npm 3 (@acme 2, unscoped 1), pypi 1; 1 public"
    )
    assert contents([]) == "no package of ours"
    assert contents(ours("maven", *(f"g{n}/a" for n in range(7)))).endswith("g4 1, 2 more)")


def test_a_draft_observes_and_its_broad_promotions_state_the_origin() -> None:
    held = (*ours("npm", "acme/widget"), *ours("pypi", *(f"thing{number}" for number in range(11))))
    repositories = [Repository("dev", held), Repository("prod")]

    rule_set = load(rules("acme", repositories, families(["dev", "prod"])))

    assert [
        (each.name, [pattern.text for pattern in each.packages], each.origin, each.mode)
        for each in rule_set.promotions
    ] == [
        ("dev-to-prod", ["pkg:npm/@acme/*"], None, "observe"),
        ("dev-to-prod-by-origin", ["pkg:pypi/*"], "internal", "observe"),
    ]
    assert rule_set.warnings == ()


def test_a_draft_without_hops_has_an_example_that_can_be_used() -> None:
    text = rules("acme", [Repository("shared")], ())

    assert "promotion" not in tomllib.loads(text)
    example = text[text.index("# [[promotion]]") :].replace("# ", "", 6)
    assert len(load(text[: text.index("# [[promotion]]")] + example.replace("\n# ", "\n")).promotions) == 1


NAMES = st.lists(
    st.sampled_from(["dev", "prod", "staging", "ours", "by", "origin", "a", "to", "x" * 40]),
    min_size=1,
    max_size=4,
)
REPOSITORIES = st.tuples(NAMES, st.sampled_from("-._")).map(lambda each: each[1].join(each[0]))
TEXTS = st.from_regex(r"[^#/\s]{1,12}", fullmatch=True)


@st.composite
def held(draw: st.DrawFn) -> RepositoryPackage:
    format_ = draw(st.sampled_from(FORMATS))
    namespace = draw(TEXTS) if format_ in NAMESPACED or (format_ == "npm" and draw(st.booleans())) else ""
    return RepositoryPackage(
        Package(format_, namespace, draw(TEXTS)), draw(st.sampled_from([True, False, None]))
    )


@given(st.dictionaries(REPOSITORIES.filter(lambda name: 2 <= len(name) <= 100), st.lists(held()), max_size=8))
def test_whatever_a_domain_holds_the_draft_can_be_loaded(domain: dict[str, list[RepositoryPackage]]) -> None:
    repositories = [Repository(name, tuple(held)) for name, held in domain.items()]
    found = families(domain)

    text = rules("acme", repositories, found)

    hops = {hop for family in found for hop in family.hops}
    if found:
        promotions = load(text).promotions
        assert {(each.source, each.destination) for each in promotions} == hops
        assert {each.mode for each in promotions} == {"observe"}
    else:
        assert "promotion" not in tomllib.loads(text)
