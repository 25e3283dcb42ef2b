"""Starting and updating the local AWS, and the resources in it."""

import json
import socket
from pathlib import Path

import pytest

from emulator_support.codeartifact_calls import list_versions, publish_generic
from local.cloudformation import translate
from local.lambda_runtime.execution_environment import InitError
from local.stack import LocalStack
from moto_codeartifact.server import PortTakenError
from tests.support.paths import RULES, TEMPLATE

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd"
OPERATORS = "arn:aws:iam::123456789012:role/operators"


class TestResources:
    def test_are_those_of_the_template_without_the_optional_ones(self, stack: LocalStack) -> None:
        parameters = stack.rules.parameters
        declared = translate(TEMPLATE.read_text("utf-8"), parameters, stack="local")["Resources"]
        assert set(stack.resources) == set(declared) - {
            "DomainPolicy",
            "InvocationPolicy",
            "KeyPolicy",
            "NpmTagPolicy",
            "NpmTokenPolicy",
            "RedriveRole",
        }

    def test_on_the_dashboard_exist(self, stack: LocalStack) -> None:
        cloudwatch = stack.client("cloudwatch")
        body = cloudwatch.get_dashboard(DashboardName=stack.outputs["DashboardName"])["DashboardBody"]
        (alarms,) = [each for each in json.loads(body)["widgets"] if each["type"] == "alarm"]
        made = {each["AlarmArn"] for each in cloudwatch.describe_alarms()["MetricAlarms"]}
        assert set(alarms["properties"]["alarms"]) == made
        assert "${" not in body
        queues = (
            "PromotionQueue",
            "PromotionDeadLetterQueue",
            "RuleDeadLetterQueue",
            "ScheduleDeadLetterQueue",
        )
        for output in (f"{queue}Url" for queue in queues):
            assert f'"{stack.outputs[output].rpartition("/")[2]}"' in body

    def test_that_are_alarms_notify_the_topic(self, stack: LocalStack) -> None:
        alarms = stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert {each["AlarmName"] for each in alarms} >= {"local-failed-versions", "local-dead-letters"}
        assert [each["AlarmActions"] for each in alarms] == [[stack.outputs["NotificationTopicArn"]]] * len(
            alarms
        )


class TestStart:
    def test_a_broken_rules_file_stops_it_with_the_message_of_the_function(self, tmp_path: Path) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text(RULES.read_text("utf-8").replace("exclude", "exlude"))
        with pytest.raises(InitError) as caught:
            LocalStack.start(rules_file=rules)
        assert "exlude" in str(caught.value)
        assert str(rules) in str(caught.value)
        assert "Traceback" not in str(caught.value)

    def test_a_rules_file_that_is_not_toml_stops_it(self, tmp_path: Path) -> None:
        rules = tmp_path / "rules.toml"
        rules.write_text("domain = acme")
        with pytest.raises(InitError, match=r"rules\.toml:1"):
            LocalStack.start(rules_file=rules)

    def test_a_taken_port_is_named_in_the_error(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(PortTakenError, match=f"port {port} is taken"):
                LocalStack.start(port=port)


class TestUpdate:
    def test_other_parameters_are_deployed_with_the_same_queues(self) -> None:
        with LocalStack.start(parameters={"SettleSeconds": "0"}) as stack:
            before = stack.outputs
            mail = "a@example.com"
            stack.update({"SettleSeconds": "2", "NotificationEmail": mail, "LogLevel": "DEBUG"})
            assert stack.outputs == before
            queue = stack.client("sqs").get_queue_attributes(
                QueueUrl=before["PromotionQueueUrl"], AttributeNames=["Policy"]
            )["Attributes"]
            assert "NobodyElseSends" in queue["Policy"]
            function = stack.client("lambda").get_function_configuration(
                FunctionName=before["PromoteFunctionName"]
            )
            variables = function["Environment"]["Variables"]
            assert (variables["POWERTOOLS_LOG_LEVEL"], variables["SETTLE_SECONDS"]) == ("DEBUG", "2")
            (subscription,) = stack.client("sns").list_subscriptions()["Subscriptions"]
            assert subscription["Endpoint"] == mail
            stack.create_repositories()
            publish_generic(stack.client("codeartifact"), "1.0")
            stack.wait_until_idle()
            assert list_versions(stack.client("codeartifact"), "prod") == {"1.0"}

    def test_a_key_and_a_redrive_role_can_be_added_and_removed(self) -> None:
        with LocalStack.start() as stack:
            before = stack.outputs
            account = "123456789012"
            scheduler = (
                f'"aws:PrincipalArn": ["arn:aws:iam::{account}:role/{stack.resources["SchedulerRole"]}"'
            )
            assert f"{scheduler}]" in policy_of_the_queue(stack)
            assert encryption(stack) == ("true", None, None)
            stack.update({"KmsKeyArn": KEY, "RedrivePrincipalArn": OPERATORS})
            assert encryption(stack) == ("false", KEY, KEY)
            role = stack.outputs["RedriveRoleArn"]
            assert f'{scheduler}, "{role}"]' in policy_of_the_queue(stack)
            assert {**stack.outputs, "RedriveRoleArn": role} == {**before, "RedriveRoleArn": role}
            stack.update({})
            assert encryption(stack) == ("true", None, None)
            assert stack.outputs == before
            assert f"{scheduler}]" in policy_of_the_queue(stack)


def encryption(stack: LocalStack) -> tuple[str, str | None, str | None]:
    """Return SQS's own encryption setting, the key of the queue, and the key of the topic."""
    queue = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["PromotionQueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    topic = stack.client("sns").get_topic_attributes(TopicArn=stack.outputs["NotificationTopicArn"])[
        "Attributes"
    ]
    return queue["SqsManagedSseEnabled"], queue.get("KmsMasterKeyId"), topic.get("KmsMasterKeyId") or None


def policy_of_the_queue(stack: LocalStack) -> str:
    found = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["PromotionQueueUrl"], AttributeNames=["Policy"]
    )
    return str(found["Attributes"]["Policy"])
