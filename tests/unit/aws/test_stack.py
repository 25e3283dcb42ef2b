"""stack: the parameters of each call, and what is made of its answer."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from botocore.exceptions import NoRegionError
from botocore.stub import Stubber

from promoter.aws.stack import DeployedStack
from promoter.copying.ports import ApiError
from promoter.inspection.ports import (
    LoggedRuleset,
    QueueDepth,
    RuleDescription,
    RuleTarget,
    StackDescription,
)
from tests.support.samples import MORNING
from tests.support.stubbed import stubbed

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
UPDATED = datetime(2026, 1, 2, tzinfo=UTC)
END = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)  # the minute after MORNING, 03:04:05
QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/promotion"
GROUP = "/aws/lambda/promoter-promote"


class Sdk:
    """Clients with stubbers, made when a service is first named."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._made: dict[str, tuple[Any, Stubber]] = {}

    def client(self, service: str) -> Any:
        return self._of(service)[0]

    def __getitem__(self, service: str) -> Stubber:
        return self._of(service)[1]

    def _of(self, service: str) -> tuple[Any, Stubber]:
        if service not in self._made:
            self._made[service] = self._stack.enter_context(stubbed(service))
        return self._made[service]


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    with ExitStack() as stack:
        yield Sdk(stack)


@pytest.fixture
def stack(sdk: Sdk) -> DeployedStack:
    return DeployedStack(sdk.client, "promoter")


def described(**more: Any) -> dict[str, Any]:
    description = {"StackName": "promoter", "CreationTime": CREATED, "StackStatus": "CREATE_COMPLETE", **more}
    return {"Stacks": [description]}


def summary(logical_id: str, physical_id: str | None = None) -> dict[str, Any]:
    known = {"LogicalResourceId": logical_id, "ResourceType": "AWS::SQS::Queue"}
    state = {"LastUpdatedTimestamp": CREATED, "ResourceStatus": "CREATE_COMPLETE"}
    return {**known, **state, **({"PhysicalResourceId": physical_id} if physical_id else {})}


class TestFind:
    def test_reads_parameters_the_last_deployment_and_every_page_of_resources(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        parameters = [{"ParameterKey": "Domain", "ParameterValue": "acme"}]
        outputs = [{"OutputKey": "PromotionQueueArn", "OutputValue": "arn:queue"}]
        answer = described(LastUpdatedTime=UPDATED, Parameters=parameters, Outputs=outputs)
        sdk["cloudformation"].add_response("describe_stacks", answer, {"StackName": "promoter"})
        first = {"StackResourceSummaries": [summary("A", "url-a"), summary("Gone")], "NextToken": "more"}
        sdk["cloudformation"].add_response("list_stack_resources", first, {"StackName": "promoter"})
        asked = {"StackName": "promoter", "NextToken": "more"}
        second = {"StackResourceSummaries": [summary("B", "url-b")]}
        sdk["cloudformation"].add_response("list_stack_resources", second, asked)

        resources = {"A": ("AWS::SQS::Queue", "url-a"), "B": ("AWS::SQS::Queue", "url-b")}
        assert stack.find() == StackDescription(
            {"Domain": "acme"}, UPDATED.timestamp(), resources, {"PromotionQueueArn": "arn:queue"}
        )

    def test_a_stack_that_was_never_updated_was_deployed_when_it_was_created(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        sdk["cloudformation"].add_response("describe_stacks", described())
        sdk["cloudformation"].add_response("list_stack_resources", {"StackResourceSummaries": []})

        assert stack.find() == StackDescription({}, CREATED.timestamp(), {})

    def test_a_stack_that_does_not_exist_is_none(self, sdk: Sdk, stack: DeployedStack) -> None:
        message = "Stack with id promoter does not exist"
        sdk["cloudformation"].add_client_error("describe_stacks", "ValidationError", message, 400)

        assert stack.find() is None

    def test_other_errors_are_api_errors(self, sdk: Sdk, stack: DeployedStack) -> None:
        sdk["cloudformation"].add_client_error("describe_stacks", "AccessDenied", "no permission", 403)

        with pytest.raises(ApiError, match="AccessDenied: no permission"):
            stack.find()

    def test_a_missing_permission_to_list_the_resources_is_an_api_error(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        sdk["cloudformation"].add_response("describe_stacks", described())
        sdk["cloudformation"].add_client_error("list_stack_resources", "AccessDenied", "no permission", 403)

        with pytest.raises(ApiError, match="AccessDenied: no permission"):
            stack.find()


class TestQueues:
    def test_the_depth_has_all_three_counts(self, sdk: Sdk, stack: DeployedStack) -> None:
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        counts = dict(zip(names, ("3", "2", "1"), strict=True))
        asked = {"QueueUrl": QUEUE, "AttributeNames": names}
        sdk["sqs"].add_response("get_queue_attributes", {"Attributes": counts}, asked)

        depth = stack.queue_depth(QUEUE)

        assert (depth, depth.total) == (QueueDepth(3, 2, 1), 6)

    def test_the_age_is_the_newest_measurement_of_the_last_15_minutes(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        queries = [query(0, "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", QueueName="promotion")]
        values = {"MetricDataResults": [{"Id": "q0", "Values": [60.0, 125.0]}]}
        sdk["cloudwatch"].add_response("get_metric_data", values, metric_data(queries, minutes=15))

        assert stack.oldest_message_age(QUEUE, MORNING) == 125

    def test_without_a_measurement_the_age_is_unknown(self, sdk: Sdk, stack: DeployedStack) -> None:
        values = {"MetricDataResults": [{"Id": "q0", "Values": []}]}
        sdk["cloudwatch"].add_response("get_metric_data", values)

        assert stack.oldest_message_age(QUEUE, MORNING) is None


def query(position: int, namespace: str, name: str, statistic: str, **dimensions: str) -> dict[str, Any]:
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    return {"Id": f"q{position}", "MetricStat": {"Metric": metric, "Period": 300, "Stat": statistic}}


def metric_data(queries: list[dict[str, Any]], minutes: int) -> dict[str, Any]:
    return {
        "MetricDataQueries": queries,
        "StartTime": END - timedelta(minutes=minutes),
        "EndTime": END,
        "ScanBy": "TimestampAscending",
    }


class TestSums:
    METRICS = (("Failed", "Sum"), ("PublishToPromote", "SampleCount"))

    def test_are_over_24_hours_and_over_every_page(self, sdk: Sdk, stack: DeployedStack) -> None:
        queries = [
            query(position, "PackagePromoter", name, statistic, service="promoter")
            for position, (name, statistic) in enumerate(self.METRICS)
        ]
        asked = metric_data(queries, minutes=24 * 60)
        first = [{"Id": "q1", "Values": [1.0]}, {"Id": "q0", "Values": [1.0, 2.0]}]
        sdk["cloudwatch"].add_response(
            "get_metric_data", {"MetricDataResults": first, "NextToken": "more"}, asked
        )
        second = {"MetricDataResults": [{"Id": "q0", "Values": [4.0]}]}
        sdk["cloudwatch"].add_response("get_metric_data", second, {**asked, "NextToken": "more"})

        assert stack.daily_sums("PackagePromoter", self.METRICS, MORNING) == [7, 1]

    def test_are_0_without_values(self, sdk: Sdk, stack: DeployedStack) -> None:
        sdk["cloudwatch"].add_response("get_metric_data", {"MetricDataResults": []})

        assert stack.daily_sums("PackagePromoter", self.METRICS, MORNING) == [0, 0]


class TestSumsByDimension:
    ASKED: ClassVar[dict[str, Any]] = {
        "Namespace": "PackagePromoter",
        "MetricName": "Promoted",
        "Dimensions": [{"Name": "service", "Value": "promoter"}],
    }

    def test_add_up_every_series_of_every_page(self, sdk: Sdk, stack: DeployedStack) -> None:
        first = {"Metrics": [series(Promotion="a")], "NextToken": "more"}
        sdk["cloudwatch"].add_response("list_metrics", first, self.ASKED)
        second = {"Metrics": [series(Promotion="b")]}
        sdk["cloudwatch"].add_response("list_metrics", second, {**self.ASKED, "NextToken": "more"})
        self.add_sums(sdk, ["a", "b"], [[1.0, 2.0], [4.0]])

        assert self.total(stack) == 7

    def test_leave_out_series_with_other_dimensions(self, sdk: Sdk, stack: DeployedStack) -> None:
        others = [series(), series(Promotion="a", Code="x"), series(Code="x"), series(Promotion="a")]
        sdk["cloudwatch"].add_response("list_metrics", {"Metrics": others}, self.ASKED)
        self.add_sums(sdk, ["a"], [[3.0]])

        assert self.total(stack) == 3

    def test_count_a_series_once_that_is_listed_twice(self, sdk: Sdk, stack: DeployedStack) -> None:
        listed = {"Metrics": [series(Promotion="a"), series(Promotion="a")]}
        sdk["cloudwatch"].add_response("list_metrics", listed, self.ASKED)
        self.add_sums(sdk, ["a"], [[2.0]])

        assert self.total(stack) == 2

    def test_are_0_without_a_series_and_without_a_second_call(self, sdk: Sdk, stack: DeployedStack) -> None:
        sdk["cloudwatch"].add_response("list_metrics", {"Metrics": []}, self.ASKED)

        assert self.total(stack) == 0

    def test_are_asked_for_by_500_series(self, sdk: Sdk, stack: DeployedStack) -> None:
        names = [f"p{number}" for number in range(501)]
        answer = {"Metrics": [series(Promotion=name) for name in names]}
        sdk["cloudwatch"].add_response("list_metrics", answer, self.ASKED)
        self.add_sums(sdk, names[:500], [[1.0]] * 500)
        self.add_sums(sdk, names[500:], [[1.0]])

        assert self.total(stack) == 501

    @staticmethod
    def total(stack: DeployedStack) -> float:
        return stack.daily_sum_by("PackagePromoter", "Promoted", "Promotion", MORNING)

    @staticmethod
    def add_sums(sdk: Sdk, promotions: list[str], values: list[list[float]]) -> None:
        queries = [
            query(position, "PackagePromoter", "Promoted", "Sum", service="promoter", Promotion=name)
            for position, name in enumerate(promotions)
        ]
        results = [{"Id": f"q{position}", "Values": each} for position, each in enumerate(values)]
        answer = {"MetricDataResults": results}
        sdk["cloudwatch"].add_response("get_metric_data", answer, metric_data(queries, minutes=24 * 60))


def series(**dimensions: str) -> dict[str, Any]:
    named = {"service": "promoter", **dimensions}
    return {"Dimensions": [{"Name": key, "Value": value} for key, value in named.items()]}


class TestAlarms:
    def test_are_asked_for_by_100_names_and_every_page_is_read(self, sdk: Sdk, stack: DeployedStack) -> None:
        names = [f"alarm-{number:03}" for number in range(101)]
        first, second = ({"AlarmNames": part, "StateValue": "ALARM"} for part in (names[:100], names[100:]))
        sdk["cloudwatch"].add_response("describe_alarms", {**alarms("alarm-007"), "NextToken": "more"}, first)
        sdk["cloudwatch"].add_response("describe_alarms", alarms("alarm-003"), {**first, "NextToken": "more"})
        sdk["cloudwatch"].add_response("describe_alarms", alarms("alarm-100"), second)

        assert stack.active_alarms(names) == ["alarm-003", "alarm-007", "alarm-100"]

    def test_are_not_asked_for_without_names(self, stack: DeployedStack) -> None:
        assert stack.active_alarms([]) == []


def alarms(*names: str) -> dict[str, Any]:
    return {"MetricAlarms": [{"AlarmName": name, "StateValue": "ALARM"} for name in names]}


class TestMapping:
    ASKED: ClassVar[dict[str, Any]] = {"FunctionName": "promote", "EventSourceArn": "arn:queue"}

    def test_has_the_state_of_the_mapping_from_the_queue(self, sdk: Sdk, stack: DeployedStack) -> None:
        answer = {"EventSourceMappings": [{"State": "Disabled"}]}
        sdk["lambda"].add_response("list_event_source_mappings", answer, self.ASKED)

        assert stack.mapping_state("promote", "arn:queue") == "Disabled"

    def test_is_found_on_the_second_page(self, sdk: Sdk, stack: DeployedStack) -> None:
        first = {"EventSourceMappings": [], "NextMarker": "more"}
        sdk["lambda"].add_response("list_event_source_mappings", first, self.ASKED)
        second = {"EventSourceMappings": [{"State": "Enabled"}]}
        sdk["lambda"].add_response("list_event_source_mappings", second, {**self.ASKED, "Marker": "more"})

        assert stack.mapping_state("promote", "arn:queue") == "Enabled"

    def test_is_empty_without_one(self, sdk: Sdk, stack: DeployedStack) -> None:
        sdk["lambda"].add_response("list_event_source_mappings", {"EventSourceMappings": []})

        assert stack.mapping_state("promote", "arn:queue") == ""


class TestRule:
    def test_has_its_state_its_pattern_and_the_targets_of_every_page(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        described = {"Name": "r", "State": "DISABLED", "EventPattern": '{"source": ["aws.codeartifact"]}'}
        sdk["events"].add_response("describe_rule", described, {"Name": "r"})
        first = {"Targets": [{"Id": "1", "Arn": "arn:queue"}], "NextToken": "more"}
        sdk["events"].add_response("list_targets_by_rule", first, {"Rule": "r"})
        second = {"Targets": [{"Id": "2", "Arn": "arn:other", "InputPath": "$.detail"}]}
        sdk["events"].add_response("list_targets_by_rule", second, {"Rule": "r", "NextToken": "more"})

        targets = (RuleTarget("arn:queue"), RuleTarget("arn:other", "InputPath"))
        assert stack.find_rule("r") == RuleDescription("DISABLED", {"source": ["aws.codeartifact"]}, targets)

    @pytest.mark.parametrize(
        "changes", [{"Input": "{}"}, {"InputPath": "$.x"}, {"InputTransformer": {"InputTemplate": "x"}}]
    )
    def test_names_the_property_that_changes_events(
        self, sdk: Sdk, stack: DeployedStack, changes: dict[str, Any]
    ) -> None:
        sdk["events"].add_response("describe_rule", {"State": "ENABLED"})
        targets = {"Targets": [{"Id": "1", "Arn": "arn:queue", **changes}]}
        sdk["events"].add_response("list_targets_by_rule", targets)

        rule = stack.find_rule("r")

        assert rule is not None
        assert rule.targets == (RuleTarget("arn:queue", next(iter(changes))),)
        assert rule.pattern == {}

    def test_is_none_if_it_was_deleted(self, sdk: Sdk, stack: DeployedStack) -> None:
        message = "Rule r does not exist on EventBus default."
        sdk["events"].add_client_error("describe_rule", "ResourceNotFoundException", message, 400)

        assert stack.find_rule("r") is None

    def test_that_may_not_be_read_is_an_api_error(self, sdk: Sdk, stack: DeployedStack) -> None:
        sdk["events"].add_client_error("describe_rule", "AccessDeniedException", "no permission", 400)

        with pytest.raises(ApiError, match="AccessDeniedException: no permission"):
            stack.find_rule("r")


def decision(ruleset: str) -> str:
    return json.dumps({"message": "decision", "ruleset": ruleset})


class TestRuleset:
    def test_is_that_of_the_newest_decision_of_the_newest_streams(
        self, sdk: Sdk, stack: DeployedStack
    ) -> None:
        self.add_streams(sdk, "new", "old")
        other = json.dumps({"message": "ignored", "ruleset": "ccc"})
        self.add_events(sdk, "new", (1_000, decision("aaa")), (2_000, decision("bbb")), (3_000, other))
        self.add_events(sdk, "old", (1_500, decision("ddd")), (1_600, "START RequestId"), (1_700, "[1]"))

        assert stack.newest_ruleset(GROUP) == LoggedRuleset("bbb", 2.0)

    def test_is_none_without_a_decision(self, sdk: Sdk, stack: DeployedStack) -> None:
        self.add_streams(sdk, "new")
        self.add_events(sdk, "new", (1_000, "START RequestId"))

        assert stack.newest_ruleset(GROUP) is None

    def test_is_none_without_a_stream(self, sdk: Sdk, stack: DeployedStack) -> None:
        self.add_streams(sdk)

        assert stack.newest_ruleset(GROUP) is None

    @staticmethod
    def add_streams(sdk: Sdk, *names: str) -> None:
        asked = {"logGroupName": GROUP, "orderBy": "LastEventTime", "descending": True, "limit": 5}
        answer = {"logStreams": [{"logStreamName": name} for name in names]}
        sdk["logs"].add_response("describe_log_streams", answer, asked)

    @staticmethod
    def add_events(sdk: Sdk, stream: str, *events: tuple[int, str]) -> None:
        asked = {"logGroupName": GROUP, "logStreamName": stream, "startFromHead": False, "limit": 1000}
        answer = {"events": [{"timestamp": at, "message": message} for at, message in events]}
        sdk["logs"].add_response("get_log_events", answer, asked)


def test_a_client_that_cannot_be_made_is_an_api_error() -> None:
    def no_client(service: str) -> Any:
        raise NoRegionError

    with pytest.raises(ApiError, match="You must specify a region"):
        DeployedStack(no_client, "promoter").find()


def test_a_stack_cannot_be_changed() -> None:
    public = {name for name in vars(DeployedStack) if not name.startswith("_")}

    assert public == {
        "find",
        "queue_depth",
        "oldest_message_age",
        "daily_sums",
        "daily_sum_by",
        "active_alarms",
        "mapping_state",
        "find_rule",
        "count_entries",
        "newest_ruleset",
    }
