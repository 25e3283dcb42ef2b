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
    """What one PutMetricData takes: a namespace, and data in the API's own shape."""

    namespace: str
    data: tuple[Mapping[str, Any], ...]


def read(line: str) -> tuple[MetricData, ...]:
    """The metrics in a line of a log; none where it is not in the embedded metric format.

    Each metric stands there once for every set of dimensions, since CloudWatch does not aggregate over them.
    """
    try:
        document = json.loads(line)
        directives = document["_aws"]["CloudWatchMetrics"]
    except (ValueError, TypeError, KeyError):
        return ()
    at = datetime.fromtimestamp(document["_aws"]["Timestamp"] / 1000, UTC)
    return tuple(
        MetricData(directive["Namespace"], tuple(_data(directive, document, at))) for directive in directives
    )


def put(cloudwatch: Any, line: str) -> None:
    """Put whatever metrics the line holds."""
    for metrics in read(line):
        cloudwatch.put_metric_data(Namespace=metrics.namespace, MetricData=list(metrics.data))


def _data(
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
