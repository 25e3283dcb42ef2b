"""The policy of the repository of answers, evaluated by the emulator."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from emulator_support.codeartifact_calls import MODEL, copy, publish_generic
from emulator_support.emulated_aws import ACCOUNT, REGION, Aws
from emulator_support.iam_principals import EVERYTHING, as_role, as_user, role_arn
from emulator_support.package_uploads import endpoint
from moto_codeartifact.server import Server
from promoter.waiting.evidence_policy import MAX_CHARACTERS, EvidenceRepository, write_policy

EVIDENCE = EvidenceRepository(domain="acme", account=ACCOUNT, region=REGION, repository="evidence")
PUT = {"domain": "acme", "repository": "evidence"}


def answer(client: Any, namespace: str, version: str = "1") -> Any:
    """Publish an answer."""
    return publish_generic(client, version, to="evidence", namespace=namespace)


def denied(call: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    """Make a call that must be denied. Return the message."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    return str(caught.value.response["Error"]["Message"])


@pytest.fixture
def evidence(ca: Any) -> Any:
    """An administrator's client, and an evidence repository in which only checkers and approvers answer."""
    ca.create_repository(domain="acme", repository="evidence")
    principals = {
        "check-sca": [role_arn("sca")],
        "check-qa": [role_arn("qa")],
        "approval": [role_arn("lead*")],
    }
    ca.put_repository_permissions_policy(**PUT, policyDocument=write_policy(EVIDENCE, principals))
    return ca


def test_a_checker_answers_its_own_check_and_no_other(aws: Aws, evidence: Any) -> None:
    sca = as_role(aws, "sca", EVERYTHING).client("codeartifact")

    answer(sca, "check-sca")

    message = denied(answer, sca, "check-qa")
    assert message == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/sca/a-session is not authorized to perform: "
        f"codeartifact:PublishPackageVersion on resource: {EVIDENCE.package_arn('generic/check-qa/model')} "
        "with an explicit deny in a resource-based policy"
    )
    denied(answer, sca, "approval")
    denied(answer, sca, "check-sca-2")


def test_a_principal_of_a_pattern_answers(aws: Aws, evidence: Any) -> None:
    answer(as_role(aws, "lead-payments", EVERYTHING).client("codeartifact"), "approval")


@pytest.mark.parametrize("create", [as_role, as_user])
def test_who_may_do_everything_can_neither_answer_nor_change_an_answer(
    aws: Aws, evidence: Any, create: Callable[..., Aws]
) -> None:
    answer(as_role(aws, "sca", EVERYTHING).client("codeartifact"), "check-sca")
    developer = create(aws, "developer", EVERYTHING).client("codeartifact")
    publish_generic(developer, "1", namespace="check-sca")
    package = {**MODEL, "namespace": "check-sca", "repository": "evidence"}

    for namespace in ("check-sca", "check-qa", "approval", "approval-payments", "anything"):
        denied(answer, developer, namespace, "2")
    denied(copy, developer, "1", to="evidence", namespace="check-sca")
    denied(developer.update_package_versions_status, **package, versions=["1"], targetStatus="Archived")
    denied(developer.dispose_package_versions, **package, versions=["1"])
    denied(developer.delete_package_versions, **package, versions=["1"])
    denied(developer.delete_package, **package)
    [listed] = evidence.list_package_versions(**package)["versions"]
    assert (listed["version"], listed["status"]) == ("1", "Published")


def test_not_even_the_checker_or_the_administrator_changes_an_answer(aws: Aws, evidence: Any) -> None:
    sca = as_role(aws, "sca", EVERYTHING).client("codeartifact")
    answer(sca, "check-sca")
    package = {**MODEL, "namespace": "check-sca", "repository": "evidence"}

    for client in (sca, evidence):
        denied(client.delete_package_versions, **package, versions=["1"])
        denied(client.update_package_versions_status, **package, versions=["1"], targetStatus="Unlisted")
    denied(answer, evidence, "check-sca", "2")


def test_package_managers_cannot_publish_to_the_evidence_repository(server: Server, server_ca: Any) -> None:
    server_ca.create_repository(domain="acme", repository="evidence")
    server_ca.put_repository_permissions_policy(**PUT, policyDocument=write_policy(EVIDENCE, {}))
    upload = {":action": "file_upload", "name": "widget", "version": "1.0"}
    client = as_role(Aws(server.url), "developer", EVERYTHING).client("codeartifact")

    statuses = [
        requests.post(
            endpoint(client, "pypi", repository)[0],
            data=upload,
            files={"content": ("widget-1.0.tar.gz", b"x")},
            auth=("aws", client.get_authorization_token(domain="acme")["authorizationToken"]),
            timeout=10,
        ).status_code
        for repository in ("dev", "evidence")
    ]

    assert statuses == [200, 403]


def test_several_namespaces_fit_into_a_policy(evidence: Any) -> None:
    checks = [f"check-{name}" for name in ("sca", "qa", "licences", "size", "load", "legal")]
    approvals = ["approval", "approval-payments", "approval-web", "approval-platform"]
    principals = {
        namespace: [role_arn(f"delivery/{namespace}"), role_arn("aws-reserved/sso.amazonaws.com/*lead*")]
        for namespace in checks + approvals
    }

    document = write_policy(EVIDENCE, principals)

    assert len(document) <= MAX_CHARACTERS
    evidence.put_repository_permissions_policy(**PUT, policyDocument=document)
    with pytest.raises(ClientError, match="policyDocument has"):
        evidence.put_repository_permissions_policy(**PUT, policyDocument=document.ljust(MAX_CHARACTERS + 1))
