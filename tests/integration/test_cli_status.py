"""status against the local AWS with the deployed template."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator_support.codeartifact_calls import publish_generic
from local.stack import LocalStack
from promoter.aws import clients
from promoter.aws.stack import DeployedStack
from promoter.waiting.evidence_policy import EvidenceRepository, write_policy
from tests.support.aws_denied import DeniedClient
from tests.support.command_line import promoter
from tests.support.paths import ROOT, RULES

_ROLE = "arn:aws:iam::123456789012:role"
POLICY = write_policy(
    EvidenceRepository(domain="acme", account="123456789012", region="us-east-1", repository="evidence"),
    {"check-size": [f"{_ROLE}/size-check"], "approval": [f"{_ROLE}/lead"]},
)


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack.start(parameters={"SettleSeconds": "0"}) as stack:
        stack.create_repositories()
        stack.client("codeartifact").put_repository_permissions_policy(
            domain="acme", repository="evidence", policyDocument=POLICY
        )
        yield stack


@pytest.fixture
def deployed(stack: LocalStack) -> DeployedStack:
    return DeployedStack(stack.client, "local")


@pytest.fixture
def status(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: promoter("status", "--stack", "local", "--rules", RULES, *arguments)


def test_shows_a_pipeline_that_has_promoted(stack: LocalStack, status: Any) -> None:
    for version in ("1.0", "1.1"):
        publish_generic(stack.client("codeartifact"), version)
        stack.wait_until_idle()
    shape = json.loads(status("--output", "json").out)
    assert (shape["domain"], shape["serving"], shape["unknown"]) == ("acme", "Enabled", {})
    assert shape["rule"] == {"name": "local-publish", "state": "ENABLED", "faults": []}
    assert shape["upstreams"] == {"faults": [], "warnings": [], "unknown": {}}
    assert shape["last24Hours"]["promoted"] == 4
    assert shape["last24Hours"]["publishToPromoteSeconds"] > 0
    assert shape["queues"]["PromotionQueue"]["waiting"] == 0
    ran = status()
    assert ran.lines[0].startswith("acme   stack local, deployed ")
    assert ran.lines[0].endswith("   RUNNING")
    assert ran.code == 0


def test_dead_letters_exit_1_and_have_a_command_that_explains_them(stack: LocalStack, status: Any) -> None:
    sqs, url = stack.client("sqs"), stack.outputs["PromotionDeadLetterQueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    ran = status()
    assert "  dead letters  1 waiting, 0 in flight, oldest unknown" in ran.lines
    assert f"--queue-url {url} > dead.json; promoter explain dead.json" in ran.lines[-2]
    assert ran.code == 1
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def test_the_age_of_a_message_comes_from_cloudwatch(stack: LocalStack, deployed: DeployedStack) -> None:
    url = stack.outputs["PromotionQueueUrl"]
    name = {"Name": "QueueName", "Value": url.rpartition("/")[2]}
    data = {"MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [name], "Value": 125.0}
    assert deployed.oldest_message_age(url, time.time()) is None
    stack.client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[data])
    assert deployed.oldest_message_age(url, time.time() + 1) == 125.0


def test_the_ruleset_is_that_of_the_newest_decision_in_the_log(
    stack: LocalStack, deployed: DeployedStack
) -> None:
    logs, group = stack.client("logs"), "/aws/lambda/new"
    logs.create_log_group(logGroupName=group)
    assert deployed.newest_ruleset(group) is None
    now = int(time.time() * 1000)
    for stream, digest, at in (("new", "bbb", now), ("old", "aaa", now - 60_000)):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        line = json.dumps({"message": "decision", "ruleset": digest})
        events = [(at - 1, "START"), (at, line), (at, '{"message": "other", "ruleset": "ccc"}')]
        logs.put_log_events(
            logGroupName=group,
            logStreamName=stream,
            logEvents=[{"timestamp": when, "message": text} for when, text in events],
        )
    found = deployed.newest_ruleset(group)
    assert found is not None
    assert (found.ruleset, found.logged_at) == ("bbb", now / 1000)


def test_an_alarm_that_is_on_is_named(stack: LocalStack, deployed: DeployedStack) -> None:
    cloudwatch = stack.client("cloudwatch")
    for name in ("on", "off"):
        cloudwatch.put_metric_alarm(
            AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1
        )
    cloudwatch.set_alarm_state(AlarmName="on", StateValue="ALARM", StateReason="a test")
    cloudwatch.set_alarm_state(AlarmName="off", StateValue="OK", StateReason="a test")
    assert deployed.active_alarms(["on", "off"]) == ["on"]
    assert deployed.active_alarms([]) == []


def test_a_missing_permission_is_shown_in_its_line(
    stack: LocalStack, status: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clients.user_clients(None)
    monkeypatch.setattr(
        clients,
        "user_clients",
        lambda _: lambda service: DeniedClient() if service == "sqs" else real(service),
    )
    ran = status()
    assert sum("ask for the permission that the message names" in line for line in ran.lines) == 4
    assert any(line.strip().startswith("last 24 h") and "promoted" in line for line in ran.lines)
    assert ran.code == 0


def test_a_rule_that_was_disabled_exits_1(stack: LocalStack, status: Any) -> None:
    events = stack.client("events")
    events.disable_rule(Name="local-publish")
    ran = status()
    events.enable_rule(Name="local-publish")
    assert "  rule          the rule is DISABLED, so events are lost" in ran.lines
    assert ran.code == 1
    assert status().code == 0


def test_a_rule_with_another_pattern_or_target_exits_1(stack: LocalStack, status: Any) -> None:
    events, rule = stack.client("events"), {"Name": "local-publish"}
    before = events.describe_rule(**rule)["EventPattern"]
    target = events.list_targets_by_rule(Rule="local-publish")["Targets"][0]
    events.put_rule(**rule, EventPattern=before.replace('"Created", "Updated"', '"Created"'))
    events.put_targets(Rule="local-publish", Targets=[{**target, "InputPath": "$.detail"}])
    faults = json.loads(status("--output", "json").out)["rule"]["faults"]
    events.put_rule(**rule, EventPattern=before)
    events.put_targets(Rule="local-publish", Targets=[target])
    assert faults == [
        'the event pattern has detail.operationType ["Created"], wanted ["Created", "Updated"]',
        "the rule changes events before it sends them: InputPath",
    ]
    assert status().code == 0


def test_a_mapping_that_is_off_exits_1(stack: LocalStack, status: Any) -> None:
    client = stack.client("lambda")
    (mapping,) = client.list_event_source_mappings()["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    ran = status()
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    assert ran.lines[0].endswith("   NOT RUNNING (Disabled)")
    assert ran.code == 1


def test_a_source_among_the_upstreams_exits_1(stack: LocalStack, status: Any) -> None:
    codeartifact, prod = stack.client("codeartifact"), {"domain": "acme", "repository": "prod"}
    codeartifact.update_repository(**prod, upstreams=[{"repositoryName": "staging"}])
    ran = status()
    codeartifact.update_repository(**prod, upstreams=[])
    assert any("prod <- staging: clients of prod get every version of staging" in line for line in ran.lines)
    assert ran.code == 1
    assert status().code == 0


def test_a_repository_of_answers_without_a_policy_exits_1(stack: LocalStack, status: Any) -> None:
    client = stack.client("codeartifact")
    named = {"domain": "acme", "repository": "evidence"}
    assert json.loads(status("--output", "json").out)["answers"] == []
    client.delete_repository_permissions_policy(**named)
    try:
        ran = status()
    finally:
        client.put_repository_permissions_policy(**named, policyDocument=POLICY)
    assert (
        "  answers       evidence has no permissions policy: whoever may publish there can answer " in ran.out
    )
    assert ran.lines[-1] == "Next: read docs/checks.md#who-may-answer"
    assert ran.code == 1


class TestPolicyOfThePage:
    """The policy and the rules of docs/checks.md, pasted with another region."""

    @pytest.fixture
    def paste(self, stack: LocalStack) -> Iterator[Any]:
        client, named = stack.client("codeartifact"), {"domain": "acme", "repository": "evidence"}

        def put(policy: dict[str, Any]) -> None:
            client.put_repository_permissions_policy(**named, policyDocument=json.dumps(policy))

        yield put
        client.put_repository_permissions_policy(**named, policyDocument=POLICY)

    @pytest.fixture
    def policy(self) -> dict[str, Any]:
        [text] = [each for each in checks_page("json") if '"Sid"' in each]
        shape: dict[str, Any] = json.loads(text.replace("eu-west-1", "us-east-1"))
        return shape

    @pytest.fixture
    def status(self, stack: LocalStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
        [rules] = [each for each in checks_page("toml") if "[[promotion]]" in each]
        (tmp_path / "rules.toml").write_text(rules)
        for name, value in stack.client_environment().items():
            monkeypatch.setenv(name, value)
        return lambda *more: promoter("status", "--stack", "local", "--rules", tmp_path / "rules.toml", *more)

    def test_the_policy_as_it_is_has_no_fault(self, status: Any, paste: Any, policy: dict[str, Any]) -> None:
        paste(policy)

        assert json.loads(status("--output", "json").out)["answers"] == []
        ran = status()
        assert not any("evidence" in line or line.startswith("Next") for line in ran.lines)
        assert ran.code == 0

    @pytest.mark.parametrize(
        ("sid", "fault"),
        [
            (
                "OnlyTheScannerAnswersSca",
                "the policy of evidence lets principals that it does not name answer check-sca",
            ),
            (
                "OnlyTheirLeadsApprovePayments",
                "the policy of evidence lets principals that it does not name answer approval-payments",
            ),
            (
                "NobodyPublishesAnythingElse",
                "the policy of evidence lets somebody publish packages that are no answers",
            ),
            ("NobodyChangesAnswers", "the policy of evidence lets somebody call CopyPackageVersions"),
        ],
    )
    def test_without_a_statement_others_may_answer_and_the_exit_code_is_1(
        self, status: Any, paste: Any, policy: dict[str, Any], sid: str, fault: str
    ) -> None:
        policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != sid]
        paste(policy)

        ran = status()

        assert any(line.strip().removeprefix("answers").strip() == fault for line in ran.lines)
        assert ran.lines[-1] == "Next: read docs/checks.md#who-may-answer"
        assert ran.code == 1

    def test_a_wider_principal_is_named_too(self, status: Any, paste: Any, policy: dict[str, Any]) -> None:
        policy["Statement"][1]["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": [f"{_ROLE}/*"]}}
        paste(policy)

        assert json.loads(status("--output", "json").out)["answers"] == [
            "the policy of evidence lets principals that it does not name answer check-sca"
        ]

    def test_who_may_not_read_the_policy_learns_that_it_is_unknown(
        self, stack: LocalStack, status: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = clients.user_clients(None)

        class WithoutPolicies:
            def __getattr__(self, name: str) -> Any:
                denied = name == "get_repository_permissions_policy"
                return getattr(DeniedClient() if denied else real("codeartifact"), name)

        monkeypatch.setattr(
            clients,
            "user_clients",
            lambda _: lambda service: WithoutPolicies() if service == "codeartifact" else real(service),
        )

        ran = status()

        assert any(
            "answers" in line and "ask for the permission that the message" in line for line in ran.lines
        )
        assert ran.code == 0


def checks_page(language: str) -> list[str]:
    """The blocks of docs/checks.md in a language."""
    page = (ROOT / "docs" / "checks.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
