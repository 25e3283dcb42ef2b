"""Candidates for promotion, and the deliveries that bring them."""

from msgspec import Struct

from promoter.packages.package import Package, quote_purl


class Candidate(Struct, frozen=True):
    """One package version at one revision, in the repository that has it.

    `available_since` is when this revision arrived there, in UTC seconds since the epoch. `sequence_number` orders
    the changes of one package in one repository (User Guide: service-event-format-example).
    """

    package: Package
    version: str
    revision: str
    repository: str
    available_since: float
    sequence_number: int = 0

    @property
    def purl(self) -> str:
        """The Package URL of the version: `pkg:npm/%40acme/widget@1.2.3`."""
        return f"{self.package.purl}@{quote_purl(self.version)}"


class Delivery(Struct, frozen=True):
    """The delivery that brought a candidate.

    `message_id` is the id of the SQS message, "" for a direct invocation. `receive_count` is its
    ApproximateReceiveCount.
    """

    message_id: str = ""
    receive_count: int = 1
    event_id: str = ""
    cause: str = "event"


class Arrival(Struct, frozen=True):
    """A candidate together with the delivery that brought it."""

    candidate: Candidate
    delivery: Delivery = Delivery()
