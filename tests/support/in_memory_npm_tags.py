"""The npm endpoints of repositories, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from promoter.copying.npm_latest import NpmPackage
from promoter.packages.package import Package


@dataclass
class InMemoryNpmTags:
    """The tag `latest` over the versions of in-memory repositories.

    `calls` are the calls, `faults` the errors of the next ones by operation. `after_read` happens once, after a read.
    """

    versions_of: Callable[[str, Package], set[str]]
    latest: dict[tuple[str, Package], str] = field(default_factory=dict)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    faults: dict[str, Exception] = field(default_factory=dict)
    after_read: Callable[[], None] | None = None

    def read(self, repository: str, package: Package) -> NpmPackage:
        self._call("read", repository, package.title)
        versions = frozenset(self.versions_of(repository, package))
        found = NpmPackage(versions, self.latest.get((repository, package), ""))
        if self.after_read:
            happens, self.after_read = self.after_read, None
            happens()
        return found

    def move_latest(self, repository: str, package: Package, version: str) -> None:
        self._call("move", repository, package.title, version)
        self.latest[repository, package] = version

    def _call(self, operation: str, *arguments: str) -> None:
        self.calls.append((operation, *arguments))
        if operation in self.faults:
            raise self.faults.pop(operation)
