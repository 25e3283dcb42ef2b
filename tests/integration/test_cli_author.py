"""The author's commands against the emulator, the template and the shell."""

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
from local.moto_patches.register import register_codeartifact
from promoter.cli.app import COMMANDS
from promoter.cli.quotas import ACCOUNT, REGION, STACK, sizes
from promoter.rules_file.reader import load
from tests.support.command_line import Ran, promoter
from tests.support.paths import ROOT, TEMPLATE
from tests.support.translated_template import granted


@pytest.fixture
def ca(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A domain with three repositories; what is called is in `ca.called`."""
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


def hold(ca: Any, format_: str, name: str, *, publish: str = "ALLOW", upstream: str = "BLOCK") -> None:
    """Let dev hold a package; a name may have a namespace, as in `acme/widget`."""
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
    return promoter("init", "--domain", "acme", "--file", "rules.toml", *arguments, terminal=terminal)


WRITTEN = """\
# What is promoted in domain acme, and where to: a proposal of `promoter init`, by what it holds.
# Every key is in docs/rules.md; a deployment of this file is its review.
#
#   dev        npm 2 (@acme 2), pypi 1; 1 public
#   npm-store  no package of ours
#   prod       no package of ours
#   staging    no package of ours
domain = "acme"

# "observe" decides, logs and counts, but copies nothing. Take it out once `promoter plan` shows what you mean.
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

[[promotion]]
name = "staging-to-prod"
from = "staging"
to = "prod"
packages = ["ours"]
"""


class TestInit:
    @pytest.fixture(autouse=True)
    def _packages(self, ca: Any) -> None:
        for name in ("acme/ui", "acme/widget"):
            hold(ca, "npm", name)
        hold(ca, "npm", "lodash", publish="BLOCK", upstream="ALLOW")
        hold(ca, "pypi", "tools")

    def test_writes_rules_for_what_the_domain_holds_and_says_what_is_next(self) -> None:
        ran = init()

        assert (ran.code, ran.err) == (0, "")
        assert ran.out == (
            "domain acme: 4 repositories\n"
            "  dev        npm 2 (@acme 2), pypi 1; 1 public\n"
            "  npm-store  no package of ours\n"
            "  prod       no package of ours\n"
            "  staging    no package of ours\n"
            "  dev -> staging -> prod\n"
            "rules.toml written; its rules only observe, nothing would be copied\n"
            "Next: promoter validate rules.toml, then promoter plan --rules rules.toml\n"
        )
        assert Path("rules.toml").read_text("utf-8") == WRITTEN
        assert promoter("validate", "rules.toml").code == 0

    def test_asks_for_the_origin_of_what_may_be_fetched_as_well_as_published(self, ca: Any) -> None:
        hold(ca, "npm", "left-pad", publish="ALLOW", upstream="ALLOW")
        init()

        promotions = load(Path("rules.toml").read_text("utf-8")).promotions
        assert [(each.name, each.packages[0].text) for each in promotions if each.origin == "internal"] == [
            ("dev-to-staging-by-origin", "pkg:npm/left-pad"),
            ("staging-to-prod-by-origin", "pkg:npm/left-pad"),
        ]

    def test_names_the_schema_where_it_stands_beside(self) -> None:
        Path("rules.schema.json").write_text("{}")
        init()

        assert Path("rules.toml").read_text("utf-8") == "#:schema ./rules.schema.json\n" + WRITTEN

    def test_only_lists(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        called = []
        original = type(ca)._make_api_call

        def noted(self: Any, operation: str, parameters: Any) -> Any:
            called.append(operation)
            return original(self, operation, parameters)

        monkeypatch.setattr("botocore.client.BaseClient._make_api_call", noted)
        init()

        assert called == ["ListRepositoriesInDomain", *["ListPackages"] * 4]

    def test_tells_its_progress_to_a_terminal_alone_and_clears_it(self) -> None:
        shown = init(terminal=True).err.split("\r\033[K")

        assert shown[1:] == [
            "reading dev, 1 of 4",
            "reading npm-store, 2 of 4",
            "reading prod, 3 of 4",
            "reading staging, 4 of 4",
            "",
        ]

    def test_reads_every_page(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("promoter.cli.domain._MOST", 1)

        assert "npm 2 (@acme 2), pypi 1; 1 public\n" in init().out

    def test_leaves_a_file_that_is_there_unless_it_is_forced(self) -> None:
        Path("rules.toml").write_text("mine")

        ran = init()

        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "rules.toml is there already; --force replaces it, --file names another\n"
        assert Path("rules.toml").read_text("utf-8") == "mine"
        assert init("--force").code == 0
        assert Path("rules.toml").read_text("utf-8") == WRITTEN

    def test_says_so_if_no_hop_can_be_seen(self, ca: Any) -> None:
        for repository in ("prod", "staging"):
            ca.delete_repository(domain="acme", repository=repository)

        ran = init()

        assert ran.code == 0
        assert "no two repositories are named as stages that follow each other" in ran.out
        assert ran.out.endswith("Next: promoter validate rules.toml\n")
        assert "# [[promotion]]\n" in Path("rules.toml").read_text("utf-8")


class TestInitIsASentence:
    def test_without_such_a_domain(self, ca: Any) -> None:
        ran = promoter("init", "--domain", "acne", "--file", "rules.toml")

        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith('cannot list the repositories of domain "acne": ')
        assert "(ResourceNotFoundException); see whether it is spelt right" in ran.err
        assert not Path("rules.toml").exists()

    def test_without_the_right_to_look(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = {"Error": {"Code": "AccessDeniedException", "Message": "not codeartifact:ListPackages"}}

        def refuse(self: Any, operation: str, parameters: Any) -> Any:
            if operation == "ListPackages":
                raise ClientError(answer, operation)  # type: ignore[arg-type]
            return {"repositories": [{"name": "dev"}]}

        monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)

        ran = init()

        assert (ran.code, ran.out) == (1, "")
        assert ran.err == (
            'cannot list the packages of repository "dev": not codeartifact:ListPackages (AccessDeniedException); '
            "ask for the right that it names\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            (("--domain", "Acme"), '"Acme" cannot be the name of a domain; `aws codeartifact list-domains`'),
            (("--owner", "me"), '--owner "me" is not an account; it has 12 digits'),
            (
                ("--file", "no/rules.toml"),
                "there is no directory no; make it, or name another file with --file",
            ),
            (("--profile", "nobody"), "The config profile (nobody) could not be found; `aws configure"),
        ],
        ids=str,
    )
    def test_with_arguments_that_cannot_be_right(
        self, ca: Any, arguments: tuple[str, ...], text: str
    ) -> None:
        ran = init(*arguments)

        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(text)

    @pytest.mark.parametrize(
        ("environment", "code", "text"),
        [
            ({"AWS_ACCESS_KEY_ID": None}, 1, "no AWS credentials; log in, or name a profile with --profile"),
            ({"AWS_DEFAULT_REGION": None}, 1, "no AWS region; set AWS_REGION"),
            ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, 1, "Is the network up, and AWS_ENDPOINT_URL right?"),
            ({"AWS_ENDPOINT_URL": "nonsense"}, 2, "Invalid endpoint: nonsense; see AWS_ENDPOINT_URL"),
        ],
        ids=str,
    )
    def test_where_aws_cannot_be_asked(
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
        ran = shell("init", "--domain", "acme", "--file", str(tmp_path / "rules.toml"), **settings)

        assert (ran.returncode, ran.stdout) == (code, "")
        assert text in ran.stderr
        assert ran.stderr.count("\n") == 1


def shell(*arguments: str, **settings: str | None) -> subprocess.CompletedProcess[str]:
    """Run `promoter` in a process of its own."""
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


@pytest.mark.parametrize("name", COMMANDS["Author"])
def test_each_command_shows_an_example_of_itself(name: str) -> None:
    ran = promoter(name, "--help")
    assert ran.code == 0
    assert f"Examples:\n    promoter {name}" in ran.out


def test_schema_prints_the_committed_copy() -> None:
    ran = promoter("schema")
    assert (ran.code, ran.out) == (0, (ROOT / "functions" / "rules.schema.json").read_text("utf-8"))


SOURCES = ("dev", "staging", "team-a.dev")
DESTINATIONS = ("staging", "prod")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"


@pytest.fixture(scope="module", params=["false", "true"])
def looks_up_origin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def resources(looks_up_origin: str) -> Any:
    parameters = {
        "LooksUpOrigin": looks_up_origin,
        "KmsKeyArn": KEY,
        "Domain": "acme",
        "SourceRepositories": ",".join(SOURCES),
        "DestinationRepositories": ",".join(DESTINATIONS),
    }
    text = TEMPLATE.read_text("utf-8")
    return translate(text, parameters, stack=STACK, region=REGION, account=ACCOUNT)["Resources"]


class TestQuotas:
    """The sizes that `parameters` counts are those of the template."""

    def test_of_the_event_pattern(self, resources: Any) -> None:
        pattern, _ = sizes("acme", SOURCES, DESTINATIONS)
        document = resources["PublishRule"]["Properties"]["EventPattern"]
        assert pattern.characters == len(json.dumps(document, separators=(",", ":")))

    def test_of_the_policies(self, resources: Any, looks_up_origin: str) -> None:
        _, policies = sizes("acme", SOURCES, DESTINATIONS, looks_up_origin=looks_up_origin == "true")
        log = resources["PromoteLogGroup"]["Properties"]["LogGroupName"]
        arns = {
            "PromotionQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{'q' * 80}",
            "PromotionDeadLetterQueue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{'q' * 80}",
            "NotificationTopic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-NotificationTopic-{'R' * 12}",
            "PromoteLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{log}:*",
        }
        attached = [each for each in resources.values() if each["Type"] == "AWS::IAM::Policy"]
        documents = [
            policy["PolicyDocument"]
            for policy in (
                *resources["PromoteRole"]["Properties"]["Policies"],
                *(each["Properties"] for each in attached),
            )
        ]
        for statement in granted(resources):
            if isinstance(statement["Resource"], dict):
                [named] = statement["Resource"].values()
                statement["Resource"] = arns[named if isinstance(named, str) else named[0]]
        assert policies.characters == sum(len(json.dumps(each, separators=(",", ":"))) for each in documents)


def test_the_shipped_rules_can_be_drawn_and_deployed() -> None:
    rule_set = load((ROOT / "functions" / "rules.toml").read_text("utf-8"))
    rules = str(ROOT / "functions" / "rules.toml")

    assert promoter("graph", "--rules", rules).out.count("-->") == sum(map(len, rule_set.hops.values()))
    assert promoter("parameters", "--rules", rules).code == 0
