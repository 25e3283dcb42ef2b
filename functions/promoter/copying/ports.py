"""The ports of copying: CodeArtifact, answers, pending entries, and the limits of an invocation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from promoter.copying.npm_latest import NpmPackage
from promoter.packages.package import Package
from promoter.rules.vocabulary import Origin
from promoter.waiting.answers import AnswerVersion
from promoter.waiting.entries import Entry

if TYPE_CHECKING:
    from promoter.copying.plan import Copy


class ApiError(Exception):
    """An API call that was refused or got no answer. `code` is the API's error code, or "Unreachable"."""

    def __init__(self, code: str, message: str, resource_type: str = "", request_id: str = "") -> None:
        """`resource_type` is that of a ResourceNotFoundException."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.resource_type = resource_type
        self.request_id = request_id

    @property
    def throttled(self) -> bool:
        """True if the account's quota is used up, so that every further call would be refused too."""
        return self.code == "ThrottlingException"


class Failure(Struct, frozen=True):
    """An entry of failedVersions."""

    code: str
    message: str = ""


class Success(Struct, frozen=True):
    """An entry of successfulVersions."""

    revision: str
    status: str = ""


class Reply(Struct, frozen=True):
    """The reply to CopyPackageVersions: both maps, by version."""

    successful: Mapping[str, Success]
    failed: Mapping[str, Failure]


class Assets(Struct, frozen=True):
    """The assets of one version in one repository: SHA-256 in hex by name."""

    revision: str
    hashes: Mapping[str, str]


class Description(Struct, frozen=True):
    """One version in one repository.

    `published` is publishedTime in whole UTC seconds since the epoch. It is not a reliable age: it is set when a
    version is ingested, and falls back to the last change (User Guide: package-version-age-gating).
    """

    revision: str
    status: str
    published: float
    origin: Origin | None = None


class Repositories(Protocol):
    """The repositories of one domain. Every method raises ApiError."""

    def copy_versions(self, instruction: "Copy", revisions: Mapping[str, str], *, overwrite: bool) -> Reply:
        """Copy versions, each pinned to its revision."""
        ...

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        """List all assets of one version."""
        ...

    def describe(self, repository: str, package: Package, version: str) -> Description:
        """Describe one version."""
        ...


class Answers(Protocol):
    """The evidence repository. Every method raises ApiError."""

    def newest(self, namespace: str, package: str) -> Sequence[AnswerVersion]:
        """The newest versions of a package of answers in any status, the newest first."""
        ...

    def statement(self, namespace: str, package: str, version: str, limit: int) -> bytes | None:
        """The first `limit` bytes of an answer's statement; None if it has none."""
        ...


class Schedules(Protocol):
    """The group of pending entries. Every method raises ApiError."""

    def create(self, entry: Entry) -> bool:
        """Create an entry. Return False if its name is taken."""
        ...

    def names(self, prefix: str) -> list[str]:
        """The names of the entries that begin with a text."""
        ...

    def input_of(self, name: str) -> str | None:
        """The message that an entry sends, None if it is gone."""
        ...

    def delete(self, name: str) -> None:
        """Delete an entry; one that is gone is fine."""
        ...


class NpmTags(Protocol):
    """The npm endpoints of the repositories. Every method raises ApiError."""

    def read(self, repository: str, package: Package) -> NpmPackage:
        """The versions that npm clients see, and the one with the tag `latest`."""
        ...

    def move_latest(self, repository: str, package: Package, version: str) -> None:
        """Set the tag `latest`."""
        ...


class Limits(Protocol):
    """The rate limit of copies, and the time left in the invocation. All times are in seconds."""

    def remaining(self) -> float:
        """Seconds left in this invocation."""
        ...

    def next_slot_in(self) -> float:
        """Seconds until the next copy may be made."""
        ...

    def acquire(self) -> None:
        """Wait until the next copy may be made."""
        ...
