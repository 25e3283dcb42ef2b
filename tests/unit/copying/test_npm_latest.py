"""npm's tag `latest`: where it has to move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.npm_latest import NpmPackage, next_latest
from promoter.versions.semver import parse_version

VERSIONS = st.builds(
    "{}.{}.{}{}".format,
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["", "-rc.1"]),
)
CASES = [
    ("a version that waited", {"1.4.0", "1.5.0"}, "1.4.0", "1.5.0"),
    ("the first version", {"1.0.0"}, "", "1.0.0"),
    ("the highest has the tag", {"1.4.0", "1.5.0"}, "1.5.0", None),
    ("a backport never moves it back", {"1.4.9", "1.5.0"}, "1.5.0", None),
    ("the copy of a backport moved it back", {"1.4.9", "1.5.0"}, "1.4.9", "1.5.0"),
    ("numbers are compared as numbers", {"1.9.0", "1.10.0"}, "1.9.0", "1.10.0"),
    ("never to a prerelease", {"1.5.0", "1.6.0-rc.1"}, "1.5.0", None),
    ("only prereleases", {"1.6.0-rc.1"}, "", None),
    ("the tag is on a lower prerelease", {"1.6.0-rc.1", "1.6.0"}, "1.6.0-rc.1", "1.6.0"),
    ("the tag is on a higher prerelease", {"2.0.0-rc.1", "1.6.0"}, "2.0.0-rc.1", None),
    ("the tag is on a version that clients do not see", {"1.4.0"}, "1.5.0", "1.4.0"),
    ("the tag is on no version of npm", {"one", "1.4.0"}, "one", "1.4.0"),
    ("no version at all", set(), "", None),
]


@pytest.mark.parametrize(
    ("versions", "latest", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_tag_moves_forward_to_the_highest_release(
    versions: set[str], latest: str, expected: str | None
) -> None:
    assert next_latest(NpmPackage(frozenset(versions), latest)) == expected


@given(st.frozensets(VERSIONS, max_size=6), VERSIONS)
def test_the_tag_never_moves_back_and_never_to_a_prerelease(versions: frozenset[str], latest: str) -> None:
    package = NpmPackage(versions, latest)

    version = next_latest(package)

    if version is not None:
        moved, before = parse_version(version), parse_version(latest)
        assert moved is not None
        assert before is not None
        assert version in versions
        assert not moved.prerelease
        assert latest not in versions or moved > before
        assert next_latest(NpmPackage(versions, version)) is None


def test_versions_that_the_endpoint_does_not_list_yet_count() -> None:
    assert next_latest(NpmPackage(frozenset({"1.4.0"}), "1.4.0").having({"1.5.0"})) == "1.5.0"
