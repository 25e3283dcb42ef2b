"""overlap: packages that two patterns both select."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.overlap import can_overlap
from promoter.packages.patterns import parse, parse_package, path_of

OVERLAPPING = [
    ("pkg:npm/@acme/*", "pkg:npm/@acme/widget"),
    ("pkg:npm/@acme/*", "pkg:npm/@acme/w*"),
    ("pkg:npm/@*/*", "pkg:npm/@acme/*"),
    ("pkg:**", "pkg:pypi/acme-*"),
    ("/*", "/npm/acme~"),
    ("/maven/com.acme~", "pkg:maven/com.acme.web/*"),
    ("/maven/com.acme~", "/maven/com.acme/core$"),
    ("pkg:pypi/acme-*", "/python//Acme_tools$"),
    ("pkg:gem/rails", "pkg:ruby/rails"),
]
APART = [
    ("pkg:npm/@acme/*", "pkg:npm/acme-*"),
    ("pkg:npm/**", "pkg:pypi/**"),
    ("pkg:npm/@acme/widget", "pkg:npm/@acme/widgets"),
    ("pkg:npm/@acme/widget", "pkg:npm/@acme/widget-*"),
    ("/maven/com.acme~", "pkg:maven/com.acmesoft/*"),
    ("/npm/acme~", "/npm/acmesoft/*"),
    ("pkg:maven/com.acme/core", "pkg:maven/com.acme/*-api"),
]


@pytest.mark.parametrize(("one", "other"), OVERLAPPING)
def test_patterns_that_a_package_matches_both_overlap(one: str, other: str) -> None:
    assert can_overlap(parse(one), parse(other))
    assert can_overlap(parse(other), parse(one))


@pytest.mark.parametrize(("one", "other"), APART)
def test_patterns_of_different_packages_do_not_overlap(one: str, other: str) -> None:
    assert not can_overlap(parse(one), parse(other))
    assert not can_overlap(parse(other), parse(one))


PATTERNS = sorted({each for pair in OVERLAPPING + APART for each in pair})
PACKAGES = [each for each in PATTERNS if each.startswith("pkg:") and "*" not in each]


@given(st.sampled_from(PATTERNS), st.sampled_from(PATTERNS), st.sampled_from(PACKAGES))
def test_what_a_package_matches_overlaps(one: str, other: str, name: str) -> None:
    path = path_of(parse_package(name)[0])

    if parse(one).matches(path) and parse(other).matches(path):
        assert can_overlap(parse(one), parse(other))
