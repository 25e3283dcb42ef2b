"""Puts the metrics that a function logs into CloudWatch, as CloudWatch Logs does on AWS.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MetricData:
    """The arguments of one PutMetricData call; `data` has the API's own shape."""

    namespace: str
    data: tuple[Mapping[str, Any], ...]


def parse_metrics(line: str) -> tuple[MetricData, ...]:
    """Return the metrics in a log line; an empty tuple if it is not in the embedded metric format.

    Each metric appears once per set of dimensions, because CloudWatch does not aggregate over dimensions.
    """
    try:
        document = json.loads(line)
        directives = document["_aws"]["CloudWatchMetrics"]
    except (ValueError, TypeError, KeyError):
        return ()
    at = datetime.fromtimestamp(document["_aws"]["Timestamp"] / 1000, UTC)
    return tuple(
        MetricData(directive["Namespace"], tuple(_metric_data(directive, document, at)))
        for directive in directives
    )


def put_metrics(cloudwatch: Any, line: str) -> None:
    """Send the metrics in a log line to CloudWatch."""
    for metrics in parse_metrics(line):
        cloudwatch.put_metric_data(Namespace=metrics.namespace, MetricData=list(metrics.data))


def _metric_data(
    directive: Mapping[str, Any], document: Mapping[str, Any], at: datetime
) -> Iterator[dict[str, Any]]:
    for names in directive.get("Dimensions", [[]]):
        dimensions = [{"Name": name, "Value": str(document[name])} for name in names]
        for metric in directive["Metrics"]:
            value = document[metric["Name"]]
            yield {
                "MetricName": metric["Name"],
                "Dimensions": dimensions,
                "Timestamp": at,
                "Values": [float(one) for one in (value if isinstance(value, list) else [value])],
                "Unit": metric.get("Unit", "None"),
            }
