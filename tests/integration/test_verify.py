"""`python -m deploy.verify` against the local AWS, and each step against answers that AWS could give."""

from __future__ import annotations

import json
import re
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import get_session

from deploy import verify
from deploy.verification import promotion_steps, rule_steps, signal_steps
from deploy.verification.account import Account
from deploy.verification.findings import Finding, Result, Step, Trial, Tried, holds, run_steps
from deploy.verification.report import line, render
from deploy.verification.steps import STEPS
from deploy.verification.version import PURL
from local.stack import LocalStack
from promoter.aws.clients import user_clients
from promoter.copying.redelivery import retry_delay
from promoter.packages.candidate import Delivery
from tests.support.operations_page import section, table
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RULES = """\
domain = "acme"
[[promotion]]
name = "to-staging"
from = "dev"
to = "staging"
packages = ["pkg:generic/promoter-verify/*"]
[[promotion]]
name = "to-prod"
from = "staging"
to = "prod"
packages = ["pkg:generic/promoter-verify/*"]
"""
NOT_OF_THE_LOCAL_AWS = {
    "rule-pattern": "does not compare patterns",
    "queue-denies": "is not AWS",
    "retry-delay": "no message was retried",
    "usage-metric": "no such metric",
    "lost-events-metric": "no such metric",
    "alarm-topic": "DescribeAlarmHistory",
}


class Log:
    """Sends the function's lines to CloudWatch Logs, as Lambda does."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._ended = threading.Event()
        self._stack: LocalStack | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def put(self, text: str) -> None:
        self._waiting.append(text)

    def start(self, stack: LocalStack) -> None:
        self._stack = stack
        self._group = {"logGroupName": stack.outputs["PromoteLogGroupName"], "logStreamName": "stream"}
        stack.client("logs").create_log_stream(**self._group)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        assert self._stack
        while not self._ended.wait(0.05):
            while self._waiting:
                event = {"timestamp": int(time.time() * 1000), "message": self._waiting.pop(0)}
                self._stack.client("logs").put_log_events(**self._group, logEvents=[event])


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStack]:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    log = Log()
    with LocalStack.start(rules_file=rules, on_log=log.put) as started:
        started.create_repositories()
        log.start(started)
        for name, value in started.client_environment().items():
            monkeypatch.setenv(name, value)
        yield started
        log.stop()


def results(report: str) -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in table(report)}


def versions(stack: LocalStack, repository: str) -> list[str]:
    codeartifact = stack.client("codeartifact")
    try:
        reply = codeartifact.list_package_versions(
            domain="acme",
            repository=repository,
            format="generic",
            namespace="promoter-verify",
            package="promoter-verify",
        )
    except codeartifact.exceptions.ResourceNotFoundException:
        return []
    return [each["version"] for each in reply["versions"]]


class TestLocally:
    def test_every_step_holds_or_is_unknown_for_the_reason_that_the_local_aws_gives(
        self, stack: LocalStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        report = tmp_path / "report.md"
        arguments = ["--stack", "local", "--domain", "acme", "--source", "dev", "--destination", "staging"]

        assert verify.main([*arguments, "--report", str(report), "--wait", "15"]) == 0

        found = results(report.read_text("utf-8"))
        assert list(found) == [step.name for step in STEPS]
        unsure = {name: seen for name, (result, seen) in found.items() if result != "holds"}
        assert {result for result, _ in found.values()} == {"holds", "unknown"}
        assert unsure.keys() == NOT_OF_THE_LOCAL_AWS.keys()
        for name, why in NOT_OF_THE_LOCAL_AWS.items():
            assert why in unsure[name], name
        assert re.match(r"in staging \d+\.\d s after", found["promoted"][1])
        for repository in ("dev", "staging", "prod"):
            assert versions(stack, repository) == []
        printed = capsys.readouterr().out
        assert all(step.name in printed for step in STEPS)

    def test_read_only_changes_nothing(self, stack: LocalStack, tmp_path: Path) -> None:
        stack.server.calls.clear()
        report = tmp_path / "report.md"

        assert verify.main(["--stack", "local", "--report", str(report), "--wait", "0", "--read-only"]) == 0

        assert stack.server.calls == []
        assert versions(stack, "dev") == []
        found = results(report.read_text("utf-8"))
        skipped = {name for name, (_, seen) in found.items() if "--read-only" in seen}
        assert skipped == {step.name for step in STEPS if step.writes}

    def test_a_version_that_no_rule_selects_is_unknown_and_cleaned_up(
        self, stack: LocalStack, tmp_path: Path
    ) -> None:
        report = tmp_path / "report.md"
        arguments = ["--stack", "local", "--source", "dev", "--destination", "prod", "--wait", "0"]
        stack.client("events").disable_rule(Name="local-publish")

        assert verify.main([*arguments, "--report", str(report)]) == 1

        found = results(report.read_text("utf-8"))
        assert found["rule-enabled"][0] == "differs"
        assert found["promoted"][0] == "unknown"
        assert PURL in found["promoted"][1]
        assert found["clean-up"] == ("holds", "the version is deleted")
        assert versions(stack, "dev") == []

    @pytest.mark.parametrize(
        ("arguments", "code", "text"),
        [
            (["--stack", "other"], 3, 'no stack "other"'),
            (["--stack", "local", "--domain", "other"], 2, "serves the domain acme"),
            (["--stack", "local", "--source", "prod"], 2, "promotes from dev, staging"),
            (["--stack", "local", "--destination", "dev"], 2, "promotes to staging, prod"),
        ],
    )
    def test_wrong_arguments_are_told_and_nothing_is_tried(
        self,
        stack: LocalStack,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        code: int,
        text: str,
    ) -> None:
        assert verify.main(arguments) == code
        printed = capsys.readouterr()
        assert text in printed.err
        assert printed.out == ""


def refusal(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no\nway"}}, operation)


class Service:
    """A service that gives prepared answers, by the SDK's method names. An exception is raised."""

    class exceptions:  # noqa: N801  as the SDK has it
        ClientError = ClientError
        ResourceNotFoundException = type("ResourceNotFoundException", (Exception,), {})

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.meta = self
        self.events = self
        self.endpoint_url = "https://sqs.us-east-1.amazonaws.com"

    def register(self, *_: Any) -> None:
        """Watch nothing."""

    def get_paginator(self, name: str) -> Any:
        service = self

        class Paginator:
            def paginate(self, **parameters: Any) -> list[Any]:
                return [getattr(service, name)(**parameters)]

        return Paginator()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self.asked.append((name, parameters))
            answer = self._answers[name]
            answer = answer(parameters) if callable(answer) else answer
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


DESCRIPTION = {
    "StackStatus": "UPDATE_COMPLETE",
    "Parameters": [
        {"ParameterKey": "Domain", "ParameterValue": "acme"},
        {"ParameterKey": "SourceRepositories", "ParameterValue": "dev,staging"},
        {"ParameterKey": "DestinationRepositories", "ParameterValue": "staging,prod"},
    ],
    "Outputs": [
        {"OutputKey": "PromotionQueueUrl", "OutputValue": "queue"},
        {"OutputKey": "PromotionQueueArn", "OutputValue": "arn:aws:sqs:us-east-1:123456789012:queue"},
        {"OutputKey": "PromotionDeadLetterQueueUrl", "OutputValue": "dead"},
        {"OutputKey": "NotificationTopicArn", "OutputValue": "topic"},
        {"OutputKey": "PromoteLogGroupName", "OutputValue": "log"},
    ],
}
RESOURCES = [
    {"LogicalResourceId": name, "PhysicalResourceId": physical, "ResourceStatus": "CREATE_COMPLETE"}
    for name, physical in (("PublishRule", "p-publish"), ("MalformedAlarm", "p-malformed"))
]


def account(
    description: dict[str, Any] | None = None, resources: list[Any] | None = None, **answers: Any
) -> tuple[Account, Service]:
    """An account that gives these answers, and its service."""
    service = Service(
        {
            "describe_stacks": {"Stacks": [description or DESCRIPTION]},
            "list_stack_resources": {"StackResourceSummaries": resources or RESOURCES},
            **answers,
        }
    )
    ticks = iter(range(1_000_000, 2_000_000))
    found = Account(lambda _: service, "p", wait=3, clock=lambda: next(ticks), sleep=lambda _: None)
    return found, service


def trial(**known: str) -> Trial:
    return Trial("dev", "staging", "1.0.7", **known)


def decisions(*lines: dict[str, Any]) -> dict[str, Any]:
    """An answer of FilterLogEvents. `at` is the time of a line in seconds."""
    return {
        "events": [
            {
                "timestamp": int(each.pop("at", 0) * 1000),
                "message": json.dumps({"message": "decision", **each}),
            }
            for each in [dict(one) for one in lines]
        ]
    }


def version_line(source: str, outcome: str, revision: str = "r1") -> dict[str, Any]:
    return {"version": "1.0.7", "hop": {"from": source}, "outcome": outcome, "revision": revision}


class TestRunner:
    """No step can stop the others."""

    @pytest.mark.parametrize(
        ("error", "seen"),
        [
            (refusal("ListTopics", "AccessDenied"), "ListTopics: AccessDenied: no\nway"),
            (EndpointConnectionError(endpoint_url="x"), "EndpointConnectionError"),
            (KeyError("Stacks"), "the step failed: KeyError"),
            (AssertionError("impossible"), "the step failed: AssertionError: impossible"),
        ],
    )
    def test_an_error_is_unknown_and_the_next_step_runs(self, error: Exception, seen: str) -> None:
        def fail(_: Account, __: Trial) -> Finding:
            raise error

        found, _ = account()
        steps = [Step("a", "A.", (), fail), Step("b", "B.", (), lambda *_: holds("fine"))]
        first, second = run_steps(steps, found, trial(), may_write=True)
        assert first.finding.result is Result.UNKNOWN
        assert seen in first.finding.seen
        assert second.finding == holds("fine")

    def test_every_step_survives_an_account_where_nothing_is_allowed(self) -> None:
        found, service = account()
        denied = refusal("Anything", "AccessDeniedException")
        service._answers = type("Denied", (dict,), {"__missing__": lambda *_: denied})()
        tried = list(run_steps(STEPS, found, trial(), may_write=True))
        assert [each.step.name for each in tried] == [step.name for step in STEPS]
        denials = {each.step.name: each.finding for each in tried}
        assert denials.pop("queue-denies").result is Result.HOLDS
        assert {each.result for each in denials.values()} == {Result.UNKNOWN}

    def test_steps_about_policies_need_aws(self) -> None:
        found, service = account()
        service.endpoint_url = "http://127.0.0.1:4566"
        (tried,) = run_steps([each for each in STEPS if each.needs_aws], found, trial(), may_write=True)
        assert tried.finding.result is Result.UNKNOWN
        assert [name for name, _ in service.asked if name == "send_message"] == []


class TestSteps:
    def test_a_stack_with_a_failed_resource_differs(self) -> None:
        failed = {"LogicalResourceId": "Queue", "ResourceStatus": "UPDATE_FAILED"}
        found, _ = account(resources=[*RESOURCES, failed])
        finding = rule_steps.stack_deployed(found, trial())
        assert (finding.result, "Queue: UPDATE_FAILED" in finding.seen) == (Result.DIFFERS, True)

    def test_a_stack_that_rolled_back_differs(self) -> None:
        found, _ = account(description=DESCRIPTION | {"StackStatus": "UPDATE_ROLLBACK_COMPLETE"})
        assert rule_steps.stack_deployed(found, trial()).result is Result.DIFFERS

    @pytest.mark.parametrize(
        ("state", "targets", "result"),
        [
            ("ENABLED", ["arn:aws:sqs:us-east-1:123456789012:queue"], Result.HOLDS),
            ("DISABLED", ["arn:aws:sqs:us-east-1:123456789012:queue"], Result.DIFFERS),
            ("ENABLED", ["arn:aws:sqs:us-east-1:123456789012:other"], Result.DIFFERS),
            ("ENABLED", [], Result.DIFFERS),
            ("ENABLED", ["arn:aws:sqs:us-east-1:123456789012:queue", "another"], Result.DIFFERS),
        ],
    )
    def test_the_rule_must_be_enabled_with_one_target(
        self, state: str, targets: list[str], result: Result
    ) -> None:
        found, _ = account(
            describe_rule={"State": state},
            list_targets_by_rule={"Targets": [{"Arn": each} for each in targets]},
        )
        assert rule_steps.rule_enabled(found, trial()).result is result

    @pytest.mark.parametrize(
        ("matched", "result"),
        [
            ({"Created", "Updated"}, Result.HOLDS),
            ({"Created"}, Result.DIFFERS),
            (set(), Result.DIFFERS),
            ({"Created", "Updated", "Deleted"}, Result.DIFFERS),
        ],
    )
    def test_the_pattern_must_match_created_and_updated_only(self, matched: set[str], result: Result) -> None:
        found, service = account(
            describe_rule={"EventPattern": "{}"},
            test_event_pattern=lambda asked: {
                "Result": json.loads(asked["Event"])["detail"]["operationType"] in matched
            },
        )
        assert rule_steps.rule_pattern(found, trial()).result is result
        event = json.loads(service.asked[-1][1]["Event"])
        assert event["detail"]["domainOwner"] == event["account"] == "123456789012"
        required = {"id", "account", "source", "time", "region", "resources", "detail-type"}
        assert required <= event.keys()  # EventBridge API reference, TestEventPattern

    def test_a_message_that_the_queue_accepts_is_deleted_again(self) -> None:
        found, service = account(
            send_message={"MessageId": "m"},
            receive_message={
                "Messages": [
                    {"Body": "promoter-verify", "ReceiptHandle": "ours"},
                    {"Body": "{}", "ReceiptHandle": "another"},
                ]
            },
            delete_message={},
        )
        finding = promotion_steps.queue_denies(found, trial())
        assert (finding.result, "it is deleted" in finding.seen) == (Result.DIFFERS, True)
        deleted = [asked["ReceiptHandle"] for name, asked in service.asked if name == "delete_message"]
        assert deleted == ["ours"]

    def test_a_message_that_cannot_be_found_again_is_told(self) -> None:
        found, _ = account(send_message={"MessageId": "m"}, receive_message={})
        assert "still on the queue" in promotion_steps.queue_denies(found, trial()).seen

    def test_another_refusal_than_denied_access_decides_nothing(self) -> None:
        found, _ = account(send_message=refusal("SendMessage", "ThrottlingException"))
        assert promotion_steps.queue_denies(found, trial()).result is Result.UNKNOWN

    @pytest.mark.parametrize(
        ("reply", "revision", "result"),
        [
            ({}, "r2", Result.HOLDS),
            ({"successfulVersions": {"1.0.7": {}}}, "r2", Result.DIFFERS),
            ({"failedVersions": {"1.0.7": {"errorCode": "ALREADY_EXISTS"}}}, "r2", Result.DIFFERS),
            ({}, "r3", Result.DIFFERS),
        ],
    )
    def test_a_second_copy_is_in_neither_map(
        self, reply: dict[str, Any], revision: str, result: Result
    ) -> None:
        found, service = account(
            copy_package_versions=reply,
            describe_package_version={"packageVersion": {"revision": revision}},
        )
        known = trial(first_revision="r1", second_revision="r2")
        assert promotion_steps.second_copy(found, known).result is result
        (copied,) = [asked for name, asked in service.asked if name == "copy_package_versions"]
        assert copied["versionRevisions"] == {"1.0.7": "r1"}
        assert "versions" not in copied

    @pytest.mark.parametrize(
        ("now", "second", "result", "text"),
        [
            ("r1", "r1", Result.HOLDS, "the same revision"),
            ("r1", "r2", Result.HOLDS, "a revision of its own"),
            ("r9", "r1", Result.DIFFERS, "changed"),
        ],
    )
    def test_the_revision_in_the_source_stays(self, now: str, second: str, result: Result, text: str) -> None:
        found, _ = account(describe_package_version={"packageVersion": {"revision": now}})
        finding = promotion_steps.revision_kept(found, trial(first_revision="r1", second_revision=second))
        assert (finding.result, text in finding.seen) == (result, True)

    @pytest.mark.parametrize(
        ("outcomes", "result"),
        [
            (["copied"], Result.HOLDS),
            (["retry", "copied"], Result.HOLDS),
            (["retry"], Result.DIFFERS),
            (["unchanged"], Result.DIFFERS),
            ([], Result.UNKNOWN),
        ],
    )
    def test_the_log_must_say_copied(self, outcomes: list[str], result: Result) -> None:
        lines = [version_line("dev", each) for each in outcomes]
        others = [version_line("staging", "copied"), version_line("dev", "copied") | {"version": "1"}]
        found, _ = account(filter_log_events=decisions(*lines, *others))
        finding = promotion_steps.decision_logged(found, trial(first_revision="r1", second_revision="r1"))
        assert finding.result is result

    @pytest.mark.parametrize(
        ("lines", "result"),
        [
            ([version_line("staging", "copied", "r2")], Result.HOLDS),
            ([version_line("staging", "copied", "r1")], Result.DIFFERS),
            ([version_line("dev", "copied", "r1")], Result.UNKNOWN),
        ],
    )
    def test_the_event_of_a_copy_has_its_revision(self, lines: list[dict[str, Any]], result: Result) -> None:
        found, _ = account(filter_log_events=decisions(*lines))
        finding = promotion_steps.copy_event(found, trial(first_revision="r1", second_revision="r2"))
        assert finding.result is result

    def test_the_event_of_a_copy_into_the_last_repository_is_unknown(self) -> None:
        found, _ = account()
        last = Trial("staging", "prod", "1", first_revision="r1", second_revision="r1")
        assert "no queue" in promotion_steps.copy_event(found, last).seen

    @pytest.mark.parametrize(
        ("times", "result"),
        [
            ([0, 21], Result.HOLDS),
            ([0, 25, 90], Result.HOLDS),
            ([0, 2], Result.DIFFERS),
            ([0, 360], Result.DIFFERS),
            ([0, 21, 41], Result.DIFFERS),
            ([0], Result.UNKNOWN),
            ([], Result.UNKNOWN),
        ],
    )
    def test_retries_come_after_the_time_that_was_asked_for(self, times: list[float], result: Result) -> None:
        lines = [{"event": "e", "outcome": "retry", "code": "NOT_FOUND", "at": each} for each in times]
        throttled = {"event": "t", "outcome": "retry", "code": "ThrottlingException"}
        others = [
            throttled | {"at": 0},
            throttled | {"at": 360},
            {"event": "e", "outcome": "copied", "at": 1},
        ]
        found, _ = account(filter_log_events=decisions(*lines, *others))
        assert promotion_steps.retry_delay(found, trial()).result is result

    def test_the_expected_times_are_those_of_the_function(self) -> None:
        wanted = tuple(retry_delay(Delivery(number=each)) for each in range(1, 6))
        assert wanted == promotion_steps._DELAYS

    @pytest.mark.parametrize(
        ("dimensions", "result"),
        [
            ([{"service": "p"}, {"service": "p", "Promotion": "a"}], Result.HOLDS),
            ([{"service": "p"}, {"service": "p", "function_name": "f"}], Result.DIFFERS),
            ([{"service": "another"}], Result.UNKNOWN),
            ([], Result.UNKNOWN),
        ],
    )
    def test_metrics_have_the_dimensions_of_the_template(
        self, dimensions: list[dict[str, str]], result: Result
    ) -> None:
        assert signal_steps.metric_series(listing(dimensions), trial()).result is result

    @pytest.mark.parametrize(
        ("dimensions", "result"),
        [
            ([{"RuleName": "r"}], Result.HOLDS),
            ([{"RuleName": "r"}, {"EventBusName": "b", "RuleName": "r"}], Result.HOLDS),
            ([{"EventBusName": "b", "RuleName": "r"}], Result.DIFFERS),
            ([], Result.UNKNOWN),
        ],
    )
    def test_lost_events_are_counted_by_rule(self, dimensions: list[dict[str, str]], result: Result) -> None:
        assert signal_steps.lost_events_metric(listing(dimensions), trial()).result is result

    def test_calls_are_in_the_usage_metrics(self) -> None:
        full = {"Class": "None", "Resource": "CopyPackageVersions", "Service": "CodeArtifact", "Type": "API"}
        assert signal_steps.usage_metric(listing([full]), trial()).result is Result.HOLDS
        del full["Class"]
        assert signal_steps.usage_metric(listing([full]), trial()).result is Result.DIFFERS

    @pytest.mark.parametrize(
        ("summary", "result"),
        [
            ("Successfully executed action topic", Result.HOLDS),
            ("Failed to execute action topic. Received error: not authorized", Result.DIFFERS),
        ],
    )
    def test_the_history_of_the_alarm_decides_and_the_alarm_is_set_back(
        self, summary: str, result: Result
    ) -> None:
        found, service = account(
            describe_alarms=alarm(),
            set_alarm_state={},
            describe_alarm_history={"AlarmHistoryItems": [{"HistorySummary": summary}]},
        )
        assert signal_steps.alarm_topic(found, trial()).result is result
        assert states(service) == ["ALARM", "OK"]

    def test_the_alarm_is_set_back_even_if_its_history_cannot_be_read(self) -> None:
        denied = refusal("DescribeAlarmHistory", "AccessDenied")
        found, service = account(describe_alarms=alarm(), set_alarm_state={}, describe_alarm_history=denied)
        with pytest.raises(ClientError):
            signal_steps.alarm_topic(found, trial())
        assert states(service) == ["ALARM", "OK"]

    @pytest.mark.parametrize(
        ("changed", "result"),
        [({"StateValue": "ALARM"}, Result.UNKNOWN), ({"AlarmActions": []}, Result.DIFFERS)],
    )
    def test_an_alarm_that_is_on_or_has_no_action_is_left_alone(
        self, changed: dict[str, Any], result: Result
    ) -> None:
        found, service = account(describe_alarms=alarm(**changed))
        assert signal_steps.alarm_topic(found, trial()).result is result
        assert states(service) == []

    def test_a_version_that_cannot_be_deleted_is_named(self) -> None:
        found, _ = account(
            delete_package_versions={}, describe_package_version={"packageVersion": {"revision": "r"}}
        )
        finding = promotion_steps.clean_up(found, trial())
        assert finding.result is Result.DIFFERS
        assert "dev, staging, prod" in finding.seen

    @pytest.mark.parametrize("name", ["decision_logged", "second_copy", "revision_kept", "copy_event"])
    def test_nothing_is_said_of_a_version_that_did_not_arrive(self, name: str) -> None:
        found, service = account()
        before = len(service.asked)
        assert getattr(promotion_steps, name)(found, trial(first_revision="r1")).result is Result.UNKNOWN
        assert len(service.asked) == before


def listing(dimensions: list[dict[str, str]]) -> Account:
    metrics = [
        {"MetricName": "M", "Dimensions": [{"Name": name, "Value": value} for name, value in each.items()]}
        for each in dimensions
    ]
    return account(list_metrics={"Metrics": metrics})[0]


def alarm(**changed: Any) -> dict[str, Any]:
    usual = {"AlarmActions": ["topic"], "StateValue": "OK", "StateUpdatedTimestamp": 0}
    return {"MetricAlarms": [usual | changed]}


def states(service: Service) -> list[str]:
    return [asked["StateValue"] for name, asked in service.asked if name == "set_alarm_state"]


class TestReport:
    def test_it_has_every_step_with_its_calls_and_its_result(self) -> None:
        found, _ = account()
        tried = [Tried(each, holds(f"seen {each.name}"), each.calls) for each in STEPS]
        text = render(found, tried)
        for each in STEPS:
            assert f"| {each.name} | holds | seen {each.name} |" in text
            assert f"## {each.name}\n" in text
            assert each.assumption in text
        assert f"{len(STEPS)} holds, 0 differs, 0 unknown" in text

    def test_what_aws_says_stays_on_one_line_and_in_its_cell(self) -> None:
        found, _ = account()
        tried = Tried(STEPS[0], holds("a | b\n| c \x1b[31m\u2028d"))
        (row,) = [each for each in render(found, [tried]).splitlines() if each.startswith("| stack-")]
        assert len(re.findall(r"(?<!\\)\|", row)) == 4
        assert line(tried).isprintable()


class TestDocuments:
    """docs/operating.md has the steps as they are."""

    def test_the_table_has_every_step_with_its_assumption_and_calls(self) -> None:
        rows = table(section("Not verified on AWS").partition("by hand:")[0])
        assert rows == [
            [f"`{each.name}`", each.assumption, ", ".join(f"`{call}`" for call in each.calls)]
            for each in STEPS
        ]

    @pytest.mark.parametrize("step", STEPS, ids=lambda each: each.name)
    def test_the_calls_exist(self, step: Step) -> None:
        session = get_session()
        for call in step.calls:
            service, operation = call.split(":")
            assert operation in session.get_service_model(service).operation_names

    def test_steps_that_write_are_marked(self) -> None:
        reads = ("Describe", "List", "Filter", "Test", "Get")
        for step in STEPS:
            writes = [call for call in step.calls if not call.split(":")[1].startswith(reads)]
            assert step.writes or not writes, step.name

    def test_no_step_calls_more_than_it_says(self, stack: LocalStack) -> None:
        found = Account(user_clients(), "local", wait=15)  # `stack.client` is also the poller's
        version = Trial("dev", "staging", "1.0.1")
        for tried in run_steps(STEPS, found, version, may_write=True):
            assert set(tried.called) <= set(tried.step.calls), tried.step.name

    def test_the_readme_says_on_its_first_screen_that_aws_was_not_tried(self) -> None:
        first_screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:25]
        text = "\n".join(first_screen)
        assert "Not tried on AWS" in text
        assert "python -m deploy.verify" in text
        assert "docs/operating.md#not-verified-on-aws" in text
