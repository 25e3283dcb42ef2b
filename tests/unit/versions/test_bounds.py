"""bounds: comparisons with a version, and intervals of them."""

import pytest

from promoter.versions.bounds import Bound, within


@pytest.mark.parametrize(
    ("sign", "allowed"),
    [("=", {2}), (">", {3}), (">=", {2, 3}), ("<", {1}), ("<=", {1, 2})],
)
def test_a_bound_allows_the_versions_of_its_sign(sign: str, allowed: set[int]) -> None:
    assert {version for version in (1, 2, 3) if Bound(sign, 2).allows(version)} == allowed


def test_a_version_is_within_an_interval_if_every_bound_allows_it() -> None:
    interval = (Bound(">=", 1), Bound("<", 3))

    assert [version for version in range(5) if within(version, interval)] == [1, 2]


def test_the_empty_interval_contains_every_version() -> None:
    assert within(1, ())
