"""Metrics from a function's log."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from local import clients
from local.lambda_runtime import emf
from local.moto_patches.server import serve

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
    with serve() as server:
        yield clients.client("cloudwatch", server.url)
    BackendDict.reset()


def summed(cloudwatch: Any, name: str, **dimensions: str) -> float:
    # GetMetricStatistics of moto adds up every set of dimensions that has these among others
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


class TestRead:
    def test_gives_each_metric_once_for_every_set_of_dimensions(self) -> None:
        (found,) = emf.read(json.dumps(LINE))
        assert found.namespace == "PackagePromoter"
        service = {"Name": "service", "Value": "promoter"}
        promotion = {"Name": "Promotion", "Value": "web-to-staging"}
        assert [(each["MetricName"], each["Dimensions"], each["Values"]) for each in found.data] == [
            ("Promoted", [service], [2.0]),
            ("PublishToPromote", [service], [1.5, 2.5]),
            ("Promoted", [service, promotion], [2.0]),
            ("PublishToPromote", [service, promotion], [1.5, 2.5]),
        ]

    def test_takes_the_time_and_the_unit_from_the_line(self) -> None:
        (found,) = emf.read(json.dumps(LINE))
        assert {each["Timestamp"] for each in found.data} == {AT}
        assert {each["Unit"] for each in found.data} == {"Count", "Seconds"}

    @pytest.mark.parametrize(
        "line",
        ["plain text", "[1]", '"text"', "{}", '{"_aws": {}}', '{"_aws": null}', '{"verdict": "promote"}'],
    )
    def test_finds_none_in_any_other_line(self, line: str) -> None:
        assert emf.read(line) == ()


class TestPut:
    def test_every_set_of_dimensions_can_be_read_back(self, cloudwatch: Any) -> None:
        emf.put(cloudwatch, json.dumps(LINE))
        emf.put(cloudwatch, json.dumps(LINE))
        assert summed(cloudwatch, "Promoted", service="promoter") == 4
        assert summed(cloudwatch, "Promoted", service="promoter", Promotion="web-to-staging") == 4
        assert summed(cloudwatch, "PublishToPromote", service="promoter") == 8

    def test_a_line_without_metrics_puts_nothing(self, cloudwatch: Any) -> None:
        emf.put(cloudwatch, "plain text")
        assert cloudwatch.list_metrics()["Metrics"] == []
