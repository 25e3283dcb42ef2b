"""What each graph of the dashboard shows: metrics, their resource and statistic, expressions and queries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.test_template_alarms import widgets
from tests.integration.test_template_faults import Fault, names, plant

QUEUE = "${PromotionQueue.QueueName}"
DEAD_LETTERS = "${PromotionDeadLetterQueue.QueueName}"
RULE_DEAD_LETTERS = "${RuleDeadLetterQueue.QueueName}"
SCHEDULE_DEAD_LETTERS = "${ScheduleDeadLetterQueue.QueueName}"
FUNCTION = "${PromoteFunction}"
RULE = "${PublishRule}"
STACK = "s"
GRAPHS = {  # metric, the value of its dimension, statistic; by the title's first words
    "Seconds from publish": [
        ("PublishToPromote", STACK, "p50"),
        ("PublishToPromote", STACK, "p99"),
    ],
    "Promotion queue": [
        ("ApproximateNumberOfMessagesVisible", QUEUE, "Maximum"),
        ("ApproximateNumberOfMessagesNotVisible", QUEUE, "Maximum"),
        ("ApproximateAgeOfOldestMessage", QUEUE, "Maximum"),
    ],
    "Failures, retries": [
        ("ApproximateNumberOfMessagesVisible", DEAD_LETTERS, "Maximum"),
        ("ApproximateNumberOfMessagesVisible", RULE_DEAD_LETTERS, "Maximum"),
        ("ApproximateNumberOfMessagesVisible", SCHEDULE_DEAD_LETTERS, "Maximum"),
        ("Failed", STACK, "Sum"),
        ("Malformed", STACK, "Sum"),
        ("Retried", STACK, "Sum"),
        ("Waiting", STACK, "Sum"),
        ("Held", STACK, "Sum"),
    ],
    "Function and rule": [
        ("Invocations", FUNCTION, "Sum"),
        ("Errors", FUNCTION, "Sum"),
        ("Throttles", FUNCTION, "Sum"),
        ("Duration", FUNCTION, "p99"),
        ("MatchedEvents", RULE, "Sum"),
        ("FailedInvocations", RULE, "Sum"),
    ],
}
BY_PROMOTION = '{PackagePromoter,service,Promotion} service="s"'
USAGE = '{AWS/Usage,Class,Resource,Service,Type} Resource="CopyPackageVersions"'
EXPRESSIONS = {  # a sum of 60 seconds, divided by 60, is a rate
    "promoted": f"SEARCH('{BY_PROMOTION} MetricName=\"Promoted\"', 'Sum', 300)",
    "failed": f"SEARCH('{BY_PROMOTION} MetricName=\"Failed\"', 'Sum', 300)",
    "calls": f"SUM(SEARCH('{USAGE} MetricName=\"CallCount\"', 'Sum', 60))/60",
    "ours": f"SUM(SEARCH('{BY_PROMOTION} MetricName=\"Promoted\"', 'Sum', 60))/60",
}
LOG = "SOURCE '${PromoteLogGroup}' | filter message = 'decision'"
QUERIES = [
    f"{LOG} | stats count(*) as versions by coalesce(outcome, verdict) as result | sort versions desc",
    f"{LOG} and outcome = 'failed' | stats count(*) as versions by code | sort versions desc",
]


def graphed(widget: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The plain metrics of a widget."""
    properties = widget["properties"]
    found = []
    for metric in properties.get("metrics", ()):
        texts = [each for each in metric if isinstance(each, str)]
        options: dict[str, str] = next((each for each in metric if isinstance(each, dict)), {})
        if texts:
            found.append((texts[1], texts[3], options.get("stat", properties.get("stat", "Average"))))
    return found


class TestGraphs:
    def test_show_exactly_these_metrics_of_these_resources(self) -> None:
        shown = {each["properties"]["title"]: found for each in widgets() if (found := graphed(each))}
        by_beginning = {
            next((beginning for beginning in GRAPHS if title.startswith(beginning)), title): found
            for title, found in shown.items()
        }
        assert by_beginning == GRAPHS

    def test_have_exactly_these_expressions(self) -> None:
        found = {
            metric[0]["id"]: metric[0]["expression"]
            for each in widgets()
            for metric in each["properties"].get("metrics", ())
            if isinstance(metric[0], dict)
        }
        assert found == EXPRESSIONS

    def test_query_the_decision_log(self) -> None:
        assert [each["properties"]["query"] for each in widgets() if each["type"] == "log"] == QUERIES


FAULTS = [
    Fault(
        "the age of another queue is shown",
        "Dashboard",
        '"ApproximateAgeOfOldestMessage", "QueueName", "${PromotionQueue.QueueName}"',
        '"ApproximateAgeOfOldestMessage", "QueueName", "${RuleDeadLetterQueue.QueueName}"',
        TestGraphs.test_show_exactly_these_metrics_of_these_resources,
    ),
    Fault(
        "a sum is shown as an average",
        "Dashboard",
        '"Failed", "service", "${AWS::StackName}", {"stat": "Sum"}',
        '"Failed", "service", "${AWS::StackName}", {"stat": "Average"}',
        TestGraphs.test_show_exactly_these_metrics_of_these_resources,
    ),
    Fault(
        "errors of the rule are looked for as a function",
        "Dashboard",
        '"Errors", "FunctionName", "${PromoteFunction}"',
        '"Errors", "FunctionName", "${PublishRule}"',
        TestGraphs.test_show_exactly_these_metrics_of_these_resources,
    ),
    Fault(
        "a rate is ten times too high",
        "Dashboard",
        "'Sum', 60))/60",
        "'Sum', 60))/6",
        TestGraphs.test_have_exactly_these_expressions,
    ),
    Fault(
        "the series of another stack are searched",
        "Dashboard",
        'service=\\"${AWS::StackName}\\" MetricName=\\"Failed\\"',
        'service=\\"promoter\\" MetricName=\\"Failed\\"',
        TestGraphs.test_have_exactly_these_expressions,
    ),
    Fault(
        "a query finds nothing",
        "Dashboard",
        "filter message = 'decision' and",
        "filter message = 'decisions' and",
        TestGraphs.test_query_the_decision_log,
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=names(FAULTS))
def test_the_named_test_finds_the_fault(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.find()  # passes: the fault is not planted yet
    plant(fault, monkeypatch)
    with pytest.raises(AssertionError):
        fault.find()
