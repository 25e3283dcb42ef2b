"""The template agrees with a recorded run: watched metrics, used permissions, variables that are read."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from promoter.settings import Settings
from tests.integration.test_template_alarms import widgets
from tests.support.paths import ROOT
from tests.support.recorded_run import Metric, Run, run
from tests.support.translated_template import (
    ACCOUNT,
    EVERYTHING,
    arn_of,
    granted,
    listed,
    of_type,
    properties,
    resources,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.account import Account
    from tests.support.printed import Printed

# the permissions that each call needs: service authorization reference; for a copy: User Guide, copy-package
NEEDS = {
    "codeartifact.CopyPackageVersions": {
        "codeartifact:CopyPackageVersions",
        "codeartifact:ReadFromRepository",
    },
    "codeartifact.ListPackageVersionAssets": {"codeartifact:ListPackageVersionAssets"},
    "codeartifact.DescribePackageVersion": {"codeartifact:DescribePackageVersion"},
    "codeartifact.GetAuthorizationToken": {"codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken"},
    "codeartifact.GetRepositoryEndpoint": {"codeartifact:GetRepositoryEndpoint"},
    "codeartifact.GetPackageVersionAsset": {"codeartifact:GetPackageVersionAsset"},
    "codeartifact.ListPackageVersions": {"codeartifact:ListPackageVersions"},
    "scheduler.CreateSchedule": {"scheduler:CreateSchedule", "iam:PassRole"},
    "scheduler.DeleteSchedule": {"scheduler:DeleteSchedule"},
    "scheduler.GetSchedule": {"scheduler:GetSchedule"},
    "scheduler.ListSchedules": {"scheduler:ListSchedules"},
    "sns.Publish": {"sns:Publish"},
    "sqs.SendMessage": {"sqs:SendMessage"},
    "sqs.ChangeMessageVisibilityBatch": {"sqs:ChangeMessageVisibility"},
}
OF_LAMBDA = {  # what Lambda itself does with the role: developer guide, services-sqs-configure and others
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}
OF_THE_NPM_ENDPOINT = {"codeartifact:PutPackageMetadata"}  # to move a tag; no operation of the API does that
WITH_A_KEY = {
    "kms:Decrypt",
    "kms:GenerateDataKey",
}  # to receive from the queue, and to send to the queue and the topic

OF_AWS: dict[str, tuple[frozenset[str], set[str]]] = {  # from each service's page about its metrics
    "AWS/SQS": (
        frozenset({"QueueName"}),
        {
            "ApproximateAgeOfOldestMessage",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesVisible",
        },
    ),
    "AWS/Lambda": (frozenset({"FunctionName"}), {"Duration", "Errors", "Invocations", "Throttles"}),
    "AWS/Events": (
        frozenset({"RuleName"}),
        {"FailedInvocations", "InvocationsFailedToBeSentToDlq", "MatchedEvents"},
    ),
    "AWS/Usage": (frozenset({"Class", "Resource", "Service", "Type"}), {"CallCount"}),
}
ENTRIES = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/s/*"
SEARCH = re.compile(r"SEARCH\('\{([^}]+)\} ([^']+)'")
# read by the function, but not set by the template: it has a default, or SAM sets it
NOT_OF_THE_TEMPLATE = {"RULES_FILE", "AWS_SAM_LOCAL", "AWS_ENDPOINT_URL"}


@pytest.fixture
def recorded(account: Account, printed: Printed) -> Run:
    return run(account, printed)


def of_expression(expression: str) -> Iterator[Metric]:
    for schema, query in SEARCH.findall(expression):
        namespace, *dimensions = schema.split(",")
        for name in re.findall(r'MetricName="(\w+)"', query):
            yield namespace, name, frozenset(dimensions)


def of_widget(widget: dict[str, Any]) -> Iterator[Metric]:
    for metric in widget["properties"].get("metrics", ()):
        if isinstance(metric[0], dict):
            yield from of_expression(metric[0]["expression"])
        else:
            named = [each for each in metric if isinstance(each, str)]
            yield named[0], named[1], frozenset(named[2::2])


def of_alarms() -> set[Metric]:
    return {
        (each["Namespace"], each["MetricName"], frozenset(one["Name"] for one in each["Dimensions"]))
        for each in of_type("AWS::CloudWatch::Alarm").values()
    }


def check_metrics_exist(wanted: set[Metric], emitted: frozenset[Metric]) -> None:
    """Check that the function emitted each metric, or that a service documents it."""
    assert wanted
    for namespace, name, dimensions in wanted:
        if namespace in OF_AWS:
            assert (dimensions, name in OF_AWS[namespace][1]) == (OF_AWS[namespace][0], True), name
        else:
            assert (namespace, name, dimensions) in emitted


class TestMetrics:
    def test_the_run_emits_every_metric_that_the_readme_names(self, recorded: Run) -> None:
        readme = (ROOT / "README.md").read_text("utf-8")
        (line,) = re.findall(r"\*\*Metrics\*\*.*?(?=Every series)", readme, re.DOTALL)
        named = set(re.findall(r"`(\w+)`", line)) - {"PackagePromoter", "service", "Promotion"}
        assert {name for _, name, _ in recorded.metrics} == named

    def test_every_alarm_watches_an_existing_metric(self, recorded: Run) -> None:
        check_metrics_exist(of_alarms(), recorded.metrics)

    def test_every_widget_shows_existing_metrics(self, recorded: Run) -> None:
        check_metrics_exist(
            {metric for widget in widgets() for metric in of_widget(widget)}, recorded.metrics
        )

    def test_the_dashboard_shows_every_emitted_metric(self, recorded: Run) -> None:
        shown = {metric for widget in widgets() for metric in of_widget(widget)}
        assert recorded.metrics <= shown

    def test_widgets_use_the_service_name_of_the_function(self) -> None:
        for widget in widgets():
            for metric in widget["properties"].get("metrics", ()):
                if metric[0] == "PackagePromoter":
                    assert metric[2:4] == ["service", "s"]


class TestPermissions:
    def test_are_exactly_the_actions_that_the_run_uses(self, recorded: Run) -> None:
        assert recorded.operations == set(NEEDS)
        used = {action for operation in recorded.operations for action in NEEDS[operation]}
        given = {
            action for statement in granted(resources(**EVERYTHING)) for action in listed(statement["Action"])
        }
        assert given == used | OF_LAMBDA | OF_THE_NPM_ENDPOINT | WITH_A_KEY

    def test_do_not_include_the_key_by_default(self, recorded: Run) -> None:
        found = granted(resources(EvidenceRepository="evidence", NpmLatestRepositories="prod"))
        given = {action for each in found for action in listed(each["Action"])}
        used = {action for operation in recorded.operations for action in NEEDS[operation]}
        assert given == used | OF_LAMBDA | OF_THE_NPM_ENDPOINT

    def test_are_limited_to_the_resources_that_are_used(self) -> None:
        found = {
            action: statement["Resource"]
            for statement in granted(resources(KmsKeyArn=EVERYTHING["KmsKeyArn"]))
            for action in listed(statement["Action"])
            if not action.startswith("codeartifact:")
        }
        assert found == {
            "sqs:ReceiveMessage": arn_of("PromotionQueue"),
            "sqs:DeleteMessage": arn_of("PromotionQueue"),
            "sqs:GetQueueAttributes": arn_of("PromotionQueue"),
            "sqs:ChangeMessageVisibility": arn_of("PromotionQueue"),
            "sqs:SendMessage": arn_of("PromotionDeadLetterQueue"),
            "scheduler:CreateSchedule": ENTRIES,
            "scheduler:DeleteSchedule": ENTRIES,
            "scheduler:GetSchedule": ENTRIES,
            "scheduler:ListSchedules": "*",
            "iam:PassRole": arn_of("SchedulerRole"),
            "sns:Publish": {"Ref": "NotificationTopic"},
            "logs:CreateLogStream": arn_of("PromoteLogGroup"),
            "logs:PutLogEvents": arn_of("PromoteLogGroup"),
            "xray:PutTraceSegments": "*",
            "xray:PutTelemetryRecords": "*",
            "kms:Decrypt": EVERYTHING["KmsKeyArn"],
            "kms:GenerateDataKey": EVERYTHING["KmsKeyArn"],
        }


class Recording(dict[str, str]):
    """A dictionary that remembers which keys were read."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)


def variables(**parameters: str) -> dict[str, str]:
    found = properties("PromoteFunction", **parameters)["Environment"]["Variables"]
    return {name: "x" if isinstance(value, dict) else str(value) for name, value in found.items()}


def run_python(script: str, environment: dict[str, str]) -> Any:
    """Run a script with exactly this environment. Return what it prints as JSON."""
    bare = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "functions"),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=bare | environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def effects(environment: dict[str, str]) -> dict[str, str]:
    """The log level and the endpoint that the libraries read from an environment."""
    script = (
        "import json, logging; from promoter.lambda_function import logger;"
        "from promoter.aws.clients import function_client;"
        "print(json.dumps({'level': logging.getLevelName(logger.log_level),"
        " 'endpoint': function_client('sqs').meta.endpoint_url}))"
    )
    found: dict[str, str] = run_python(script, environment)
    return found


def modules(environment: dict[str, str]) -> list[Path]:
    """Our own modules that the function imports when it starts."""
    script = (
        "import json, sys; import promoter.handlers;"
        "print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith('promoter.')]))"
    )
    found = [Path(file) for file in run_python(script, environment) if file]
    assert len(found) > 10
    return found


class TestEnvironment:
    LIBRARIES = frozenset(
        {"POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
    )  # and the endpoint, if one is given

    def test_has_exactly_the_variables_that_are_read(self) -> None:
        given = Recording(variables())
        Settings.from_environ(given)
        assert set(given) == given.read - NOT_OF_THE_TEMPLATE | self.LIBRARIES

    def test_has_the_variables_of_the_libraries(self) -> None:
        told = variables(LogLevel="ERROR", EndpointUrl="http://127.0.0.1:9")
        assert effects(told) == {"level": "ERROR", "endpoint": "http://127.0.0.1:9"}
        assert effects(variables(LogLevel="DEBUG"))["level"] == "DEBUG"

    def test_is_read_only_at_the_start_of_the_function(self) -> None:
        readers = set()
        for file in modules(variables()):
            nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
            names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            names |= {each.name for node in nodes if isinstance(node, ast.ImportFrom) for each in node.names}
            if names & {"environ", "getenv", "environb"}:
                readers.add(file.name)
        assert readers == {"handlers.py", "clients.py"}  # clients.py must know if it runs under `sam local`
