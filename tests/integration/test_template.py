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
from promoter.settings import Settings
from tests.support import translated_template as source
from tests.support.paths import ROOT, TEMPLATE
from tests.support.translated_template import (
    ACCOUNT,
    EVERYTHING,
    KEY,
    OPERATORS,
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
    "FailedInvocationsAlarm",
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
    "ThrottlesAlarm",
}
IDS_BY_PARAMETER = {"NotificationEmailSubscription", "RedriveRole", "KeyPolicy"}
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

    @pytest.mark.parametrize("asks", ["true", "false"])
    def test_the_function_may_describe_packages_only_in_sources_and_only_if_a_rule_needs_the_origin(
        self, sources: str, destinations: str, asks: str
    ) -> None:
        described = {
            resource
            for statement in granted(resources(sources, destinations, LooksUpOrigin=asks))
            if "codeartifact:DescribePackageVersion" in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }
        names = sources.split(",") if asks == "true" else []
        assert described == {arn("package", f"{name}/*") for name in names}

    def test_no_action_is_a_wildcard_and_resources_only_if_the_api_requires_it(
        self, sources: str, destinations: str
    ) -> None:
        for statement in granted(resources(sources, destinations, **EVERYTHING)):
            actions = listed(statement["Action"])
            assert not any("*" in action for action in actions)
            for resource in listed(statement["Resource"]):
                if resource == "*":
                    assert actions == ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
                elif isinstance(resource, str) and "*" in resource:
                    assert resource.endswith("/*")
                    assert ":package/acme/" in resource


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
        without_ours = json.dumps(everywhere).replace(KEY, "").replace(OPERATORS, "")
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

    def test_sends_to_the_queue_or_to_its_own_dead_letter_queue(self) -> None:
        (target,) = properties("PublishRule")["Targets"]
        assert target["Arn"] == {"Fn::GetAtt": ["PromotionQueue", "Arn"]}
        assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["RuleDeadLetterQueue", "Arn"]}


def environment(**parameters: str) -> dict[str, Any]:
    found: dict[str, Any] = properties("PromoteFunction", **parameters)["Environment"]["Variables"]
    return found


class TestFunction:
    def test_reports_each_failed_message_and_has_at_most_two_workers(self) -> None:
        mapping = properties("PromoteFunctionPublished")
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}

    @pytest.mark.parametrize("rate", PACE)
    def test_can_copy_a_whole_batch_one_by_one_before_its_time_out(self, rate: str) -> None:
        timeout = properties("PromoteFunction")["Timeout"]
        copies = float(environment(PromoteCopiesPerSecond=rate)["COPIES_PER_SECOND"])
        batch = properties("PromoteFunctionPublished", PromoteCopiesPerSecond=rate)["BatchSize"]
        assert batch <= (timeout - 30) * copies

    @pytest.mark.parametrize("rate", PACE)
    def test_the_workers_share_the_copies_per_second(self, rate: str) -> None:
        workers = properties("PromoteFunctionPublished")["ScalingConfig"]["MaximumConcurrency"]
        assert float(environment(PromoteCopiesPerSecond=rate)["COPIES_PER_SECOND"]) * workers == float(rate)

    def test_has_exactly_these_variables(self) -> None:
        assert environment() == {
            "DOMAIN_OWNER": ACCOUNT,
            "NOTIFICATION_TOPIC_ARN": {"Ref": "NotificationTopic"},
            "PROMOTION_QUEUE_ARN": {"Fn::GetAtt": ["PromotionQueue", "Arn"]},
            "DEAD_LETTER_QUEUE_URL": {"Ref": "PromotionDeadLetterQueue"},
            "COPIES_PER_SECOND": "1.5",
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }

    def test_can_read_its_settings(self) -> None:
        variables = {name: str(value) for name, value in environment().items()}
        assert Settings.from_environ(variables).copies_per_second == 1.5

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

    def test_has_the_role_of_the_template(self) -> None:
        assert properties("PromoteFunction")["Role"] == {"Fn::GetAtt": ["PromoteRole", "Arn"]}
        assert list(of_type("AWS::IAM::Role")) == ["PromoteRole"]
        trust = properties("PromoteRole")["AssumeRolePolicyDocument"]["Statement"]
        assert [each["Principal"] for each in trust] == [{"Service": "lambda.amazonaws.com"}]


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
