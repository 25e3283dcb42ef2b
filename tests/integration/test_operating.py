"""docs/operating.md, the workflow and the Terraform example agree with the template, the commands and AWS's models."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from botocore import xform_name
from botocore.session import get_session

from promoter.cli.app import COMMANDS
from tests.support.aws_schemas import exists
from tests.support.iam_policy import allows
from tests.support.operations_page import DOCS, TEXT, actions, blocks, policy, section, table
from tests.support.paths import ROOT
from tests.support.translated_template import EVERYTHING, listed, resources, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORKFLOW = yaml.safe_load((DOCS / "github-workflow.yml").read_text("utf-8"))
RUN = "\n".join(step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step)
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
WITHOUT_LINKS = {"CONTRIBUTING.md", "cost.md"}
POLLS = 5 * 3 * 60 * 24 * 30  # a month: 5 pollers, each with 3 long polls a minute
CLI_OPTIONS = {"--query", "--output", "--profile", "--region"}


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
        assert len(found) == 7
        for action in {each for text in found for each in actions(json.loads(text)["Statement"])}:
            assert "*" in action or exists(action), action

    @pytest.mark.parametrize(
        ("module", "count"), [("stack", 4), ("codeartifact", 4), ("scheduler", 2), ("evidence_repository", 2)]
    )
    def test_read_only_access_allows_what_the_commands_read(self, module: str, count: int) -> None:
        text = (ROOT / "functions" / "promoter" / "aws" / f"{module}.py").read_text("utf-8")
        called = set(re.findall(r'[."]((?:describe|list|get|filter)_[a-z_]+)["(]', text)) - {"get_paginator"}
        assert len(called) >= count
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


class TestTrust:
    """The trust policies for GitHub: IAM user guide, id_roles_providers_create_oidc; GitHub docs, openid-connect."""

    PROVIDER = "token.actions.githubusercontent.com"

    @pytest.mark.parametrize("number", [0, 1])
    def test_only_one_kind_of_job_of_one_repository_is_trusted(self, number: int) -> None:
        (statement,) = policy("Roles for GitHub", number)
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert statement["Principal"] == {
            "Federated": f"arn:aws:iam::123456789012:oidc-provider/{self.PROVIDER}"
        }
        (operator,) = statement["Condition"]
        wanted = statement["Condition"][operator]
        assert operator == "StringEquals"  # StringLike would accept a wildcard
        assert wanted.keys() == {f"{self.PROVIDER}:aud", f"{self.PROVIDER}:sub"}
        assert wanted[f"{self.PROVIDER}:aud"] == "sts.amazonaws.com"
        assert re.fullmatch(r"repo:[a-z]+/[a-z]+:[a-z_:]+", wanted[f"{self.PROVIDER}:sub"])

    @pytest.mark.parametrize(("number", "job", "role"), [(0, "difference", "READ"), (1, "deploy", "DEPLOY")])
    def test_the_subject_is_the_one_that_the_job_of_the_workflow_gets(
        self, number: int, job: str, role: str
    ) -> None:
        environment = WORKFLOW["jobs"][job].get("environment")
        kind = f"environment:{environment}" if environment else "pull_request"
        (statement,) = policy("Roles for GitHub", number)
        subject = statement["Condition"]["StringEquals"][f"{self.PROVIDER}:sub"]
        assert subject == f"repo:acme/promotion:{kind}"
        used = [step.get("with", {}).get("role-to-assume") for step in WORKFLOW["jobs"][job]["steps"]]
        assert f"${{{{ vars.PROMOTER_{role}_ROLE }}}}" in used

    def test_the_deployer_cannot_change_these_roles(self) -> None:
        for name in re.findall(r"`(promoter-[a-z]+)`", section("Roles for GitHub")):
            role = f"arn:aws:iam::123456789012:role/{name}"
            assert not allows(policy("The deployer"), "iam:UpdateAssumeRolePolicy", role)

    def test_the_role_for_pull_requests_can_only_read(self) -> None:
        reading = ("Describe", "Get", "List", "Filter")
        assert all(each.split(":")[1].startswith(reading) for each in actions(policy("Read-only access")))


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
        assert asked >= {"PromotionQueueUrl", "PromotionDeadLetterQueueUrl"}
        assert asked <= set(translated()["Outputs"])


class TestText:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    def test_links_and_anchors_exist(self, page: Path) -> None:
        text = page.read_text("utf-8")
        links = re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", text)
        assert links or page.name in WITHOUT_LINKS
        for file, anchor in links:
            if file.startswith("https:"):
                continue
            target = page.parent / file if file else page
            assert target.exists(), file
            if anchor:
                headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
                assert anchor in {
                    re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings
                }

    def test_the_parameters_that_it_names_exist(self) -> None:
        named = {
            name
            for row in table(TEXT[TEXT.index("**Parameters**") : TEXT.index("`make build` writes")])
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
        assert (promotions[0], versions[0]) == (3, 2000)  # the small installation
        prices = (8.51, 8.51, 7.06)
        assert [float(each) for each in rows["traffic"]] == [
            round(each * price / 1e6, 2) for each, price in zip(versions, prices, strict=True)
        ]
        parts = ("traffic", "metrics, at 0.30", "13 alarms, at 0.10", "polling the queue")
        assert [float(each) for each in rows["13 alarms, at 0.10"]] == [1.3] * 3
        assert [float(each) for each in rows["polling the queue"]] == [round(POLLS * 0.4 / 1e6, 2)] * 3
        sums = [round(sum(float(rows[part][each]) for part in parts), 2) for each in range(3)]
        assert [float(each) for each in rows["sum"]] == sums
        assert sums[0] <= 6

    def test_costs_count_all_alarms(self) -> None:
        alarms = [each for each in resources().values() if each["Type"] == "AWS::CloudWatch::Alarm"]
        assert f"| {len(alarms)} alarms, at 0.10 |" in TEXT

    def test_each_assumption_that_no_step_tries_has_a_test_by_hand(self) -> None:
        rows = table(section("Not verified on AWS").partition("by hand:")[2])
        assert len(rows) >= 5
        assert all(len(row) == 2 and all(row) for row in rows)


class TestActions:
    """The actions of the workflows."""

    FILES = (DOCS / "github-workflow.yml", *sorted((ROOT / ".github" / "workflows").glob("*.yml")))

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
    def test_are_pinned_by_commit_with_their_version(self, file: Path) -> None:
        used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
        assert used
        for each in used:
            assert re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each

    def test_are_the_same_in_all_workflows(self) -> None:
        used = {each for file in self.FILES for each in re.findall(r"uses: (.*)", file.read_text("utf-8"))}
        assert len(used) == len({each.partition("@")[0] for each in used})


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
