"""docs/operating.md, the workflow and the Terraform example agree with the template, the commands and AWS's models."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cfnlint.data.AdditionalSpecs
import pytest
import yaml
from botocore import xform_name
from botocore.session import get_session

from promoter.cli.app import COMMANDS
from tests.support.paths import ROOT
from tests.support.translated_template import EVERYTHING, listed, resources, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = ROOT / "docs"
TEXT = (DOCS / "operating.md").read_text("utf-8")
WORKFLOW = yaml.safe_load((DOCS / "github-workflow.yml").read_text("utf-8"))
RUN = "\n".join(step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step)
IAM: dict[str, Any] = json.loads(
    (Path(cfnlint.data.AdditionalSpecs.__path__[0]) / "Policies.json").read_text("utf-8")
)
CLI_OPTIONS = {"--query", "--output", "--profile", "--region"}
CREATES = {
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm",
    "AWS::CloudWatch::Dashboard": "cloudwatch:PutDashboard",
    "AWS::Events::Rule": "events:PutRule",
    "AWS::IAM::Policy": "iam:PutRolePolicy",
    "AWS::IAM::Role": "iam:CreateRole",
    "AWS::Lambda::EventSourceMapping": "lambda:CreateEventSourceMapping",
    "AWS::Lambda::Function": "lambda:CreateFunction",
    "AWS::Lambda::ResourcePolicy": "lambda:PutResourcePolicy",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup",
    "AWS::SNS::Subscription": "sns:Subscribe",
    "AWS::SNS::Topic": "sns:CreateTopic",
    "AWS::SNS::TopicPolicy": "sns:SetTopicAttributes",
    "AWS::SQS::Queue": "sqs:CreateQueue",
    "AWS::SQS::QueuePolicy": "sqs:SetQueueAttributes",
}


def blocks(language: str, text: str = TEXT) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def section(heading: str) -> str:
    """The text of a section, up to the next heading of the same or a higher level."""
    (level, rest) = re.findall(rf"^(#+) {re.escape(heading)}\n(.*)", TEXT, re.MULTILINE | re.DOTALL)[0]
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def policy(heading: str, number: int = 0) -> list[dict[str, Any]]:
    document = json.loads(blocks("json", section(heading))[number])
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


def actions(statements: list[dict[str, Any]]) -> set[str]:
    return {action for each in statements for action in listed(each["Action"])}


def table(text: str) -> list[list[str]]:
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("*").strip() for cell in row] for row in rows[2:]]


def shell() -> str:
    return "\n".join([*blocks("sh"), RUN])


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """The calls of the AWS CLI: service, operation, options."""
    for line in shell().replace("\\\n", " ").splitlines():
        for found in re.finditer(r"\baws ([a-z]+) ([a-z-]+)([^|;)]*)", line):
            yield found[1], found[2], set(re.findall(r"--[a-z][a-z-]+", found[3]))


class TestPolicies:
    def test_are_json_with_existing_iam_actions(self) -> None:
        found = blocks("json")
        assert len(found) == 3
        for action in {each for text in found for each in actions(json.loads(text)["Statement"])}:
            service, name = action.split(":")
            if "*" not in name:
                assert name.lower() in {each.lower() for each in IAM[service]["Actions"]}, action

    @pytest.mark.parametrize("type_", CREATES)
    def test_the_deployer_may_create_each_type_of_resource(self, type_: str) -> None:
        allowed = actions(policy("The deployer"))
        service, _ = CREATES[type_].split(":")
        assert {CREATES[type_], f"{service}:*"} & allowed

    def test_every_type_of_resource_is_checked(self) -> None:
        assert {each["Type"] for each in resources(**EVERYTHING).values()} == set(CREATES)

    @pytest.mark.parametrize("module", ["stack", "codeartifact"])
    def test_read_only_access_allows_what_the_commands_read(self, module: str) -> None:
        text = (ROOT / "functions" / "promoter" / "aws" / f"{module}.py").read_text("utf-8")
        called = set(re.findall(r'[."]((?:describe|list|get|filter)_[a-z_]+)["(]', text)) - {"get_paginator"}
        assert len(called) >= 4
        allowed = {action.split(":")[1] for action in actions(policy("Read-only access"))}
        assert called <= {xform_name(action) for action in allowed}

    def test_the_key_allows_every_service_that_uses_it(self) -> None:
        statements = policy("Your own KMS key")
        services = {
            service: set(listed(each["Action"]))
            for each in statements
            for service in listed(each["Principal"].get("Service", []))
        }
        used = {"kms:Decrypt", "kms:GenerateDataKey"}
        assert services["events.amazonaws.com"] == services["cloudwatch.amazonaws.com"] == used
        log = translated(**EVERYTHING)["Resources"]["PromoteLogGroup"]["Properties"]["LogGroupName"]
        group = log.replace("/s-", "/package-promoter-")
        conditions = {each["Sid"]: each["Condition"] for each in statements if "Condition" in each}
        context = conditions["AllowLogEncryption"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
        assert context.endswith(f":log-group:{group}")
        for sid, operator, resource in (
            ("AllowEventRule", "ArnEquals", "rule/package-promoter-publish"),
            ("AllowAlarms", "ArnLike", "alarm:package-promoter-*"),
        ):
            assert conditions[sid]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
            assert conditions[sid][operator]["aws:SourceArn"].endswith(f":{resource}")
        assert "logs.us-east-1.amazonaws.com" in services


class TestCommands:
    def test_are_valid_shell(self) -> None:
        done = subprocess.run(["bash", "-n"], input=shell(), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    def test_make_targets_and_promoter_commands_exist(self) -> None:
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = set(re.findall(r"\bmake ([a-z-]+)", shell()))
        assert targets >= {"setup", "deploy", "build"}
        assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        known = {name for group in COMMANDS.values() for name in group}
        used = set(re.findall(r"bin/promoter ([a-z]+)", shell()))
        assert used >= {"validate", "plan", "status", "graph", "parameters"}
        assert used <= known

    def test_aws_cli_commands_and_their_options_exist(self) -> None:
        session = get_session()
        found = [each for each in calls() if each[1] != "tail"]  # only the CLI has `logs tail`
        assert len(found) > 10
        for service, operation, options in found:
            model = session.get_service_model(service)
            shapes = {
                xform_name(name, "-"): model.operation_model(name).input_shape
                for name in model.operation_names
            }
            assert operation in shapes, f"{service} {operation}"
            members = {f"--{xform_name(name, '-')}" for name in shapes[operation].members}
            switches = {f"--no-{name.removeprefix('--')}" for name in members}
            assert options <= members | switches | CLI_OPTIONS, f"{service} {operation}"

    def test_use_only_outputs_of_the_template(self) -> None:
        asked = set(re.findall(r"\boutput ([A-Z]\w+)", TEXT))
        assert asked >= {"PromotionQueueUrl", "PromotionDeadLetterQueueArn"}
        assert asked <= set(translated()["Outputs"])


class TestText:
    @pytest.mark.parametrize("name", ["operating.md", "reasons.md", "rules.md", "terraform-and-cdk.md"])
    def test_links_and_anchors_exist(self, name: str) -> None:
        text = (DOCS / name).read_text("utf-8")
        links = re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", text)
        assert links
        for file, anchor in links:
            if file.startswith("https:"):
                continue
            target = DOCS / (file or name)
            assert target.exists(), file
            if anchor:
                headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
                assert anchor in {heading.lower().replace(" ", "-") for heading in headings}

    def test_the_parameters_that_it_names_exist(self) -> None:
        named = {
            name
            for row in table(TEXT[TEXT.index("**Parameters**") : TEXT.index("## Upgrade")])
            for name in re.findall(r"`(\w+)`", row[0])
        }
        parameters = set(translated()["Parameters"])
        repositories = {"Domain", "DomainOwner", "SourceRepositories", "DestinationRepositories"}
        assert named == parameters - repositories - {"NotificationEmail"}

    def test_costs_add_up(self) -> None:
        rows = {row[0]: row[1:] for row in table(section("Cost"))}
        promotions = [int(each) for each in rows["`[[promotion]]` in the rules"]]
        metrics = [6 + 2 * each for each in promotions]
        assert [int(each) for each in rows["custom metrics"]] == metrics
        assert [float(each) for each in rows["metrics, at 0.30"]] == [
            round(each * 0.3, 2) for each in metrics
        ]
        versions = [int(each.replace(",", "")) for each in rows["promotions a month"]]
        prices = (8.51, 8.51, 7.06)
        assert [float(each) for each in rows["traffic"]] == [
            round(each * price / 1e6, 2) for each, price in zip(versions, prices, strict=True)
        ]
        parts = ("traffic", "metrics, at 0.30", "12 alarms, at 0.10", "dashboard", "polling the queue")
        sums = [round(sum(float(rows[part][each]) for part in parts), 2) for each in range(3)]
        assert [float(each) for each in rows["sum"]] == sums

    def test_costs_count_all_alarms(self) -> None:
        alarms = [each for each in resources().values() if each["Type"] == "AWS::CloudWatch::Alarm"]
        assert f"| {len(alarms)} alarms, at 0.10 |" in TEXT

    def test_each_assumption_about_aws_has_a_test(self) -> None:
        rows = table(section("Not verified on AWS"))
        assert len(rows) >= 10
        assert all(len(row) == 2 and all(row) for row in rows)


class TestWorkflow:
    def test_runs_when_the_rules_change_and_deploys_only_from_main(self) -> None:
        triggers = WORKFLOW[True]  # YAML 1.1 reads `on` as true
        assert triggers["pull_request"]["paths"] == ["functions/rules.toml"]
        assert triggers["push"]["branches"] == ["main"]
        assert WORKFLOW["jobs"]["deploy"]["if"] == "github.event_name == 'push'"
        assert WORKFLOW["jobs"]["deploy"]["environment"] == "production"

    def test_has_no_expression_in_its_scripts(self) -> None:
        assert "${{" not in RUN

    def test_gives_each_job_only_the_permissions_that_it_needs(self) -> None:
        assert WORKFLOW["permissions"] == {"contents": "read"}
        rights = {name: set(job["permissions"]) for name, job in WORKFLOW["jobs"].items()}
        assert rights == {
            "difference": {"contents", "id-token", "pull-requests"},
            "deploy": {"contents", "id-token"},
        }


def test_terraform_has_the_same_capabilities_as_sam() -> None:
    import tomllib

    text = (DOCS / "terraform-and-cdk.md").read_text("utf-8")
    given = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]["deploy"]["parameters"]
    assert f"capabilities = {json.dumps(given['capabilities'])}" in text
