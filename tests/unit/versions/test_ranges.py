"""ranges: what holds for every format, prereleases, and what a mistaken range is told."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.versions import LONGEST_RANGE, MODULES, RangeError, is_prerelease, parse

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

REFUSED = [
    ("pypi", "^1.4", '"^1.4" is not a PEP 440 specifier; write "~=1.4"'),
    ("pypi", "^1.4.2", '"^1.4.2" is not a PEP 440 specifier; write ">=1.4.2,<2"'),
    ("pypi", "~1.4.2", '"~1.4.2" is not a PEP 440 specifier; write "~=1.4.2"'),
    ("pypi", "1.4", '"1.4" is not a PEP 440 specifier; write "==1.4"'),
    ("pypi", ">=1 <2", '">=1 <2" is not a PEP 440 specifier; write ">=1,<2"'),
    ("pypi", "[1.0,2.0)", '"[1.0,2.0)" is not a PEP 440 specifier; write ">=1.0,<2.0"'),
    ("pypi", ">=1 || <2", '">=1 || <2" is not a PEP 440 specifier'),
    ("npm", "~=1.4", '"~=1.4" is not an npm range; write ">=1.4 <2"'),
    ("npm", ">=1, <2", '">=1, <2" is not an npm range; write ">=1 <2"'),
    ("npm", "[1.0]", '"[1.0]" is not an npm range; write "=1.0"'),
    ("npm", "latest", '"latest" is not an npm range'),
    ("npm", "1.2.3.4", '"1.2.3.4" is not an npm range'),
    ("npm", "1.x.3", '"1.x.3" is not an npm range'),
    ("npm", "1.2.3-01", '"1.2.3-01" is not an npm range'),
    ("swift", "~=1.4", '"~=1.4" is not an npm range; write ">=1.4 <2"'),
    ("generic", "build-*", '"build-*" is not an npm range'),
    ("cargo", ">=1 <2", '">=1 <2" is not a cargo requirement; write ">=1, <2"'),
    ("cargo", "~> 0.4", '"~> 0.4" is not a cargo requirement; write ">=0.4, <1"'),
    ("cargo", "1.*.3", '"1.*.3" is not a cargo requirement'),
    ("cargo", "*, 1", '"*, 1" is not a cargo requirement'),
    ("cargo", ">=*", '">=*" is not a cargo requirement'),
    ("cargo", "^1 || ^2", '"^1 || ^2" is not a cargo requirement'),
    ("maven", "^1.4", '"^1.4" is not a Maven range; write "[1.4,2)"'),
    ("maven", "~1.4.2", '"~1.4.2" is not a Maven range; write "[1.4.2,1.5)"'),
    ("maven", ">=1.0,<2", '">=1.0,<2" is not a Maven range; write "[1.0,2)"'),
    ("maven", ">1.0", '">1.0" is not a Maven range; write "(1.0,)"'),
    ("maven", "1.x", '"1.x" is not a Maven range; write "[1,2)"'),
    ("maven", "1.+", '"1.+" is not a Maven range; write "[1,2)"'),
    ("maven", "LATEST", '"LATEST" is not a Maven range'),
    ("maven", "[1.0", '"[1.0" is not a Maven range'),
    ("maven", "[1,2,3]", '"[1,2,3]" is not a Maven range'),
    (
        "maven",
        "(1.0)",
        '"(1.0)" is not a Maven range: a single version stands in square brackets; write "[1.0]"',
    ),
    ("maven", "[2,1]", '"[2,1]" is not a Maven range: an interval goes from a lower to a higher version'),
    (
        "maven",
        "[1,3],[2,4]",
        '"[1,3],[2,4]" is not a Maven range: its intervals must not overlap, and the lower ones come first',
    ),
    (
        "maven",
        "[1..2,1)",
        '"[1..2,1)" is not a Maven range: an interval goes from a lower to a higher version',
    ),
    ("nuget", "~> 1.4.2", '"~> 1.4.2" is not a NuGet range; write "[1.4.2,1.5)"'),
    ("nuget", ">=1.0", '">=1.0" is not a NuGet range; write "[1.0,)"'),
    ("nuget", "1.0 || 2.0", '"1.0 || 2.0" is not a NuGet range'),
    ("nuget", "1.x", '"1.x" is not a NuGet range; write "[1,2)"'),
    ("nuget", "(,)", '"(,)" is not a NuGet range: at least one end must be given'),
    ("ruby", "^1.4", '"^1.4" is not a RubyGems requirement; write "~> 1.4"'),
    ("ruby", "~1.4", '"~1.4" is not a RubyGems requirement; write ">= 1.4, < 1.5"'),
    ("ruby", "==1.4", '"==1.4" is not a RubyGems requirement; write "= 1.4"'),
    ("ruby", ">= 1 < 2", '">= 1 < 2" is not a RubyGems requirement; write ">= 1, < 2"'),
    ("ruby", "~> 1.2,", '"~> 1.2," is not a RubyGems requirement'),
    ("npm", " ", "a range cannot be empty; leave it out to allow every version"),
    ("npm", "1" * (LONGEST_RANGE + 1), f"a range cannot be longer than {LONGEST_RANGE} characters"),
    (
        "docker",
        "1.0",
        f'"docker" is not a package format; choose one of {", ".join(MODULES)}',
    ),
]

TEXTS = st.text(alphabet="0123456789.-+*xXvab~^<>=!,|[]() \n٣", max_size=40) | st.text(max_size=20)


@pytest.mark.parametrize(("kind", "version"), PRERELEASES)
def test_a_prerelease_is_in_no_range_until_prereleases_are_let_in(kind, version):
    assert is_prerelease(kind, version) is True
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=False) is False
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "version"), RELEASES)
def test_a_release_is_in_a_range_of_everything_either_way(kind, version):
    assert is_prerelease(kind, version) is False
    text = "[0,)" if kind == "maven" and version[0].isdigit() else ANYTHING[kind]
    text = "[a,)" if version == "r09" else text
    assert parse(kind, text).contains(version, prereleases=False) is True
    assert parse(kind, text).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "version"), UNREADABLE)
def test_a_version_that_its_ecosystem_cannot_read_is_neither_in_a_range_nor_out_of_it(kind, version):
    assert is_prerelease(kind, version) is None
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=False) is None
    assert parse(kind, ANYTHING[kind]).contains(version, prereleases=True) is None


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("version", ["", "1" * 256])
def test_what_codeartifact_cannot_hold_is_no_version(kind, version):
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
def test_a_range_that_names_a_prerelease_does_not_let_it_in_by_itself(kind, text, version):
    assert parse(kind, text).contains(version, prereleases=False) is False
    assert parse(kind, text).contains(version, prereleases=True) is True


@pytest.mark.parametrize(("kind", "text", "message"), REFUSED)
def test_a_mistaken_range_is_told_what_is_wrong_and_what_to_write(kind, text, message):
    with pytest.raises(RangeError) as caught:
        parse(kind, text)
    assert str(caught.value) == message


def test_an_unknown_format_has_no_prereleases():
    with pytest.raises(RangeError, match='"docker" is not a package format'):
        is_prerelease("docker", "1.0")


def test_ranges_are_equal_by_format_and_text():
    assert parse("npm", "^1.4") == parse("npm", "^1.4")
    assert hash(parse("npm", "^1.4")) == hash(parse("npm", "^1.4"))
    assert parse("npm", "^1.4") != parse("swift", "^1.4")
    assert parse("npm", "^1.4") != parse("npm", "^1.4.0")
    with pytest.raises(AttributeError):
        parse("npm", "^1.4").text = "*"


@given(kind=st.sampled_from(sorted(MODULES)), text=TEXTS, version=TEXTS)
def test_no_text_makes_it_fail_otherwise_than_by_a_range_error(kind, text, version):
    try:
        parsed = parse(kind, text)
    except RangeError:
        return
    assert parsed.contains(version, prereleases=True) in (True, False, None)
    assert parsed.contains(version, prereleases=False) in (True, False, None)


@pytest.mark.parametrize("unit", ["1-", "1.", "a1", "-", ".", "0", "1a-", "rc"])
def test_the_longest_maven_versions_compare(unit):
    longest = (unit * 255)[:254] + "1"
    assert parse("maven", "[0-alpha,)").contains(longest, prereleases=True) in (True, False)
    assert parse("maven", f"[1{longest[1:]}]").contains(f"1{longest[1:]}", prereleases=True) is True


@pytest.mark.parametrize(
    ("work", "loaded"),
    [
        ("pass", set()),
        ("parse('npm', '^1')", {"promoter.ranges.npm", "semver"}),
        ("parse('cargo', '1')", {"promoter.ranges.npm", "promoter.ranges.cargo", "semver"}),
        ("parse('pypi', '==1')", {"promoter.ranges.pypi", "packaging"}),
        ("is_prerelease('maven', '1')", {"promoter.ranges.maven"}),
        ("is_prerelease('nuget', '1')", {"promoter.ranges.nuget"}),
        ("is_prerelease('ruby', '1')", {"promoter.ranges.ruby", "univers"}),
    ],
)
def test_only_the_language_that_is_asked_for_is_loaded(work, loaded):
    watched = {f"promoter.ranges.{module}" for module in [*MODULES.values(), "translation"]}
    watched |= {"semver", "packaging", "univers", "univers.versions", "attr", "semantic_version"}
    code = f"from promoter.ranges import *; import sys; {work}; print(*(set(sys.modules) & {watched}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "functions"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == loaded
