"""The template against a recorded run: metrics that are watched, rights that are used, variables that are read."""

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

from promoter import settings
from tests.integration.test_template_alarms import widgets
from tests.support.recorded_run import Metric, Run, run
from tests.support.translated_template import (
    EVERYTHING,
    ROOT,
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

# what each request needs: service authorization reference, and for a copy the user guide's copy-package
NEEDS = {
    "codeartifact.CopyPackageVersions": {
        "codeartifact:CopyPackageVersions",
        "codeartifact:ReadFromRepository",
    },
    "codeartifact.ListPackageVersionAssets": {"codeartifact:ListPackageVersionAssets"},
    "codeartifact.DescribePackageVersion": {"codeartifact:DescribePackageVersion"},
    "sns.Publish": {"sns:Publish"},
    "sqs.SendMessage": {"sqs:SendMessage"},
}
OF_LAMBDA = {  # what Lambda itself does in the function's name: developer guide, services-sqs-configure and others
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}
WITH_A_KEY = {"kms:Decrypt", "kms:GenerateDataKey"}  # to read from the queue, and to send to queue and topic

OF_AWS: dict[str, tuple[frozenset[str], set[str]]] = {  # each service's own page on its metrics
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
SEARCH = re.compile(r"SEARCH\('\{([^}]+)\} ([^']+)'")
# read by the function, but not the template's to set: a default that stands beside the code, SAM's own
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


def check_measured(wanted: set[Metric], emitted: frozenset[Metric]) -> None:
    """Each is one that the function emitted, or that a service documents."""
    assert wanted
    for namespace, name, dimensions in wanted:
        if namespace in OF_AWS:
            assert (dimensions, name in OF_AWS[namespace][1]) == (OF_AWS[namespace][0], True), name
        else:
            assert (namespace, name, dimensions) in emitted


class TestMetrics:
    def test_the_run_emitted_every_one_that_the_readme_names(self, recorded: Run) -> None:
        readme = (ROOT / "README.md").read_text("utf-8")
        (line,) = re.findall(r"\*\*Metrics\*\*.*?(?=; some also by)", readme, re.DOTALL)
        named = set(re.findall(r"`(\w+)`", line)) - {"PackagePromoter", "service"}
        assert {name for _, name, dimensions in recorded.metrics if dimensions == {"service"}} == named

    def test_every_alarm_watches_one_that_there_is(self, recorded: Run) -> None:
        check_measured(of_alarms(), recorded.metrics)

    def test_every_widget_shows_one_that_there_is(self, recorded: Run) -> None:
        check_measured({metric for widget in widgets() for metric in of_widget(widget)}, recorded.metrics)

    def test_every_one_that_is_emitted_is_shown(self, recorded: Run) -> None:
        shown = {metric for widget in widgets() for metric in of_widget(widget)}
        assert recorded.metrics <= shown

    def test_of_the_service_are_looked_for_under_the_name_that_the_function_gives(self) -> None:
        from promoter.settings import SERVICE

        for widget in widgets():
            for metric in widget["properties"].get("metrics", ()):
                if metric[0] == "PackagePromoter":
                    assert metric[2:4] == ["service", SERVICE]


class TestPermissions:
    def test_every_action_that_the_run_made_is_granted_and_no_other(self, recorded: Run) -> None:
        assert recorded.operations == set(NEEDS)
        used = {action for operation in recorded.operations for action in NEEDS[operation]}
        given = {
            action for statement in granted(resources(**EVERYTHING)) for action in listed(statement["Action"])
        }
        assert given == used | OF_LAMBDA | WITH_A_KEY

    def test_none_is_granted_for_what_was_not_asked_for(self, recorded: Run) -> None:
        given = {action for each in granted(resources()) for action in listed(each["Action"])}
        used = {action for operation in recorded.operations for action in NEEDS[operation]}
        assert given == (used | OF_LAMBDA) - NEEDS["codeartifact.DescribePackageVersion"]

    def test_each_is_for_the_one_thing_that_it_is_used_on(self) -> None:
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
            "sqs:SendMessage": arn_of("PromotionDeadLetterQueue"),
            "sns:Publish": {"Ref": "NotificationTopic"},
            "logs:CreateLogStream": arn_of("PromoteLogGroup"),
            "logs:PutLogEvents": arn_of("PromoteLogGroup"),
            "xray:PutTraceSegments": "*",
            "xray:PutTelemetryRecords": "*",
            "kms:Decrypt": EVERYTHING["KmsKeyArn"],
            "kms:GenerateDataKey": EVERYTHING["KmsKeyArn"],
        }


class Recording(dict[str, str]):
    """Remembers what was asked for."""

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
    return {name: value if isinstance(value, str) else "x" for name, value in found.items()}


def run_python(script: str, environment: dict[str, str]) -> Any:
    """What a script prints as JSON, in a process that has no other environment."""
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
    """What the libraries make of an environment."""
    script = (
        "import json, logging; from promoter.log import logger; from promoter.aws.sdk import client;"
        "print(json.dumps({'level': logging.getLevelName(logger().log_level),"
        " 'endpoint': client('sqs').meta.endpoint_url}))"
    )
    found: dict[str, str] = run_python(script, environment)
    return found


def modules(environment: dict[str, str]) -> list[Path]:
    """Ours that the function loads when it starts."""
    script = (
        "import json, sys; import promoter.handlers;"
        "print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith('promoter.')]))"
    )
    found = [Path(file) for file in run_python(script, environment) if file]
    assert len(found) > 10
    return found


class TestEnvironment:
    LIBRARIES = frozenset({"POWERTOOLS_LOG_LEVEL"})  # and the endpoint, where one is given

    def test_has_every_variable_that_the_function_reads_and_none_in_vain(self) -> None:
        given = Recording(variables())
        settings.read(given)
        assert set(given) == given.read - NOT_OF_THE_TEMPLATE | self.LIBRARIES

    def test_has_the_variables_that_change_what_the_libraries_do(self) -> None:
        told = variables(LogLevel="ERROR", EndpointUrl="http://127.0.0.1:9")
        assert effects(told) == {"level": "ERROR", "endpoint": "http://127.0.0.1:9"}
        assert effects(variables(LogLevel="DEBUG"))["level"] == "DEBUG"

    def test_is_read_where_the_function_starts_and_nowhere_else(self) -> None:
        readers = set()
        for file in modules(variables()):
            nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
            names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            names |= {each.name for node in nodes if isinstance(node, ast.ImportFrom) for each in node.names}
            if names & {"environ", "getenv", "environb"}:
                readers.add(file.name)
        assert readers == {"handlers.py", "sdk.py"}  # the SDK's client asks whether it is under `sam local`
