"""A deployed stack, read only: its resources, queues, alarms, metrics and decision log."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from promoter.aws.errors import api_errors
from promoter.copying.ports import ApiError
from promoter.inspection.ports import (
    LoggedRuleset,
    QueueDepth,
    RuleDescription,
    RuleTarget,
    StackDescription,
)

_STREAMS, _EVENTS = 5, 1000  # log streams, and events of each, that are searched for a decision
_ALARM_NAMES = 100  # CloudWatch API reference: DescribeAlarms takes at most 100 names
_QUERIES = 500  # CloudWatch API reference: GetMetricData takes at most 500 queries
_PERIOD = 300  # seconds
_TRANSFORMATIONS = ("Input", "InputPath", "InputTransformer")  # EventBridge API reference: Target


class DeployedStack:
    """Reads one stack. It has no method that could change anything.

    Every method raises ApiError if a call is refused or gets no answer.
    """

    def __init__(self, clients: Callable[[str], Any], name: str) -> None:
        """`clients` makes the SDK's client of a service."""
        self._clients = clients
        self._name = name

    def find(self) -> StackDescription | None:
        """Describe the stack, or return None if there is none of its name.

        Source: CloudFormation API reference, DescribeStacks, ListStackResources.
        """
        try:
            described = self._call("cloudformation", "describe_stacks", StackName=self._name)["Stacks"][0]
        except ApiError as error:
            if "does not exist" in error.message:
                return None
            raise
        deployed_at: datetime = described.get("LastUpdatedTime") or described["CreationTime"]
        parameters = {
            each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", ())
        }
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", ())}
        return StackDescription(parameters, deployed_at.timestamp(), self._resources(), outputs)

    def queue_depth(self, url: str) -> QueueDepth:
        """Count the messages of a queue. Source: SQS API reference, GetQueueAttributes."""
        names = [f"ApproximateNumberOfMessages{suffix}" for suffix in ("", "NotVisible", "Delayed")]
        found = self._call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=names)["Attributes"]
        return QueueDepth(*(int(found.get(name, 0)) for name in names))

    def oldest_message_age(self, url: str, now: float) -> float | None:
        """The age of a queue's oldest message in seconds; None if there is no recent measurement.

        Source: SQS developer guide, available-cloudwatch-metrics.
        """
        dimensions = {"QueueName": url.rpartition("/")[2]}
        query = _query("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, "Maximum")
        [values] = self._metric_values([query], now, timedelta(minutes=15))
        return values[-1] if values else None

    def daily_sums(self, namespace: str, metrics: Sequence[tuple[str, str]], now: float) -> list[float]:
        """The sum over the last 24 hours of each of the stack's metrics, given as (name, statistic)."""
        dimensions = {"service": self._name}
        queries = [_query(namespace, name, dimensions, statistic) for name, statistic in metrics]
        return self._daily_sums(queries, now)

    def daily_sum_by(self, namespace: str, name: str, dimension: str, now: float) -> float:
        """The sum over the last 24 hours of all series of a metric that have this dimension besides the service.

        Source: CloudWatch API reference, ListMetrics.
        """
        service = [{"Name": "service", "Value": self._name}]
        pages = self._pages(
            "cloudwatch", "list_metrics", Namespace=namespace, MetricName=name, Dimensions=service
        )
        listed = (metric["Dimensions"] for page in pages for metric in page["Metrics"])
        # some emulators list a series once for each of its values, and find it only by the order of its dimensions
        series = dict.fromkeys(tuple((each["Name"], each["Value"]) for each in entry) for entry in listed)
        queries = [
            _query(namespace, name, dict(each), "Sum")
            for each in series
            if dict(each).keys() == {"service", dimension}
        ]
        return sum(self._daily_sums(queries, now))

    def active_alarms(self, names: Sequence[str]) -> list[str]:
        """The names of those alarms that are in ALARM. Source: CloudWatch API reference, DescribeAlarms."""
        found: list[str] = []
        for start in range(0, len(names), _ALARM_NAMES):
            chunk = list(names[start : start + _ALARM_NAMES])
            pages = self._pages("cloudwatch", "describe_alarms", AlarmNames=chunk, StateValue="ALARM")
            found += [
                each["AlarmName"]
                for page in pages
                for each in page.get("MetricAlarms", ())
                if each["StateValue"] == "ALARM"  # some emulators ignore the parameter
            ]
        return sorted(found)

    def mapping_state(self, function: str, queue_arn: str) -> str:
        """The state of the mapping from a queue to a function, as `Enabled`; "" if there is none.

        Source: Lambda API reference, ListEventSourceMappings.
        """
        named = {"FunctionName": function, "EventSourceArn": queue_arn}
        pages = self._pages("lambda", "list_event_source_mappings", **named)
        return next((str(each["State"]) for page in pages for each in page["EventSourceMappings"]), "")

    def find_rule(self, name: str) -> RuleDescription | None:
        """Describe an event rule, or return None if it does not exist.

        Source: EventBridge API reference, DescribeRule, ListTargetsByRule.
        """
        try:
            found = self._call("events", "describe_rule", Name=name)
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        pages = self._pages("events", "list_targets_by_rule", Rule=name)
        targets = tuple(_target(each) for page in pages for each in page["Targets"])
        return RuleDescription(found["State"], json.loads(found.get("EventPattern") or "{}"), targets)

    def count_entries(self, group: str) -> int:
        """Count the entries of a schedule group. Source: Scheduler API reference, ListSchedules."""
        pages = self._pages("scheduler", "list_schedules", GroupName=group)
        return sum(len(page["Schedules"]) for page in pages)

    def newest_ruleset(self, log_group: str) -> LoggedRuleset | None:
        """The ruleset of the newest decision in the newest streams of a log group; None if there is none.

        Source: CloudWatch Logs API reference, DescribeLogStreams, GetLogEvents.
        """
        newest_first = {"orderBy": "LastEventTime", "descending": True, "limit": _STREAMS}
        streams = self._call("logs", "describe_log_streams", logGroupName=log_group, **newest_first)
        found = [
            _newest_decision(self._events(log_group, stream["logStreamName"]))
            for stream in streams["logStreams"]
        ]
        return max(filter(None, found), key=lambda each: each.logged_at, default=None)

    def _resources(self) -> dict[str, tuple[str, str]]:
        return {
            each["LogicalResourceId"]: (each["ResourceType"], each["PhysicalResourceId"])
            for page in self._pages("cloudformation", "list_stack_resources", StackName=self._name)
            for each in page["StackResourceSummaries"]
            if each.get("PhysicalResourceId")
        }

    def _events(self, log_group: str, stream: str) -> list[Mapping[str, Any]]:
        """The newest events of a log stream."""
        names = {"logGroupName": log_group, "logStreamName": stream}
        answer = self._call("logs", "get_log_events", **names, startFromHead=False, limit=_EVENTS)
        return list(answer["events"])

    def _daily_sums(self, queries: Sequence[Mapping[str, Any]], now: float) -> list[float]:
        chunks = [queries[start : start + _QUERIES] for start in range(0, len(queries), _QUERIES)]
        found = (self._metric_values(chunk, now, timedelta(hours=24)) for chunk in chunks)
        return [sum(values) for chunk in found for values in chunk]

    def _metric_values(
        self, queries: Sequence[Mapping[str, Any]], now: float, period: timedelta
    ) -> list[list[float]]:
        """The values of each query, oldest first. Source: CloudWatch API reference, GetMetricData."""
        end = datetime.fromtimestamp((now // 60 + 1) * 60, UTC)  # includes the current minute
        values: dict[str, list[float]] = {f"q{position}": [] for position in range(len(queries))}
        pages = self._pages(
            "cloudwatch",
            "get_metric_data",
            MetricDataQueries=[{"Id": id_, **query} for id_, query in zip(values, queries, strict=True)],
            StartTime=end - period,
            EndTime=end,
            ScanBy="TimestampAscending",
        )
        for each in (result for page in pages for result in page["MetricDataResults"]):
            values[each["Id"]] += each["Values"]
        return list(values.values())

    def _call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        with api_errors():
            answer: dict[str, Any] = getattr(self._clients(service), operation)(**parameters)
            return answer

    def _pages(self, service: str, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        with api_errors():
            paginator = self._clients(service).get_paginator(operation)
            yield from paginator.paginate(**parameters)


def _query(namespace: str, name: str, dimensions: Mapping[str, str], statistic: str) -> dict[str, Any]:
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    return {"MetricStat": {"Metric": metric, "Period": _PERIOD, "Stat": statistic}}


def _target(target: Mapping[str, Any]) -> RuleTarget:
    return RuleTarget(target["Arn"], next((name for name in _TRANSFORMATIONS if target.get(name)), ""))


def _newest_decision(events: Iterable[Mapping[str, Any]]) -> LoggedRuleset | None:
    for event in sorted(events, key=lambda each: each["timestamp"], reverse=True):
        try:
            line = json.loads(event["message"])
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("message") == "decision" and "ruleset" in line:
            return LoggedRuleset(str(line["ruleset"]), event["timestamp"] / 1000)
    return None
