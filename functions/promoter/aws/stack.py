"""A deployed stack, read only: its resources, queues, alarms, counts and the newest line of its decision log."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_STREAMS, _LINES = 5, 1000  # how far back the log is searched


class Stack(Struct, frozen=True):
    """A stack: its parameters, when it was last deployed (UTC seconds), and (type, physical id) by logical id."""

    parameters: dict[str, str]
    deployed: float
    resources: dict[str, tuple[str, str]]


class Depth(Struct, frozen=True):
    """How many messages a queue holds, about: ready, being served, not yet due."""

    waiting: int
    in_flight: int
    delayed: int

    @property
    def all(self) -> int:
        """Every message."""
        return self.waiting + self.in_flight + self.delayed


class Logged(Struct, frozen=True):
    """The ruleset that the newest decision of the log was made by, and when (UTC seconds)."""

    ruleset: str
    at: float


class Deployment:
    """What a stack tells of itself. Its methods raise the SDK's own errors."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        """`client` makes the SDK's client of a service."""
        self._client = client

    def stack(self, name: str) -> Stack:
        """The stack. Source: CloudFormation API reference, DescribeStacks, ListStackResources."""
        cloudformation = self._client("cloudformation")
        (description,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        at: datetime = description.get("LastUpdatedTime") or description["CreationTime"]
        page = cloudformation.list_stack_resources(StackName=name)
        listed: list[Mapping[str, Any]] = page["StackResourceSummaries"]
        while page.get("NextToken"):
            page = cloudformation.list_stack_resources(StackName=name, NextToken=page["NextToken"])
            listed += page["StackResourceSummaries"]
        return Stack(
            {each["ParameterKey"]: each["ParameterValue"] for each in description.get("Parameters", ())},
            at.timestamp(),
            {
                each["LogicalResourceId"]: (each["ResourceType"], each["PhysicalResourceId"])
                for each in listed
                if each.get("PhysicalResourceId")
            },
        )

    def depth(self, url: str) -> Depth:
        """How many messages there are. Source: SQS API reference, GetQueueAttributes."""
        names = ["", "NotVisible", "Delayed"]
        wanted = [f"ApproximateNumberOfMessages{name}" for name in names]
        answer = self._client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=wanted)
        return Depth(*(int(answer["Attributes"].get(name, 0)) for name in wanted))

    def oldest(self, url: str, now: float) -> float | None:
        """The age of a queue's oldest message in seconds, as of the last minutes; None is unknown.

        Source: SQS developer guide, available-cloudwatch-metrics.
        """
        name = url.rpartition("/")[2]
        query = _query("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name}, "Maximum")
        values = self._values([query], now, timedelta(minutes=15))[0]
        return values[-1] if values else None

    def sums(self, names: Sequence[tuple[str, str]], namespace: str, service: str, now: float) -> list[float]:
        """What came together in the last 24 hours, for each (metric, statistic) of a service."""
        queries = [_query(namespace, name, {"service": service}, statistic) for name, statistic in names]
        return [sum(values) for values in self._values(queries, now, timedelta(hours=24))]

    def alarming(self, names: Sequence[str]) -> list[str]:
        """Those of these alarms that are in ALARM. Source: CloudWatch API reference, DescribeAlarms (100 names)."""
        cloudwatch = self._client("cloudwatch")
        found: list[str] = []
        for start in range(0, len(names), 100):
            asked = list(names[start : start + 100])
            answer = cloudwatch.describe_alarms(AlarmNames=asked, StateValue="ALARM", MaxRecords=100)
            found += [each["AlarmName"] for each in answer["MetricAlarms"] if each["StateValue"] == "ALARM"]
        return sorted(found)

    def serving(self, function: str) -> str:
        """The state of the mapping by which a function is fed: `Enabled`, `Disabled`, or one between; "" is none."""
        answer = self._client("lambda").list_event_source_mappings(FunctionName=function)
        return next((str(each["State"]) for each in answer["EventSourceMappings"]), "")

    def last_decision(self, log_group: str) -> Logged | None:
        """The ruleset of the newest decision in the newest streams of a log group; None where there is none.

        Source: CloudWatch Logs API reference, DescribeLogStreams, GetLogEvents.
        """
        logs = self._client("logs")
        streams = logs.describe_log_streams(
            logGroupName=log_group, orderBy="LastEventTime", descending=True, limit=_STREAMS
        )["logStreams"]
        found = (
            _newest(
                logs.get_log_events(
                    logGroupName=log_group,
                    logStreamName=stream["logStreamName"],
                    startFromHead=False,
                    limit=_LINES,
                )["events"]
            )
            for stream in streams
        )
        return max((each for each in found if each), key=lambda each: each.at, default=None)

    def _values(self, queries: list[dict[str, Any]], now: float, back: timedelta) -> list[list[float]]:
        """The values of each query, oldest first. Source: CloudWatch API reference, GetMetricData."""
        end = datetime.fromtimestamp((now // 60 + 1) * 60, UTC)  # the minute that is under way counts
        named = [{"Id": f"q{position}", **query} for position, query in enumerate(queries)]
        answer = self._client("cloudwatch").get_metric_data(
            MetricDataQueries=named, StartTime=end - back, EndTime=end, ScanBy="TimestampAscending"
        )
        by_id = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
        return [list(by_id.get(query["Id"], ())) for query in named]


def _query(namespace: str, name: str, dimensions: Mapping[str, str], statistic: str) -> dict[str, Any]:
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    # five minutes: 288 values a day, within one page of an answer
    return {"MetricStat": {"Metric": metric, "Period": 300, "Stat": statistic}}


def _newest(events: Iterable[Mapping[str, Any]]) -> Logged | None:
    for event in sorted(events, key=lambda each: each["timestamp"], reverse=True):
        try:
            line = json.loads(event["message"])
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("message") == "decision" and "ruleset" in line:
            return Logged(str(line["ruleset"]), event["timestamp"] / 1000)
    return None
