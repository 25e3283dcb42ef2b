"""The status of the deployed pipeline. A part that cannot be read is Unknown and hides no other part."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from promoter.copying.ports import ApiError
from promoter.inspection.event_rule import find_rule_faults
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription, StackReader, Unknown
from promoter.reporting.ports import NAMESPACE

DEAD_LETTER_QUEUES = ("PromotionDeadLetterQueue", "RuleDeadLetterQueue", "ScheduleDeadLetterQueue")
QUEUES = ("PromotionQueue", *DEAD_LETTER_QUEUES)
_ALARM = "AWS::CloudWatch::Alarm"
_QUEUE_ARN = "PromotionQueueArn"  # an output of the template
_METRICS = (
    ("Failed", "Sum"),
    ("PublishToPromote", "Sum"),
    ("PublishToPromote", "SampleCount"),
)

_T = TypeVar("_T")


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
    failed: int
    publish_to_promote: float | None


class RuleStatus(Struct, frozen=True):
    """The event rule: its name, its state ("" if it does not exist), and its faults as sentences."""

    name: str
    state: str
    faults: tuple[str, ...]


class PipelineStatus(Struct, frozen=True):
    """The status of every part.

    `alarms` are in ALARM; `alarm_count` counts all alarms. `serving` is the state of the event source mapping: the
    function serves its queue only if it is `Enabled`. `pending` counts the pending entries.
    `ruleset` is None if the log has no decision.
    """

    stack: StackDescription
    queues: Mapping[str, QueueStatus | Unknown]
    counts: DailyCounts | Unknown
    alarms: list[str] | Unknown
    alarm_count: int
    serving: str | Unknown
    ruleset: LoggedRuleset | Unknown | None
    rule: RuleStatus | Unknown
    pending: int | Unknown = 0

    @property
    def paused(self) -> bool:
        """True if the function does not serve its queue because the parameter `Serving` is false."""
        return not self.serves and self.stack.parameters.get("Serving") == "false"

    @property
    def dead_letters(self) -> list[QueueStatus]:
        """The dead-letter queues that are not empty."""
        found = (self.queues[name] for name in DEAD_LETTER_QUEUES)
        return [queue for queue in found if isinstance(queue, QueueStatus) and queue.depth.total]

    @property
    def serves(self) -> bool:
        """True if the function serves its queue, or nobody knows."""
        return isinstance(self.serving, Unknown) or self.serving == "Enabled"

    @property
    def rule_passes(self) -> bool:
        """True if the event rule has no fault, or nobody knows."""
        return isinstance(self.rule, Unknown) or not self.rule.faults

    @property
    def passes(self) -> bool:
        """True if no part that could be read needs attention."""
        quiet = isinstance(self.alarms, Unknown) or not self.alarms
        return not self.dead_letters and quiet and self.serves and self.rule_passes


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
        _serving(reader, stack),
        _of_resource(stack, "PromoteLogGroup", "read the decision log", reader.newest_ruleset),
        _rule(reader, stack),
        _of_resource(stack, "ScheduleGroup", "count the pending entries", reader.count_entries),
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


def _serving(reader: StackReader, stack: StackDescription) -> str | Unknown:
    def read(function: str) -> str:
        return reader.mapping_state(function, stack.outputs.get(_QUEUE_ARN, ""))

    return _of_resource(stack, "PromoteFunction", "read the event source mapping", read)


def _rule(reader: StackReader, stack: StackDescription) -> RuleStatus | Unknown:
    def read(name: str) -> RuleStatus:
        rule = reader.find_rule(name)
        faults = find_rule_faults(rule, stack.parameters, stack.outputs.get(_QUEUE_ARN, ""))
        return RuleStatus(name, rule.state if rule else "", faults)

    return _of_resource(stack, "PublishRule", "read the event rule", read)


def _counts(reader: StackReader, now: float) -> DailyCounts:
    promoted = reader.daily_sum_by(NAMESPACE, "Promoted", "Promotion", now)
    failed, seconds, samples = reader.daily_sums(NAMESPACE, _METRICS, now)
    return DailyCounts(int(promoted), int(failed), seconds / samples if samples else None)
