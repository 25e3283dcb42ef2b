"""The policy of docs/checks.md in the local AWS: who may answer, and that nobody changes an answer."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict

from emulator_support.codeartifact_calls import MODEL, copy, create_repositories, publish_generic
from emulator_support.emulated_aws import REGION, Aws
from emulator_support.iam_principals import EVERYTHING, as_role, as_user
from emulator_support.package_uploads import put_npm
from moto_codeartifact.server import Server, start_server
from tests.support.command_line import Ran, promoter
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "checks.md").read_text("utf-8")
WIDGET = "pkg:npm/@acme/widget@1.5.0"
ANSWER = {**MODEL, "repository": "evidence", "namespace": "check-sca"}
NAMESPACES = ("check-sca", "check-size", "approval-payments")


def block(language: str, word: str) -> str:
    """Return the block of the page that has a word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [found] = [each for each in blocks if word in each]
    return str(found)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server
    BackendDict.reset()


@dataclass(frozen=True)
class Domain:
    """The domain of the page, with the policy pasted, and an answer to check sca."""

    aws: Aws
    admin: Any

    def role(self, name: str) -> Any:
        """A client of a role that may do everything, as far as its own policy goes."""
        return as_role(self.aws, name, EVERYTHING).client("codeartifact")


@pytest.fixture
def domain(server: Server, monkeypatch: pytest.MonkeyPatch) -> Domain:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    BackendDict.reset()
    aws = Aws(server.url)
    admin = aws.client("codeartifact")
    create_repositories(admin)
    policy = block("json", "OnlyTheScannerAnswersSca")
    admin.put_repository_permissions_policy(domain="acme", repository="evidence", policyDocument=policy)
    return Domain(aws, admin)


def answer(client: Any, namespace: str, version: str = "1") -> None:
    """Publish a package as an answer is published."""
    publish_generic(client, version, to="evidence", namespace=namespace, asset="statement.json")


def is_denied(call: Callable[..., Any], *arguments: Any, **more: Any) -> bool:
    """Make a call. Return True if the repository's policy denies it, False if it succeeds."""
    try:
        call(*arguments, **more)
    except ClientError as error:
        if "explicit deny in a resource-based policy" in error.response["Error"]["Message"]:
            return True
        raise
    return False


def answers_in(domain: Domain) -> dict[str, str]:
    listed = domain.admin.list_package_versions(**ANSWER)["versions"]
    return {each["version"]: each["status"] for each in listed}


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("sca-scanner", "check-sca"),
        ("size-check", "check-size"),
        ("payments-lead", "approval-payments"),
        ("developer", None),
    ],
)
def test_each_role_answers_its_own_namespace_only(domain: Domain, role: str, own: str | None) -> None:
    client = domain.role(role)

    others = (*NAMESPACES, "check-qa", "check-sca-2", "check-s", "approval", "approval-web", "acme")
    allowed = [namespace for namespace in others if not is_denied(answer, client, namespace)]

    assert allowed == ([own] if own else [])


CHANGES: dict[str, Callable[[Any], Any]] = {
    "publish": lambda client: publish_generic(
        client, "1", b"y", to="evidence", namespace="check-sca", asset="other.json"
    ),
    "answer": lambda client: answer(client, "check-sca", "3"),
    "copy": lambda client: copy(client, "2", to="evidence", namespace="check-sca"),
    "archive": lambda client: client.update_package_versions_status(
        **ANSWER, versions=["1"], targetStatus="Archived"
    ),
    "unlist": lambda client: client.update_package_versions_status(
        **ANSWER, versions=["1"], targetStatus="Unlisted"
    ),
    "dispose": lambda client: client.dispose_package_versions(**ANSWER, versions=["1"]),
    "delete the version": lambda client: client.delete_package_versions(**ANSWER, versions=["1"]),
    "delete the package": lambda client: client.delete_package(**ANSWER),
}


@pytest.mark.parametrize("create", [as_role, as_user])
@pytest.mark.parametrize("action", CHANGES)
def test_a_developer_who_may_do_everything_can_neither_answer_nor_change_an_answer(
    domain: Domain, create: Callable[..., Aws], action: str
) -> None:
    answer(domain.role("sca-scanner"), "check-sca")
    developer = create(domain.aws, "developer", EVERYTHING).client("codeartifact")
    publish_generic(developer, "2", namespace="check-sca")  # in dev the developer may do it

    assert is_denied(CHANGES[action], developer)

    assert answers_in(domain) == {"1": "Published"}


@pytest.mark.parametrize("action", [each for each in CHANGES if each not in ("publish", "answer")])
def test_without_the_policy_the_same_developer_could(domain: Domain, action: str) -> None:
    """So it is the policy that denies, and not the developer's own permissions."""
    domain.admin.delete_repository_permissions_policy(domain="acme", repository="evidence")
    developer = domain.role("developer")
    answer(developer, "check-sca")
    publish_generic(developer, "2", namespace="check-sca")

    assert not is_denied(CHANGES[action], developer)


@pytest.mark.parametrize("action", [each for each in CHANGES if each not in ("publish", "answer")])
def test_not_even_the_checker_changes_its_answers(domain: Domain, action: str) -> None:
    scanner = domain.role("sca-scanner")
    answer(scanner, "check-sca")
    publish_generic(scanner, "2", namespace="check-sca")

    assert is_denied(CHANGES[action], scanner)


def test_the_command_line_answers_as_the_role_that_it_has(
    domain: Domain, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(block("toml", "[[promotion]]"))
    put_npm(domain.admin, "@acme/widget", "1.5.0", to="staging").raise_for_status()
    for name, value in as_role(domain.aws, "sca-scanner", EVERYTHING).credentials:
        monkeypatch.setenv(name.upper(), value)

    def passes(check: str) -> Ran:
        more = ("--result", "passed", "--reason", "x", "--rules", tmp_path / "rules.toml")
        return promoter("answer", WIDGET, "--check", check, *more)

    assert passes("sca").code == 0
    refused = passes("size")
    assert refused.code == 3
    assert "Only the principals of namespace check-size may publish in generic/check-size/" in refused.err
    listed = domain.admin.list_packages(domain="acme", repository="evidence")["packages"]
    assert [each["namespace"] for each in listed] == ["check-sca"]
    statement = json.loads(
        domain.admin.get_package_version_asset(
            domain="acme",
            repository="evidence",
            format="generic",
            namespace="check-sca",
            package=listed[0]["package"],
            packageVersion=domain.admin.list_package_versions(
                domain="acme",
                repository="evidence",
                format="generic",
                namespace="check-sca",
                package=listed[0]["package"],
            )["versions"][0]["version"],
            asset="statement.json",
        )["asset"].read()
    )
    assert statement["predicate"]["by"].endswith(":assumed-role/sca-scanner/a-session")
