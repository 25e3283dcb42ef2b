"""Outcomes, results, and runs."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from msgspec import Struct

from promoter.intake.event import AnswerEvent
from promoter.packages.candidate import Candidate, Delivery
from promoter.rules.decision import Decision
from promoter.rules.rule_set import Promotion
from promoter.rules.vocabulary import Hop

EXPIRED = "EXPIRED"  # nobody released the version within 91 days
NPM_LATEST = "npm-latest"  # the version is in the destination, but its tag was not moved


class OutcomeKind(StrEnum):
    """The end of a version's copy. RETRY leaves its message on the queue."""

    COPIED = "copied"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    RETRY = "retry"
    EXPIRED = "expired"


class AssetDifference(Struct, frozen=True):
    """One asset that differs, or may differ: its SHA-256 on both sides, "" where it is missing or has no hash."""

    name: str
    source: str
    destination: str


class Outcome(Struct, frozen=True):
    """The outcome of one version.

    `code` is the API's error code or "". `is_final` is True if the message may be deleted. `extended` is True if
    assets were added to an existing version. `only_added` is True if the source has more assets than the destination
    and all others are the same. `revision` and `status` are as the API answered.
    """

    kind: OutcomeKind
    code: str = ""
    text: str = ""
    is_final: bool = True
    extended: bool = False
    revision: str = ""
    status: str = ""
    differences: tuple[AssetDifference, ...] = ()
    only_added: bool = False

    @property
    def failed(self) -> bool:
        """True if somebody has to act."""
        return self.kind is OutcomeKind.FAILED

    @classmethod
    def retry(cls, code: str, text: str) -> Self:
        """The outcome of a version that has to be tried again."""
        return cls(OutcomeKind.RETRY, code, text, is_final=False)


class Deferred(Struct, frozen=True):
    """Evidence that could not be looked up, with the outcome that this means. Never a decision."""

    outcome: Outcome


class Pending(Struct, frozen=True):
    """The entry of a decision that is not finished. `fires` is in UTC seconds since the epoch.

    `begins` is True if people are told: a hold has begun, or this is a reminder.
    """

    name: str
    fires: int
    begins: bool = False


class Result(Struct, frozen=True):
    """The result of one candidate on one hop.

    `decision` is None if the evidence could not be looked up; `promotion` is then the one that needed it.
    `outcome` is None if nothing had to be carried out. A `duplicate` is another delivery of the same event.
    `pending` is the entry of a decision to wait or to hold.
    """

    candidate: Candidate
    promotion: Promotion
    delivery: Delivery
    decision: Decision | None = None
    outcome: Outcome | None = None
    duplicate: bool = False
    pending: Pending | None = None

    @classmethod
    def of(
        cls,
        decision: Decision,
        delivery: Delivery,
        outcome: Outcome | None = None,
        *,
        duplicate: bool = False,
        pending: Pending | None = None,
    ) -> Self:
        """The result of a decision."""
        return cls(decision.candidate, decision.promotion, delivery, decision, outcome, duplicate, pending)

    @property
    def key(self) -> "ResultKey":
        """The key of a result, unique in its run."""
        return self.delivery.message_id, self.promotion.hop

    @property
    def is_final(self) -> bool:
        """True if this result no longer needs its SQS message."""
        return self.outcome is None or self.outcome.is_final

    @property
    def failed(self) -> bool:
        """True if the version was not promoted and somebody has to act."""
        return self.outcome is not None and self.outcome.failed

    @property
    def copied(self) -> bool:
        """True if the version was copied."""
        return self.outcome is not None and self.outcome.kind is OutcomeKind.COPIED


ResultKey = tuple[str, Hop]  # message id and hop


class BadAnswer(Struct, frozen=True):
    """An answer that cannot be used, so that its check or approval is still open."""

    delivery: Delivery
    namespace: str
    package: str
    version: str
    problem: str

    @classmethod
    def of(cls, event: AnswerEvent, problem: str, version: str) -> Self:
        """The bad answer that an event announces; `version` is the newest one."""
        return cls(event.delivery, event.namespace, event.package, version, problem)


class Run(Struct, frozen=True):
    """The end of a batch: the results, and the exceptions of our own code by message id.

    `postponed` has the answers that could not be read, by message id. `not_deleted` has the pending entries that
    are left over, and why.
    """

    results: list[Result]
    crashed: Mapping[str, Exception]
    bad_answers: Sequence[BadAnswer] = ()
    postponed: Mapping[str, Outcome] = {}
    not_deleted: Sequence[str] = ()

    @property
    def unfinished(self) -> set[str]:
        """The ids of the messages that have to come again."""
        results = {each.delivery.message_id for each in self.results if not each.is_final}
        return results | self.crashed.keys() | self.postponed.keys()
