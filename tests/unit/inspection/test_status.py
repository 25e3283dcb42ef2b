"""status: every part of the deployed pipeline, and the parts that cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec.structs import replace

from promoter.copying.ports import ApiError
from promoter.inspection.event_rule import expected_pattern
from promoter.inspection.ports import (
    LoggedRuleset,
    QueueDepth,
    RuleDescription,
    RuleTarget,
    StackDescription,
    Unknown,
)
from promoter.inspection.status import (
    QUEUES,
    DailyCounts,
    PipelineStatus,
    QueueStatus,
    RuleStatus,
    read_status,
)
from tests.support.samples import MORNING, OWNER, QUEUE

DENIED = ApiError("AccessDeniedException", "no permission")
RESOURCES = {
    **{name: ("AWS::SQS::Queue", f"https://sqs/{name}") for name in QUEUES},
    "PublishRule": ("AWS::Events::Rule", "stack-publish"),
    "PromoteFunction": ("AWS::Lambda::Function", "stack-promote"),
    "ScheduleGroup": ("AWS::Scheduler::ScheduleGroup", "stack"),
    "PromoteLogGroup": ("AWS::Logs::LogGroup", "/aws/lambda/stack-promote"),
    "Alarm": ("AWS::CloudWatch::Alarm", "stack-alarm"),
}
PARAMETERS = {"Domain": "acme", "SourceRepositories": "dev", "Serving": "true"}
DESCRIPTION = StackDescription(PARAMETERS, MORNING, RESOURCES, {"PromotionQueueArn": QUEUE})
RULE = RuleDescription("ENABLED", expected_pattern(PARAMETERS, OWNER), (RuleTarget(QUEUE),))
EMPTY = QueueDepth(0, 0, 0)


@dataclass
class InMemoryStack:
    """A stack in memory. `denied` names the methods that may not be called."""

    description: StackDescription | None = DESCRIPTION
    depth: QueueDepth = EMPTY
    promoted: float = 4.0
    sums: list[float] = field(default_factory=lambda: [1.0, 90.0, 4.0])
    serving: str = "Enabled"
    rule: RuleDescription | None = RULE
    denied: tuple[str, ...] = ()

    def find(self) -> StackDescription | None:
        self._require("find")
        return self.description

    def queue_depth(self, url: str) -> QueueDepth:
        self._require("queue_depth")
        assert url.startswith("https://sqs/")
        return self.depth

    def oldest_message_age(self, url: str, now: float) -> float | None:
        self._require("oldest_message_age")
        assert self.depth.total, "the age of an empty queue is not asked for"
        return 60.0

    def daily_sums(self, namespace: str, metrics: Sequence[tuple[str, str]], now: float) -> list[float]:
        self._require("daily_sums")
        assert namespace == "PackagePromoter"
        assert list(metrics) == [
            ("Failed", "Sum"),
            ("PublishToPromote", "Sum"),
            ("PublishToPromote", "SampleCount"),
        ]
        return self.sums

    def daily_sum_by(self, namespace: str, name: str, dimension: str, now: float) -> float:
        self._require("daily_sum_by")
        assert (namespace, name, dimension) == ("PackagePromoter", "Promoted", "Promotion")
        return self.promoted

    def active_alarms(self, names: Sequence[str]) -> list[str]:
        self._require("active_alarms")
        return list(names)

    def mapping_state(self, function: str, queue_arn: str) -> str:
        self._require("mapping_state")
        assert (function, queue_arn) == ("stack-promote", QUEUE)
        return self.serving

    def find_rule(self, name: str) -> RuleDescription | None:
        self._require("find_rule")
        assert name == "stack-publish"
        return self.rule

    def count_entries(self, group: str) -> int:
        self._require("count_entries")
        assert group == "stack"
        return 3

    def newest_ruleset(self, log_group: str) -> LoggedRuleset | None:
        self._require("newest_ruleset")
        return LoggedRuleset(log_group, MORNING)

    def _require(self, method: str) -> None:
        if method in self.denied:
            raise DENIED


def read(stack: InMemoryStack) -> PipelineStatus:
    status = read_status(stack, MORNING)
    assert status is not None
    return status


def test_every_part_is_read_from_its_resource() -> None:
    status = read(InMemoryStack())

    assert status.queues == {
        name: QueueStatus(f"https://sqs/{name}", QueueDepth(0, 0, 0), None) for name in QUEUES
    }
    assert status.counts == DailyCounts(4, 1, 22.5)
    assert (status.alarms, status.alarm_count) == (["stack-alarm"], 1)
    assert status.serving == "Enabled"
    assert status.rule == RuleStatus("stack-publish", "ENABLED", ())
    assert status.ruleset == LoggedRuleset("/aws/lambda/stack-promote", MORNING)


def test_the_age_of_the_oldest_message_is_read_if_there_are_messages() -> None:
    queue = read(InMemoryStack(depth=QueueDepth(0, 0, 1))).queues["PromotionQueue"]

    assert isinstance(queue, QueueStatus)
    assert queue.oldest_age == 60


@pytest.mark.parametrize(("seconds", "samples", "average"), [(90, 4, 22.5), (7, 7, 1), (0, 3, 0)])
def test_the_time_from_publish_to_promote_is_an_average_and_not_a_sum(
    seconds: float, samples: float, average: float
) -> None:
    counts = read(InMemoryStack(sums=[0, seconds, samples])).counts

    assert isinstance(counts, DailyCounts)
    assert counts.publish_to_promote == average


def test_nothing_promoted_has_no_average() -> None:
    assert read(InMemoryStack(promoted=0, sums=[0, 0, 0])).counts == DailyCounts(0, 0, None)


def test_a_stack_that_does_not_exist_has_no_status() -> None:
    assert read_status(InMemoryStack(description=None), MORNING) is None


def test_a_stack_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(ApiError, match="no permission"):
        read_status(InMemoryStack(denied=("find",)), MORNING)


@pytest.mark.parametrize(
    ("method", "part", "action"),
    [
        ("daily_sums", "counts", "read the metrics"),
        ("daily_sum_by", "counts", "read the metrics"),
        ("find_rule", "rule", "read the event rule"),
        ("active_alarms", "alarms", "read the alarms"),
        ("mapping_state", "serving", "read the event source mapping"),
        ("newest_ruleset", "ruleset", "read the decision log"),
        ("count_entries", "pending", "count the pending entries"),
    ],
)
def test_a_part_that_may_not_be_read_is_unknown_and_the_others_are_read(
    method: str, part: str, action: str
) -> None:
    status = read(InMemoryStack(denied=(method,)))

    assert getattr(status, part) == Unknown(action, DENIED)
    parts = (
        status.counts,
        status.alarms,
        status.serving,
        status.ruleset,
        status.rule,
        status.pending,
        *status.queues.values(),
    )
    assert sum(isinstance(each, Unknown) for each in parts) == 1


def test_queues_that_may_not_be_read_are_unknown() -> None:
    queues = read(InMemoryStack(denied=("queue_depth",))).queues

    assert queues == {name: Unknown(f"read {name}", DENIED) for name in QUEUES}


def test_a_queue_whose_age_may_not_be_read_still_has_its_depth() -> None:
    stack = InMemoryStack(depth=QueueDepth(1, 0, 0), denied=("oldest_message_age",))

    queue = read(stack).queues["PromotionQueue"]

    assert queue == QueueStatus("https://sqs/PromotionQueue", QueueDepth(1, 0, 0), None)


def test_a_resource_that_the_stack_does_not_have_is_unknown_without_an_error() -> None:
    bare = StackDescription({}, MORNING, {})

    status = read(InMemoryStack(description=bare))

    assert status.queues["PromotionQueue"] == Unknown("read PromotionQueue")
    assert (status.serving, status.alarms) == (Unknown("read the event source mapping"), [])
    assert status.rule == Unknown("read the event rule")
    assert status.pending == Unknown("count the pending entries")


def quiet(**changes: Any) -> PipelineStatus:
    """A status that needs no attention."""
    return replace(read(InMemoryStack()), **{"alarms": [], **changes})


def test_alarms_and_dead_letters_need_attention() -> None:
    full = QueueStatus("url", QueueDepth(0, 0, 1), None)

    assert quiet().passes
    assert not replace(quiet(), alarms=["stack-alarm"]).passes
    assert not quiet(queues={**quiet().queues, "RuleDeadLetterQueue": full}).passes
    assert quiet(queues={**quiet().queues, "PromotionQueue": full}).passes


def test_parts_that_are_unknown_need_no_attention() -> None:
    unknown = Unknown("read it", DENIED)

    assert replace(quiet(queues=dict.fromkeys(QUEUES, unknown)), alarms=unknown).passes


def test_a_mapping_that_is_off_needs_attention() -> None:
    for state in ("Disabled", "Disabling", "Deleting", ""):
        assert not quiet(serving=state).passes


def test_a_mapping_that_is_off_because_of_the_parameter_is_a_pause_and_needs_attention() -> None:
    paused = replace(DESCRIPTION, parameters={**PARAMETERS, "Serving": "false"})

    assert quiet(stack=paused, serving="Disabled").paused
    assert not quiet(stack=paused, serving="Disabled").passes
    assert not quiet(serving="Disabled").paused
    assert not quiet(stack=paused, serving="Enabled").paused
    assert not quiet(stack=paused, serving=Unknown("read it", DENIED)).paused


@pytest.mark.parametrize("rule", [None, replace(RULE, state="DISABLED"), replace(RULE, targets=())])
def test_a_fault_of_the_rule_needs_attention(rule: RuleDescription | None) -> None:
    status = read(InMemoryStack(rule=rule))

    assert isinstance(status.rule, RuleStatus)
    assert len(status.rule.faults) == 1
    assert not replace(status, alarms=[]).passes


def test_a_rule_that_was_deleted_has_no_state() -> None:
    rule = read(InMemoryStack(rule=None)).rule

    assert isinstance(rule, RuleStatus)
    assert (rule.name, rule.state) == ("stack-publish", "")


def test_what_is_unknown_of_rule_and_mapping_needs_no_attention() -> None:
    unknown = Unknown("read it", DENIED)

    assert quiet(rule=unknown, serving=unknown).passes
