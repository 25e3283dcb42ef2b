"""purl_globs: which packages a Package URL with globs selects."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.matching import glob_matches
from promoter.packages.package import Package
from promoter.packages.patterns import parse, path_of
from promoter.packages.purl_globs import read_version_glob

LETTERS = st.text(alphabet="ab-.", min_size=1, max_size=8)
GLOBS = st.text(alphabet="ab-.*", min_size=1, max_size=8).filter(lambda text: "**" not in text)


def matches(pattern: str, package: Package) -> bool:
    return parse(pattern).matches(path_of(package))


@pytest.mark.parametrize(
    ("pattern", "package"),
    [
        ("pkg:npm/lodash", Package("npm", "", "lodash")),
        ("pkg:npm/@acme/widget", Package("npm", "acme", "widget")),
        ("pkg:npm/%40acme/widget", Package("npm", "acme", "widget")),
        ("pkg:npm/*", Package("npm", "", "lodash")),
        ("pkg:npm/@acme/*", Package("npm", "acme", "widget")),
        ("pkg:npm/acme-*", Package("npm", "", "acme-")),
        ("pkg:npm/*-types", Package("npm", "", "node-types")),
        ("pkg:npm/a*b*c", Package("npm", "", "abbc")),
        ("pkg:npm/@*/*", Package("npm", "acme", "widget")),
        ("pkg:npm/**", Package("npm", "", "lodash")),
        ("pkg:npm/**", Package("npm", "acme", "widget")),
        ("pkg:npm/@acme/**", Package("npm", "acme", "widget")),
        ("pkg:**", Package("maven", "com.acme", "core")),
        ("pkg:maven/com.acme.*/*", Package("maven", "com.acme.web", "core")),
        ("pkg:gem/rails", Package("ruby", "", "rails")),
        ("pkg:ruby/rails", Package("ruby", "", "rails")),
        ("pkg:pypi/My_Pkg.*", Package("pypi", "", "my-pkg-name")),
        ("pkg:nuget/Newtonsoft.*", Package("nuget", "", "newtonsoft.json")),
        ("pkg:swift/Apple/*", Package("swift", "apple", "swift-nio")),
    ],
)
def test_a_glob_selects(pattern: str, package: Package) -> None:
    assert matches(pattern, package)


@pytest.mark.parametrize(
    ("pattern", "package"),
    [
        ("pkg:npm/*", Package("npm", "acme", "widget")),
        ("pkg:npm/@acme/*", Package("npm", "acme2", "widget")),
        ("pkg:npm/@acme/*", Package("npm", "", "widget")),
        ("pkg:npm/@*/*", Package("npm", "", "widget")),
        ("pkg:npm/@acme/**", Package("npm", "acmes", "widget")),
        ("pkg:npm/acme-*", Package("npm", "", "my-acme-x")),
        ("pkg:npm/*-types", Package("npm", "", "types")),
        ("pkg:npm/a*b*c", Package("npm", "", "acb")),
        ("pkg:npm/lodash", Package("npm", "", "lodash.merge")),
        ("pkg:npm/lodash", Package("pypi", "", "lodash")),
        ("pkg:npm/lo.ash", Package("npm", "", "lodash")),
        ("pkg:npm/**", Package("nuget", "", "npm")),
        ("pkg:maven/com.acme.*/*", Package("maven", "com.acme", "core")),
        ("pkg:npm/Lodash", Package("npm", "", "lodash")),
    ],
)
def test_a_glob_does_not_select(pattern: str, package: Package) -> None:
    assert not matches(pattern, package)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("pkg:npm/@acme/wid*", "npm/acme/wid"),
        ("pkg:npm/acme-*", "npm//acme-"),
        ("pkg:npm/*", "npm//"),
        ("pkg:npm/@acme/**", "npm/acme/"),
        ("pkg:npm/**", "npm/"),
        ("pkg:**", ""),
        ("pkg:pypi/Acme_*", "pypi//acme-"),
    ],
)
def test_a_glob_has_the_literal_text_before_its_first_star_as_prefix(text: str, prefix: str) -> None:
    assert parse(text).prefix == prefix


def naive(glob: str, name: str) -> bool:
    """True if a glob matches a name. Tries every way to match."""
    if not glob:
        return not name
    if glob[0] == "*":
        return naive(glob[1:], name) or (name != "" and naive(glob, name[1:]))
    return name[:1] == glob[0] and naive(glob[1:], name[1:])


@given(glob=GLOBS, name=LETTERS)
def test_a_glob_matches_like_a_naive_matcher(glob: str, name: str) -> None:
    assert matches(f"pkg:npm/{glob}", Package("npm", "", name)) == naive(glob, name)


@given(scope=GLOBS, glob=GLOBS, namespace=LETTERS, name=LETTERS)
def test_each_segment_is_matched_separately(scope: str, glob: str, namespace: str, name: str) -> None:
    expected = naive(scope, namespace) and naive(glob, name)

    assert matches(f"pkg:npm/@{scope}/{glob}", Package("npm", namespace, name)) == expected


@given(name=st.text(min_size=1, max_size=20).filter(lambda name: not re.search(r"[/@%*#{}?\[\]\s]", name)))
def test_a_name_without_a_star_selects_only_itself(name: str) -> None:
    assert matches(f"pkg:npm/{name}", Package("npm", "", name))
    assert not matches(f"pkg:npm/{name}", Package("npm", "", name + "x"))


@pytest.mark.parametrize(
    ("format_", "glob", "version", "expected"),
    [
        ("npm", "1.5.*", "1.5.7", True),
        ("npm", "1.5.*", "1x5.7", False),
        ("npm", "1.5.*", "11.5.7", False),
        ("npm", "*-beta", "2.0-beta", True),
        ("npm", "*-beta", "2.0-beta.1", False),
        ("nuget", "1.02.*", "1.02.7", True),
        ("nuget", "1.2.*", "1.2.7", True),
    ],
)
def test_a_version_glob_matches_whole_versions(format_: str, glob: str, version: str, expected: bool) -> None:
    assert glob_matches(read_version_glob(glob, format_, glob), version) is expected
