"""The status of the deployed pipeline. A part that cannot be read is Unknown and hides no other part."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from promoter.copying.ports import ApiError
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription, StackReader
from promoter.reporting.metrics import NAMESPACE

DEAD_LETTER_QUEUES = ("PromotionDeadLetterQueue", "RuleDeadLetterQueue")
QUEUES = ("PromotionQueue", *DEAD_LETTER_QUEUES)
_ALARM = "AWS::CloudWatch::Alarm"
_METRICS = (
    ("Promoted", "Sum"),
    ("Rejected", "Sum"),
    ("Failed", "Sum"),
    ("PublishToPromote", "Sum"),
    ("PublishToPromote", "SampleCount"),
)

_T = TypeVar("_T")


class Unknown(Struct, frozen=True):
    """A part that could not be read. `action` is the attempt, as in "read the alarms".

    `error` is None if the stack does not have the resource.
    """

    action: str
    error: ApiError | None = None


class QueueStatus(Struct, frozen=True):
    """A queue, its depth, and the age of its oldest message in seconds (None is unknown)."""

    url: str
    depth: QueueDepth
    oldest_age: float | None


class DailyCounts(Struct, frozen=True):
    """Counts of the last 24 hours.

    `publish_to_promote` is the average time in seconds; None if nothing was promoted.
    """

    promoted: int
    rejected: int
    failed: int
    publish_to_promote: float | None


class PipelineStatus(Struct, frozen=True):
    """The status of every part.

    `alarms` are in ALARM; `alarm_count` counts all alarms. `serving` is the state of the event source mapping.
    `ruleset` is None if the log has no decision.
    """

    stack: StackDescription
    queues: Mapping[str, QueueStatus | Unknown]
    counts: DailyCounts | Unknown
    alarms: list[str] | Unknown
    alarm_count: int
    serving: str | Unknown
    ruleset: LoggedRuleset | Unknown | None

    @property
    def dead_letters(self) -> list[QueueStatus]:
        """The dead-letter queues that are not empty."""
        found = (self.queues[name] for name in DEAD_LETTER_QUEUES)
        return [queue for queue in found if isinstance(queue, QueueStatus) and queue.depth.total]

    @property
    def passes(self) -> bool:
        """True if no part that could be read needs attention."""
        return not self.dead_letters and (isinstance(self.alarms, Unknown) or not self.alarms)


def read_status(reader: StackReader, now: float) -> PipelineStatus | None:
    """Read every part at `now` (UTC seconds since the epoch); None if there is no such stack.

    Raises ApiError if the stack itself cannot be read.
    """
    stack = reader.find()
    if stack is None:
        return None
    alarms = [name for type_, name in stack.resources.values() if type_ == _ALARM]
    return PipelineStatus(
        stack,
        {name: _queue(reader, stack, name, now) for name in QUEUES},
        _attempt("read the metrics", lambda: _counts(reader, now)),
        _attempt("read the alarms", lambda: reader.active_alarms(alarms)),
        len(alarms),
        _of_resource(stack, "PromoteFunction", "read the event source mapping", reader.mapping_state),
        _of_resource(stack, "PromoteLogGroup", "read the decision log", reader.newest_ruleset),
    )


def _attempt(action: str, call: Callable[[], _T]) -> _T | Unknown:
    try:
        return call()
    except ApiError as error:
        return Unknown(action, error)


def _of_resource(
    stack: StackDescription, logical_id: str, action: str, call: Callable[[str], _T]
) -> _T | Unknown:
    """Call with the physical id of a resource."""
    if logical_id not in stack.resources:
        return Unknown(action)
    _, physical_id = stack.resources[logical_id]
    return _attempt(action, lambda: call(physical_id))


def _queue(reader: StackReader, stack: StackDescription, name: str, now: float) -> QueueStatus | Unknown:
    def read(url: str) -> QueueStatus:
        depth = reader.queue_depth(url)
        age = _attempt("read its age", lambda: reader.oldest_message_age(url, now)) if depth.total else None
        return QueueStatus(url, depth, None if isinstance(age, Unknown) else age)

    return _of_resource(stack, name, f"read {name}", read)


def _counts(reader: StackReader, now: float) -> DailyCounts:
    promoted, rejected, failed, seconds, samples = reader.daily_sums(NAMESPACE, reader.name, _METRICS, now)
    average = seconds / samples if samples else None
    return DailyCounts(int(promoted), int(rejected), int(failed), average)
