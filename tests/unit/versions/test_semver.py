"""semver: versions, and versions whose last parts are missing."""

import pytest

from promoter.versions.semver import is_prerelease, parse_partial, parse_version


@pytest.mark.parametrize("text", ["1.2.3", "v1.2.3", "1.2.3-rc.1", "1.2.3+build"])
def test_a_semver_version_is_read_with_or_without_v(text: str) -> None:
    assert str(parse_version(text)) == text.removeprefix("v")


@pytest.mark.parametrize("text", ["1.2", "01.2.3", "latest", "", "1.2.3-", "=1.2.3"])
def test_other_texts_are_no_version(text: str) -> None:
    assert parse_version(text) is None
    assert is_prerelease(text) is None


@pytest.mark.parametrize(
    ("text", "floor", "ceiling"),
    [
        ("1", "1.0.0", "2.0.0-0"),
        ("1.x", "1.0.0", "2.0.0-0"),
        ("1.2", "1.2.0", "1.3.0-0"),
        ("1.2.*", "1.2.0", "1.3.0-0"),
        ("1.2.3", "1.2.3", "1.2.4-0"),
        ("1.2.3-rc.1", "1.2.3-rc.1", "1.2.4-0"),
    ],
)
def test_a_partial_version_has_a_floor_and_a_ceiling(text: str, floor: str, ceiling: str) -> None:
    partial = parse_partial(text)

    assert partial is not None
    assert str(partial.floor()) == floor
    assert str(partial.ceiling(partial.given - 1)) == ceiling


@pytest.mark.parametrize(
    ("text", "part"), [("1.2.3", 0), ("0.2.3", 1), ("0.0.3", 2), ("0", 0), ("0.0", 1), ("0.0.0", 2)]
)
def test_a_caret_keeps_the_leftmost_part_that_is_not_zero(text: str, part: int) -> None:
    partial = parse_partial(text)

    assert partial is not None
    assert partial.caret_part == part


@pytest.mark.parametrize("text", ["", "1.x.3", "x.1", "1.2.3.4", "1.2.3-01", "1.2-rc", "a"])
def test_other_texts_are_no_partial_version(text: str) -> None:
    assert parse_partial(text) is None
