"""maven: the examples of Maven's POM reference and of its own tests. The pages are named in the module."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.versions import is_prerelease, parse
from tests.support.range_tables import read_table

EXAMPLES = """
1.0                        | 1.0 1 1.0.0 1.0-ga 1.0.Final      | 1.1 1.0-SNAPSHOT 1.0.1
[1.0]                      | 1.0 1.0.0                         | 1.1 0.9
(,1.0]                     | 0.9 1.0 1.0-SNAPSHOT              | 1.0.1 1.1
[1.2,1.3]                  | 1.2 1.3 1.2.9                     | 1.3.1 1.1
[1.0,2.0)                  | 1.0 1.9.9 2.0-SNAPSHOT            | 2.0 0.9 1.0-SNAPSHOT
[1.0,2.0-alpha)            | 1.9.9                             | 2.0-SNAPSHOT 2.0-alpha-1 2.0-M1 2.0-rc1
[1.5,)                     | 1.5 2.0 1.5-sp                    | 1.4 1.5-rc1
(,1.0],[1.2,)              | 1.0 0.5 1.2 1.3                   | 1.1 1.0.1
(,1.1),(1.1,)              | 1.0 1.2                           | 1.1 1.1.0
[1-foo10,)                 | 1-foo10 1-foo11                   | 1-foo2
[1.foo,1-1)                | 1.foo 1-foo                       | 1-1 1.1
[1.ga]                     | 1.ga 1-ga 1-0 1.0 1               | 1-sp 1.1
(1-ga,1-ga-1]              | 1-ga-1                            | 1-ga 1-sp
(1-sp,)                    | 1-1 1.1 1-foo                     | 1-sp 1-ga 1
[1-a1]                     | 1-a1 1-alpha-1 1-alpha1           | 1-alpha 1-beta-1
[1.0-rc1]                  | 1.0-RC1 1.0-cr1 1.0.CR1           | 1.0-rc2
[1.0.0.RELEASE]            | 1.0.0.RELEASE 1.0.0               | 1.0.1.RELEASE
(1.0-alpha,1.0-snapshot)   | 1.0-beta 1.0-milestone 1.0-rc     | 1.0-alpha 1.0-snapshot 1.0
[r08,r09]                  | r08 r09                           | r07 r10
"""


@pytest.mark.parametrize(("text", "version", "expected"), read_table(EXAMPLES))
def test_a_documented_range_contains_the_documented_versions(text: str, version: str, expected: bool) -> None:
    assert parse("maven", text).contains(version, prereleases=True) is expected


@pytest.mark.parametrize("unit", ["1-", "1.", "a1", "-", ".", "0", "1a-", "rc"])
def test_the_longest_versions_can_be_compared(unit: str) -> None:
    longest = (unit * 255)[:254] + "1"
    assert parse("maven", "[0-alpha,)").contains(longest, prereleases=True) in (True, False)
    assert parse("maven", f"[1{longest[1:]}]").contains(f"1{longest[1:]}", prereleases=True) is True


@pytest.mark.parametrize("text", ["[1,2],[2,3]", "(,1),(1,)", "[1,),[2,3]"])
def test_intervals_may_touch_and_anything_may_follow_an_open_end(text: str) -> None:
    assert parse("maven", text).contains("2.5", prereleases=False) is True


@given(
    st.from_regex(r"[0-9a-f]{7,40}", fullmatch=True),
    st.sampled_from(["1.1.5-", "0.33.1+2-", "2.", "3-g", "1_"]),
)
def test_a_commit_id_makes_no_prerelease(commit: str, release: str) -> None:
    assert is_prerelease("maven", f"{release}{commit}") is False
    assert is_prerelease("maven", f"{release}{commit}-SNAPSHOT") is True


@pytest.mark.parametrize(
    ("version", "prerelease"),
    [
        ("1.1.5-ea01b41", False),
        ("0.33.1+2-338015a5", False),
        ("0.33.1-M2", True),
        ("0.33.1-M2-338015a5", True),
        ("1.0_rc1", True),
        ("1.0.Beta3", True),
        ("1.0-20230101.120000-3", True),
        ("20230101a1", True),
        ("1.0-jre", False),
        ("2.13.5.SP1-redhat-00002", False),
        ("1.0.Final", False),
    ],
)
def test_prereleases_are_known_by_their_qualifiers(version: str, prerelease: bool) -> None:
    assert is_prerelease("maven", version) is prerelease


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.0_rc1", "1.0"),
        ("2.13.5.SP1", "2.13.5.SP1-redhat-00002"),
        ("1.0-rc1", "1.0.SP1"),
        ("1.0-alpha", "1.0-M1"),
        ("1.0-SNAPSHOT", "1.0-jre"),
        ("1.0.min", "1.0.0"),
        ("1.0.9", "1.0.max"),
    ],
)
def test_versions_are_ordered_as_the_resolver_orders_them(lower: str, higher: str) -> None:
    assert parse("maven", f"({lower},{higher}]").contains(higher, prereleases=True) is True
    assert parse("maven", f"({lower},{higher}]").contains(lower, prereleases=True) is False
