"""The deployed pipeline at one moment; what cannot be read is said in its place, and stops nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from promoter.aws.stack import Deployment, Depth, Logged, Stack
from promoter.cli.errors import UserError, aws_errors
from promoter.reporting.metrics import NAMESPACE
from promoter.settings import SERVICE

QUEUES = ("PromotionQueue", "PromotionDeadLetterQueue", "RuleDeadLetterQueue")
_ALARM = "AWS::CloudWatch::Alarm"
_COUNTS = (
    ("Promoted", "Sum"),
    ("Rejected", "Sum"),
    ("Failed", "Sum"),
    ("PublishToPromote", "Sum"),
    ("PublishToPromote", "SampleCount"),
)

_T = TypeVar("_T")


class Unknown(Struct, frozen=True):
    """What stands where something could not be read: why, in a sentence."""

    why: str


class Queue(Struct, frozen=True):
    """A queue: where, how deep, and the age of its oldest message in seconds (None is unknown)."""

    url: str
    depth: Depth
    oldest: float | None


class Counts(Struct, frozen=True):
    """The last 24 hours; `seconds` is the average from publish to promote, None where nothing was promoted."""

    promoted: int
    rejected: int
    failed: int
    seconds: float | None


class Pipeline(Struct, frozen=True):
    """All of it. `alarms` are those in ALARM out of `alarm_count`; `serving` is the state of the queue's mapping."""

    stack: Stack
    queues: dict[str, Queue | Unknown]
    counts: Counts | Unknown
    alarms: list[str] | Unknown
    alarm_count: int
    serving: str | Unknown
    logged: Logged | Unknown | None

    @property
    def dead_letters(self) -> list[Queue]:
        """The dead-letter queues that are not empty."""
        found = (self.queues[name] for name in QUEUES[1:])
        return [queue for queue in found if isinstance(queue, Queue) and queue.depth.all]

    @property
    def passes(self) -> bool:
        """Whether nothing that could be read asks for somebody."""
        return not self.dead_letters and (isinstance(self.alarms, Unknown) or not self.alarms)


def read(deployment: Deployment, name: str, now: float) -> Pipeline:
    """Read everything; raises UserError where the stack itself cannot be read."""
    stack = _stack(deployment, name)
    alarms = [physical for type_, physical in stack.resources.values() if type_ == _ALARM]

    def of(logical: str, what: str, call: Callable[[str], _T]) -> _T | Unknown:
        return _attempt(what, lambda: call(_physical(stack, name, logical)))

    return Pipeline(
        stack,
        {each: of(each, f"look at {each}", lambda url: _queue(deployment, url, now)) for each in QUEUES},
        _attempt("read the metrics", lambda: _counts(deployment, now)),
        _attempt("read the alarms", lambda: deployment.alarming(alarms)),
        len(alarms),
        of("PromoteFunction", "see whether the queue is served", deployment.serving),
        of("PromoteLogGroup", "read the decision log", deployment.last_decision),
    )


def _stack(deployment: Deployment, name: str) -> Stack:
    what = f'look at the stack "{name}"'
    try:
        with aws_errors(what):
            return deployment.stack(name)
    except UserError as error:
        if "does not exist" not in str(error):
            raise
        text = f'there is no stack "{name}" in this account and region; --stack names another'
        raise UserError(f"{text}, `aws cloudformation list-stacks` lists them") from None


def _attempt(what: str, call: Callable[[], _T]) -> _T | Unknown:
    try:
        with aws_errors(what):
            return call()
    except UserError as error:
        return Unknown(str(error))


def _physical(stack: Stack, name: str, logical: str) -> str:
    found = stack.resources.get(logical)
    if found is None:
        raise UserError(f'the stack "{name}" has no {logical}; it was deployed from another template')
    return found[1]


def _queue(deployment: Deployment, url: str, now: float) -> Queue:
    depth = deployment.depth(url)
    return Queue(url, depth, _oldest(deployment, url, now) if depth.all else None)


def _oldest(deployment: Deployment, url: str, now: float) -> float | None:
    age: Any = _attempt("read its age", lambda: deployment.oldest(url, now))
    return None if isinstance(age, Unknown) else age


def _counts(deployment: Deployment, now: float) -> Counts:
    promoted, rejected, failed, seconds, samples = deployment.sums(_COUNTS, NAMESPACE, SERVICE, now)
    return Counts(int(promoted), int(rejected), int(failed), seconds / samples if samples else None)
