"""The commands for authors of rules, against the emulator, the template and the shell."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.cloudformation import translate
from moto_codeartifact.register import register_codeartifact
from promoter.cli.template_sizes import RepositoryAccess, pattern_size, policies_size
from promoter.rules_file.reader import load
from tests.support.command_line import Ran, promoter
from tests.support.paths import ROOT, TEMPLATE
from tests.support.translated_template import granted


@pytest.fixture
def ca(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A client, and a domain with four repositories."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.chdir(tmp_path)
    register_codeartifact()
    with mock_aws():
        client = boto3.client("codeartifact")
        client.create_domain(domain="acme")
        for repository in ("dev", "npm-store", "prod", "staging"):
            client.create_repository(domain="acme", repository=repository)
        yield client


def add_package(ca: Any, format_: str, name: str, *, publish: str = "ALLOW", upstream: str = "BLOCK") -> None:
    """Add a package to dev; a name may have a namespace, as in `acme/widget`."""
    namespace, _, package = name.rpartition("/")
    ca.put_package_origin_configuration(
        domain="acme",
        repository="dev",
        format=format_,
        package=package,
        restrictions={"publish": publish, "upstream": upstream},
        **({"namespace": namespace} if namespace else {}),
    )


def init(*arguments: str, terminal: bool = False) -> Ran:
    return promoter("init", "--domain", "acme", "--rules", "rules.toml", *arguments, terminal=terminal)


WRITTEN = """\
# Promotions of domain acme, proposed by `promoter init` from the contents of its repositories.
# docs/rules.md describes every key. Review changes to this file in a pull request, then deploy it.
#
#   dev        npm 2 (@acme 2), pypi 1; 1 public
#   npm-store  no packages of your own
#   prod       no packages of your own
#   staging    no packages of your own
domain = "acme"

# "observe" decides, logs and counts, but copies nothing. Remove it when `promoter plan` shows what you want.
[defaults]
mode = "observe"

[teams.ours]
packages = [
    "pkg:npm/@acme/*", # 2 packages
    "pkg:pypi/tools", # 1 package
]

[[promotion]]
name = "dev-to-staging"
from = "dev"
to = "staging"
packages = ["ours"]
on-conflict = "extend" # add files that follow later, such as a wheel after its sdist

[[promotion]]
name = "staging-to-prod"
from = "staging"
to = "prod"
packages = ["ours"]
on-conflict = "extend" # add files that follow later, such as a wheel after its sdist
"""


class TestInit:
    @pytest.fixture(autouse=True)
    def _packages(self, ca: Any) -> None:
        for name in ("acme/ui", "acme/widget"):
            add_package(ca, "npm", name)
        add_package(ca, "npm", "lodash", publish="BLOCK", upstream="ALLOW")
        add_package(ca, "pypi", "tools")

    def test_writes_rules_for_the_contents_of_the_domain(self) -> None:
        ran = init()

        assert (ran.code, ran.err) == (0, "")
        assert Path("rules.toml").read_text("utf-8") == WRITTEN
        assert promoter("validate", "rules.toml").code == 0

    def test_states_the_origin_of_packages_that_may_be_fetched_and_published(self, ca: Any) -> None:
        add_package(ca, "npm", "left-pad", publish="ALLOW", upstream="ALLOW")
        init()

        promotions = load(Path("rules.toml").read_text("utf-8")).rule_set.promotions
        assert [(each.name, each.packages[0].text) for each in promotions if each.origin == "internal"] == [
            ("dev-to-staging-by-origin", "pkg:npm/left-pad"),
            ("staging-to-prod-by-origin", "pkg:npm/left-pad"),
        ]

    def test_only_lists(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        called = []
        original = type(ca)._make_api_call

        def noted(self: Any, operation: str, parameters: Any) -> Any:
            called.append(operation)
            return original(self, operation, parameters)

        monkeypatch.setattr("botocore.client.BaseClient._make_api_call", noted)
        init()

        assert called == ["ListRepositoriesInDomain", *["ListPackages"] * 4]

    def test_reads_every_page(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("promoter.aws.codeartifact._PAGE_SIZE", 1)

        assert "npm 2 (@acme 2), pypi 1; 1 public\n" in init().out


class TestErrorsOfInit:
    """Each is one sentence with a fix."""

    def test_a_domain_that_does_not_exist(self, ca: Any) -> None:
        ran = promoter("init", "--domain", "acne", "--rules", "rules.toml")

        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith('cannot list the repositories of domain "acne": ')
        assert (
            "(ResourceNotFoundException); check the name, the account (--domain-owner, --profile) " in ran.err
        )
        assert not Path("rules.toml").exists()

    def test_no_permission(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = {"Error": {"Code": "AccessDeniedException", "Message": "not codeartifact:ListPackages"}}

        def refuse(self: Any, operation: str, parameters: Any) -> Any:
            if operation == "ListPackages":
                raise ClientError(answer, operation)  # type: ignore[arg-type]
            return {"repositories": [{"name": "dev"}]}

        monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)

        ran = init()

        assert (ran.code, ran.out) == (3, "")
        assert ran.err == (
            'cannot list the packages of repository "dev": not codeartifact:ListPackages (AccessDeniedException); '
            "ask for the permission that the message names\n"
        )

    def test_a_profile_that_does_not_exist(self, ca: Any) -> None:
        ran = init("--profile", "nobody")

        assert (ran.code, ran.out) == (2, "")
        assert "The config profile (nobody) could not be found; `aws configure list-profiles`" in ran.err

    @pytest.mark.parametrize(
        ("environment", "code", "text"),
        [
            ({"AWS_ACCESS_KEY_ID": None}, 3, "no AWS credentials; log in, or name a profile with --profile"),
            ({"AWS_DEFAULT_REGION": None}, 3, "no AWS region; name one with --region"),
            ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, 3, "check your network and AWS_ENDPOINT_URL"),
            ({"AWS_ENDPOINT_URL": "nonsense"}, 2, "Invalid endpoint: nonsense; check AWS_ENDPOINT_URL"),
        ],
        ids=str,
    )
    def test_aws_that_cannot_be_reached(
        self, tmp_path: Path, environment: dict[str, str | None], code: int, text: str
    ) -> None:
        none = str(tmp_path / "none")
        settings = {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": none,
            "AWS_SHARED_CREDENTIALS_FILE": none,
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }
        ran = shell("init", "--domain", "acme", "--rules", str(tmp_path / "rules.toml"), **settings)

        assert (ran.returncode, ran.stdout) == (code, "")
        assert text in ran.stderr
        assert ran.stderr.count("\n") == 1


def shell(*arguments: str, **settings: str | None) -> subprocess.CompletedProcess[str]:
    """Run `promoter` in its own process."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment = {**inherited, "PYTHONPATH": str(ROOT / "functions"), **settings}
    return subprocess.run(
        [sys.executable, "-m", "promoter.cli", *arguments],
        env={key: value for key, value in environment.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_completion_is_offered_to_the_shell() -> None:
    ran = shell(_PROMOTER_COMPLETE="bash_source")
    assert ran.returncode == 0
    assert "complete -o nosort -F _promoter_completion promoter" in ran.stdout

    offered = shell(_PROMOTER_COMPLETE="bash_complete", COMP_WORDS="promoter pa", COMP_CWORD="1")
    assert offered.stdout == "plain,parameters\n"


def test_schema_prints_the_committed_copy() -> None:
    ran = promoter("schema")
    assert (ran.code, ran.out) == (0, (ROOT / "functions" / "rules.schema.json").read_text("utf-8"))


REGION = (
    "ap-southeast-1"  # no region with CodeArtifact has a longer name (AWS General Reference: codeartifact)
)
ACCOUNT = "123456789012"
STACK = "s" * 128  # API reference, CreateStack: the longest StackName
QUEUE = (
    "q" * 80
)  # API reference, CreateQueue: the longest name, and CloudFormation cuts generated names to it
ROLE = "r" * 64  # IAM user guide, reference_iam-quotas: the longest name of a role
SUFFIX = "R" * 12  # CloudFormation adds it to generated names, after a hyphen
SOURCES = ("dev", "staging", "team-a.dev")
DESTINATIONS = ("staging", "prod")
EVIDENCE = "answers"
NPM_LATEST = ("staging", "prod")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module")
def resources() -> Any:
    parameters = {
        "KmsKeyArn": KEY,
        "Domain": "acme",
        "SourceRepositories": ",".join(SOURCES),
        "DestinationRepositories": ",".join(DESTINATIONS),
        "EvidenceRepository": EVIDENCE,
        "NpmLatestRepositories": ",".join(NPM_LATEST),
    }
    text = TEMPLATE.read_text("utf-8")
    return translate(text, parameters, stack=STACK, region=REGION, account=ACCOUNT)["Resources"]


def size(document: Any) -> int:
    """Characters of compact JSON: IAM does not count white space, and CloudFormation writes none."""
    return len(json.dumps(document, separators=(",", ":")))


class TestSizes:
    """The sizes that `parameters` counts are those of the template."""

    def test_of_the_event_pattern(self, resources: Any) -> None:
        pattern = pattern_size("acme", [*SOURCES, EVIDENCE])

        assert pattern.characters == size(resources["PublishRule"]["Properties"]["EventPattern"])

    @pytest.mark.parametrize(
        ("access", "condition"), [("each", "AccessesEach"), ("domain", "AccessesDomain")]
    )
    def test_of_the_policies(self, resources: Any, access: RepositoryAccess, condition: str) -> None:
        policies = policies_size("acme", SOURCES, DESTINATIONS, access, EVIDENCE, NPM_LATEST)

        assert policies.characters == sum(map(size, policy_documents(resources, condition)))


def policy_documents(every: Any, condition: str) -> list[Any]:
    """The policies that a role has if this condition is met, with the longest ARNs of their resources."""
    left_out = {"AccessesEach", "AccessesDomain"} - {condition}
    resources = {name: each for name, each in every.items() if each.get("Condition") not in left_out}
    log = resources["PromoteLogGroup"]["Properties"]["LogGroupName"]
    arns = {
        "PromotionQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}",
        "PromotionDeadLetterQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}",
        "NotificationTopic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-NotificationTopic-{SUFFIX}",
        "SchedulerRole": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        "PromoteLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{log}:*",
    }
    for statement in granted(resources):
        if isinstance(statement["Resource"], dict):
            [named] = statement["Resource"].values()
            statement["Resource"] = arns[named if isinstance(named, str) else named[0]]
    attached = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::IAM::Policy"]
    inline = resources["PromoteRole"]["Properties"]["Policies"]
    return [policy["PolicyDocument"] for policy in (*inline, *attached)]


def test_the_shipped_rules_can_be_drawn_and_deployed() -> None:
    rule_set = load((ROOT / "functions" / "rules.toml").read_text("utf-8")).rule_set
    rules = str(ROOT / "functions" / "rules.toml")

    assert promoter("graph", "--format", "mermaid", "--rules", rules).out.count("-->") == len(
        rule_set.all_hops
    )
    assert promoter("parameters", "--rules", rules).code == 0
