"""The paths of files below a Maven repository."""

import re
from dataclasses import dataclass

from .endpoints import RejectedError
from .formats import asset_of_client, package_of_client, require_name, version_of_client
from .maven_names import SNAPSHOT
from .packages import PackageKey

METADATA = "maven-metadata.xml"
ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}


@dataclass(frozen=True)
class MavenPath:
    """A path below a repository: of a file, or of generated metadata."""

    key: PackageKey
    version: str | None
    """The folder of the file; None for the metadata of the package."""
    file: str
    """The name of the file, without the extension of a checksum."""
    checksum: str | None
    """The name of the digest if the path is that of a checksum."""

    @property
    def is_metadata(self) -> bool:
        """True if the service generates the file."""
        return self.file == METADATA and (
            self.version is None or self.version.endswith(SNAPSHOT)
        )


def read_path(segments: list[str]) -> MavenPath:
    """Split a path into group, artifact, version and file."""
    *folders, last = segments
    stem, _, extension = last.rpartition(".")
    checksum = ALGORITHMS.get(extension)
    file = stem if checksum else last
    has_version = file != METADATA or (
        folders[-1:] != [] and folders[-1].endswith(SNAPSHOT)
    )
    if len(folders) < (3 if has_version else 2):
        raise RejectedError(404, "The path has no group, artifact and file")
    version = version_of_client("maven", folders.pop()) if has_version else None
    *group, artifact = folders
    for part in group:
        require_name("group", part)
    key = package_of_client("maven", ".".join(group), artifact)
    return MavenPath(key, version, asset_of_client(file), checksum)


def build_of(key: PackageKey, version: str, file: str) -> str:
    """Return the version of a file. That of a snapshot's file is its build: `1.0-<timestamp>-<number>`."""
    if not version.endswith(SNAPSHOT):
        return version
    base = version.removesuffix(SNAPSHOT)
    build = re.match(
        rf"{re.escape(key.name)}-(?P<build>{re.escape(base)}-\d{{8}}\.\d{{6}}-\d+)[-.]",
        file,
    )
    if build is None:
        raise RejectedError(
            400, f"{file} is no file of a unique snapshot; others are not supported"
        )
    return build["build"]
