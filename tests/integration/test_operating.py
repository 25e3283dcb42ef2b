"""docs/operating.md and what it hands out, against the template, the commands and AWS' own models."""

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
from tests.support.translated_template import EVERYTHING, ROOT, granted, listed, resources, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = ROOT / "docs"
TEXT = (DOCS / "operating.md").read_text("utf-8")
WORKFLOW = yaml.safe_load((DOCS / "github-workflow.yml").read_text("utf-8"))
RUN = "\n".join(step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step)
IAM: dict[str, Any] = json.loads(
    (Path(cfnlint.data.AdditionalSpecs.__path__[0]) / "Policies.json").read_text("utf-8")
)
NO_OPTION = {"--query", "--output", "--profile", "--region"}  # the CLI's own
CREATES = {
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm",
    "AWS::CloudWatch::Dashboard": "cloudwatch:PutDashboard",
    "AWS::Events::Rule": "events:PutRule",
    "AWS::IAM::Policy": "iam:PutRolePolicy",
    "AWS::IAM::Role": "iam:CreateRole",
    "AWS::Lambda::EventSourceMapping": "lambda:CreateEventSourceMapping",
    "AWS::Lambda::Function": "lambda:CreateFunction",
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
    """What stands under a heading, up to the next of its level or above."""
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
    """Each call of the AWS CLI: service, operation, options."""
    for line in shell().replace("\\\n", " ").splitlines():
        for found in re.finditer(r"\baws ([a-z]+) ([a-z-]+)([^|;)]*)", line):
            yield found[1], found[2], set(re.findall(r"--[a-z][a-z-]+", found[3]))


class TestPolicies:
    def test_are_json_with_actions_that_iam_knows(self) -> None:
        found = blocks("json")
        assert len(found) == 5
        for action in {each for text in found for each in actions(json.loads(text)["Statement"])}:
            service, name = action.split(":")
            if "*" not in name:
                assert name.lower() in {each.lower() for each in IAM[service]["Actions"]}, action

    @pytest.mark.parametrize("type_", CREATES)
    def test_of_the_deployer_create_each_resource(self, type_: str) -> None:
        allowed = actions(policy("The deployer"))
        service, _ = CREATES[type_].split(":")
        assert {CREATES[type_], f"{service}:*"} & allowed

    def test_of_the_deployer_are_held_to_every_type_that_there_is(self) -> None:
        assert {each["Type"] for each in resources(**EVERYTHING).values()} == set(CREATES)

    @pytest.mark.parametrize(("number", "policies"), [(0, "SourcePolicy"), (1, "DestinationPolicy")])
    def test_of_other_repositories_allow_what_the_role_is_allowed(self, number: int, policies: str) -> None:
        every = {
            name: each
            for name, each in resources(**EVERYTHING).items()
            if name == "PromoteRole" or name.startswith(policies)
        }
        own = {each for each in actions(granted(every)) if each.startswith("codeartifact:")}
        assert actions(policy("Repositories that others administer", number)) == own

    @pytest.mark.parametrize("module", ["deployment", "listing"])
    def test_of_who_looks_allow_what_the_commands_ask_for(self, module: str) -> None:
        text = (ROOT / "functions" / "promoter" / "aws" / f"{module}.py").read_text("utf-8")
        asked = set(re.findall(r'[."]((?:describe|list|get|filter)_[a-z_]+)["(]', text))
        assert len(asked) >= 4
        allowed = {action.split(":")[1] for action in actions(policy("Who looks"))}
        assert asked <= {xform_name(action) for action in allowed}

    def test_of_the_key_let_in_whoever_meets_it(self) -> None:
        statements = policy("A key of your own")
        services = {
            service: set(listed(each["Action"]))
            for each in statements
            for service in listed(each["Principal"].get("Service", []))
        }
        used = {"kms:Decrypt", "kms:GenerateDataKey"}
        assert services["events.amazonaws.com"] == services["cloudwatch.amazonaws.com"] == used
        log = translated(**EVERYTHING)["Resources"]["PromoteLogGroup"]["Properties"]["LogGroupName"]
        group = log.replace("/s-", "/package-promoter-")
        (condition,) = [each["Condition"]["ArnEquals"] for each in statements if "Condition" in each]
        assert condition["kms:EncryptionContext:aws:logs:arn"].endswith(f":log-group:{group}")
        assert "logs.us-east-1.amazonaws.com" in services


class TestCommands:
    def test_are_shell(self) -> None:
        done = subprocess.run(["bash", "-n"], input=shell(), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    def test_of_make_and_promoter_exist(self) -> None:
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = set(re.findall(r"\bmake ([a-z-]+)", shell()))
        assert targets >= {"setup", "deploy", "build"}
        assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        known = {name for group in COMMANDS.values() for name in group}
        used = set(re.findall(r"bin/promoter ([a-z]+)", shell()))
        assert used >= {"validate", "plan", "status", "graph", "parameters"}
        assert used <= known

    def test_of_the_aws_cli_exist_with_their_options(self) -> None:
        session = get_session()
        found = [each for each in calls() if each[1] != "tail"]  # `logs tail` is the CLI's own
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
            assert options <= members | switches | NO_OPTION, f"{service} {operation}"

    def test_ask_for_outputs_that_the_template_has(self) -> None:
        asked = set(re.findall(r"\boutput ([A-Z]\w+)", TEXT))
        assert asked >= {"PromotionQueueUrl", "PromotionDeadLetterQueueArn"}
        assert asked <= set(translated()["Outputs"])


class TestText:
    @pytest.mark.parametrize("name", ["operating.md", "terraform-and-cdk.md"])
    def test_links_lead_somewhere(self, name: str) -> None:
        text = (DOCS / name).read_text("utf-8")
        links = re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", text)
        assert links
        for file, anchor in links:
            target = DOCS / (file or name)
            assert target.exists(), file
            if anchor:
                headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
                assert anchor in {heading.lower().replace(" ", "-") for heading in headings}

    def test_every_parameter_of_the_template_that_it_names_exists(self) -> None:
        named = set(re.findall(r"\*\*Parameters\*\*.*?\n\n", TEXT, re.DOTALL)[0].split("`"))
        parameters = set(translated()["Parameters"])
        assert len(named & parameters) >= 6

    def test_costs_add_up(self) -> None:
        rows = {row[0]: row[1:] for row in table(section("Cost"))}
        promotions = [int(each) for each in rows["`[[promotion]]` in the rules"]]
        codes = (2, 4, 6)
        metrics = [12 + 3 * each + code for each, code in zip(promotions, codes, strict=True)]
        assert [int(each) for each in rows["custom metrics"]] == metrics
        assert [float(each) for each in rows["metrics, at 0.30"]] == [
            round(each * 0.3, 2) for each in metrics
        ]
        versions = [int(each.replace(",", "")) for each in rows["promotions a month"]]
        prices = (8.51, 8.51, 7.06)
        assert [float(each) for each in rows["traffic"]] == [
            round(each * price / 1e6, 2) for each, price in zip(versions, prices, strict=True)
        ]
        parts = ("traffic", "metrics, at 0.30", "10 alarms, at 0.10", "dashboard", "polling the queue")
        sums = [round(sum(float(rows[part][each]) for part in parts), 2) for each in range(3)]
        assert [float(each) for each in rows["sum"]] == sums

    def test_costs_count_the_alarms_and_codes_that_there_are(self) -> None:
        alarms = [each for each in resources().values() if each["Type"] == "AWS::CloudWatch::Alarm"]
        assert f"| {len(alarms)} alarms, at 0.10 |" in TEXT
        reasons = (DOCS / "reasons.md").read_text("utf-8").split("\n## Codes in failedVersions\n")[1]
        assert f"of at\nmost {len(re.findall('^### ', reasons, re.MULTILINE))}." in TEXT

    def test_what_is_not_verified_has_one_test_each(self) -> None:
        rows = table(section("What is not verified on AWS"))
        assert len(rows) >= 10
        assert all(len(row) == 2 and all(row) for row in rows)


class TestWorkflow:
    def test_runs_on_changes_of_the_rules_and_deploys_from_main_alone(self) -> None:
        triggers = WORKFLOW[True]  # YAML 1.1 reads `on` so
        assert triggers["pull_request"]["paths"] == ["functions/rules.toml"]
        assert triggers["push"]["branches"] == ["main"]
        assert WORKFLOW["jobs"]["deploy"]["if"] == "github.event_name == 'push'"
        assert WORKFLOW["jobs"]["deploy"]["environment"] == "production"

    def test_puts_nothing_that_others_write_into_its_scripts(self) -> None:
        assert "${{" not in RUN

    def test_asks_for_no_right_that_a_job_does_not_need(self) -> None:
        assert WORKFLOW["permissions"] == {"contents": "read"}
        rights = {name: set(job["permissions"]) for name, job in WORKFLOW["jobs"].items()}
        assert rights == {
            "difference": {"contents", "id-token", "pull-requests"},
            "deploy": {"contents", "id-token"},
        }


def test_terraform_is_given_the_capabilities_that_sam_is() -> None:
    import tomllib

    text = (DOCS / "terraform-and-cdk.md").read_text("utf-8")
    given = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]["deploy"]["parameters"]
    assert f"capabilities = {json.dumps(given['capabilities'])}" in text
