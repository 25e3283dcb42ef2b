"""A CodeArtifact in memory: the calls of a promotion, answered as the User Guide (copy-package) says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from promoter.copying.plan import Copy
from promoter.copying.ports import ApiError, Assets, Description, Failure, Reply, Success
from promoter.packages.package import Package
from promoter.rules.vocabulary import Origin

Key = tuple[Package, str]


@dataclass(frozen=True)
class Stored:
    """A version as it stands in one repository."""

    revision: str
    hashes: Mapping[str, str]
    status: str = "Published"


@dataclass
class Fault:
    """An error instead of an answer, for one call; after the effect it is a reply that was lost."""

    operation: Literal["copy", "assets", "describe"]
    error: Exception
    after_effect: bool = False


@dataclass
class InMemoryRepositories:
    """The repositories of one domain; `copies` and `reads` are the calls, `writes` what they changed."""

    contents: dict[str, dict[Key, Stored]]
    fresh_revisions: bool = False
    all_or_nothing: bool = True
    origins: dict[Package, Origin] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    copies: list[dict[str, str]] = field(default_factory=list)
    overwriting: list[bool] = field(default_factory=list)
    reads: list[tuple[str, str]] = field(default_factory=list)
    writes: list[tuple[str, Package, str, str]] = field(default_factory=list)

    def put(
        self,
        repository: str,
        package: Package,
        version: str,
        revision: str = "r1",
        hashes: Mapping[str, str] | None = None,
    ) -> None:
        """Publish a version, or change it."""
        self.contents[repository][package, version] = Stored(revision, hashes or {"package.tgz": "aa"})

    def copy_versions(self, instruction: Copy, revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """CopyPackageVersions: all of them, or none and the healthy ones skipped, unless that is off."""
        self.copies.append(dict(revisions))
        self.overwriting.append(overwrite)
        fault = self._due("copy")
        if fault is not None and not fault.after_effect:
            raise fault.error
        reply = self._copy(instruction, revisions, overwrite)
        if fault is not None:
            raise fault.error
        return reply

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        """ListPackageVersionAssets."""
        self.reads.append((repository, version))
        fault = self._due("assets")
        if fault is not None:
            raise fault.error
        stored = self._repository(repository).get((package, version))
        if stored is None:
            raise ApiError("ResourceNotFoundException", "Package version not found", "package-version")
        return Assets(stored.revision, stored.hashes)

    def describe(self, repository: str, package: Package, version: str) -> Description:
        """DescribePackageVersion."""
        self.reads.append((repository, version))
        fault = self._due("describe")
        if fault is not None:
            raise fault.error
        stored = self._repository(repository).get((package, version))
        if stored is None:
            raise ApiError("ResourceNotFoundException", "Package version not found", "package-version")
        return Description(stored.revision, stored.status, 0.0, self.origins.get(package))

    def _repository(self, name: str) -> dict[Key, Stored]:
        if name not in self.contents:
            raise ApiError("ResourceNotFoundException", f"Repository not found: {name}", "repository")
        return self.contents[name]

    def _due(self, operation: str) -> Fault | None:
        due = next((fault for fault in self.faults if fault.operation == operation), None)
        if due is not None:
            self.faults.remove(due)
        return due

    def _copy(self, copy: Copy, revisions: Mapping[str, str], overwrite: bool) -> Reply:
        source, destination = self._repository(copy.hop.source), self._repository(copy.hop.destination)
        if not any(package == copy.package for package, _ in source):
            raise ApiError("ResourceNotFoundException", "Package not found in repository", "package")
        failed: dict[str, Failure] = {}
        wanted: dict[str, Stored] = {}
        for version, revision in revisions.items():
            here, there = source.get((copy.package, version)), destination.get((copy.package, version))
            if here is None:
                failed[version] = Failure("NOT_FOUND", f"Could not find version {version}")
            elif here.revision != revision:
                failed[version] = Failure("MISMATCHED_REVISION", f"current revision: {here.revision}")
            elif there is None or (there.hashes != here.hashes and overwrite):
                wanted[version] = here
            elif there.hashes != here.hashes:
                failed[version] = Failure("ALREADY_EXISTS", f"Version {version} already exists")
        if failed and self.all_or_nothing:
            others = revisions.keys() - failed.keys()
            return Reply({}, {**failed, **{other: Failure("SKIPPED", "was skipped") for other in others}})
        for version, stored in wanted.items():
            kept = (
                stored.revision if not self.fresh_revisions else f"{stored.revision}-{copy.hop.destination}"
            )
            destination[copy.package, version] = Stored(kept, stored.hashes)
            self.writes.append((copy.hop.destination, copy.package, version, stored.revision))
        written = {version: destination[copy.package, version] for version in wanted}
        successful = {each: Success(stored.revision, "Published") for each, stored in written.items()}
        return Reply(successful, failed)
