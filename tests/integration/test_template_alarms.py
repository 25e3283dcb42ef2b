"""The template's topic, alarms and dashboard."""

import json
import re
from typing import Any

import pytest

from promoter.copying.redelivery import retry_delay
from promoter.packages.candidate import Delivery
from tests.support.paths import ROOT
from tests.support.translated_template import (
    ACCOUNT,
    EVERYTHING,
    KEY,
    arn_of,
    of_type,
    properties,
    resources,
    statements,
    translated,
)

DAY = 86400
TOPIC = {"Ref": "NotificationTopic"}
OURS = [{"Name": "service", "Value": "s"}]  # the name of the stack
DEAD_LETTERS = [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["PromotionDeadLetterQueue", "QueueName"]}}]
RULE_DEAD_LETTERS = [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["RuleDeadLetterQueue", "QueueName"]}}]
SCHEDULE_DEAD_LETTERS = [
    {"Name": "QueueName", "Value": {"Fn::GetAtt": ["ScheduleDeadLetterQueue", "QueueName"]}}
]
BACKLOG = [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["PromotionQueue", "QueueName"]}}]
FUNCTION = [{"Name": "FunctionName", "Value": {"Ref": "PromoteFunction"}}]
RULE = [{"Name": "RuleName", "Value": {"Ref": "PublishRule"}}]
WATCHED = {  # namespace, metric, dimensions, statistic, period, number of periods, threshold
    "FailedVersionsAlarm": ("PackagePromoter", "Failed", OURS, "Sum", 300, 1, 1),
    "MalformedAlarm": ("PackagePromoter", "Malformed", OURS, "Sum", 300, 1, 1),
    "RetriedAlarm": ("PackagePromoter", "Retried", OURS, "Sum", 1800, 2, 1),
    "DeadLettersAlarm": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", DEAD_LETTERS, "Maximum", 300, 1, 1),
    "RuleDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        RULE_DEAD_LETTERS,
        "Maximum",
        300,
        1,
        1,
    ),
    "ScheduleDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        SCHEDULE_DEAD_LETTERS,
        "Maximum",
        300,
        1,
        1,
    ),
    "ExpiringScheduleDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        SCHEDULE_DEAD_LETTERS,
        "Maximum",
        300,
        1,
        6 * DAY,
    ),
    "ExpiringDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        DEAD_LETTERS,
        "Maximum",
        300,
        1,
        6 * DAY,
    ),
    "ExpiringRuleDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        RULE_DEAD_LETTERS,
        "Maximum",
        300,
        1,
        6 * DAY,
    ),
    "BacklogAlarm": ("AWS/SQS", "ApproximateAgeOfOldestMessage", BACKLOG, "Maximum", 300, 3, 3600),
    "FunctionErrorsAlarm": ("AWS/Lambda", "Errors", FUNCTION, "Sum", 300, 1, 1),
    "ThrottlesAlarm": ("AWS/Lambda", "Throttles", FUNCTION, "Sum", 300, 3, 1),
    "LostEventsAlarm": ("AWS/Events", "InvocationsFailedToBeSentToDlq", RULE, "Sum", 300, 1, 1),
}

# they describe a state, which ends; the others describe an event
STATES = {
    "RetriedAlarm",
    "DeadLettersAlarm",
    "RuleDeadLettersAlarm",
    "ExpiringDeadLettersAlarm",
    "ScheduleDeadLettersAlarm",
    "ExpiringRuleDeadLettersAlarm",
    "ExpiringScheduleDeadLettersAlarm",
    "BacklogAlarm",
    "ThrottlesAlarm",
}


def alarms() -> dict[str, dict[str, Any]]:
    return of_type("AWS::CloudWatch::Alarm")


def name_of(alarm: dict[str, Any]) -> str:
    name: str = alarm["AlarmName"]
    assert name.startswith("s-")
    return name.removeprefix("s-")


def headings() -> list[str]:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = text.split("\n## When an alarm fires\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^### (.+)$", section, re.MULTILINE)


def widgets(**parameters: str) -> list[dict[str, Any]]:
    """The widgets of the dashboard. Names that only CloudFormation knows are still placeholders."""
    body = properties("Dashboard", **parameters)["DashboardBody"]["Fn::Sub"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


class TestTopic:
    def test_is_encrypted_only_by_a_key_that_alarms_may_use(self) -> None:
        assert "KmsMasterKeyId" not in properties("NotificationTopic")
        assert properties("NotificationTopic", KmsKeyArn=KEY)["KmsMasterKeyId"] == KEY

    def test_allows_only_the_alarms_of_this_stack_to_publish(self) -> None:
        assert properties("NotificationTopicPolicy")["Topics"] == [TOPIC]
        (allowed,) = [each for each in statements("NotificationTopicPolicy") if each["Effect"] == "Allow"]
        assert (allowed["Principal"], allowed["Action"], allowed["Resource"]) == (
            {"Service": "cloudwatch.amazonaws.com"},
            "sns:Publish",
            TOPIC,
        )
        assert allowed["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:s-*"},
        }

    def test_refuses_plain_http(self) -> None:
        (denied,) = [each for each in statements("NotificationTopicPolicy") if each["Effect"] == "Deny"]
        assert (denied["Principal"], denied["Action"], denied["Resource"]) == ("*", "sns:Publish", TOPIC)
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_has_no_subscription_without_an_address(self) -> None:
        assert "NotificationEmailSubscription" not in resources()

    def test_has_a_subscription_for_the_given_address(self) -> None:
        assert properties("NotificationEmailSubscription", NotificationEmail="a@example.com") == {
            "TopicArn": TOPIC,
            "Protocol": "email",
            "Endpoint": "a@example.com",
        }


class TestLog:
    def test_is_encrypted_with_the_given_key(self) -> None:
        assert "KmsKeyId" not in properties("PromoteLogGroup")
        assert properties("PromoteLogGroup", KmsKeyArn=KEY)["KmsKeyId"] == KEY


class TestAlarms:
    def test_watch_their_metrics(self) -> None:
        found = {
            logical_id: (
                alarm["Namespace"],
                alarm["MetricName"],
                alarm["Dimensions"],
                alarm["Statistic"],
                alarm["Period"],
                alarm["EvaluationPeriods"],
                alarm["Threshold"],
            )
            for logical_id, alarm in alarms().items()
        }
        assert found == WATCHED

    def test_fire_at_the_threshold_and_notify_the_topic(self) -> None:
        for alarm in alarms().values():
            assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
            assert alarm["AlarmActions"] == [TOPIC]
            assert alarm.get("ActionsEnabled", True) is True

    def test_notify_of_the_end_of_a_state(self) -> None:
        found = {name for name, alarm in alarms().items() if "OKActions" in alarm}
        assert found == STATES
        assert all(alarm.get("OKActions", [TOPIC]) == [TOPIC] for alarm in alarms().values())

    def test_do_not_fire_without_data_and_dead_letters_stay_dead_letters(self) -> None:
        """SQS stops reporting after six idle hours; the dead letters are still there."""
        found = {name: alarm["TreatMissingData"] for name, alarm in alarms().items()}
        assert found == {name: "ignore" if "DeadLetters" in name else "notBreaching" for name in alarms()}

    def test_fire_eight_days_before_dead_letters_expire(self) -> None:
        for queue, alarm in (
            ("PromotionDeadLetterQueue", "ExpiringDeadLettersAlarm"),
            ("RuleDeadLetterQueue", "ExpiringRuleDeadLettersAlarm"),
            ("ScheduleDeadLetterQueue", "ExpiringScheduleDeadLettersAlarm"),
        ):
            retention = properties(queue)["MessageRetentionPeriod"]
            assert retention - alarms()[alarm]["Threshold"] == 8 * DAY

    def test_wait_for_the_same_number_of_periods_that_they_look_at(self) -> None:
        assert not any("DatapointsToAlarm" in alarm for alarm in alarms().values())

    def test_name_their_own_section_of_the_runbook(self) -> None:
        for alarm in alarms().values():
            assert alarm["AlarmDescription"].endswith(
                f" Runbook: https://acme.github.io/codeartifact-promoter/operating/#{name_of(alarm)}"
            )
            assert len(alarm["AlarmDescription"]) <= 1024

    def test_have_one_heading_each_in_the_runbook_and_it_has_no_others(self) -> None:
        assert sorted(headings()) == sorted(name_of(alarm) for alarm in alarms().values())

    def test_the_backlog_alarm_says_which_messages_are_not_counted(self) -> None:
        assert "received three or more times are not counted" in alarms()["BacklogAlarm"]["AlarmDescription"]

    def test_the_retried_alarm_has_a_retry_in_each_period(self) -> None:
        longest = max(retry_delay(Delivery(number=number)) for number in range(1, 21))
        visibility = properties("PromotionQueue")["VisibilityTimeout"]
        assert alarms()["RetriedAlarm"]["Period"] > max(longest, visibility)

    def test_are_the_same_for_all_parameters(self) -> None:
        assert of_type("AWS::CloudWatch::Alarm", **EVERYTHING) == alarms()


class TestDashboard:
    def test_is_named_by_stack_and_region(self) -> None:
        assert properties("Dashboard")["DashboardName"] == "s-us-east-1"

    def test_shows_every_alarm(self) -> None:
        (widget,) = [each for each in widgets() if each["type"] == "alarm"]
        assert sorted(widget["properties"]["alarms"]) == sorted(f"${{{name}.Arn}}" for name in alarms())

    @pytest.mark.parametrize(
        "title",
        [
            "Promoted and failed, by promotion",
            "Failures, by code",
            "Seconds from publish to promote",
            "Promotion queue: depth (left), age in seconds (right)",
            "Copies per second of the account, and the quota",
        ],
    )
    def test_has_the_widget(self, title: str) -> None:
        assert title in [each["properties"].get("title") for each in widgets()]

    def test_shows_the_median_and_the_99th_percentile(self) -> None:
        (widget,) = [
            each for each in widgets() if each["properties"].get("title") == "Seconds from publish to promote"
        ]
        stats = [each[-1].get("stat") for each in widget["properties"]["metrics"]]
        assert {"p50", "p99"} <= set(stats)

    def test_shows_the_copies_per_second_and_the_quota(self) -> None:
        (widget,) = [each for each in widgets(PromoteCopiesPerSecond="4") if "quota" in json.dumps(each)]
        lines = widget["properties"]["annotations"]["horizontal"]
        assert [each["value"] for each in lines] == [5, 4]

    def test_widgets_do_not_overlap_or_leave_the_grid(self) -> None:
        taken: set[tuple[int, int]] = set()
        for each in widgets():
            cells = {
                (column, row)
                for column in range(each["x"], each["x"] + each["width"])
                for row in range(each["y"], each["y"] + each["height"])
            }
            assert not cells & taken
            assert max(column for column, _ in cells) < 24
            taken |= cells

    def test_shows_metrics_of_this_region(self) -> None:
        regions = {each["properties"]["region"] for each in widgets() if each["type"] in ("metric", "log")}
        assert regions == {"us-east-1"}


class TestOutputs:
    def test_have_the_values_that_operators_need(self) -> None:
        outputs = translated(**EVERYTHING)["Outputs"]
        assert {name: each["Value"] for name, each in outputs.items()} == {
            "NotificationTopicArn": TOPIC,
            "PromotionQueueUrl": {"Ref": "PromotionQueue"},
            "PromotionQueueArn": arn_of("PromotionQueue"),
            "PromotionDeadLetterQueueUrl": {"Ref": "PromotionDeadLetterQueue"},
            "PromotionDeadLetterQueueArn": arn_of("PromotionDeadLetterQueue"),
            "RuleDeadLetterQueueUrl": {"Ref": "RuleDeadLetterQueue"},
            "ScheduleDeadLetterQueueUrl": {"Ref": "ScheduleDeadLetterQueue"},
            "ScheduleGroupName": {"Ref": "ScheduleGroup"},
            "PromoteFunctionName": {"Ref": "PromoteFunction"},
            "PromoteLogGroupName": {"Ref": "PromoteLogGroup"},
            "DashboardName": {"Ref": "Dashboard"},
            "RedriveRoleArn": arn_of("RedriveRole"),
        }
        assert all(each["Description"] for each in outputs.values())
