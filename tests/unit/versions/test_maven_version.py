"""maven_version: Maven's order of versions, of whatever texts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.versions.maven_version import MavenVersion, version_of

TEXTS = st.lists(
    st.sampled_from(
        ["0", "1", "2", "10", "a", "rc", "ga", "sp", "snapshot", "foo", "min", "max", ".", "-", "_"]
    ),
    min_size=1,
    max_size=7,
).map("".join)


@given(TEXTS, TEXTS)
def test_of_two_versions_one_is_lower_or_both_are_equal(left: str, right: str) -> None:
    one, other = MavenVersion(left), MavenVersion(right)

    assert [one < other, one == other, other < one].count(True) == 1


@given(TEXTS)
def test_zeros_and_releases_at_the_end_mean_nothing(text: str) -> None:
    version = f"1.{text}1"

    assert MavenVersion(version) == MavenVersion(f"{version}.0") == MavenVersion(f"{version}-ga")


@given(TEXTS, TEXTS)
def test_versions_of_the_same_items_have_the_same_hash(left: str, right: str) -> None:
    one, other = MavenVersion(left), MavenVersion(right)

    assert one.items != other.items or (one == other and hash(one) == hash(other))


@pytest.mark.parametrize(
    "versions", ["1-alpha 1-beta 1-milestone 1-rc 1-snapshot 1 1-sp 1-foo 1-1", "1.min 1.0 1.1 1.max"]
)
def test_the_documented_order_holds(versions: str) -> None:
    read = [version_of(each) for each in versions.split()]

    assert all(lower < higher for lower, higher in pairwise(read))


@pytest.mark.parametrize(
    ("text", "same"), [("1_rc1", "1-cr1"), ("1a1", "1-alpha-1"), ("1.0.FINAL", "1"), ("", "0")]
)
def test_separators_case_and_abbreviations_do_not_matter(text: str, same: str) -> None:
    assert MavenVersion(text) == MavenVersion(same)


def test_something_else_is_never_equal() -> None:
    assert MavenVersion("1") != "1"
