"""The ports of inspection: readers of repositories and of a deployed stack."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from promoter.copying.ports import ApiError, Assets, Description
from promoter.packages.package import Package
from promoter.rules.vocabulary import Origin


class Unknown(Struct, frozen=True):
    """A part that could not be read. `action` is the attempt, as in "read the alarms".

    `error` is None if the stack does not have the resource.
    """

    action: str
    error: ApiError | None = None


class VersionSummary(Struct, frozen=True):
    """An entry of ListPackageVersions."""

    version: str
    revision: str
    status: str
    origin: Origin | None = None


class RepositoryPackage(Struct, frozen=True):
    """A package in a repository.

    `published_here` is True if only publishing is allowed (the package was first published in the domain), False
    if only fetching is, None if the origin controls do not tell.
    """

    package: Package
    published_here: bool | None


class ExternalConnection(Struct, frozen=True):
    """A connection to a public repository, as `public:npmjs`, and the format of its packages."""

    name: str
    format: str


class RepositoryLinks(Struct, frozen=True):
    """The other places that a repository serves packages from: its direct upstreams and external connections."""

    upstreams: tuple[str, ...] = ()
    connections: tuple[ExternalConnection, ...] = ()


class LinkReader(Protocol):
    """Reads how the repositories of one domain are linked."""

    def links(self, repository: str) -> RepositoryLinks:
        """The direct upstreams and external connections of a repository; raises ApiError."""
        ...


class Reader(Protocol):
    """Reads the repositories of one domain. Every method raises ApiError."""

    def packages(
        self, repository: str, format_: str = "", namespace: str = "", prefix: str = ""
    ) -> Iterator[RepositoryPackage]:
        """The packages of a repository; with a format, those whose namespace and name begin with these texts."""
        ...

    def versions(self, repository: str, package: Package, status: str = "") -> Iterator[VersionSummary]:
        """The versions of a package, of one status or of all."""
        ...

    def find(self, repository: str, package: Package, version: str) -> Description | None:
        """Describe one version, or return None if the repository itself does not have it."""
        ...

    def list_assets(self, repository: str, package: Package, version: str) -> Assets:
        """List all assets of one version."""
        ...


class ListedEntry(Struct, frozen=True):
    """A pending entry as Scheduler lists it. `created` is in UTC seconds since the epoch."""

    name: str
    created: float


class EntryReader(Protocol):
    """Reads the group of pending entries. Every method raises ApiError."""

    def listed(self, prefix: str = "") -> Sequence[ListedEntry]:
        """The entries whose names begin with a text."""
        ...

    def input_of(self, name: str) -> str | None:
        """The message that an entry sends, None if it is gone."""
        ...


class StackDescription(Struct, frozen=True):
    """A deployed stack. `deployed_at` is its last deployment, in UTC seconds since the epoch.

    `resources` has (type, physical id) by logical id.
    """

    parameters: Mapping[str, str]
    deployed_at: float
    resources: Mapping[str, tuple[str, str]]
    outputs: Mapping[str, str] = {}


class RuleTarget(Struct, frozen=True):
    """A target of an event rule. `transformation` names the property that changes events, "" if there is none."""

    arn: str
    transformation: str = ""


class RuleDescription(Struct, frozen=True):
    """An event rule: its state, as `ENABLED`, its event pattern, and its targets."""

    state: str
    pattern: Mapping[str, Any]
    targets: tuple[RuleTarget, ...]


class QueueDepth(Struct, frozen=True):
    """The approximate numbers of messages in a queue: ready, received by a consumer, and not yet due."""

    waiting: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All messages."""
        return self.waiting + self.in_flight + self.delayed


class LoggedRuleset(Struct, frozen=True):
    """The ruleset of the newest decision in the log. `logged_at` is in UTC seconds since the epoch."""

    ruleset: str
    logged_at: float


class StackReader(Protocol):
    """Reads one deployed stack and what it is made of. Every method raises ApiError."""

    def find(self) -> StackDescription | None:
        """Describe the stack, or return None if there is none of its name."""
        ...

    def queue_depth(self, url: str) -> QueueDepth:
        """Count the messages of a queue."""
        ...

    def oldest_message_age(self, url: str, now: float) -> float | None:
        """The age of a queue's oldest message in seconds; None if there is no recent measurement."""
        ...

    def daily_sums(self, namespace: str, metrics: Sequence[tuple[str, str]], now: float) -> list[float]:
        """The sum over the last 24 hours of each of the stack's metrics, given as (name, statistic)."""
        ...

    def daily_sum_by(self, namespace: str, name: str, dimension: str, now: float) -> float:
        """The sum over the last 24 hours of all series of a metric that have this dimension."""
        ...

    def active_alarms(self, names: Sequence[str]) -> list[str]:
        """The names of those alarms that are in ALARM, in alphabetical order."""
        ...

    def mapping_state(self, function: str, queue_arn: str) -> str:
        """The state of the mapping from a queue to a function, as `Enabled`; "" if there is none."""
        ...

    def find_rule(self, name: str) -> RuleDescription | None:
        """Describe an event rule, or return None if it does not exist."""
        ...

    def count_entries(self, group: str) -> int:
        """Count the pending entries of a schedule group."""
        ...

    def newest_ruleset(self, log_group: str) -> LoggedRuleset | None:
        """The ruleset of the newest decision in a log group; None if there is no decision."""
        ...
