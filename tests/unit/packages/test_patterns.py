"""patterns: which packages a glob means."""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.package import Package
from promoter.packages.patterns import PatternError, parse, parse_versioned, path_of

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
def test_a_pattern_means(pattern: str, package: Package) -> None:
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
def test_a_pattern_does_not_mean(pattern: str, package: Package) -> None:
    assert not matches(pattern, package)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("lodash", '"lodash" is not a Package URL; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME'),
        ("pkg:", '"pkg:" is not a Package URL; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME'),
        (
            "pkg:nmp/lodash",
            '"pkg:nmp/lodash" has an unknown type "nmp"; '
            "one of cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift",
        ),
        ("pkg:npm", '"pkg:npm" has to name a package; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME'),
        (
            "pkg:npm//widget",
            '"pkg:npm//widget" has to name a package; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME',
        ),
        (
            "pkg:npm/a/b/c",
            '"pkg:npm/a/b/c" has to name a package; write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME',
        ),
        (
            "pkg:npm/acme-**",
            '"pkg:npm/acme-**" has "**" beside other text; it stands alone, as the last segment',
        ),
        (
            "pkg:npm/**/widget",
            '"pkg:npm/**/widget" has "**" beside other text; it stands alone, as the last segment',
        ),
        (
            "pkg:maven/core",
            '"pkg:maven/core" can select nothing: maven packages have a namespace; '
            "write pkg:maven/NAMESPACE/core, or pkg:maven/** for all",
        ),
        ("pkg:npm/widget@1.0.0", '"pkg:npm/widget@1.0.0" names a version; a pattern of packages has none'),
    ],
)
def test_a_pattern_that_means_nothing_says_what_to_write(text: str, wrong: str) -> None:
    with pytest.raises(PatternError) as error:
        parse(text)

    assert str(error.value) == wrong


def test_a_scope_alone_does_not_mean_the_package_of_that_name() -> None:
    with pytest.raises(PatternError) as error:
        parse("pkg:npm/@acme")

    assert str(error.value) == (
        '"pkg:npm/@acme" is a scope without a package; write pkg:npm/@acme/* for all of them'
    )


@pytest.mark.parametrize(
    ("text", "version", "meant"),
    [
        ("pkg:npm/@acme/widget", "1.5.0", True),
        ("pkg:npm/@acme/widget@1.5.0", "1.5.0", True),
        ("pkg:npm/@acme/widget@1.5.0", "1.5.01", False),
        ("pkg:npm/@acme/widget@1.5.*", "1.5.7", True),
        ("pkg:npm/@acme/widget@1.5.*", "1x5.7", False),
        ("pkg:npm/@acme/widget@*-beta", "2.0-beta", True),
        ("pkg:npm/@acme/widget@1.0%2Bb", "1.0+b", True),
        ("pkg:npm/@acme/other@1.5.0", "1.5.0", False),
        ("pkg:**", "1.5.0", True),
    ],
)
def test_a_version_may_follow_the_package(text: str, version: str, meant: bool) -> None:
    assert parse_versioned(text).matches("npm/acme/widget", version) is meant


def test_a_version_may_follow_all_packages_of_a_format() -> None:
    assert parse_versioned("pkg:npm/**@0.0.0").matches("npm/acme/widget", "0.0.0")


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
def test_every_path_that_a_pattern_means_begins_with_its_prefix(text: str, prefix: str) -> None:
    assert parse(text).prefix == prefix


def naive(glob: str, name: str) -> bool:
    """Whether a name matches, by trying everything."""
    if not glob:
        return not name
    if glob[0] == "*":
        return naive(glob[1:], name) or (name != "" and naive(glob, name[1:]))
    return name[:1] == glob[0] and naive(glob[1:], name[1:])


@given(glob=GLOBS, name=LETTERS)
def test_globs_match_what_a_naive_matcher_matches(glob: str, name: str) -> None:
    assert matches(f"pkg:npm/{glob}", Package("npm", "", name)) == naive(glob, name)


@given(scope=GLOBS, glob=GLOBS, namespace=LETTERS, name=LETTERS)
def test_each_segment_is_matched_alone(scope: str, glob: str, namespace: str, name: str) -> None:
    meant = naive(scope, namespace) and naive(glob, name)

    assert matches(f"pkg:npm/@{scope}/{glob}", Package("npm", namespace, name)) == meant


@given(text=st.text(max_size=40) | st.text(alphabet="pkg:npmaven/@*%2F", max_size=20).map("pkg:".__add__))
def test_every_text_is_a_pattern_or_refused(text: str) -> None:
    for read in (parse, parse_versioned):
        with contextlib.suppress(PatternError):
            assert read(text) == read(text)


@given(name=st.text(min_size=1, max_size=20).filter(lambda name: not re.search(r"[/@%*#\s]", name)))
def test_a_literal_means_itself_whatever_its_letters(name: str) -> None:
    """No name is ever taken for a regular expression."""
    assert matches(f"pkg:npm/{name}", Package("npm", "", name))
    assert not matches(f"pkg:npm/{name}", Package("npm", "", name + "x"))


@pytest.mark.parametrize("glob", ["*a" * 20 + "*b", "a*" * 30 + "b", "*" + "a" * 100 + "*b"])
def test_a_hostile_name_takes_no_longer_than_its_length(glob: str) -> None:
    pattern = parse(f"pkg:npm/{glob}")
    path = path_of(Package("npm", "", "a" * 255))

    started = time.process_time()
    for _ in range(100):
        pattern.matches(path)

    assert time.process_time() - started < 0.2  # 2 ms each; backtracking would take hours
