"""approve, refuse and answer against the local AWS, and their errors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from emulator_support.codeartifact_calls import archive, copy, create_repositories, publish_generic
from emulator_support.emulated_aws import REGION, Aws
from emulator_support.iam_principals import EVERYTHING, as_user
from emulator_support.package_managers import Shell
from moto_codeartifact.server import Server, start_server
from promoter.aws import clients
from promoter.aws.evidence_repository import EvidenceRepository
from promoter.copying.evidence import newest_statement
from promoter.inspection.live_evidence import _Direct
from promoter.packages.package import Package
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import Statement
from promoter.waiting.names import answer_package
from tests.support.aws_denied import DeniedClient
from tests.support.command_line import Ran, promoter
from tests.support.samples import candidate, promotion, rules_text

MODEL = "pkg:generic/acme/model@1.0"
MODELS = ["pkg:generic/acme/*"]
CHECKED = promotion("to-staging", packages=MODELS, checks=["sca", "qa"])
APPROVED = promotion("to-prod", "staging -> prod", MODELS, approval="payments", soak="24h")
BOTH = f"{CHECKED}\n{APPROVED}"
ARN = "arn:aws:sts::123456789012:user/moto"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server
    BackendDict.reset()


@pytest.fixture
def ca(server: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    BackendDict.reset()
    client = Aws(server.url).client("codeartifact")
    create_repositories(client)
    return client


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def call(*arguments: str, rules: str = BOTH, reason: str = "fine") -> Ran:
        file = tmp_path / "rules.toml"
        file.write_text(rules_text(rules))
        return promoter(*arguments, "--reason", reason, "--rules", file)

    return call


def newest(ca: Any, namespace: str, revision: str, hop: Hop | None = None) -> Any:
    """The newest answer about the model as the function reads it."""
    model = candidate("1.0", revision, package=Package("generic", "acme", "model"))
    answers = EvidenceRepository(ca, "acme", None, "evidence")
    return newest_statement(namespace, answer_package(model, hop), _Direct(answers), 3)


def publish(ca: Any, repository: str = "dev") -> str:
    return str(publish_generic(ca, "1.0", to=repository)["versionRevision"])


def nothing_published(ca: Any) -> bool:
    return bool(ca.list_packages(domain="acme", repository="evidence")["packages"] == [])


TO_PROD = Hop("staging", "prod")


class TestApprovals:
    @pytest.mark.parametrize(("verb", "result"), [("approve", "PASSED"), ("refuse", "FAILED")])
    def test_the_answer_is_about_the_revision_that_the_source_has_now(
        self, ca: Any, run: Any, verb: str, result: str
    ) -> None:
        publish(ca)
        revision = publish(ca, "staging")

        ran = run(verb, MODEL, "--promotion", "to-prod", "--url", "https://ticket", reason="it's fine")

        assert ran.code == 0
        statement = newest(ca, "approval-payments", revision, TO_PROD)
        assert isinstance(statement, Statement)
        answer = statement.answer
        assert (answer.result, answer.reason, answer.promotion) == (result, "it's fine", "to-prod")
        assert (answer.url, answer.by) == ("https://ticket", ARN)
        assert ran.lines[0] == f"{result}  approval-payments  acme/model 1.0 in staging, revision {revision}"

    def test_says_what_is_still_missing(self, ca: Any, run: Any) -> None:
        publish(ca, "staging")

        ran = run("approve", MODEL, "--promotion", "to-prod", "--by", "me")

        assert "of 24h" in ran.out
        assert "WAIT" in ran.out
        assert "PASSED by me: fine" in ran.out
        assert "The pipeline decides again when the event of the answer arrives" in ran.lines[-1]

    def test_a_request_for_a_manual_promotion_is_an_approval(self, ca: Any, run: Any) -> None:
        revision = publish(ca)
        manual = promotion("wanted", packages=MODELS, mode="manual")

        ran = run("approve", MODEL, "--promotion", "wanted", rules=manual)

        assert "PROMOTE" in ran.out
        assert newest(ca, "approval", revision, Hop("dev", "staging")).answer.promotion == "wanted"

    def test_json_has_the_statement_and_the_decision(self, ca: Any, run: Any) -> None:
        publish(ca, "staging")

        shape = json.loads(run("approve", MODEL, "--promotion", "to-prod", "--output", "json").out)

        assert (shape["repository"], shape["namespace"]) == ("evidence", "approval-payments")
        assert shape["statement"]["predicate"]["promotion"] == "to-prod"
        assert [(each["hop"]["to"], each["verdict"]) for each in shape["decisions"]] == [("prod", "wait")]

    def test_a_revision_that_is_given_is_not_looked_up(self, ca: Any, run: Any) -> None:
        ran = run("approve", MODEL, "--promotion", "to-prod", "--revision", "r7")

        assert ran.code == 0
        assert newest(ca, "approval-payments", "r7", TO_PROD).answer.result == "PASSED"


class TestChecks:
    @pytest.mark.parametrize("result", ["passed", "failed", "warned"])
    def test_the_answer_is_about_the_repository_whose_promotion_asks(
        self, ca: Any, run: Any, result: str
    ) -> None:
        revision = publish(ca)

        ran = run("answer", MODEL, "--check", "sca", "--result", result)

        assert newest(ca, "check-sca", revision).answer.result == result.upper()
        assert "check sca" not in ran.out or result == "failed"
        assert "  no  check" in ran.out  # qa has not answered

    def test_several_repositories_with_one_revision_need_no_choice(self, ca: Any, run: Any) -> None:
        revision = publish(ca)
        copy(ca, "1.0")
        rules = f"{CHECKED}\n" + promotion("two", "staging -> prod", MODELS, checks=["sca"])
        ran = run("answer", MODEL, "--check", "sca", "--result", "passed", rules=rules)
        assert ran.code == 0
        assert newest(ca, "check-sca", revision).answer.result == "PASSED"

    def test_several_revisions_have_to_be_told_apart(self, ca: Any, run: Any) -> None:
        publish(ca)
        other = publish(ca, "staging")
        rules = f"{CHECKED}\n" + promotion("two", "staging -> prod", MODELS, checks=["sca"])
        asked = ("answer", MODEL, "--check", "sca", "--result", "passed")
        ran = run(*asked, rules=rules)
        assert (ran.code, ran.out) == (2, "")
        assert "has another revision in each of dev, staging; use --in to say which one is meant" in ran.err
        assert run(*asked, "--in", "staging", rules=rules).code == 0
        assert newest(ca, "check-sca", other).answer.result == "PASSED"


class TestPrint:
    @pytest.mark.parametrize(
        "command",
        [
            ("approve", MODEL, "--promotion", "to-prod"),
            ("answer", MODEL, "--check", "sca", "--result", "warned", "--in", "dev"),
        ],
    )
    def test_the_line_does_the_same_in_a_shell(
        self, ca: Any, run: Any, server: Server, tmp_path: Path, command: tuple[str, ...]
    ) -> None:
        revision = publish(ca)
        copy(ca, "1.0")
        reason = 'it\'s "fine" $HOME `id` \\n %s ü!'

        ran = run(*command, "--print", reason=reason)

        assert nothing_published(ca)
        assert len(ran.lines) == 1
        Shell(tmp_path, server).run("bash", "-c", ran.out)
        hop = TO_PROD if command[0] == "approve" else None
        namespace = "approval-payments" if command[0] == "approve" else "check-sca"
        answer = newest(ca, namespace, revision, hop).answer
        assert (answer.reason, answer.by) == (reason, "")

    def test_only_the_version_is_looked_up(self, ca: Any, run: Any, server: Server) -> None:
        publish(ca, "staging")
        server.calls.clear()
        run("approve", MODEL, "--promotion", "to-prod", "--print")
        assert [str(each) for each in server.calls] == ["DescribePackageVersion"]


class TestMistakes:
    """Each is one sentence with a fix, and publishes nothing."""

    @pytest.mark.parametrize(
        ("command", "rules", "code", "text"),
        [
            (
                ("approve", MODEL, "--promotion", "to-prd"),
                BOTH,
                2,
                'there is no promotion "to-prd"; did you mean "to-prod"?',
            ),
            (
                ("approve", MODEL, "--promotion", "to-staging"),
                BOTH,
                2,
                'promotion "to-staging" asks for no approval; those that do: to-prod',
            ),
            (
                ("approve", "pkg:npm/left-pad@1.0", "--promotion", "to-prod"),
                BOTH,
                1,
                'promotion "to-prod" does not select left-pad',
            ),
            (
                ("approve", MODEL, "--promotion", "to-prod"),
                BOTH,
                1,
                "acme/model 1.0 is not in staging of domain",
            ),
            (("approve", "pkg:generic/acme/model", "--promotion", "to-prod"), BOTH, 2, "has no version"),
            (
                ("answer", MODEL, "--check", "sac", "--result", "passed"),
                BOTH,
                2,
                'no promotion asks for check "sac"; did you mean "sca"?',
            ),
            (
                ("answer", "pkg:npm/left-pad@1.0", "--check", "sca", "--result", "passed"),
                BOTH,
                1,
                'no promotion asks for check "sca" about left-pad',
            ),
            (
                ("answer", MODEL, "--check", "sca", "--result", "passed", "--in", "staging"),
                BOTH,
                2,
                'no promotion from "staging" asks for check "sca" about acme/model; those from dev do',
            ),
            (
                ("refuse", MODEL, "--promotion", "to-staging"),
                promotion("to-staging", packages=MODELS),
                2,
                'has no repository of answers; add evidence = "REPOSITORY", see docs/checks.md',
            ),
        ],
    )
    def test_what_the_rules_do_not_have(
        self, ca: Any, run: Any, command: tuple[str, ...], rules: str, code: int, text: str
    ) -> None:
        publish(ca)

        ran = run(*command, rules=rules)

        assert (ran.code, ran.out) == (code, "")
        assert text in ran.err
        assert ran.err.count("\n") == 1
        assert nothing_published(ca)

    def test_a_version_that_is_not_published(self, ca: Any, run: Any) -> None:
        publish(ca)
        archive(ca, "1.0")
        ran = run("answer", MODEL, "--check", "sca", "--result", "passed")
        assert "acme/model 1.0 is Archived in dev; only Published versions are promoted" in ran.err
        assert ran.code == 1

    def test_another_promotion_decides(self, ca: Any, run: Any) -> None:
        publish(ca)
        rules = promotion("ours", packages=MODELS, origin="internal") + promotion(
            "others", packages=MODELS, approval=True
        )
        ran = run("approve", MODEL, "--promotion", "others", rules=rules)
        assert (
            ran.err
            == 'promotion "others" does not decide about acme/model 1.0 on dev -> staging: "ours" does\n'
        )
        assert ran.code == 1

    def test_an_answer_that_is_too_large(self, ca: Any, run: Any) -> None:
        publish(ca)
        ran = run("answer", MODEL, "--check", "sca", "--result", "passed", reason="x" * 70_000)
        assert "the answer is larger than 64 KiB; shorten --reason and link the rest: --url" in ran.err
        assert nothing_published(ca)

    def test_who_may_not_answer_learns_who_may(
        self, ca: Any, run: Any, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(ca)
        developer = as_user(Aws(server.url), "developer", EVERYTHING)
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "codeartifact:PublishPackageVersion",
            "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/sca"]}},
        }
        ca.put_repository_permissions_policy(
            domain="acme",
            repository="evidence",
            policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [deny]}),
        )
        for name, value in developer.credentials:
            monkeypatch.setenv(name.upper(), value)

        ran = run("answer", MODEL, "--check", "sca", "--result", "passed")

        assert ran.code == 3
        assert "cannot publish the answer: " in ran.err
        assert "Only the principals of namespace check-sca may publish in generic/check-sca/" in ran.err
        assert ran.err.endswith("docs/checks.md#who-may-answer\n")
        monkeypatch.undo()

    @pytest.mark.parametrize("name", ["approve", "answer", "pending"])
    def test_no_permission(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setattr(clients, "user_clients", lambda _: lambda _: DeniedClient())
        file = tmp_path / "rules.toml"
        file.write_text(rules_text(BOTH))
        more = {
            "approve": (MODEL, "--promotion", "to-prod", "--reason", "x"),
            "answer": (MODEL, "--check", "sca", "--result", "passed", "--reason", "x"),
            "pending": (),
        }
        ran = promoter(name, *more[name], "--rules", file)
        assert ran.code == 3
        assert "ask for the permission that the message names" in ran.err
