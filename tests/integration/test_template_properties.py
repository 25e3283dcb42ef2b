"""Whole properties of the template's resources: a property that nobody thought of is a fault too."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from samcli.yamlhelper import yaml_parse

from tests.integration.test_template_queues import QUEUES
from tests.support import translated_template as source
from tests.support.translated_template import (
    EVERYTHING,
    arn_of,
    deployed,
    of_type,
    properties,
    resources,
    statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETERS: dict[str, dict[str, Any]] = {  # without their descriptions
    "Domain": {"Type": "String", "AllowedPattern": "[a-z][a-z0-9-]{0,48}[a-z0-9]"},
    "DomainOwner": {"Type": "String", "Default": "", "AllowedPattern": "([0-9]{12})?"},
    "SourceRepositories": {"Type": "CommaDelimitedList"},
    "DestinationRepositories": {"Type": "CommaDelimitedList"},
    "EvidenceRepository": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "([A-Za-z0-9][A-Za-z0-9._-]{1,99})?",
    },
    "NpmLatestRepositories": {"Type": "CommaDelimitedList", "Default": ""},
    "RepositoryAccess": {"Type": "String", "Default": "each", "AllowedValues": ["each", "domain"]},
    "Serving": {"Type": "String", "Default": "true", "AllowedValues": ["true", "false"]},
    "SettleSeconds": {"Type": "Number", "Default": 30, "MinValue": 0, "MaxValue": 900},
    "PromoteCopiesPerSecond": {
        "Type": "String",
        "Default": "3",
        "AllowedValues": ["1", "2", "3", "4", "5", "10"],
    },
    "NotificationEmail": {"Type": "String", "Default": "", "AllowedPattern": "([^@ ]+@[^@ ]+)?"},
    "DocsUrl": {
        "Type": "String",
        "Default": "https://acme.github.io/codeartifact-promoter",
        "MaxLength": 200,
        "AllowedPattern": "https?://[^ ]*[^ /]",
    },
    "KmsKeyArn": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?",
    },
    "RedrivePrincipalArn": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "(arn:aws[a-z-]*:iam::[0-9]{12}:(root|role/.+|user/.+))?",
    },
    "PermissionsBoundaryArn": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+)?",
    },
    "DenyDirectInvocation": {"Type": "String", "Default": "false", "AllowedValues": ["true", "false"]},
    "EndpointUrl": {"Type": "String", "Default": ""},
    "MinimumWaitSeconds": {"Type": "Number", "Default": 120, "MinValue": 2, "MaxValue": 900},
    "LogLevel": {
        "Type": "String",
        "Default": "INFO",
        "AllowedValues": ["DEBUG", "INFO", "WARNING", "ERROR"],
    },
    # CloudWatch Logs API reference: PutRetentionPolicy
    "LogRetentionDays": {
        "Type": "Number",
        "Default": 90,
        "AllowedValues": [
            *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
            *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
        ],
    },
    "MemorySize": {"Type": "Number", "Default": 256, "MinValue": 128, "MaxValue": 10240},
    "Architecture": {"Type": "String", "Default": "arm64", "AllowedValues": ["arm64", "x86_64"]},
}
KEY = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::123456789012:role/team/operators"
# texts that a parameter takes, and texts that it refuses
PATTERNS: dict[str, tuple[list[str], list[str]]] = {
    "Domain": (["ab", "acme-2", "a" * 50], ["", "a", "a" * 51, "Acme", "2acme", "acme-", "acme_2"]),
    "DomainOwner": (["", "123456789012"], ["12345678901", "1234567890123", "acme"]),
    # CodeArtifact API reference: CreateRepository; a comma would make two repositories in the rule's pattern
    "EvidenceRepository": (
        ["", "evidence", "e2", "qa.eu_1-x", "a" * 100],
        ["e", "a" * 101, ".evidence", "evidence,prod", "evidence/generic", "evidence*", "evidence "],
    ),
    "NotificationEmail": (["", "team+ci@example.com"], ["team", "a@b@c", "a b@example.com"]),
    "DocsUrl": (
        ["https://docs.example.com/promoter", "http://localhost:8000"],
        ["", "docs", "https://docs.example.com/", "https://a b.example.com"],
    ),
    "KmsKeyArn": (["", KEY], [KEY.replace(":key/", ":alias/"), "1234abcd", KEY + "/x"]),
    "RedrivePrincipalArn": (
        ["", ROLE, "arn:aws:iam::123456789012:root", "arn:aws-cn:iam::123456789012:user/ada"],
        ["*", "arn:aws:iam::123456789012:group/operators", "arn:aws:sts::123456789012:assumed-role/a/b"],
    ),
    "PermissionsBoundaryArn": (
        ["", "arn:aws:iam::123456789012:policy/boundary", "arn:aws:iam::aws:policy/PowerUserAccess"],
        ["boundary", ROLE],
    ),
}
ALARM_PROPERTIES = {
    "ActionsEnabled",
    "AlarmName",
    "AlarmDescription",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "Period",
    "EvaluationPeriods",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "AlarmActions",
    "OKActions",
}


def parsed() -> dict[str, Any]:
    found: dict[str, Any] = yaml_parse(source.text())
    return found


class TestTransforms:
    def test_expand_the_loops_before_sam_reads_the_resources(self) -> None:
        assert parsed()["Transform"] == ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]


class TestLoops:
    def test_make_names_and_arns_without_substitution(self) -> None:
        """AWS does not say that `Fn::Sub` with a map works inside `Fn::ForEach`."""
        loops = {name: body for name, body in parsed()["Resources"].items() if name.startswith("Fn::ForEach")}
        assert sorted(loops) == [
            "Fn::ForEach::Destinations",
            "Fn::ForEach::NpmLatest",
            "Fn::ForEach::Sources",
        ]
        assert "Fn::Sub" not in json.dumps(loops)
        assert json.dumps(loops).count("Fn::Join") == 10


class TestParameters:
    def test_have_exactly_these_defaults_and_limits(self) -> None:
        found = {
            name: {key: value for key, value in each.items() if key != "Description"}
            for name, each in parsed()["Parameters"].items()
        }
        assert found == PARAMETERS

    def test_are_described_and_shown_in_a_group(self) -> None:
        template = parsed()
        assert all(each["Description"] for each in template["Parameters"].values())
        groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        shown = [name for group in groups for name in group["Parameters"]]
        assert sorted(shown) == sorted(template["Parameters"])

    @pytest.mark.parametrize("name", PATTERNS)
    def test_take_what_is_right_and_refuse_what_is_not(self, name: str) -> None:
        """CloudFormation matches the whole value."""
        pattern = re.compile(parsed()["Parameters"][name]["AllowedPattern"])
        right, wrong = PATTERNS[name]
        assert [each for each in right if not pattern.fullmatch(each)] == []
        assert [each for each in wrong if pattern.fullmatch(each)] == []

    def test_with_a_pattern_are_all_tried(self) -> None:
        assert {n for n, each in parsed()["Parameters"].items() if "AllowedPattern" in each} == set(PATTERNS)

    def test_of_copies_per_second_are_the_keys_of_the_mapping(self) -> None:
        template = parsed()
        assert template["Parameters"]["PromoteCopiesPerSecond"]["AllowedValues"] == list(
            template["Mappings"]["Pace"]
        )


class TestFunction:
    def test_has_exactly_these_properties(self) -> None:
        """Without a reserved concurrency: 0 would stop it."""
        found = properties("PromoteFunction")
        assert {key: found[key] for key in found if key not in ("Code", "Environment", "Tags")} == {
            "Description": "Decides about published package versions, copies them, and reports the outcomes.",
            "Handler": "promoter.handlers.promote",
            "Runtime": "python3.13",
            "Architectures": ["arm64"],
            "MemorySize": 256,
            "Timeout": 60,
            "TracingConfig": {"Mode": "Active"},
            "Role": arn_of("PromoteRole"),
            "LoggingConfig": {"LogGroup": {"Ref": "PromoteLogGroup"}},
        }

    def test_has_the_code_of_the_folder_that_has_its_handler_and_its_rules(self) -> None:
        function = parsed()["Resources"]["PromoteFunction"]["Properties"]
        folder = source.TEMPLATE.parent / function["CodeUri"]
        module, _, name = function["Handler"].rpartition(".")
        handler = folder / f"{module.replace('.', '/')}.py"
        assert handler.is_file()
        assert re.search(rf"^{name} = ", handler.read_text("utf-8"), re.MULTILINE)
        assert (folder / "rules.toml").is_file()
        assert (folder / "requirements.txt").is_file()


class TestRoles:
    @pytest.mark.parametrize("role", ["PromoteRole", "RedriveRole", "SchedulerRole"])
    def test_have_only_the_permissions_that_the_template_shows(self, role: str) -> None:
        """A managed policy would not be seen by the tests of statements."""
        found = properties(role, **EVERYTHING)
        assert found.keys() - {"Description", "Tags"} == {
            "AssumeRolePolicyDocument",
            "PermissionsBoundary",
            "Policies",
        }
        assert found["AssumeRolePolicyDocument"].keys() == {"Version", "Statement"}

    def test_have_no_policies_of_other_kinds(self) -> None:
        every = resources(**EVERYTHING).values()
        assert {each["Type"] for each in every if each["Type"].startswith("AWS::IAM::")} == {
            "AWS::IAM::Role",
            "AWS::IAM::Policy",
        }

    def test_share_no_policy_except_that_of_the_key(self) -> None:
        found = of_type("AWS::IAM::Policy", **EVERYTHING)
        shared = {
            name: each["Roles"] for name, each in found.items() if each["Roles"] != [{"Ref": "PromoteRole"}]
        }
        roles = ("PromoteRole", "SchedulerRole", "RedriveRole")
        assert shared == {"KeyPolicy": [{"Ref": role} for role in roles]}


class TestQueues:
    @pytest.mark.parametrize("queue", QUEUES)
    def test_have_exactly_these_properties(self, queue: str) -> None:
        expected = {"MessageRetentionPeriod", "SqsManagedSseEnabled"}
        if queue == "PromotionQueue":
            expected |= {"VisibilityTimeout", "RedrivePolicy"}
        if queue != "PromotionDeadLetterQueue":
            expected |= {"RedriveAllowPolicy"}
        assert properties(queue).keys() - {"Tags"} == expected

    def test_have_exactly_these_statements(self) -> None:
        found = {queue: [each["Sid"] for each in statements(f"{queue}Policy")] for queue in QUEUES}
        assert found == {
            "PromotionQueue": ["RuleSends", "NobodyElseSends", "OnlyOverTls"],
            "PromotionDeadLetterQueue": ["OnlyOverTls"],
            "RuleDeadLetterQueue": ["RuleSends", "OnlyOverTls"],
            "ScheduleDeadLetterQueue": ["OnlyOverTls"],
        }

    def test_have_one_policy_each(self) -> None:
        found = of_type("AWS::SQS::QueuePolicy", **EVERYTHING)
        assert [each["Queues"] for each in found.values()] == [
            [{"Ref": queue}] for queue in map(_queue_of, found)
        ]


class TestTopicAndLog:
    def test_have_exactly_these_properties(self) -> None:
        assert properties("NotificationTopic") == {"DisplayName": "Package promotion"}
        assert [each["Sid"] for each in statements("NotificationTopicPolicy")] == [
            "AlarmsTell",
            "OnlyOverTls",
        ]
        assert properties("PromoteLogGroup").keys() - {"Tags"} == {"LogGroupName", "RetentionInDays"}
        assert properties("PromoteLogGroup")["LogGroupName"] == "/aws/lambda/s-promote"
        assert properties("PromoteLogGroup")["RetentionInDays"] == 90


class TestReferences:
    @pytest.mark.parametrize("parameters", [{}, EVERYTHING, {"RepositoryAccess": "domain"}])
    def test_name_only_what_exists_with_these_parameters(self, parameters: dict[str, str]) -> None:
        """A reference to a resource whose condition is false stops the deployment."""
        template = deployed(**parameters)
        named = set(_references({"resources": template["Resources"], "outputs": template["Outputs"]}))
        assert named
        assert named <= set(template["Resources"]) | {"AWS::NoValue"}


class TestAlarms:
    def test_have_no_other_properties(self) -> None:
        """A wrong unit, or too few datapoints, would make an alarm that never fires or always does."""
        for alarm in of_type("AWS::CloudWatch::Alarm").values():
            assert alarm.keys() <= ALARM_PROPERTIES


def _references(value: Any) -> Iterator[str]:
    """The names in each Ref, Fn::GetAtt and DependsOn."""
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        if key == "Ref":
            yield each
        elif key == "Fn::GetAtt":
            yield each[0]
        elif key == "DependsOn":
            yield from [each] if isinstance(each, str) else each
        else:
            yield from _references(each)


def _queue_of(policy: str) -> str:
    return policy.removesuffix("Policy")
