"""Metrics in a function's log."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from local.clients import make_client
from local.lambda_runtime.emf import parse_metrics, put_metrics
from moto_codeartifact.server import start_server

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LINE = {
    "_aws": {
        "Timestamp": int(AT.timestamp() * 1000),
        "CloudWatchMetrics": [
            {
                "Namespace": "PackagePromoter",
                "Dimensions": [["service"], ["service", "Promotion"]],
                "Metrics": [
                    {"Name": "Promoted", "Unit": "Count"},
                    {"Name": "PublishToPromote", "Unit": "Seconds"},
                ],
            }
        ],
    },
    "service": "promoter",
    "Promotion": "web-to-staging",
    "Promoted": 2,
    "PublishToPromote": [1.5, 2.5],
}


@pytest.fixture
def cloudwatch() -> Iterator[Any]:
    BackendDict.reset()
    with start_server() as server:
        yield make_client("cloudwatch", server.url)
    BackendDict.reset()


def sum_of(cloudwatch: Any, name: str, **dimensions: str) -> float:
    # moto's GetMetricStatistics would add all sets of dimensions that contain these
    metric = {
        "Namespace": "PackagePromoter",
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    (found,) = cloudwatch.get_metric_data(
        StartTime=AT - timedelta(minutes=5),
        EndTime=AT + timedelta(minutes=5),
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}],
    )["MetricDataResults"]
    return float(sum(found["Values"]))


class TestParseMetrics:
    def test_returns_each_metric_once_per_set_of_dimensions(self) -> None:
        (found,) = parse_metrics(json.dumps(LINE))
        assert found.namespace == "PackagePromoter"
        service = {"Name": "service", "Value": "promoter"}
        promotion = {"Name": "Promotion", "Value": "web-to-staging"}
        assert [(each["MetricName"], each["Dimensions"], each["Values"]) for each in found.data] == [
            ("Promoted", [service], [2.0]),
            ("PublishToPromote", [service], [1.5, 2.5]),
            ("Promoted", [service, promotion], [2.0]),
            ("PublishToPromote", [service, promotion], [1.5, 2.5]),
        ]

    def test_reads_the_time_and_the_unit(self) -> None:
        (found,) = parse_metrics(json.dumps(LINE))
        assert {each["Timestamp"] for each in found.data} == {AT}
        assert {each["Unit"] for each in found.data} == {"Count", "Seconds"}

    @pytest.mark.parametrize(
        "line",
        ["plain text", "[1]", '"text"', "{}", '{"_aws": {}}', '{"_aws": null}', '{"verdict": "promote"}'],
    )
    def test_finds_no_metrics_in_other_lines(self, line: str) -> None:
        assert parse_metrics(line) == ()


class TestPutMetrics:
    def test_stores_each_set_of_dimensions(self, cloudwatch: Any) -> None:
        put_metrics(cloudwatch, json.dumps(LINE))
        put_metrics(cloudwatch, json.dumps(LINE))
        assert sum_of(cloudwatch, "Promoted", service="promoter") == 4
        assert sum_of(cloudwatch, "Promoted", service="promoter", Promotion="web-to-staging") == 4
        assert sum_of(cloudwatch, "PublishToPromote", service="promoter") == 8

    def test_ignores_a_line_without_metrics(self, cloudwatch: Any) -> None:
        put_metrics(cloudwatch, "plain text")
        assert cloudwatch.list_metrics()["Metrics"] == []
