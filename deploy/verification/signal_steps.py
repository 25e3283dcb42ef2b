"""Steps about metrics and alarms."""

from typing import Any

from deploy.verification.account import Account
from deploy.verification.findings import Finding, Step, Trial, differs, holds, unknown

_NAMESPACE = "PackagePromoter"
_ALARM = "MalformedAlarm"


def metric_series(account: Account, _: Trial) -> Finding:
    """List the metrics of the function and their dimensions."""
    found = _dimensions(account, Namespace=_NAMESPACE)
    ours = [each for each in found if each[1].get("service") == account.stack]
    if not ours:
        return unknown(
            f"no metric with service = {account.stack} yet; CloudWatch lists new ones after 15 minutes"
        )
    wrong = [each for each in ours if set(each[1]) not in ({"service"}, {"service", "Promotion"})]
    shown = sorted({f"{name} by {', '.join(sorted(dimensions))}" for name, dimensions in wrong or ours})
    return differs("; ".join(shown)) if wrong else holds(f"{len(ours)} series: {'; '.join(shown)}")


def usage_metric(account: Account, _: Trial) -> Finding:
    """Look for CodeArtifact's calls in AWS/Usage."""
    dimensions = [{"Name": "Resource", "Value": "CopyPackageVersions"}]
    found = _dimensions(account, Namespace="AWS/Usage", MetricName="CallCount", Dimensions=dimensions)
    return _with_dimensions(found, {"Class", "Resource", "Service", "Type"})


def lost_events_metric(account: Account, _: Trial) -> Finding:
    """Look for the metric that the alarm `lost-events` watches."""
    found = _dimensions(account, Namespace="AWS/Events", MetricName="InvocationsFailedToBeSentToDlq")
    return _with_dimensions(found, {"RuleName"})


def _with_dimensions(found: list[tuple[str, dict[str, str]]], wanted: set[str]) -> Finding:
    if not found:
        return unknown("no such metric; AWS makes it when it has its first value")
    seen = "; ".join(sorted({", ".join(sorted(dimensions)) for _, dimensions in found}))
    return holds(seen) if any(set(dimensions) == wanted for _, dimensions in found) else differs(seen)


def _dimensions(account: Account, **query: Any) -> list[tuple[str, dict[str, str]]]:
    pages = account.client("cloudwatch").get_paginator("list_metrics").paginate(**query)
    return [
        (each["MetricName"], {one["Name"]: one["Value"] for one in each["Dimensions"]})
        for page in pages
        for each in page["Metrics"]
    ]


def alarm_topic(account: Account, _: Trial) -> Finding:
    """Set an alarm off, and look in its history if CloudWatch could notify the topic. Set it back."""
    cloudwatch, name = account.client("cloudwatch"), account.resources[_ALARM]["PhysicalResourceId"]
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    topic = account.outputs["NotificationTopicArn"]
    if alarm["AlarmActions"] != [topic]:
        return differs(f"{name} notifies {alarm['AlarmActions']}, not the topic")
    if alarm["StateValue"] == "ALARM":
        return unknown(f"{name} is on; look at it first")
    reason = {"StateReason": "python -m deploy.verify"}
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", **reason)
    try:
        summaries = account.wait_for(lambda: _actions(account, name, alarm["StateUpdatedTimestamp"]))
    finally:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", **reason)
    if not summaries:
        return unknown(f"the history of {name} has no action after {account.wait:.0f} s")
    seen = "; ".join(summaries)
    return holds(seen) if all("Successfully executed" in each for each in summaries) else differs(seen)


def _actions(account: Account, name: str, since: Any) -> list[str]:
    """Source: CloudWatch API reference, DescribeAlarmHistory."""
    reply = account.client("cloudwatch").describe_alarm_history(
        AlarmName=name, HistoryItemType="Action", StartDate=since, ScanBy="TimestampDescending"
    )
    return [each["HistorySummary"] for each in reply["AlarmHistoryItems"]][:1]


STEPS = (
    Step(
        "metric-series",
        "The function's metrics have the dimension `service`, or `service` and `Promotion`.",
        ("cloudwatch:ListMetrics",),
        metric_series,
    ),
    Step(
        "usage-metric",
        "CodeArtifact's calls are in `AWS/Usage`, which the dashboard shows.",
        ("cloudwatch:ListMetrics",),
        usage_metric,
    ),
    Step(
        "lost-events-metric",
        "`InvocationsFailedToBeSentToDlq` has the dimension `RuleName` only.",
        ("cloudwatch:ListMetrics",),
        lost_events_metric,
    ),
    Step(
        "alarm-topic",
        "The topic's policy allows alarms to notify it. You get one mail from the alarm `malformed`.",
        ("cloudwatch:DescribeAlarms", "cloudwatch:SetAlarmState", "cloudwatch:DescribeAlarmHistory"),
        alarm_topic,
        writes=True,
    ),
)
