"""ranges: rules of all formats, prereleases, and the errors of wrong ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.versions import (
    LANGUAGES,
    LONGEST_RANGE,
    RangeError,
    RangeLengthError,
    UnknownFormatError,
    is_prerelease,
    parse,
)

ANYTHING = {
    "npm": "*",
    "pypi": ">=0.dev0",
    "maven": "[0-alpha,)",
    "nuget": "*-*",
    "generic": "*",
    "ruby": ">= 0.a",
    "swift": "*",
    "cargo": "*",
}

PRERELEASES = [
    ("npm", "1.5.0-beta.1"),
    ("npm", "1.5.0-0"),
    ("pypi", "1.5rc1"),
    ("pypi", "1.5.dev3"),
    ("pypi", "1.5a1"),
    ("pypi", "1!1.5b2.post1"),
    ("maven", "1.5-SNAPSHOT"),
    ("maven", "1.5-20230101.120000-3"),
    ("maven", "1.5-alpha-1"),
    ("maven", "1.5.Beta2"),
    ("maven", "1.5-M3"),
    ("maven", "1.5-milestone"),
    ("maven", "1.5.0.RC1"),
    ("maven", "1.5.CR2"),
    ("maven", "1.5b3"),
    ("maven", "1.5-jre8-rc-2"),
    ("nuget", "1.5.0-beta.1"),
    ("nuget", "1.5-x"),
    ("generic", "1.5.0-beta.1"),
    ("generic", "v1.5.0-rc.1"),
    ("ruby", "1.5.0.pre1"),
    ("ruby", "1.5.0-1"),
    ("ruby", "1.5.b"),
    ("swift", "1.5.0-beta.1"),
    ("cargo", "1.5.0-beta.1"),
]

RELEASES = [
    ("npm", "1.5.0"),
    ("npm", "1.5.0+sha-5114f85"),
    ("pypi", "1.5"),
    ("pypi", "1.5.post1"),
    ("pypi", "1.5+local.rc1"),
    ("maven", "1.5"),
    ("maven", "1.5.Final"),
    ("maven", "1.5-jre"),
    ("maven", "33.0.0-android"),
    ("maven", "1.5-sp-1"),
    ("maven", "1.5-m"),
    ("maven", "1.5-rcx"),
    ("maven", "1.5-alphabet"),
    ("maven", "r09"),
    ("nuget", "1.5.0.7"),
    ("nuget", "1.5.0+meta-data"),
    ("generic", "v1.5.0"),
    ("ruby", "1.5.0"),
    ("swift", "1.5.0"),
    ("cargo", "1.5.0+build.7"),
]

UNREADABLE = [
    ("npm", "1.5"),
    ("npm", "01.5.0"),
    ("npm", "latest"),
    ("pypi", "1.5-jre"),
    ("pypi", "2020-01-01-x"),
    ("nuget", "1.5.0.1.2"),
    ("nuget", "1.5.0-"),
    ("nuget", "1.5.0-01"),
    ("generic", "build-512"),
    ("generic", "2024.01.01"),
    ("ruby", "v1.5"),
    ("swift", "1.5"),
    ("cargo", "1.5.0-"),
]

WRONG = [  # format, text, expected, detail, suggestion
    ("pypi", "^1.4", "a PEP 440 specifier", "", "~=1.4"),
    ("pypi", "^1.4.2", "a PEP 440 specifier", "", ">=1.4.2,<2"),
    ("pypi", "~1.4.2", "a PEP 440 specifier", "", "~=1.4.2"),
    ("pypi", "1.4", "a PEP 440 specifier", "", "==1.4"),
    ("pypi", ">=1 <2", "a PEP 440 specifier", "", ">=1,<2"),
    ("pypi", "[1.0,2.0)", "a PEP 440 specifier", "", ">=1.0,<2.0"),
    ("pypi", ">=1 || <2", "a PEP 440 specifier", "", ""),
    ("npm", "~=1.4", "an npm range", "", ">=1.4 <2"),
    ("npm", ">=1, <2", "an npm range", "", ">=1 <2"),
    ("npm", "[1.0]", "an npm range", "", "=1.0"),
    ("npm", "latest", "an npm range", "", ""),
    ("npm", "1.2.3.4", "an npm range", "", ""),
    ("npm", "1.x.3", "an npm range", "", ""),
    ("npm", "1.2.3-01", "an npm range", "", ""),
    ("swift", "~=1.4", "an npm range", "", ">=1.4 <2"),
    ("generic", "build-*", "an npm range", "", ""),
    ("cargo", ">=1 <2", "a cargo requirement", "", ">=1, <2"),
    ("cargo", "~> 0.4", "a cargo requirement", "", ">=0.4, <1"),
    ("cargo", "1.*.3", "a cargo requirement", "", ""),
    ("cargo", "*, 1", "a cargo requirement", "", ""),
    ("cargo", ">=*", "a cargo requirement", "", ""),
    ("cargo", "^1 || ^2", "a cargo requirement", "", ""),
    ("maven", "^1.4", "a Maven range", "", "[1.4,2)"),
    ("maven", "~1.4.2", "a Maven range", "", "[1.4.2,1.5)"),
    ("maven", ">=1.0,<2", "a Maven range", "", "[1.0,2)"),
    ("maven", ">1.0", "a Maven range", "", "(1.0,)"),
    ("maven", "1.x", "a Maven range", "", "[1,2)"),
    ("maven", "1.+", "a Maven range", "", "[1,2)"),
    ("maven", "LATEST", "a Maven range", "", ""),
    ("maven", "[1.0", "a Maven range", "", ""),
    ("maven", "[1,2,3]", "a Maven range", "", ""),
    ("maven", "(1.0)", "a Maven range", "a single version needs square brackets", "[1.0]"),
    ("maven", "[2,1]", "a Maven range", "the first version must be lower than the second", ""),
    ("maven", "[1..2,1)", "a Maven range", "the first version must be lower than the second", ""),
    ("nuget", "~> 1.4.2", "a NuGet range", "", "[1.4.2,1.5)"),
    ("nuget", ">=1.0", "a NuGet range", "", "[1.0,)"),
    ("nuget", "1.0 || 2.0", "a NuGet range", "", ""),
    ("nuget", "1.x", "a NuGet range", "", "[1,2)"),
    ("nuget", "(,)", "a NuGet range", "at least one end must be given", ""),
    ("ruby", "^1.4", "a RubyGems requirement", "", "~> 1.4"),
    ("ruby", "~1.4", "a RubyGems requirement", "", ">= 1.4, < 1.5"),
    ("ruby", "==1.4", "a RubyGems requirement", "", "= 1.4"),
    ("ruby", ">= 1 < 2", "a RubyGems requirement", "", ">= 1, < 2"),
    ("ruby", "~> 1.2,", "a RubyGems requirement", "", ""),
]  # fmt: skip

TEXTS = st.text(alphabet="0123456789.-+*xXvab~^<>=!,|[]() \n٣", max_size=40) | st.text(max_size=20)


@pytest.mark.parametrize(("kind", "version"), PRERELEASES)
def test_a_prerelease_is_in_a_range_only_if_prereleases_are_allowed(kind: str, version: str) -> None:
    assert is_prerelease(kind, version) is True
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=False) is False
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "version"), RELEASES)
def test_a_release_is_in_a_range_of_everything(kind: str, version: str) -> None:
    assert is_prerelease(kind, version) is False
    text = "[0,)" if kind == "maven" and version[0].isdigit() else ANYTHING[kind]
    text = "[a,)" if version == "r09" else text
    assert parse(kind, text).contains(version, prereleases=False) is True
    assert parse(kind, text).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "version"), UNREADABLE)
def test_a_text_that_is_no_version_gives_none(kind: str, version: str) -> None:
    assert is_prerelease(kind, version) is None
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=False) is None
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=True) is None


@pytest.mark.parametrize("kind", LANGUAGES)
@pytest.mark.parametrize("version", ["", "1" * 256])
def test_an_empty_or_too_long_text_is_no_version(kind: str, version: str) -> None:
    assert is_prerelease(kind, version) is None
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=True) is None


@pytest.mark.parametrize(
    ("kind", "text", "version"),
    [
        ("npm", "^1.5.0-beta.1", "1.5.0-beta.1"),
        ("pypi", "==1.5rc1", "1.5rc1"),
        ("maven", "[1.5-SNAPSHOT]", "1.5-SNAPSHOT"),
        ("nuget", "1.5.0-*", "1.5.0-beta"),
        ("ruby", "= 1.5.0.pre1", "1.5.0.pre1"),
        ("cargo", "=1.5.0-beta.1", "1.5.0-beta.1"),
    ],
)
def test_naming_a_prerelease_in_the_range_does_not_allow_it(kind: str, text: str, version: str) -> None:
    assert parse(kind, text).contains(version, prereleases=False) is False
    assert parse(kind, text).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "text", "expected", "detail", "suggestion"), WRONG)
def test_a_wrong_range_says_what_was_expected_and_what_to_write(
    kind: str, text: str, expected: str, detail: str, suggestion: str
) -> None:
    with pytest.raises(RangeError) as caught:
        parse(kind, text)

    error = caught.value
    assert (error.expected, error.detail, error.suggestion) == (expected, detail, suggestion)
    assert str(error).startswith(f'"{text}" is not {expected}')


@pytest.mark.parametrize("kind", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a range cannot be empty"),
        (" ", "a range cannot be empty"),
        ("1" * (LONGEST_RANGE + 1), f"a range cannot be longer than {LONGEST_RANGE} characters"),
    ],
    ids=["empty", "blank", "too long"],
)
def test_an_empty_or_too_long_range_is_an_error_in_every_language(kind: str, text: str, problem: str) -> None:
    with pytest.raises(RangeLengthError) as caught:
        parse(kind, text)

    assert caught.value.problem == problem


def test_a_format_that_codeartifact_does_not_have_is_an_error() -> None:
    with pytest.raises(UnknownFormatError, match='"docker" is not a package format; choose one of npm, pypi'):
        parse("docker", "1.0")
    with pytest.raises(UnknownFormatError):
        is_prerelease("docker", "1.0")


def test_ranges_are_equal_if_format_and_text_are() -> None:
    assert parse("npm", "^1.4") == parse("npm", "^1.4")
    assert hash(parse("npm", "^1.4")) == hash(parse("npm", "^1.4"))
    assert parse("npm", "^1.4") != parse("swift", "^1.4")
    assert parse("npm", "^1.4") != parse("npm", "^1.4.0")
    with pytest.raises(AttributeError):
        parse("npm", "^1.4").text = "*"  # type: ignore[misc]


@given(kind=st.sampled_from(sorted(LANGUAGES)), text=TEXTS, version=TEXTS)
def test_any_text_is_a_range_or_a_range_error(kind: str, text: str, version: str) -> None:
    try:
        parsed = parse(kind, text)
    except (RangeError, RangeLengthError):
        return
    assert parsed.contains(version, prereleases=True) in (True, False, None)
    assert parsed.contains(version, prereleases=False) in (True, False, None)
