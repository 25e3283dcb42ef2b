"""The resource policies of domains, and what they allow."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator_support.codeartifact_calls import publish_generic
from emulator_support.emulated_aws import ACCOUNT, Aws
from emulator_support.iam_principals import EVERYTHING, as_role, policy

EVERYBODY = {**EVERYTHING, "Principal": "*"}


def test_a_policy_is_read_replaced_and_deleted_by_its_revision(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.get_domain_permissions_policy(domain="acme")
    document = policy(EVERYBODY)

    first = ca.put_domain_permissions_policy(domain="acme", policyDocument=document)[
        "policy"
    ]
    second = ca.put_domain_permissions_policy(
        domain="acme", policyDocument=document, policyRevision=first["revision"]
    )["policy"]

    assert first["revision"] != second["revision"]
    assert second["resourceArn"].endswith(f":{ACCOUNT}:domain/acme")
    assert json.loads(second["document"]) == json.loads(document)
    assert ca.get_domain_permissions_policy(domain="acme")["policy"] == second
    with pytest.raises(ca.exceptions.ConflictException):
        ca.delete_domain_permissions_policy(
            domain="acme", policyRevision=first["revision"]
        )
    assert ca.delete_domain_permissions_policy(domain="acme")["policy"] == second
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.delete_domain_permissions_policy(domain="acme")


def test_a_malformed_policy_is_refused(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ValidationException, match="policy document"):
        ca.put_domain_permissions_policy(domain="acme", policyDocument="{}")


def test_an_unknown_domain_has_no_policy(ca: Any) -> None:
    with pytest.raises(ca.exceptions.ResourceNotFoundException, match="Domain not"):
        ca.get_domain_permissions_policy(domain="other")


def test_a_domain_denies_what_its_repositories_allow(aws: Aws, ca: Any) -> None:
    writer = as_role(aws, "writer", EVERYTHING).client("codeartifact")
    publish_generic(writer, "1")

    deny = {
        **EVERYBODY,
        "Effect": "Deny",
        "Action": "codeartifact:PublishPackageVersion",
    }
    ca.put_domain_permissions_policy(domain="acme", policyDocument=policy(deny))

    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        publish_generic(writer, "2")


def test_a_domain_allows_another_account_in_all_repositories(aws: Aws, ca: Any) -> None:
    visitor = aws.as_account("210987654321").client("codeartifact")
    with pytest.raises(ClientError, match="no resource-based policy"):
        publish_generic(visitor, "1", domainOwner=ACCOUNT)

    account = {**EVERYTHING, "Principal": {"AWS": "210987654321"}}
    ca.put_domain_permissions_policy(domain="acme", policyDocument=policy(account))

    publish_generic(visitor, "1", domainOwner=ACCOUNT)
    publish_generic(visitor, "1", to="prod", domainOwner=ACCOUNT)
