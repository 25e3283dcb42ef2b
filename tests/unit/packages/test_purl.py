"""purl: reading Package URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.packages.errors import PatternError
from promoter.packages.package import FORMATS, PURL_TYPES, Package, normalise
from promoter.packages.purl import parse_package, read_segments, split_version
from tests.support.samples import candidate

NAMES = st.text(alphabet="abcxyz019._-~+!:()% é", min_size=1, max_size=20).filter(
    lambda name: " " not in name and name.strip("./") == name
)


@pytest.mark.parametrize(
    ("text", "package", "version"),
    [
        ("pkg:npm/lodash", Package("npm", "", "lodash"), ""),
        ("pkg:npm/lodash@4.17.21", Package("npm", "", "lodash"), "4.17.21"),
        ("pkg:npm/@acme/widget@1.5.0", Package("npm", "acme", "widget"), "1.5.0"),
        ("pkg:npm/%40acme/widget@1.0%2Bb", Package("npm", "acme", "widget"), "1.0+b"),
        ("pkg:gem/rails@7.1", Package("ruby", "", "rails"), "7.1"),
        ("pkg:ruby/rails@7.1", Package("ruby", "", "rails"), "7.1"),
        ("pkg:pypi/Acme_Tools@1.0", Package("pypi", "", "acme-tools"), "1.0"),
        ("pkg:maven/com.acme/core@1.0?type=jar#x", Package("maven", "com.acme", "core"), "1.0"),
    ],
)
def test_a_package_url_names_a_package_and_maybe_a_version(text: str, package: Package, version: str) -> None:
    assert parse_package(text) == (package, version)


@given(format_=st.sampled_from(FORMATS), namespace=NAMES, name=NAMES, version=NAMES)
def test_the_package_url_of_a_candidate_is_read_back(
    format_: str, namespace: str, name: str, version: str
) -> None:
    space = "" if format_ not in ("npm", "maven", "swift", "generic") else namespace
    package = Package(format_, normalise(format_, space), normalise(format_, name))

    assert parse_package(candidate(version, package=package).purl) == (package, version)
    assert package.purl.startswith(f"pkg:{PURL_TYPES.get(format_, format_)}/")


@pytest.mark.parametrize("text", ["pkg:npm/*", "pkg:npm/@acme/**", "pkg:**", "pkg:npm/lod*@1"])
def test_a_pattern_is_not_one_package(text: str) -> None:
    with pytest.raises(PatternError) as error:
        parse_package(text)

    assert (error.value.problem, error.value.hint) == (f'"{text}" is a pattern', "name one package")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("pkg:npm/@acme/widget", ("pkg:npm/@acme/widget", "")),
        ("pkg:npm/@acme/widget@1.5.*", ("pkg:npm/@acme/widget", "1.5.*")),
        ("pkg:npm/**@0.0.0", ("pkg:npm/**", "0.0.0")),
    ],
)
def test_a_version_follows_the_last_at_sign_of_the_name(text: str, parts: tuple[str, str]) -> None:
    assert split_version(text) == parts


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("pkg:npm/lodash", ["npm", "", "lodash"]),
        ("pkg:npm/@acme/widget", ["npm", "acme", "widget"]),
        ("pkg:npm/@acme/**", ["npm", "acme", "**"]),
        ("pkg:npm/**", ["npm", "**"]),
        ("pkg:**", ["**"]),
    ],
)
def test_a_double_star_replaces_the_rest_of_the_segments(text: str, segments: list[str]) -> None:
    assert read_segments(text) == segments


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("lodash", "is not a Package URL", "write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"),
        ("pkg:", "is not a Package URL", "write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"),
        ("@acme/widget", "is not a Package URL", "write pkg:npm/@acme/widget"),
        ("com.acme:core", "is not a Package URL", "write pkg:maven/com.acme/core"),
        (
            "pkg:nmp/lodash",
            'has an unknown type "nmp"',
            "known types: cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift",
        ),
        ("pkg:npm", "does not name a package", "write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"),
        ("pkg:npm//widget", "does not name a package", "write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"),
        ("pkg:npm/a/b/c", "does not name a package", "write pkg:TYPE/NAME or pkg:TYPE/NAMESPACE/NAME"),
        ("pkg:npm/@acme", "is a scope without a package", "write pkg:npm/@acme/* for all its packages"),
        (
            "pkg:npm/acme-**",
            'has "**" in the wrong place',
            'use "**" only as the whole last segment, as in pkg:npm/**',
        ),
        (
            "pkg:npm/**/widget",
            'has "**" in the wrong place',
            'use "**" only as the whole last segment, as in pkg:npm/**',
        ),
        (
            "pkg:maven/core",
            "matches no package: maven packages have a namespace",
            "write pkg:maven/NAMESPACE/core, or pkg:maven/** for all",
        ),
        (
            "pkg:pypi/acme/tools",
            "matches no package: pypi packages have no namespace",
            "write pkg:pypi/tools",
        ),
        (
            "pkg:nuget/acme/**",
            "matches no package: nuget packages have no namespace",
            "write pkg:nuget/acme-*",
        ),
        ("pkg:cargo/a/b", "matches no package: cargo packages have no namespace", "write pkg:cargo/b"),
        ("pkg:gem/a/*", "matches no package: ruby packages have no namespace", "write pkg:gem/a-*"),
    ],
)
def test_a_wrong_package_url_says_what_to_write(text: str, problem: str, hint: str) -> None:
    with pytest.raises(PatternError) as error:
        read_segments(text)

    assert (error.value.problem, error.value.hint) == (f'"{text}" {problem}', hint)


@pytest.mark.parametrize(
    "text", [f"pkg:npm/{'a' * 256}", f"pkg:npm/@{'a' * 256}/*", "pkg:npm/a b", "pkg:npm/a#b"]
)
def test_a_name_that_no_package_can_have_is_an_error(text: str) -> None:
    with pytest.raises(PatternError, match="matches no package"):
        read_segments(text)
