"""Candidates for promotion, and the deliveries that bring them."""

from typing import Literal

from msgspec import Struct

from promoter.packages.package import Package, quote_purl

LATE_SECONDS = 300.0

Cause = Literal["event", "entry", "answer"]


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

    `message_id` and `receipt_handle` are those of the SQS message, "" for a direct invocation. `number` counts the
    deliveries that were meant to decide: the message's ApproximateReceiveCount without the one that settled.
    `cause` is "event", "entry" (a pending entry fired) or "answer". `first_received` is
    ApproximateFirstReceiveTimestamp in UTC seconds since the epoch, None if unknown. `deduplication_id` is the same
    for two deliveries of one event, "" if the event has none.
    """

    message_id: str = ""
    number: int = 1
    event_id: str = ""
    cause: Cause = "event"
    receipt_handle: str = ""
    first_received: float | None = None
    deduplication_id: str = ""


class Arrival(Struct, frozen=True):
    """A candidate together with the delivery that brought it.

    `destination` is the only repository that it is decided for, "" means every hop. `entries` are the names of the
    pending entries that were found before it is decided; they are done when it is promoted.
    """

    candidate: Candidate
    delivery: Delivery = Delivery()
    destination: str = ""
    entries: tuple[str, ...] = ()

    def is_late(self, now: float) -> bool:
        """True if the version may have changed since its event. `now` is in UTC seconds since the epoch.

        A status change keeps the revision, so only a look shows that a version was archived.
        """
        age = now - self.candidate.available_since
        return self.delivery.number > 1 or self.delivery.cause != "event" or age > LATE_SECONDS
