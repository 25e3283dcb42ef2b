"""The deployer's policy of docs/operating.md is enough for a deployment, and no way to become administrator.

It is replayed against the recorded calls of the SAM CLI, and against what the schema of each resource type says that
CloudFormation calls. tests/support/deployment_recording.py renews the recording.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samcli.lib.bootstrap.bootstrap import _get_stack_template
from samcli.yamlhelper import yaml_parse

from local.cloudformation import translate
from tests.support.aws_schemas import IAM, exists, handler_permissions
from tests.support.deployment_recording import FILE, STACK
from tests.support.iam_policy import allows
from tests.support.operations_page import actions, blocks, policy, section
from tests.support.paths import ROOT
from tests.support.translated_template import EVERYTHING, listed, resources, text

ACCOUNT = "123456789012"
DEPLOYER = policy("The deployer")
ONCE = policy("The deployer", 1)
BOUNDARY = policy("The permissions boundary")
BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/package-promoter-boundary"
RANDOM = "1A2B3C4D5E6F"  # CloudFormation ends the names that it makes with such a text
RECORDING: dict[str, list[str]] = json.loads(FILE.read_text("utf-8"))

# IAM has no action of the operation's name: S3 API reference, "Permissions" of each operation
OF_OPERATION = {"s3:HeadObject": "s3:GetObject", "s3:ListObjectsV2": "s3:ListBucket"}
BUCKET = "aws-sam-cli-managed-default-samclisourcebucket-1a2b3c4d5e6f"
CHECKS_THE_BOUNDARY = {  # service authorization reference: actions with the condition key iam:PermissionsBoundary
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
}
CHECKS_THE_FUNCTION = {  # likewise for lambda:FunctionArn
    f"lambda:{name}EventSourceMapping" for name in ("Create", "Get", "Update", "Delete")
}
PREFIX = {  # of ARNs, before the physical name
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:",
    "AWS::CloudWatch::Dashboard": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/",
    "AWS::Events::Rule": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/",
    "AWS::Lambda::EventSourceMapping": f"arn:aws:lambda:us-east-1:{ACCOUNT}:event-source-mapping:",
    "AWS::Lambda::Function": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:",
    "AWS::Logs::LogGroup": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:",
    "AWS::SNS::Topic": f"arn:aws:sns:us-east-1:{ACCOUNT}:",
    "AWS::Scheduler::ScheduleGroup": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule-group/",
    "AWS::SQS::Queue": f"arn:aws:sqs:us-east-1:{ACCOUNT}:",
}
NAMED_BY = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Events::Rule": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Scheduler::ScheduleGroup": "Name",
}
ACTS_ON = {  # resources without an ARN of their own, and the property that names the one that they change
    "AWS::IAM::Policy": "Roles",
    "AWS::Lambda::ResourcePolicy": "ResourceArn",
    "AWS::SNS::Subscription": "TopicArn",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SQS::QueuePolicy": "Queues",
}
# permissions on what is not the stack's own, and the properties that alone need them: this template has none of these
UNUSED = {
    ("AWS::Events::Rule", "iam:PassRole"): ["RoleArn"],
    ("AWS::IAM::Policy", "iam:*User*"): ["Users"],
    ("AWS::IAM::Policy", "iam:*Group*"): ["Groups"],
    ("AWS::IAM::Role", "iam:A*RolePolicy"): ["ManagedPolicyArns"],
    ("AWS::IAM::Role", "iam:DetachRolePolicy"): ["ManagedPolicyArns"],
    ("AWS::Lambda::EventSourceMapping", "kms:*"): ["KmsKeyArn"],
    ("AWS::Lambda::Function", "ec2:*"): ["VpcConfig"],
    ("AWS::Lambda::Function", "elasticfilesystem:*"): ["FileSystemConfigs"],
    ("AWS::Lambda::Function", "s3files:*"): ["FileSystemConfigs"],
    ("AWS::Lambda::Function", "kms:*"): ["KmsKeyArn", "SourceKMSKeyArn"],
    ("AWS::Lambda::Function", "lambda:GetLayerVersion"): ["Layers"],
    ("AWS::Lambda::Function", "lambda:GetCodeSigningConfig"): ["CodeSigningConfigArn"],
    ("AWS::Lambda::Function", "lambda:PassCapacityProvider"): ["CapacityProviderConfig"],
    ("AWS::Logs::LogGroup", "logs:CreateLogDelivery"): ["DataProtectionPolicy"],
    ("AWS::Logs::LogGroup", "firehose:*"): ["DataProtectionPolicy"],
    ("AWS::Logs::LogGroup", "logs:PutResourcePolicy"): ["ResourcePolicyDocument"],
    ("AWS::Logs::LogGroup", "logs:DeleteResourcePolicy"): ["ResourcePolicyDocument"],
    ("AWS::SNS::Subscription", "iam:*"): ["SubscriptionRoleArn"],
    ("AWS::SNS::Topic", "iam:*"): ["DeliveryStatusLogging"],
}
NEVER = {"iam:DeleteRolePermissionsBoundary"}  # an update that removes the boundary is an administrator's
WITHOUT_ARN = {"logs:DescribeLogGroups", "logs:DescribeIndexPolicies", "logs:DescribeResourcePolicies"}


class Request(NamedTuple):
    """One request to AWS, as IAM sees it."""

    action: str
    resource: str
    context: Mapping[str, str] = {}


def template() -> dict[str, Any]:
    parameters = {
        "Domain": "acme",
        "SourceRepositories": "dev,staging",
        "DestinationRepositories": "staging,prod",
        **EVERYTHING,
    }
    return translate(text(), parameters, stack=STACK)


def physical_arns(stack: str = STACK) -> dict[str, str]:
    """The ARN of each resource that has one."""
    found = {}
    for name, each in template()["Resources"].items():
        type_ = each["Type"]
        if type_ in PREFIX:
            given = each["Properties"].get(NAMED_BY.get(type_, ""), f"{STACK}-{name}-{RANDOM}")
            if type_ == "AWS::CloudWatch::Dashboard":
                given = f"{STACK}-us-east-1"
            found[name] = PREFIX[type_] + given.replace(STACK, stack)
    return found


def references(value: Any) -> Iterator[str]:
    """The logical ids that a property refers to."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if "Ref" in value:
            yield value["Ref"]
        elif "Fn::GetAtt" in value:
            yield listed(value["Fn::GetAtt"])[0].partition(".")[0]
        elif "Fn::If" in value:
            yield from references(value["Fn::If"][1:])


def request(action: str, arn: str) -> Request:
    if action in WITHOUT_ARN:
        return Request(action, "*")
    context = {}
    if action in CHECKS_THE_BOUNDARY:
        context["iam:PermissionsBoundary"] = BOUNDARY_ARN
    if action in CHECKS_THE_FUNCTION:
        context["lambda:FunctionArn"] = physical_arns()["PromoteFunction"]
        arn = "*" if action == "lambda:CreateEventSourceMapping" else arn
    if action == "iam:PassRole":
        context["iam:PassedToService"] = "lambda.amazonaws.com"
        arn = physical_arns()["PromoteRole"]
    if action == "scheduler:DeleteSchedule":  # of every schedule, when the group is deleted
        arn = f"{arn.replace(':schedule-group/', ':schedule/')}/name"
    if action.startswith("s3:"):
        arn = f"arn:aws:s3:::{BUCKET}/{STACK}/artifact"
    if action.startswith("cloudformation:"):
        arn = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{STACK}/id"
    return Request(action, arn, context)


def by_cloudformation(type_: str) -> Iterator[Request]:
    """What CloudFormation asks for each resource of a type: to create, read, update and delete it."""
    arns = physical_arns()
    for name, each in template()["Resources"].items():
        if each["Type"] != type_:
            continue
        changed = [name] if name in arns else list(references(each["Properties"][ACTS_ON[type_]]))
        for action in handler_permissions(type_, "create", "read", "update", "delete"):
            if (
                action in NEVER
                or not exists(action)
                or any(type_ == unused and fnmatchcase(action, pattern) for unused, pattern in UNUSED)
            ):
                continue
            yield from (request(action, arns[one]) for one in changed if one in arns)


def by_sam(step: str) -> Iterator[Request]:
    """The recorded calls of a step."""
    for line in RECORDING[step]:
        operation, _, resource = line.partition(" ")
        kind, name, *folder = resource.split("/")
        if kind == "stack":
            yield Request(operation, f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{name}/id")
            if operation == "cloudformation:CreateChangeSet":
                yield from (
                    Request(operation, f"arn:aws:cloudformation:us-east-1:aws:transform/{each}")
                    for each in template_transforms()
                )
        else:
            assert name == "managed"
            action = OF_OPERATION.get(operation, operation)
            yield Request(action, f"arn:aws:s3:::{BUCKET}" + (f"/{folder[0]}/key" if folder else ""))


def template_transforms() -> list[str]:
    found: list[str] = [each.removeprefix("AWS::") for each in yaml_parse(text())["Transform"]]
    assert found == ["LanguageExtensions", "Serverless-2016-10-31"]
    return found


def by_hand() -> Iterator[str]:
    """The actions of the commands that the page gives to deployers."""
    for heading in ("Upgrade", "Uninstall"):
        for service, operation in re.findall(r"\baws ([a-z]+) ([a-z-]+)", section(heading)):
            yield f"{service}:{''.join(word.title() for word in operation.split('-'))}"
    yield "cloudformation:DescribeStacks"  # the shell function `output`


def is_allowed(statements: list[dict[str, Any]], each: Request) -> bool:
    return allows(statements, each.action, each.resource, each.context)


def refused(statements: list[dict[str, Any]], requests: Iterator[Request]) -> list[Request]:
    return [each for each in requests if not is_allowed(statements, each)]


TYPES = sorted({each["Type"] for each in resources(**EVERYTHING).values()})


class TestItIsEnough:
    @pytest.mark.parametrize("step", ["update", "failing update", "delete"])
    def test_for_the_recorded_calls_of(self, step: str) -> None:
        assert refused(DEPLOYER, by_sam(step)) == []

    def test_for_the_first_deployment_with_the_second_policy(self) -> None:
        assert refused([*DEPLOYER, *ONCE], by_sam("create")) == []

    def test_for_a_first_deployment_where_the_bucket_of_sam_exists(self) -> None:
        others = [each for each in by_sam("create") if "stack/aws-sam-cli" not in each.resource]
        assert refused(DEPLOYER, iter(others)) == []

    def test_every_type_of_the_template_is_known(self) -> None:
        assert set(TYPES) == set(PREFIX) | set(ACTS_ON)

    @pytest.mark.parametrize("type_", TYPES)
    def test_for_what_cloudformation_calls_for(self, type_: str) -> None:
        requests = list(by_cloudformation(type_))
        assert requests
        assert refused(DEPLOYER, iter(requests)) == []

    def test_permissions_that_are_left_out_need_properties_that_the_template_does_not_have(self) -> None:
        assert {type_ for type_, _ in UNUSED} <= set(TYPES)
        for (type_, pattern), names in UNUSED.items():
            every = handler_permissions(type_, "create", "read", "update", "delete")
            assert [each for each in every if fnmatchcase(each, pattern)], pattern
            for each in template()["Resources"].values():
                if each["Type"] == type_:
                    assert set(names).isdisjoint(each["Properties"]), pattern

    def test_permissions_that_iam_does_not_know_are_these(self) -> None:
        every = {
            each
            for type_ in TYPES
            for each in handler_permissions(type_, "create", "read", "update", "delete")
        }
        assert {each for each in every if not exists(each)} == {
            "lambda:AssociateRuntimeAlias",
            "s3:REST.PUT.OBJECT",
        }

    def test_for_the_bucket_that_sam_makes(self) -> None:
        made = yaml_parse(_get_stack_template())["Resources"]
        of_property = {
            "PublicAccessBlockConfiguration": {"s3:PutBucketPublicAccessBlock"},
            "BucketEncryption": {"s3:PutEncryptionConfiguration"},
            "VersioningConfiguration": {"s3:PutBucketVersioning"},
            "Tags": {"s3:PutBucketTagging", "s3:TagResource"},
        }
        (bucket,) = [each for each in made.values() if each["Type"] == "AWS::S3::Bucket"]
        wanted = {"s3:CreateBucket", "s3:ListBucket"}.union(
            *(of_property[name] for name in bucket["Properties"])
        )
        assert wanted <= handler_permissions("AWS::S3::Bucket", "create")
        wanted |= handler_permissions("AWS::S3::BucketPolicy", "create")
        assert {each for each in actions(ONCE) if each.startswith("s3:")} == wanted
        assert all(allows(ONCE, each, f"arn:aws:s3:::{BUCKET}") for each in wanted)

    def test_for_the_commands_of_the_page(self) -> None:
        assert set(by_hand()) <= actions(DEPLOYER)


class TestItIsNotMoreThanThat:
    def test_every_action_is_called(self) -> None:
        called = {each.action for step in RECORDING for each in by_sam(step)}
        called |= {each.action for type_ in TYPES for each in by_cloudformation(type_)}
        assert actions(DEPLOYER) == called | set(by_hand())

    def test_it_has_no_wildcard_in_an_action(self) -> None:
        assert [each for each in actions([*DEPLOYER, *ONCE, *BOUNDARY]) if "*" in each] == []

    def test_it_fits_into_an_inline_policy_of_a_role(self) -> None:
        document = json.loads(blocks("json", section("The deployer"))[0])
        assert len(re.sub(r"\s", "", json.dumps(document))) < 10_240  # IAM user guide, reference_iam-quotas

    def test_only_listings_are_allowed_on_everything(self) -> None:
        for each in DEPLOYER:
            if "*" in listed(each["Resource"]):
                assert set(listed(each["Action"])) == WITHOUT_ARN or "lambda:FunctionArn" in str(
                    each["Condition"]
                )


class TestNobodyBecomesAdministrator:
    ROLE = f"arn:aws:iam::{ACCOUNT}:role/package-promoter-PromoteRole-{RANDOM}"

    @pytest.mark.parametrize("action", sorted(CHECKS_THE_BOUNDARY))
    def test_a_role_without_the_boundary_cannot_be_changed_by(self, action: str) -> None:
        assert not allows(DEPLOYER, action, self.ROLE)

    @given(st.text().map(lambda name: f"arn:aws:iam::{ACCOUNT}:policy/{name}"))
    def test_no_other_boundary_will_do(self, arn: str) -> None:
        if arn != BOUNDARY_ARN:
            for action in CHECKS_THE_BOUNDARY:
                assert not allows(DEPLOYER, action, self.ROLE, {"iam:PermissionsBoundary": arn})

    def test_the_boundary_cannot_be_removed_from_a_role(self) -> None:
        context = {"iam:PermissionsBoundary": BOUNDARY_ARN}
        assert not allows(DEPLOYER, "iam:DeleteRolePermissionsBoundary", self.ROLE, context)

    @pytest.mark.parametrize("action", sorted(f"iam:{name}" for name in IAM["iam"]["Actions"]))
    def test_nothing_but_the_three_roles_is_open_to(self, action: str) -> None:
        context = {
            "iam:PermissionsBoundary": BOUNDARY_ARN,
            "iam:PassedToService": "lambda.amazonaws.com",
        }
        for resource in (
            "user/somebody",
            "group/somebody",
            "policy/package-promoter-boundary",
            "policy/AdministratorAccess",
            "role/admin",
            "role/package-promoter-deploy",
            "role/package-promoter-PromoteRole",
            "role/package-promoter-test-PromoteRole-1A2B3C4D5E6F",
            "role/path/package-promoter-PromoteRole-1A2B3C4D5E6F",
            "instance-profile/package-promoter-PromoteRole-1A2B3C4D5E6F",
            "oidc-provider/token.actions.githubusercontent.com",
        ):
            assert not allows(DEPLOYER, action, f"arn:aws:iam::{ACCOUNT}:{resource}", context), resource

    def test_no_managed_policy_can_be_attached(self) -> None:
        context = {"iam:PermissionsBoundary": BOUNDARY_ARN}
        assert not allows(DEPLOYER, "iam:AttachRolePolicy", self.ROLE, context)

    @given(st.text())
    def test_the_function_s_role_is_passed_to_lambda_only(self, service: str) -> None:
        given = {"iam:PassedToService": service}
        assert allows(DEPLOYER, "iam:PassRole", self.ROLE, given) is (service == "lambda.amazonaws.com")
        assert not allows(DEPLOYER, "iam:PassRole", self.ROLE)

    @pytest.mark.parametrize("name", ["RedriveRole", "SchedulerRole"])
    @pytest.mark.parametrize("service", ["lambda", "scheduler"])
    def test_the_other_roles_are_passed_to_nobody(self, name: str, service: str) -> None:
        role = self.ROLE.replace("PromoteRole", name)
        given = {"iam:PassedToService": f"{service}.amazonaws.com"}
        assert not allows(DEPLOYER, "iam:PassRole", role, given)

    @pytest.mark.parametrize("action", sorted(f"scheduler:{name}" for name in IAM["scheduler"]["Actions"]))
    def test_entries_can_be_deleted_but_not_made_or_read(self, action: str) -> None:
        entry = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/{STACK}/name"
        assert allows(DEPLOYER, action, entry) is (action == "scheduler:deleteschedule")
        assert not allows(DEPLOYER, action, entry.replace(STACK, "default"))
        assert not allows(DEPLOYER, action, entry.replace(STACK, f"{STACK}-test"))

    @pytest.mark.parametrize("stack", ["payments", "package-promoter-test", "package-promoter2"])
    def test_resources_of_other_stacks_are_closed(self, stack: str) -> None:
        arns = physical_arns(stack)
        context = {"lambda:FunctionArn": arns["PromoteFunction"]}
        everywhere = {each.lower() for each in WITHOUT_ARN}
        tags = {
            "lambda:listtags",
            "lambda:tagresource",
            "lambda:untagresource",
        }  # of a mapping: no key names its function
        for name, arn in arns.items():
            service = arn.split(":")[2]
            open_ = {f"{service}:{each.lower()}" for each in IAM[service]["Actions"]}
            open_ = {each for each in open_ if allows(DEPLOYER, each, arn, context)}
            assert open_ - everywhere - (tags if name == "PromoteFunctionPublished" else set()) == set(), arn
        for each in IAM["cloudformation"]["Actions"]:
            arn = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{stack}/id"
            assert not allows(DEPLOYER, f"cloudformation:{each}", arn), each

    def test_artifacts_of_other_stacks_are_closed(self) -> None:
        for key in ("payments/key", "key", "package-promoter2/key"):
            for each in IAM["s3"]["Actions"]:
                if each.lower() != "listbucket":  # acts on buckets only
                    assert not allows(DEPLOYER, f"s3:{each}", f"arn:aws:s3:::{BUCKET}/{key}"), each

    def test_the_bucket_of_sam_cannot_be_changed(self) -> None:
        every = {f"s3:{each.lower()}" for each in IAM["s3"]["Actions"]}
        assert {each for each in every if allows(DEPLOYER, each, f"arn:aws:s3:::{BUCKET}")} == {
            "s3:listbucket"
        }


class TestBoundary:
    def test_it_allows_what_the_roles_of_the_stack_are_given(self) -> None:
        wanted = granted_actions()
        key = {"kms:Decrypt", "kms:GenerateDataKey"}
        assert key <= wanted  # the page says to add them with your own key
        assert actions(BOUNDARY) == wanted - key

    def test_it_allows_nothing_that_could_give_more_permissions(self) -> None:
        services = {each.partition(":")[0] for each in actions(BOUNDARY)}
        assert services == {"codeartifact", "iam", "logs", "scheduler", "sns", "sqs", "sts", "xray"}
        assert {each for each in actions(BOUNDARY) if each.startswith("iam:")} == {"iam:PassRole"}
        assert {each for each in actions(BOUNDARY) if each.startswith("sts:")} == {
            "sts:GetServiceBearerToken"
        }

    def test_it_gives_tokens_of_codeartifact_only(self) -> None:
        name, key = "sts:GetServiceBearerToken", "sts:AWSServiceName"
        assert allows(BOUNDARY, name, "*", {key: "codeartifact.amazonaws.com"})
        assert not allows(BOUNDARY, name, "*", {key: "ecr.amazonaws.com"})
        assert not allows(BOUNDARY, name, "*")

    def test_it_moves_tags_of_npm_only(self) -> None:
        package = f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:package/acme/prod/npm/acme/widget"
        assert allows(BOUNDARY, "codeartifact:PutPackageMetadata", package)
        for other in (package.replace("/npm/", "/maven/"), package.replace("/acme/prod", "/other/prod")):
            assert not allows(BOUNDARY, "codeartifact:PutPackageMetadata", other)

    @given(st.text())
    def test_it_lets_only_scheduler_have_only_the_role_of_the_entries(self, service: str) -> None:
        role = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-SchedulerRole-{RANDOM}"
        scheduler = "scheduler.amazonaws.com"
        given = {"iam:PassedToService": service}
        assert allows(BOUNDARY, "iam:PassRole", role, given) is (service == scheduler)
        assert allows(BOUNDARY, "iam:PassRole", role, {"iam:PassedToService": scheduler})
        for other in ("PromoteRole", "RedriveRole", "admin"):
            name = role.replace("SchedulerRole", other)
            assert not allows(BOUNDARY, "iam:PassRole", name, {"iam:PassedToService": scheduler})

    def test_it_covers_the_resources_of_the_stack(self) -> None:
        arns = physical_arns()
        for action, name in (
            ("sqs:ReceiveMessage", "PromotionQueue"),
            ("sqs:SendMessage", "PromotionDeadLetterQueue"),
            ("sqs:ReceiveMessage", "RuleDeadLetterQueue"),
            ("sqs:SendMessage", "ScheduleDeadLetterQueue"),
            ("sns:Publish", "NotificationTopic"),
        ):
            assert allows(BOUNDARY, action, arns[name]), name
            assert not allows(BOUNDARY, action, physical_arns("payments")[name]), name
        entry = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/{STACK}/name"
        assert allows(BOUNDARY, "scheduler:CreateSchedule", entry)
        assert not allows(BOUNDARY, "scheduler:CreateSchedule", entry.replace(STACK, "payments"))
        assert allows(BOUNDARY, "logs:PutLogEvents", arns["PromoteLogGroup"] + ":log-stream:x")
        for resource in ("repository/acme/prod", "package/acme/prod/npm/acme/widget"):
            arn = f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:{resource}"
            assert allows(BOUNDARY, "codeartifact:CopyPackageVersions", arn)
            assert not allows(BOUNDARY, "codeartifact:CopyPackageVersions", arn.replace("acme", "other"))

    def test_the_policy_and_the_commands_name_it(self) -> None:
        (named,) = re.findall(r"--policy-name (\S+)", section("The permissions boundary"))
        assert BOUNDARY_ARN.endswith(f":policy/{named}")
        assert BOUNDARY_ARN in json.dumps(DEPLOYER)


def granted_actions() -> set[str]:
    """What the template gives to its roles."""
    found: set[str] = set()
    for each in template()["Resources"].values():
        if each["Type"] == "AWS::IAM::Role":
            documents = [one["PolicyDocument"] for one in each["Properties"].get("Policies", ())]
        elif each["Type"] == "AWS::IAM::Policy":
            documents = [each["Properties"]["PolicyDocument"]]
        else:
            continue
        found |= {action for one in documents for action in actions(one["Statement"])}
    return found


def test_every_action_exists() -> None:
    assert [each for each in actions([*DEPLOYER, *ONCE, *BOUNDARY]) if not exists(each)] == []


def test_the_recording_has_no_host_and_no_path_of_a_machine() -> None:
    assert RECORDING.keys() == {"create", "update", "failing update", "delete"}
    for line in (each for step in RECORDING.values() for each in step):
        assert re.fullmatch(r"[a-z0-9]+:[A-Za-z0-9]+ (stack|bucket)/[A-Za-z0-9-]+(/package-promoter)?", line)


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("artifact")
@pytest.mark.skipif(
    shutil.which("python3.13") is None, reason="python3.13, which the build needs, is not on the PATH"
)
def test_the_recording_is_what_this_version_of_sam_calls(tmp_path: Path) -> None:
    again = tmp_path / "deployment.json"
    command = [sys.executable, "-m", "tests.support.deployment_recording", str(again)]
    environment = os.environ | {"PYTHONPATH": f"functions{os.pathsep}."}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(again.read_text("utf-8")) == RECORDING
