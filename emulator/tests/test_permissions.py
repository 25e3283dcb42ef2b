"""Users and roles whose policies allow what they do, and repositories whose policies deny it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from emulator_support.codeartifact_calls import MODEL, copy, publish_generic
from emulator_support.emulated_aws import ACCOUNT, REGION, Aws
from emulator_support.iam_principals import (
    EVERYTHING,
    as_role,
    as_user,
    policy,
    role_arn,
)
from emulator_support.package_uploads import endpoint
from moto_codeartifact.server import Server

PACKAGES = f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:package/acme"


def answer(client: Any, namespace: str, version: str = "1") -> Any:
    """Publish an answer."""
    return publish_generic(client, version, to="evidence", namespace=namespace)


def set_policy(client: Any, repository: str, *statements: Any) -> None:
    """Replace a repository's policy."""
    client.put_repository_permissions_policy(
        domain="acme", repository=repository, policyDocument=policy(*statements)
    )


def denied(call: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    """Make a call that must be denied. Return the message."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **more)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    return str(caught.value.response["Error"]["Message"])


def test_a_token_acts_for_the_one_who_got_it(server: Server, server_ca: Any) -> None:
    only_widget = {
        "Effect": "Allow",
        "Action": "codeartifact:PublishPackageVersion",
        "Resource": f"{PACKAGES}/dev/maven/com.acme/widget",
    }
    client = as_role(Aws(server.url), "ci", only_widget).client("codeartifact")
    token = client.get_authorization_token(domain="acme")["authorizationToken"]

    def put(path: str) -> int:
        url = endpoint(client, "maven")[0] + path
        return requests.put(url, b"x", auth=("aws", token), timeout=10).status_code

    assert put("com/acme/widget/1.0/widget-1.0.jar") == 201
    assert put("com/acme/other/1.0/other-1.0.jar") == 403
    # the version's files alone are not enough to complete it
    assert put("com/acme/widget/maven-metadata.xml") == 403


def test_a_slash_before_the_star_keeps_namespaces_apart(aws: Aws, ca: Any) -> None:
    ca.create_repository(domain="acme", repository="evidence")
    lead = as_role(aws, "lead", EVERYTHING).client("codeartifact")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "codeartifact:PublishPackageVersion",
    }

    set_policy(
        ca, "evidence", {**deny, "Resource": f"{PACKAGES}/evidence/generic/approval*"}
    )
    denied(answer, lead, "approval")
    denied(answer, lead, "approval-payments")

    set_policy(
        ca, "evidence", {**deny, "Resource": f"{PACKAGES}/evidence/generic/approval/*"}
    )
    denied(answer, lead, "approval")
    answer(lead, "approval-payments")


def allow(action: str, resource: str = "*") -> dict[str, str]:
    """Return a statement."""
    return {"Effect": "Allow", "Action": f"codeartifact:{action}", "Resource": resource}


DESTINATION = f"arn:aws:codeartifact:{REGION}:{ACCOUNT}:repository/acme/staging"
COPIED = DESTINATION.replace("repository", "package", 1) + "/generic/acme/model"


def test_without_an_allow_a_call_is_denied(aws: Aws, ca: Any) -> None:
    reader = as_role(aws, "reader", allow("Get*")).client("codeartifact")

    message = denied(publish_generic, reader, "1")

    assert message.endswith(
        "because no identity-based policy allows the codeartifact:PublishPackageVersion action"
    )


def test_a_copy_needs_the_destination_and_its_package(aws: Aws, ca: Any) -> None:
    publish_generic(ca, "1")
    half = as_role(aws, "half", allow("CopyPackageVersions", COPIED)).client(
        "codeartifact"
    )
    whole = as_role(
        aws,
        "whole",
        allow("CopyPackageVersions", COPIED),
        allow("CopyPackageVersions", DESTINATION),
    ).client("codeartifact")

    denied(copy, half, "1")
    assert copy(whole, "1")["successfulVersions"].keys() == {"1"}


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ("*", True),
        ({"AWS": role_arn("reader")}, True),
        ({"AWS": role_arn("other")}, False),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, False),
    ],
)
def test_a_repository_allows_a_principal_of_its_account(
    aws: Aws, ca: Any, principal: Any, allowed: bool
) -> None:
    set_policy(ca, "dev", {**allow("PublishPackageVersion"), "Principal": principal})
    reader = as_role(aws, "reader").client("codeartifact")

    if allowed:
        publish_generic(reader, "1")
    else:
        denied(publish_generic, reader, "1")


def test_a_denial_in_an_identity_policy_wins(aws: Aws, ca: Any) -> None:
    user = as_user(
        aws, "ann", EVERYTHING, {**allow("Publish*"), "Effect": "Deny"}
    ).client("codeartifact")

    assert denied(publish_generic, user, "1").endswith(
        "with an explicit deny in an identity-based policy"
    )


def test_policies_of_groups_and_managed_policies_count(aws: Aws, ca: Any) -> None:
    iam = aws.client("iam")
    users = [as_user(aws, name).client("codeartifact") for name in ("ann", "bob")]
    for user in users:
        denied(publish_generic, user, "1")

    iam.create_group(GroupName="publishers")
    iam.put_group_policy(
        GroupName="publishers", PolicyName="own", PolicyDocument=policy(EVERYTHING)
    )
    iam.add_user_to_group(GroupName="publishers", UserName="ann")
    created = iam.create_policy(
        PolicyName="publish", PolicyDocument=policy(EVERYTHING)
    )["Policy"]
    iam.attach_user_policy(UserName="bob", PolicyArn=created["Arn"])

    for number, user in enumerate(users):
        publish_generic(user, str(number))


def test_another_account_needs_both_policies(aws: Aws, ca: Any) -> None:
    visitor = aws.as_account("210987654321").client("codeartifact")
    owner = {"domainOwner": ACCOUNT}

    assert "no resource-based policy" in denied(publish_generic, visitor, "1", **owner)

    account = {"Principal": {"AWS": "210987654321"}}
    set_policy(ca, "dev", {**allow("PublishPackageVersion"), **account})
    publish_generic(visitor, "1", **owner)


def test_an_unknown_access_key_is_the_administrators_whom_a_repository_may_deny(
    ca: Any,
) -> None:
    publish_generic(ca, "1")

    root = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:root"}}
    set_policy(
        ca, "dev", {**allow("*"), "Effect": "Deny", "Principal": "*", "Condition": root}
    )

    denied(publish_generic, ca, "2")


def test_a_policy_is_read_replaced_and_deleted_by_its_revision(ca: Any) -> None:
    dev = {"domain": "acme", "repository": "dev"}
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.get_repository_permissions_policy(**dev)
    documents = [
        policy({**allow(action), "Principal": "*"}) for action in ("Get*", "List*")
    ]

    first = ca.put_repository_permissions_policy(**dev, policyDocument=documents[0])[
        "policy"
    ]
    second = ca.put_repository_permissions_policy(
        **dev, policyDocument=documents[1], policyRevision=first["revision"]
    )["policy"]

    with pytest.raises(ca.exceptions.ConflictException):
        ca.put_repository_permissions_policy(
            **dev, policyDocument=documents[0], policyRevision=first["revision"]
        )
    with pytest.raises(ca.exceptions.ConflictException):
        ca.delete_repository_permissions_policy(**dev, policyRevision=first["revision"])
    assert ca.get_repository_permissions_policy(**dev)["policy"] == second
    assert second["resourceArn"].endswith(":repository/acme/dev")
    assert json.loads(second["document"]) == json.loads(documents[1])
    deleted = ca.delete_repository_permissions_policy(
        **dev, policyRevision=second["revision"]
    )["policy"]
    assert deleted == second
    with pytest.raises(ca.exceptions.ResourceNotFoundException):
        ca.delete_repository_permissions_policy(**dev)


@pytest.mark.parametrize(
    "document", ["no JSON", policy(allow("Get*")), policy({"Effect": "Maybe"})]
)
def test_a_malformed_policy_is_refused(ca: Any, document: str) -> None:
    with pytest.raises(ca.exceptions.ValidationException):
        ca.put_repository_permissions_policy(
            domain="acme", repository="dev", policyDocument=document
        )


def test_a_policy_that_cannot_be_evaluated_fails_the_call(aws: Aws, ca: Any) -> None:
    user = as_user(
        aws, "ann", {**EVERYTHING, "Condition": {"IpAddress": {"aws:SourceIp": "::1"}}}
    )

    with pytest.raises(ClientError, match="IpAddress"):
        publish_generic(user.client("codeartifact"), "1")


def test_a_policy_may_have_lines_but_no_other_control_characters(ca: Any) -> None:
    document = json.dumps(
        json.loads(policy({**allow("Get*"), "Principal": "*"})), indent=2
    )
    dev = {"domain": "acme", "repository": "dev"}

    ca.put_repository_permissions_policy(**dev, policyDocument=document)
    with pytest.raises(ca.exceptions.ValidationException):
        ca.put_repository_permissions_policy(**dev, policyDocument=document + "\x00")


def test_asset_digests_are_not_what_is_denied(aws: Aws, ca: Any) -> None:
    # a wrong digest is reported only to those who may publish
    reader = as_role(aws, "reader").client("codeartifact")
    wrong = hashlib.sha256(b"other").hexdigest()

    denied(
        reader.publish_package_version,
        **MODEL,
        repository="dev",
        packageVersion="1",
        assetName="a",
        assetContent=b"x",
        assetSHA256=wrong,
    )
