"""`promoter plan`: its options. Its calls and decisions are tested in inspection, its text in plan_lines."""

from pathlib import Path

import pytest

from promoter.cli.package_filter import PackageFilter
from promoter.packages.package import Package
from tests.support.command_line import promoter

RULES = Path(__file__).parents[3] / "functions" / "rules.toml"
WIDGET, TOOLS = Package("npm", "acme", "widget"), Package("pypi", "", "acme-tools")


@pytest.mark.parametrize(
    ("glob", "accepted"),
    [
        (None, [WIDGET, TOOLS]),
        ("@acme/*", [WIDGET]),
        ("acme-*", [TOOLS]),
        ("pkg:npm/@acme/*", [WIDGET]),
        ("/pypi//acme~", [TOOLS]),
        ("widget", []),
    ],
)
def test_packages_are_chosen_by_a_pattern_or_a_glob_of_names(
    glob: str | None, accepted: list[Package]
) -> None:
    accepts = PackageFilter(glob)

    assert [package for package in (WIDGET, TOOLS) if accepts(package)] == accepted


@pytest.mark.parametrize(
    ("glob", "text"),
    [
        (None, ""),
        ("@acme/*", ""),
        ("@acme/wigdet", '--package "@acme/wigdet" matches nothing; did you mean "@acme/widget"?'),
        (
            "pkg:pypi/acme-tool",
            '--package "pkg:pypi/acme-tool" matches nothing; did you mean "pkg:pypi/acme-tools"?',
        ),
        ("zzz", '--package "zzz" matches nothing; check the name; no promotion may select it'),
    ],
)
def test_a_glob_that_matches_nothing_is_answered_with_the_nearest_name(glob: str | None, text: str) -> None:
    accepts = PackageFilter(glob)
    for package in (WIDGET, TOOLS):
        accepts(package)

    assert accepts.problem == text


def test_an_unknown_promotion_is_answered_with_the_known_ones() -> None:
    ran = promoter("plan", "--promotion", "web", "--rules", RULES)

    assert ran.code == 2
    assert ran.err.startswith('there is no promotion "web"; the rules have soaked-to-staging, ')


def test_a_bad_pattern_is_an_error() -> None:
    ran = promoter("plan", "--package", "pkg:nmp/x", "--rules", RULES)

    assert ran.code == 2
    assert 'unknown type "nmp"' in ran.err


def test_a_negative_number_of_comparisons_is_an_error() -> None:
    ran = promoter("plan", "--compare", "-1", "--rules", RULES)

    assert (ran.code, ran.out) == (2, "")
    assert "--compare" in ran.err
