"""proposal: patterns that select the packages of a domain, and no public ones."""

import pytest

from promoter.inspection.ports import RepositoryPackage
from promoter.inspection.proposal import propose_patterns
from promoter.packages.package import Package


def own(format_: str, *names: str) -> list[RepositoryPackage]:
    """Packages that were published here; a name may have a namespace, as in `acme/widget`."""
    split = [name.rpartition("/") for name in names]
    return [RepositoryPackage(Package(format_, namespace, name), True) for namespace, _, name in split]


LODASH = Package("npm", "", "lodash")


@pytest.mark.parametrize(
    ("contents", "patterns"),
    [
        (own("npm", "acme/widget", "acme/ui"), {"pkg:npm/@acme/*": 2}),
        (own("pypi", "acme-tools", "acme-tests"), {"pkg:pypi/acme-*": 2}),
        (own("cargo", "acme_core"), {"pkg:cargo/acme_core": 1}),
        (own("ruby", "acme", "acme-x"), {"pkg:gem/acme*": 2}),
        (own("maven", "com.acme.core/a", "com.acme.web/b"), {"/maven/com.acme~": 2}),
        (own("maven", "com.acme/a", "com.acme.web/b"), {"/maven/com.acme~": 2}),
        (own("maven", "com.acme.core/a", "com.acme.core/b"), {"pkg:maven/com.acme.core/*": 2}),
        (
            own("maven", "io.github.a/a", "io.github.b/b"),
            {"pkg:maven/io.github.a/*": 1, "pkg:maven/io.github.b/*": 1},
        ),
        (own("maven", "io.github.a.x/a", "io.github.a.y/b"), {"/maven/io.github.a~": 2}),
        (own("generic", "team@x/blob"), {"pkg:generic/team%40x/*": 1}),
        (own("swift", "acme/core"), {"pkg:swift/acme/*": 1}),
        ([], {}),
    ],
    ids=str,
)
def test_patterns_are_as_narrow_as_the_contents_allow(
    contents: list[RepositoryPackage], patterns: dict[str, int]
) -> None:
    proposed = propose_patterns(contents)

    assert (proposed.specific, proposed.by_origin) == (patterns, {})


def test_many_names_without_a_common_prefix_are_one_broad_pattern_with_an_origin() -> None:
    proposed = propose_patterns(own("nuget", *(f"thing{number}" for number in range(11))))

    assert (proposed.specific, proposed.by_origin) == ({}, {"pkg:nuget/*": 11})


def test_public_packages_are_not_selected() -> None:
    assert propose_patterns([RepositoryPackage(LODASH, False)]).specific == {}


@pytest.mark.parametrize("published_here", [False, None])
def test_a_pattern_that_matches_a_package_that_may_be_public_needs_an_origin(
    published_here: bool | None,
) -> None:
    core_js = RepositoryPackage(Package("npm", "", "core-js"), published_here)

    proposed = propose_patterns([*own("npm", "core-lib", "core-utils"), core_js])

    assert proposed.specific == {}
    assert proposed.by_origin.keys() == {"pkg:npm/core-*"}
