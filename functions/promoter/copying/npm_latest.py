"""npm's tag `latest` in a destination: it moves forward to the highest release, never back, never to a prerelease.

A copy carries only the tags that point at the version at that moment: a version that waited arrives without the
tag, and the copy of a backport may move the tag back (User Guide: npm-tags).
"""

from collections.abc import Iterable

from msgspec import Struct

from promoter.versions.semver import parse_version

LATEST = "latest"


class NpmPackage(Struct, frozen=True):
    """The versions that npm clients see in a repository, and the one with the tag `latest`; "" if none has it."""

    versions: frozenset[str]
    latest: str = ""

    def having(self, versions: Iterable[str]) -> "NpmPackage":
        """The same package with more versions, which the endpoint may not list yet."""
        return NpmPackage(self.versions.union(versions), self.latest)


def next_latest(package: NpmPackage) -> str | None:
    """The version that `latest` has to move to, None if it stays.

    A tag on a version that clients do not see counts as none.
    """
    releases = [
        (parsed, version)
        for version in package.versions
        if (parsed := parse_version(version)) is not None and not parsed.prerelease
    ]
    if not releases:
        return None
    highest, version = max(releases)
    current = parse_version(package.latest) if package.latest in package.versions else None
    return None if current is not None and current >= highest else version
