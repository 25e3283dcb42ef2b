"""The translated template, as AWS would deploy it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from local.cloudformation import translate
from local.stack import DEFAULTS
from promoter.copying.calls import RESERVE_SECONDS
from promoter.settings import Settings
from tests.support import translated_template as source
from tests.support.paths import ROOT, TEMPLATE
from tests.support.translated_template import (
    ACCOUNT,
    BOUNDARY,
    EVERYTHING,
    KEY,
    OPERATORS,
    arn_of,
    granted,
    listed,
    of_type,
    properties,
    resources,
)

SAM = Path(sys.executable).with_name("sam")
PACE: dict[str, dict[str, Any]] = yaml_parse(TEMPLATE.read_text("utf-8"))["Mappings"]["Pace"]

LOGICAL_IDS = {
    "BacklogAlarm",
    "Dashboard",
    "DeadLettersAlarm",
    "ExpiringDeadLettersAlarm",
    "ExpiringRuleDeadLettersAlarm",
    "ExpiringScheduleDeadLettersAlarm",
    "FailedVersionsAlarm",
    "FunctionErrorsAlarm",
    "LostEventsAlarm",
    "MalformedAlarm",
    "NotificationTopic",
    "NotificationTopicPolicy",
    "PromoteFunction",
    "PromoteFunctionPublished",
    "PromoteLogGroup",
    "PromoteRole",
    "PromotionDeadLetterQueue",
    "PromotionDeadLetterQueuePolicy",
    "PromotionQueue",
    "PromotionQueuePolicy",
    "PublishRule",
    "RetriedAlarm",
    "RuleDeadLetterQueue",
    "RuleDeadLetterQueuePolicy",
    "RuleDeadLettersAlarm",
    "ScheduleDeadLetterQueue",
    "ScheduleDeadLetterQueuePolicy",
    "ScheduleDeadLettersAlarm",
    "ScheduleGroup",
    "SchedulerRole",
    "ThrottlesAlarm",
}
IDS_BY_PARAMETER = {
    "EvidencePolicy",
    "InvocationPolicy",
    "KeyPolicy",
    "NpmTagPolicyprod",
    "NpmTokenPolicy",
    "NotificationEmailSubscription",
    "RedriveRole",
}
READ_ACTIONS = ("codeartifact:ListPackageVersions", "codeartifact:GetPackageVersionAsset")
TAG_ACTIONS = (
    "codeartifact:PutPackageMetadata",
    "codeartifact:GetRepositoryEndpoint",
    "codeartifact:GetAuthorizationToken",
    "sts:GetServiceBearerToken",
)
SHAPES = [
    ("dev", "prod"),
    ("dev,staging", "staging,prod"),
    ("dev", "qa.eu,qa_us,qa-ap,staging,prod"),
]


def arn(kind: str, path: str, owner: str = ACCOUNT) -> str:
    return f"arn:aws:codeartifact:us-east-1:{owner}:{kind}/acme/{path}"


def sam(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_DEFAULT_REGION": "us-east-1", "SAM_CLI_TELEMETRY": "0"}
    return subprocess.run(
        [SAM, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("sources", "destinations"), SHAPES)
class TestResources:
    def test_logical_ids_do_not_change(self, sources: str, destinations: str) -> None:
        plain = str.maketrans("", "", "._-")
        policies = {f"SourcePolicy{name.translate(plain)}" for name in sources.split(",")}
        policies |= {f"DestinationPolicy{name.translate(plain)}" for name in destinations.split(",")}
        assert set(resources(sources, destinations)) == LOGICAL_IDS | policies
        everything = resources(sources, destinations, **EVERYTHING)
        assert set(everything) == LOGICAL_IDS | policies | IDS_BY_PARAMETER

    def test_the_function_may_read_each_source(self, sources: str, destinations: str) -> None:
        found = granted(resources(sources, destinations))
        read = {
            resource
            for statement in found
            if "codeartifact:ReadFromRepository" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        assert read == {arn("repository", name) for name in sources.split(",")}

    def test_the_function_may_copy_to_each_destination_and_its_packages(
        self, sources: str, destinations: str
    ) -> None:
        copied = {
            resource
            for statement in granted(resources(sources, destinations))
            if "codeartifact:CopyPackageVersions" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        names = destinations.split(",")
        assert copied == {arn("repository", n) for n in names} | {arn("package", f"{n}/*") for n in names}

    def test_the_function_may_list_assets_only_on_both_sides(self, sources: str, destinations: str) -> None:
        compared = {
            resource
            for statement in granted(resources(sources, destinations))
            if "codeartifact:ListPackageVersionAssets" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        names = {*sources.split(","), *destinations.split(",")}
        assert compared == {arn("package", f"{name}/*") for name in names}

    def test_the_function_may_describe_packages_on_both_sides(self, sources: str, destinations: str) -> None:
        described = {
            resource
            for statement in granted(resources(sources, destinations))
            if "codeartifact:DescribePackageVersion" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        names = {*sources.split(","), *destinations.split(",")}
        assert described == {arn("package", f"{name}/*") for name in names}

    def test_one_policy_for_the_domain_replaces_those_of_the_repositories(
        self, sources: str, destinations: str
    ) -> None:
        found = resources(sources, destinations, RepositoryAccess="domain")
        assert set(found) == LOGICAL_IDS | {"DomainPolicy"}
        each, whole = granted(resources(sources, destinations)), granted(found)
        assert {action for one in each for action in listed(one["Action"])} == {
            action for one in whole for action in listed(one["Action"])
        }
        codeartifact = {
            resource
            for one in whole
            if "codeartifact" in str(one["Action"])
            for resource in listed(one["Resource"])
        }
        assert codeartifact == {arn("repository", "*"), arn("package", "*")}

    def test_every_statement_allows_and_every_policy_has_its_own_name(
        self, sources: str, destinations: str
    ) -> None:
        found = resources(sources, destinations, **EVERYTHING)
        for role in ("PromoteRole", "RedriveRole", "SchedulerRole"):
            assert {each["Effect"] for each in granted(found, role)} == {"Allow"}
        policies = [
            each["Properties"]["PolicyName"] for each in found.values() if each["Type"] == "AWS::IAM::Policy"
        ]
        assert len(policies) == len(set(policies))

    def test_no_action_is_a_wildcard_and_resources_only_if_the_api_requires_it(
        self, sources: str, destinations: str
    ) -> None:
        every = resources(sources, destinations, **EVERYTHING)
        roles = ("PromoteRole", "RedriveRole", "SchedulerRole")
        for statement in (each for role in roles for each in granted(every, role)):
            actions = listed(statement["Action"])
            assert not any("*" in action for action in actions)
            for resource in listed(statement["Resource"]):
                if resource == "*":
                    assert actions in (
                        ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
                        ["scheduler:ListSchedules"],
                        ["sts:GetServiceBearerToken"],
                    )
                elif isinstance(resource, str) and "*" in resource:
                    assert resource.endswith("/*")
                    assert ":package/acme/" in resource or ":schedule/s/" in resource

    def test_the_function_may_read_answers_only_in_their_repository(
        self, sources: str, destinations: str
    ) -> None:
        answers = arn("package", "answers/generic/*")
        for access in ("each", "domain"):
            given = {"EvidenceRepository": "answers", "RepositoryAccess": access}
            read = {
                (action, resource)
                for statement in granted(resources(sources, destinations, **given))
                for action in listed(statement["Action"])
                for resource in listed(statement["Resource"])
                if action in READ_ACTIONS
            }
            assert read == {(action, answers) for action in READ_ACTIONS}

    def test_the_function_may_not_read_answers_or_move_tags_without_the_parameters(
        self, sources: str, destinations: str
    ) -> None:
        for access in ("each", "domain"):
            found = granted(resources(sources, destinations, RepositoryAccess=access))
            given = {action for statement in found for action in listed(statement["Action"])}
            assert given.isdisjoint({*READ_ACTIONS, *TAG_ACTIONS})

    def test_the_function_may_move_npm_tags_only_where_the_parameter_says_so(
        self, sources: str, destinations: str
    ) -> None:
        tags = {
            (action, resource)
            for statement in granted(resources(sources, destinations, NpmLatestRepositories="qa.eu,prod"))
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            if action in TAG_ACTIONS
        }
        assert tags == {
            ("codeartifact:PutPackageMetadata", arn("package", "qa.eu/npm/*")),
            ("codeartifact:PutPackageMetadata", arn("package", "prod/npm/*")),
            ("codeartifact:GetRepositoryEndpoint", arn("repository", "qa.eu")),
            ("codeartifact:GetRepositoryEndpoint", arn("repository", "prod")),
            ("codeartifact:GetAuthorizationToken", f"arn:aws:codeartifact:us-east-1:{ACCOUNT}:domain/acme"),
            ("sts:GetServiceBearerToken", "*"),
        }

    def test_the_function_gets_tokens_of_codeartifact_only(self, sources: str, destinations: str) -> None:
        [statement] = [
            each
            for each in granted(resources(sources, destinations, **EVERYTHING))
            if "sts:GetServiceBearerToken" in listed(each["Action"])
        ]
        assert statement["Condition"] == {
            "StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}
        }


class TestDomainOwner:
    OTHER = "999999999999"

    def test_is_this_account_by_default(self) -> None:
        assert properties("PublishRule")["EventPattern"]["detail"]["domainOwner"] == [ACCOUNT]
        assert environment()["DOMAIN_OWNER"] == ACCOUNT

    def test_may_be_another_account(self) -> None:
        found = resources(DomainOwner=self.OTHER)
        pattern = found["PublishRule"]["Properties"]["EventPattern"]
        assert pattern["detail"]["domainOwner"] == [self.OTHER]
        assert environment(DomainOwner=self.OTHER)["DOMAIN_OWNER"] == self.OTHER
        repositories = [
            resource
            for statement in granted(found)
            if str(listed(statement["Action"])[0]).startswith("codeartifact:")
            for resource in listed(statement["Resource"])
        ]
        assert repositories
        assert all(f":{self.OTHER}:" in resource for resource in repositories)


class TestPartition:
    def test_is_the_partition_of_the_stack(self) -> None:
        given = {"Domain": "acme", "SourceRepositories": "dev", "DestinationRepositories": "prod"}
        place = {"region": "eusc-de-east-1", "partition": "aws-eusc"}
        everywhere = translate(source.text(), given | EVERYTHING, stack="s", **place)["Resources"]
        without_ours = json.dumps(everywhere).replace(KEY, "").replace(OPERATORS, "").replace(BOUNDARY, "")
        assert "arn:aws-eusc:" in without_ours
        assert "arn:aws:" not in without_ours
        assert "us-east-1" not in without_ours


class TestPublishRule:
    def test_selects_published_versions_in_sources(self) -> None:
        assert properties("PublishRule")["EventPattern"] == {
            "source": ["aws.codeartifact"],
            "detail-type": ["CodeArtifact Package Version State Change"],
            "detail": {
                "domainName": ["acme"],
                "domainOwner": [ACCOUNT],
                "repositoryName": ["dev", "staging"],
                "packageVersionState": ["Published"],
                "operationType": ["Created", "Updated"],
            },
        }

    def test_selects_answers_too_if_there_is_a_repository_of_them(self) -> None:
        pattern = properties("PublishRule", EvidenceRepository="answers")["EventPattern"]
        assert pattern["detail"]["repositoryName"] == ["dev", "staging", "answers"]

    def test_sends_to_the_queue_or_to_its_own_dead_letter_queue(self) -> None:
        assert properties("PublishRule")["Targets"] == [
            {
                "Id": "PromotionQueue",
                "Arn": {"Fn::GetAtt": ["PromotionQueue", "Arn"]},
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["RuleDeadLetterQueue", "Arn"]}},
            }
        ]

    def test_is_enabled_by_default_and_only_after_what_it_needs(self) -> None:
        """A live rule whose queue does not accept its events yet loses them."""
        assert properties("PublishRule").keys() == {"Name", "Description", "EventPattern", "Targets"}
        assert sorted(resources()["PublishRule"]["DependsOn"]) == [
            "PromoteFunctionPublished",
            "PromotionQueuePolicy",
            "RuleDeadLetterQueuePolicy",
        ]

    def test_has_the_name_that_the_queue_policies_know(self) -> None:
        assert properties("PublishRule")["Name"] == "s-publish"


def environment(**parameters: str) -> dict[str, Any]:
    found: dict[str, Any] = properties("PromoteFunction", **parameters)["Environment"]["Variables"]
    return found


class TestFunction:
    def test_its_mapping_has_exactly_these_properties(self) -> None:
        assert properties("PromoteFunctionPublished") == {
            "FunctionName": {"Ref": "PromoteFunction"},
            "EventSourceArn": {"Fn::GetAtt": ["PromotionQueue", "Arn"]},
            "Enabled": True,
            "BatchSize": 10,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": 2},
        }

    def test_a_pause_disables_its_mapping(self) -> None:
        assert properties("PromoteFunctionPublished", Serving="false")["Enabled"] is False

    @pytest.mark.parametrize("rate", PACE)
    def test_can_copy_a_whole_batch_one_by_one_before_its_time_out(self, rate: str) -> None:
        timeout = properties("PromoteFunction")["Timeout"]
        copies = float(environment(PromoteCopiesPerSecond=rate)["COPIES_PER_SECOND"])
        batch = properties("PromoteFunctionPublished", PromoteCopiesPerSecond=rate)["BatchSize"]
        assert batch <= (timeout - RESERVE_SECONDS) * copies

    @pytest.mark.parametrize("rate", PACE)
    def test_the_workers_share_the_copies_per_second(self, rate: str) -> None:
        workers = properties("PromoteFunctionPublished")["ScalingConfig"]["MaximumConcurrency"]
        assert float(environment(PromoteCopiesPerSecond=rate)["COPIES_PER_SECOND"]) * workers == float(rate)

    def test_has_exactly_these_variables(self) -> None:
        assert environment() == {
            "DOMAIN_OWNER": ACCOUNT,
            "NOTIFICATION_TOPIC_ARN": {"Ref": "NotificationTopic"},
            "PROMOTION_QUEUE_ARN": {"Fn::GetAtt": ["PromotionQueue", "Arn"]},
            "PROMOTION_QUEUE_URL": {"Ref": "PromotionQueue"},
            "DEAD_LETTER_QUEUE_URL": {"Ref": "PromotionDeadLetterQueue"},
            "COPIES_PER_SECOND": "1.5",
            "DOCS_URL": "https://acme.github.io/codeartifact-promoter",
            "SETTLE_SECONDS": 30,
            "SCHEDULE_GROUP": {"Ref": "ScheduleGroup"},
            "SCHEDULER_ROLE_ARN": arn_of("SchedulerRole"),
            "SCHEDULE_DEAD_LETTER_QUEUE_ARN": arn_of("ScheduleDeadLetterQueue"),
            "MINIMUM_WAIT_SECONDS": 120,
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "POWERTOOLS_SERVICE_NAME": "s",
        }

    def test_can_read_its_settings(self) -> None:
        variables = {name: str(value) for name, value in environment().items()}
        settings = Settings.from_environ(variables)
        assert (settings.copies_per_second, settings.settle_seconds) == (1.5, 30)
        assert settings.minimum_wait_seconds == 120  # Scheduler is exact to a minute

    def test_has_an_endpoint_only_if_the_parameter_is_set(self) -> None:
        url = "http://127.0.0.1:4566"
        assert environment(EndpointUrl=url)["AWS_ENDPOINT_URL"] == url

    def test_has_the_runtime_and_the_architecture_of_the_build(self) -> None:
        function = properties("PromoteFunction", Architecture="x86_64")
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["x86_64"]
        assert properties("PromoteFunction")["Architectures"] == ["arm64"]

    def test_is_traced_and_logs_to_its_own_group(self) -> None:
        function = properties("PromoteFunction")
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": "PromoteLogGroup"}}
        assert int(properties("PromoteLogGroup", LogRetentionDays="7")["RetentionInDays"]) == 7

    def test_has_the_role_of_the_template_which_only_lambda_assumes(self) -> None:
        assert properties("PromoteFunction")["Role"] == {"Fn::GetAtt": ["PromoteRole", "Arn"]}
        assert sorted(of_type("AWS::IAM::Role")) == ["PromoteRole", "SchedulerRole"]
        assert properties("PromoteRole")["AssumeRolePolicyDocument"]["Statement"] == [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]

    def test_runs_the_handler_of_the_code_with_the_given_memory(self) -> None:
        function = properties("PromoteFunction", MemorySize="512")
        assert function["Handler"] == "promoter.handlers.promote"
        assert int(function["MemorySize"]) == 512
        assert properties("PromoteFunction")["MemorySize"] == 256

    def test_denies_direct_invocation_only_if_the_parameter_says_so(self) -> None:
        assert "InvocationPolicy" not in resources()
        [statement] = properties("InvocationPolicy", DenyDirectInvocation="true")["PolicyDocument"][
            "Statement"
        ]
        assert statement == {
            "Sid": "OnlyServicesInvoke",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "lambda:InvokeFunction",
            "Resource": {"Fn::GetAtt": ["PromoteFunction", "Arn"]},
            "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
        }


class TestPendingEntries:
    def test_are_in_a_group_with_the_name_of_the_stack(self) -> None:
        assert properties("ScheduleGroup") == {"Name": "s"}

    def test_go_with_the_stack(self) -> None:
        assert "DeletionPolicy" not in resources()["ScheduleGroup"]

    def test_only_scheduler_assumes_the_role_and_only_for_this_group(self) -> None:
        assert properties("SchedulerRole")["AssumeRolePolicyDocument"]["Statement"] == [
            {
                "Effect": "Allow",
                "Principal": {"Service": "scheduler.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": ACCOUNT},
                    "ArnEquals": {"aws:SourceArn": arn_of("ScheduleGroup")},
                },
            }
        ]

    def test_the_role_may_only_send_to_the_queue_and_the_dead_letter_queue(self) -> None:
        found = granted(resources(**EVERYTHING), "SchedulerRole")
        assert [(each["Action"], each["Resource"]) for each in found] == [
            ("sqs:SendMessage", [arn_of("PromotionQueue"), arn_of("ScheduleDeadLetterQueue")]),
            (["kms:Decrypt", "kms:GenerateDataKey"], KEY),
        ]

    def test_the_role_has_no_permission_on_a_key_without_the_parameter(self) -> None:
        assert len(granted(resources(), "SchedulerRole")) == 1

    def test_the_function_may_keep_entries_of_this_group_only(self) -> None:
        kept = {
            action: statement["Resource"]
            for statement in granted(resources())
            for action in listed(statement["Action"])
            if action.startswith("scheduler:")
        }
        entries = f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/s/*"
        assert kept == {
            "scheduler:CreateSchedule": entries,
            "scheduler:GetSchedule": entries,
            "scheduler:DeleteSchedule": entries,
            "scheduler:ListSchedules": "*",
        }

    def test_the_function_may_pass_the_role_to_scheduler_only(self) -> None:
        (passed,) = [each for each in granted(resources()) if each["Action"] == "iam:PassRole"]
        assert passed["Resource"] == arn_of("SchedulerRole")
        assert passed["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}

    def test_the_local_aws_shortens_the_wait(self) -> None:
        variables = environment(**DEFAULTS)
        assert (variables["MINIMUM_WAIT_SECONDS"], variables["SETTLE_SECONDS"]) == ("2", "1")


class TestPermissionsBoundary:
    def test_is_on_every_role(self) -> None:
        roles = of_type("AWS::IAM::Role", **EVERYTHING)
        assert {each["PermissionsBoundary"] for each in roles.values()} == {BOUNDARY}

    def test_is_on_no_role_without_the_parameter(self) -> None:
        roles = of_type("AWS::IAM::Role", RedrivePrincipalArn=OPERATORS)
        assert not any("PermissionsBoundary" in each for each in roles.values())


class TestSam:
    def test_validate_passes(self) -> None:
        done = sam("validate", "--lint")
        assert done.returncode == 0, done.stdout + done.stderr

    def test_validate_fails_on_an_unknown_property(self, tmp_path: Path) -> None:
        broken = TEMPLATE.read_text("utf-8").replace("VisibilityTimeout", "VisibilityTimeOut")
        (tmp_path / "template.yaml").write_text(broken)
        shutil.copy(ROOT / "samconfig.toml", tmp_path)
        done = sam("validate", "--lint", cwd=tmp_path)
        assert done.returncode != 0
        assert "VisibilityTimeOut" in done.stdout + done.stderr
