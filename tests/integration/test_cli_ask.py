"""explain, plan and status against the local AWS in this process, and their errors without AWS."""

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from emulator_support.codeartifact_calls import (
    archive,
    copy,
    create_repositories,
    dispose,
    publish_generic,
    unlist,
)
from emulator_support.emulated_aws import ACCOUNT
from moto_codeartifact.models import codeartifact_backends
from moto_codeartifact.register import register_codeartifact
from promoter.aws import clients, codeartifact
from promoter.aws.codeartifact import CodeArtifactReader
from promoter.copying.ports import ApiError
from promoter.packages.package import Package
from tests.support.aws_denied import DeniedClient
from tests.support.command_line import Ran, promoter
from tests.support.samples import promotion, rules_text

ROOT = Path(__file__).parents[2]
MODELS = ["pkg:generic/acme/*"]
MODEL = "pkg:generic/acme/model@1.0"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def ca() -> Iterator[Any]:
    """A client, and a domain with three repositories."""
    register_codeartifact()
    with mock_aws():
        client = boto3.client("codeartifact")
        create_repositories(client)
        yield client


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    """Run a command with these rules; the default rules promote models from dev to staging to prod."""

    def call(*arguments: str, rules: str = "", domain: str = "acme") -> Ran:
        file = tmp_path / "rules.toml"
        chain = promotion("one", packages=MODELS) + promotion("two", "staging -> prod", MODELS)
        file.write_text(rules_text(rules or chain).replace('"acme"', f'"{domain}"', 1))
        return promoter(*arguments, "--rules", file)

    return call


def link(client: Any, repository: str, *upstreams: str) -> None:
    """Give a repository these upstreams, and create what does not exist."""
    existing = {each["name"] for each in client.list_repositories()["repositories"]}
    for name in {repository, *upstreams} - existing:
        client.create_repository(domain="acme", repository=name)
    links = [{"repositoryName": name} for name in upstreams]
    client.update_repository(domain="acme", repository=repository, upstreams=links)


def contents(client: Any) -> Any:
    """The versions of every repository, to see that a command changes nothing."""
    return [
        client.list_package_versions(
            domain="acme", repository=each["name"], format="generic", namespace="acme", package="model"
        )["versions"]
        for each in client.list_repositories_in_domain(domain="acme")["repositories"]
        if client.list_packages(domain="acme", repository=each["name"])["packages"]
    ]


class TestExplain:
    def test_explains_each_hop_from_the_repositories_that_have_the_version(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        rules = promotion("one", packages=MODELS) + promotion("two", "staging -> prod", MODELS, approval=True)
        ran = ask("explain", MODEL, rules=rules)
        assert ran.lines[0] == "dev * just now -- staging * just now --| prod   WAITS FOR A PERSON"
        assert "  dev -> staging   one" in ran.out
        assert "already in staging" in ran.out
        assert "  no  approval       none yet" in ran.out
        assert "  $ promoter approve pkg:generic/acme/model@1.0 --promotion two" in ran.out
        assert ran.code == 1

    def test_a_version_that_is_everywhere_exits_0(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        copy(ca, "1.0", source="staging", to="prod")
        ran = ask("explain", MODEL)
        assert ran.lines[0] == "dev * just now -- staging * just now -- prod * just now"
        assert ran.code == 0

    def test_a_version_on_its_way_has_the_command_to_copy_it_by_hand(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        ran = ask("explain", MODEL)
        assert ran.lines[0] == "dev * just now -> staging .. prod   ON ITS WAY"
        assert "  $ aws codeartifact copy-package-versions" in ran.out
        assert ran.code == 0

    def test_equal_files_at_other_revisions_are_the_same(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        publish_generic(ca, "1.0", to="staging")
        publish_generic(ca, "1.0", to="prod")
        revisions = {found[0]["revision"] for found in contents(ca)}
        assert len(revisions) > 1  # otherwise this test shows nothing
        assert ask("explain", MODEL).code == 0

    def test_different_files_are_shown_file_by_file(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0", b"here")
        publish_generic(ca, "1.0", b"there", to="staging")
        ran = ask("explain", MODEL)
        assert ran.lines[0].startswith("dev * just now --| staging * just now -> prod")
        there, here = (hashlib.sha256(content).hexdigest()[:8] for content in (b"there", b"here"))
        assert f"  !  model.bin  staging {there}..  / dev {here}.." in ran.out
        assert "docs/reasons.md#already-exists" in ran.out
        assert ran.code == 1

    def test_a_version_that_is_not_published_is_rejected(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        archive(ca, "1.0")
        ran = ask("explain", MODEL)
        assert ran.lines[0] == "dev * Archived just now --| staging .. prod   REJECTED"
        assert "no  source-status  Archived in dev; only Published versions are promoted" in ran.out
        assert ran.code == 1

    def test_a_version_that_was_disposed_in_the_destination_says_so(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        dispose(ca, "1.0", repository="staging")
        ran = ask("explain", MODEL)
        assert ran.lines[0].startswith("dev * just now --| staging * Disposed just now --| prod")
        assert "  the version is Disposed in staging; it is never changed there" in ran.lines
        assert "Disposed in staging; only Published versions are promoted" in ran.out
        assert ran.code == 1

    def test_a_version_that_was_archived_in_the_destination_cannot_be_installed(
        self, ca: Any, ask: Any
    ) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        copy(ca, "1.0", source="staging", to="prod")
        archive(ca, "1.0", repository="prod")
        ran = ask("explain", MODEL)
        assert ran.lines[0] == "dev * just now -- staging * just now -- prod * Archived just now"
        assert "  Archived in prod: package managers cannot install it. " in ran.out
        assert ran.code == 1

    def test_a_soak_is_counted_from_publishedtime_and_says_so(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        soaking = promotion("one", packages=MODELS, soak="24h")
        ran = ask("explain", MODEL, rules=soaking)
        assert "WAITS UNTIL " in ran.lines[0]
        assert "publishedTime, which may differ from the arrival of the revision" in ran.out
        given = ask("explain", MODEL, "--since", "2026-01-01", rules=soaking)
        assert "publishedTime" not in given.out
        assert given.code == 0

    def test_the_origin_comes_from_aws(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        ours = promotion("ours", packages=MODELS, origin="internal")
        assert "dev -> staging   ours" in ask("explain", MODEL, rules=ours).out
        theirs = promotion("theirs", packages=MODELS, origin="external")
        assert "dev -> staging   not-selected" in ask("explain", MODEL, rules=theirs).out

    def test_every_hop_of_a_graph_is_in_one_line_of_the_head(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        ca.create_repository(domain="acme", repository="qa")
        hops = ("staging -> prod", "dev -> staging", "dev -> qa", "qa -> prod")
        rules = "".join(promotion(f"p{n}", hop, MODELS) for n, hop in enumerate(hops))
        ran = ask("explain", MODEL, rules=rules)
        assert ran.lines[:2] == [
            "dev * just now -> staging .. prod   ON ITS WAY",
            "dev * just now -> qa .. prod   ON ITS WAY",
        ]

    def test_json_has_a_decision_for_every_hop(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        ran = ask("explain", MODEL, "--output", "json")
        assert [
            (each["hop"]["to"], each["verdict"], each.get("outcome"))
            for each in json.loads(ran.out)["decisions"]
        ] == [("staging", "promote", "unchanged"), ("prod", "promote", None)]

    def test_a_version_that_is_nowhere_is_an_error(self, ca: Any, ask: Any) -> None:
        ran = ask("explain", MODEL)
        assert ran.code == 1
        assert ran.err.startswith("acme/model 1.0 is in none of dev, staging, prod of domain acme")


class TestPlan:
    def test_shows_what_would_be_promoted_what_not_and_what_differs(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0", b"here")
        publish_generic(ca, "1.0", b"there", to="staging")
        publish_generic(ca, "1.1")
        publish_generic(ca, "1.2")
        copy(ca, "1.2")
        publish_generic(ca, "1", package="internal-keys")
        publish_generic(ca, "1", package="plan", to="staging")
        before = contents(ca)
        rules = promotion("one", packages=MODELS, exclude=["pkg:generic/acme/internal-*"])
        ran = ask("plan", rules=rules)
        assert ran.lines[0] == (
            "dev -> staging   1 copy now, 1 rejected; 2 of 4 never promoted, 1 with different files"
        )
        assert [line.split()[:4] for line in ran.lines[1:4]] == [
            ["+", "generic", "acme/model", "1.1"],
            ["x", "generic", "acme/internal-keys", "1"],
            ["!", "generic", "acme/model", "1.0"],
        ]
        assert ran.lines[4].startswith("Next: promoter explain pkg:generic/acme/internal-keys@1 ")
        assert ran.code == 0  # that a version is rejected is no fault of the set-up
        assert ask("plan", "--check", rules=rules).code == 1
        assert ran.err == ""  # a bar only on a terminal
        assert contents(ca) == before

    def test_of_repositories_with_the_same_versions_exits_0(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        copy(ca, "1.0")
        copy(ca, "1.0", source="staging", to="prod")
        ran = ask("plan")
        assert ran.lines == [
            "dev -> staging   nothing to copy; 0 of 1 never promoted",
            "staging -> prod   nothing to copy; 0 of 1 never promoted",
        ]
        assert ran.code == 0

    def test_a_version_that_was_removed_in_the_destination_is_not_proposed_again(
        self, ca: Any, ask: Any
    ) -> None:
        for version, remove in (("1.0", archive), ("1.1", unlist), ("1.2", dispose)):
            publish_generic(ca, version)
            copy(ca, version)
            remove(ca, version, repository="staging")
        ran = ask("plan", "--promotion", "one")
        assert ran.lines == ["dev -> staging   nothing to copy; 0 of 3 never promoted"]
        assert ran.code == 0

    def test_a_source_among_the_upstreams_exits_1_although_upstreams_form_a_cycle(
        self, ca: Any, ask: Any
    ) -> None:
        link(ca, "prod", "dev2")
        link(ca, "dev2", "staging")
        dev2 = codeartifact_backends[ACCOUNT]["us-east-1"].describe_repository("acme", "dev2")
        dev2.upstreams.append("prod")  # the emulator's API refuses a cycle, and AWS may not
        ran = ask("plan")
        assert (
            "fault: prod <- dev2 <- staging: clients of prod get every version of staging, promoted or not"
            in ran.lines
        )
        assert ran.code == 1
        found = json.loads(ask("plan", "--output", "json").out)["upstreams"]
        assert found == {"faults": [["prod", "dev2", "staging"]], "warnings": [], "unknown": {}}
        assert ask("plan", "--promotion", "one").code == 0  # staging has no such upstream

    def test_an_external_connection_is_a_warning_where_public_packages_are_promoted(
        self, ca: Any, ask: Any
    ) -> None:
        link(ca, "store")
        ca.associate_external_connection(domain="acme", repository="store", externalConnection="public:npmjs")
        link(ca, "staging", "store")
        public = promotion("public", packages=["pkg:npm/**"], origin="any")
        ran = ask("plan", rules=public)
        assert "warning: staging <- store <- public:npmjs: clients of staging get public packages" in ran.out
        assert ran.code == 0
        assert "warning" not in ask("plan", rules=public.replace('"any"', '"internal"')).out

    def test_upstreams_that_may_not_be_read_are_unknown_and_exit_0(
        self, ca: Any, ask: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def denied(reader: Any, repository: str) -> Any:
            raise ApiError("AccessDeniedException", "no permission")

        monkeypatch.setattr(CodeArtifactReader, "links", denied)
        ran = ask("plan")
        assert "upstreams unknown: cannot read the upstreams of staging: no permission" in ran.out
        assert ran.code == 0

    def test_equal_files_at_other_revisions_are_the_same(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        publish_generic(ca, "1.0", to="staging")
        assert ask("plan", "--promotion", "one").code == 0

    def test_compares_no_more_files_than_the_option_allows(self, ca: Any, ask: Any) -> None:
        for version in ("1.0", "1.1", "1.2"):
            publish_generic(ca, version, b"here")
            publish_generic(ca, version, b"there", to="staging")
        ran = ask("plan", "--promotion", "one", "--compare", "1")
        assert "1 with different files" in ran.out
        assert "2 more have different revisions, and their files were not compared" in ran.out

    def test_of_one_promotion_has_only_its_decisions(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        publish_generic(ca, "1.0", package="weights")
        rules = promotion("one", packages=["pkg:generic/acme/m*"]) + promotion("all", packages=MODELS)
        ran = ask("plan", "--promotion", "all", rules=rules)
        assert "acme/weights 1.0" in ran.out
        assert "acme/model" not in ran.out

    @pytest.mark.parametrize("glob", ["acme/w*", "pkg:generic/acme/w*", "/generic/acme/weights$"])
    def test_of_some_packages(self, ca: Any, ask: Any, glob: str) -> None:
        publish_generic(ca, "1.0")
        publish_generic(ca, "1.0", package="weights")
        ran = ask("plan", "--package", glob)
        assert "acme/weights 1.0" in ran.out
        assert "acme/model" not in ran.out

    def test_a_soak_is_looked_up(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        ran = ask("plan", rules=promotion("one", packages=MODELS, soak="24h"))
        assert "  ?  generic  acme/model 1.0  soak: 0s of 24h" in ran.out
        assert "publishedTime" in ran.out
        assert ran.code == 0

    def test_json_has_the_decisions(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        (one, two) = json.loads(ask("plan", "--output", "json").out)["hops"]
        assert [(each["purl"], each["verdict"]) for each in one["decisions"]] == [(MODEL, "promote")]
        assert (one["hop"], two["decisions"]) == ({"from": "dev", "to": "staging"}, [])

    def test_an_archived_version_is_not_planned(self, ca: Any, ask: Any) -> None:
        publish_generic(ca, "1.0")
        archive(ca, "1.0")
        assert "nothing is selected" in ask("plan", "--promotion", "one").out


class TestReader:
    def test_reads_every_page(self, ca: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(codeartifact, "_PAGE_SIZE", 2)
        for number in range(5):
            publish_generic(ca, f"1.{number}")
            publish_generic(ca, "1", package=f"model-{number}")
        reader = CodeArtifactReader(ca, "acme")
        model = Package("generic", "acme", "model")

        assert len(list(reader.packages("dev"))) == 6
        assert {each.version for each in reader.versions("dev", model)} == {f"1.{n}" for n in range(5)}
        assert reader.repositories() == ["dev", "evidence", "prod", "staging"]

    def test_filters_packages(self, ca: Any) -> None:
        publish_generic(ca, "1.0")
        publish_generic(ca, "1", package="weights")

        found = CodeArtifactReader(ca, "acme").packages("dev", "generic", "acme", "w")

        assert [each.package.name for each in found] == ["weights"]


class TestMistakes:
    """Each is one sentence with a fix."""

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",)])
    def test_no_such_domain(self, ca: Any, ask: Any, command: tuple[str, ...]) -> None:
        ran = ask(*command, domain="acne")
        assert ran.code == 3
        assert "Domain not found" in ran.err
        assert "check the name, the account (--domain-owner, --profile) and the region (--region)" in ran.err
        assert ran.err.count("\n") == 1

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",)])
    def test_no_such_repository(self, ca: Any, ask: Any, command: tuple[str, ...]) -> None:
        publish_generic(ca, "1.0")
        ran = ask(*command, rules=promotion("one", "dev -> stagging", MODELS))
        assert ran.code == 3
        assert "stagging" in ran.err
        assert "check the name, the account (--domain-owner, --profile) and the region (--region)" in ran.err

    def test_no_such_stack(self, ca: Any, ask: Any) -> None:
        ran = ask("status", "--stack", "none")
        assert ran.code == 3
        assert ran.err == (
            'there is no stack "none" in this account and region; use --stack to name another, '
            "`aws cloudformation list-stacks` lists them\n"
        )

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",), ("status",)])
    def test_no_permission(self, ask: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
        monkeypatch.setattr(clients, "user_clients", lambda _: lambda _: DeniedClient())
        ran = ask(*command)
        assert ran.code == 3
        assert ran.err.endswith(
            "is not authorized (AccessDeniedException); ask for the permission that the message names\n"
        )

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",), ("status",)])
    def test_no_such_profile(self, ask: Any, command: tuple[str, ...]) -> None:
        ran = ask(*command, "--profile", "nobody")
        assert ran.code == 2
        assert "nobody" in ran.err
        assert "`aws configure list-profiles` lists your profiles" in ran.err

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",), ("status",)])
    def test_no_credentials(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        done = alone(tmp_path, command)
        assert done.returncode == 3
        assert "no AWS credentials; log in, or name a profile with --profile" in done.stderr
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize("command", [("explain", MODEL), ("plan",), ("status",)])
    def test_no_network(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        with socket.socket() as probe:  # bound, but nobody listens
            probe.bind(("127.0.0.1", 0))
            endpoint = f"http://127.0.0.1:{probe.getsockname()[1]}"
            done = alone(
                tmp_path,
                command,
                AWS_ENDPOINT_URL=endpoint,
                AWS_ACCESS_KEY_ID="testing",
                AWS_SECRET_ACCESS_KEY="testing",
            )
        assert done.returncode == 3
        assert "check your network and AWS_ENDPOINT_URL" in done.stderr
        assert done.stderr.count("\n") == 1


def alone(home: Path, command: tuple[str, ...], **more: str) -> subprocess.CompletedProcess[str]:
    """The command in its own process and home directory, with only this AWS configuration."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT / "functions"),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "promoter.cli",
            *command,
            "--rules",
            str(ROOT / "docs" / "example-rules.toml"),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
