"""The resource policy of the evidence repository."""

import json

import pytest

from promoter.waiting.evidence_policy import (
    CHANGES,
    MAX_CHARACTERS,
    EvidenceRepository,
    PolicyTooLongError,
    write_policy,
)

PLACE = EvidenceRepository(domain="acme", account="123456789012", region="eu-west-1", repository="evidence")
PACKAGES = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/evidence"
SCA = "arn:aws:iam::123456789012:role/sca"
LEAD = "arn:aws:iam::123456789012:role/lead"


def test_a_namespace_takes_answers_of_its_principals_only() -> None:
    statements = json.loads(write_policy(PLACE, {"check-sca": [SCA], "approval": [LEAD]}))["Statement"]

    assert statements == [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["codeartifact:PublishPackageVersion"],
            "Resource": [f"{PACKAGES}/generic/approval/*"],
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": [LEAD]}},
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["codeartifact:PublishPackageVersion"],
            "Resource": [f"{PACKAGES}/generic/check-sca/*"],
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": [SCA]}},
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["codeartifact:PublishPackageVersion"],
            "NotResource": [f"{PACKAGES}/generic/approval/*", f"{PACKAGES}/generic/check-sca/*"],
        },
        {"Effect": "Deny", "Principal": "*", "Action": list(CHANGES), "Resource": "*"},
    ]


def test_namespaces_with_the_same_principals_share_a_statement() -> None:
    principals = {"check-sca": [SCA, LEAD], "check-qa": [LEAD, SCA, SCA]}

    first, *_ = json.loads(write_policy(PLACE, principals))["Statement"]

    assert first["Resource"] == [f"{PACKAGES}/generic/check-qa/*", f"{PACKAGES}/generic/check-sca/*"]
    assert first["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [LEAD, SCA]}}


def test_a_namespace_without_principals_takes_no_answers() -> None:
    statements = json.loads(write_policy(PLACE, {"check-sca": []}))["Statement"]

    assert [each["Action"] for each in statements if each["Resource"] == "*"] == [
        ["codeartifact:PublishPackageVersion"],
        list(CHANGES),
    ]


def test_another_partition_has_other_arns() -> None:
    china = EvidenceRepository(
        domain="acme", account="1", region="cn-north-1", repository="evidence", partition="aws-cn"
    )

    assert "arn:aws-cn:codeartifact:cn-north-1:1:package/acme/evidence/generic/check-sca/*" in write_policy(
        china, {"check-sca": [SCA]}
    )


def test_a_policy_that_is_too_long_is_an_error() -> None:
    arns = [f"arn:aws:iam::123456789012:role/a-long-path/checker-{number:03}" for number in range(130)]

    with pytest.raises(PolicyTooLongError, match=f"a repository takes {MAX_CHARACTERS}"):
        write_policy(PLACE, {"check-sca": arns})
