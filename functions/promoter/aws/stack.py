"""A deployed stack, read only: its resources, queues, alarms, metrics and decision log."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from promoter.aws.errors import api_errors
from promoter.copying.ports import ApiError
from promoter.inspection.ports import LoggedRuleset, QueueDepth, StackDescription

_STREAMS, _EVENTS = 5, 1000  # log streams, and events of each, that are searched for a decision
_ALARM_NAMES = 100  # CloudWatch API reference: DescribeAlarms takes at most 100 names
_PERIOD = 300  # seconds


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
        return StackDescription(parameters, deployed_at.timestamp(), self._resources())

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

    def daily_sums(
        self, namespace: str, service: str, metrics: Sequence[tuple[str, str]], now: float
    ) -> list[float]:
        """The sum over the last 24 hours of each metric, given as (name, statistic)."""
        queries = [_query(namespace, name, {"service": service}, statistic) for name, statistic in metrics]
        return [sum(values) for values in self._metric_values(queries, now, timedelta(hours=24))]

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

    def mapping_state(self, function: str) -> str:
        """The state of a function's event source mapping, as `Enabled`; "" if it has none.

        Source: Lambda API reference, ListEventSourceMappings.
        """
        pages = self._pages("lambda", "list_event_source_mappings", FunctionName=function)
        return next((str(each["State"]) for page in pages for each in page["EventSourceMappings"]), "")

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


def _newest_decision(events: Iterable[Mapping[str, Any]]) -> LoggedRuleset | None:
    for event in sorted(events, key=lambda each: each["timestamp"], reverse=True):
        try:
            line = json.loads(event["message"])
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("message") == "decision" and "ruleset" in line:
            return LoggedRuleset(str(line["ruleset"]), event["timestamp"] / 1000)
    return None
