"""The evaluation of policy documents, without requests."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moto_codeartifact.policies import (
    Effects,
    PolicyError,
    PolicyRequest,
    find_effects,
    read_statements,
    require_resource_policy,
)
from moto_codeartifact.wildcards import matches, matches_arn

ROLE = "arn:aws:iam::123456789012:role/ci"
SESSION = "arn:aws:sts::123456789012:assumed-role/ci/session"
PACKAGE = "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/evidence/generic/check-sca/a"
REQUEST = PolicyRequest(
    action="codeartifact:PublishPackageVersion",
    resource=PACKAGE,
    arns=frozenset({ROLE, SESSION}),
    account="123456789012",
    context={"aws:principalarn": ROLE, "aws:principalaccount": "123456789012"},
)
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "codeartifact:*", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}


def without(statement: dict[str, Any], part: str, **more: Any) -> dict[str, Any]:
    """Return the statement with other elements instead of one."""
    return {
        **{name: value for name, value in statement.items() if name != part},
        **more,
    }


def condition(operator: str, key: str, *wanted: str) -> dict[str, Any]:
    """Return an Allow with a condition."""
    return {**ALLOW, "Condition": {operator: {key: list(wanted)}}}


APPLIES = [
    ("everything", ALLOW),
    (
        "the action, in another case",
        {**ALLOW, "Action": "CodeArtifact:publishPACKAGEversion"},
    ),
    (
        "one of several actions",
        {**ALLOW, "Action": ["s3:Get*", "codeartifact:Publish*"]},
    ),
    (
        "a question mark in the action",
        {**ALLOW, "Action": "codeartifact:?ublishPackageVersion"},
    ),
    (
        "no action but others",
        without(ALLOW, "Action", NotAction="codeartifact:Delete*"),
    ),
    ("the package", {**ALLOW, "Resource": PACKAGE}),
    ("its namespace", {**ALLOW, "Resource": f"{PACKAGE[:-1]}*"}),
    ("a star over colons", {**ALLOW, "Resource": "arn:aws:codeartifact:*/check-sca/*"}),
    ("no resource but others", without(ALLOW, "Resource", NotResource=f"{PACKAGE}b*")),
    ("everybody", {**ALLOW, "Principal": "*"}),
    ("every AWS principal", {**ALLOW, "Principal": {"AWS": "*"}}),
    (
        "the role",
        {**ALLOW, "Principal": {"AWS": ["arn:aws:iam::123456789012:role/other", ROLE]}},
    ),
    ("the session", {**ALLOW, "Principal": {"AWS": SESSION}}),
    ("ArnLike", condition("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/c?")),
    (
        "ArnEquals has wildcards, too",
        condition("ArnEquals", "AWS:principalARN", "arn:aws:iam::*:role/*"),
    ),
    (
        "ArnNotLike",
        condition("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/other"),
    ),
    (
        "StringEquals",
        condition("StringEquals", "aws:PrincipalAccount", "1", "123456789012"),
    ),
    ("StringLike", condition("StringLike", "aws:PrincipalArn", "*:role/*")),
    ("StringNotEquals", condition("StringNotEquals", "aws:PrincipalAccount", "1", "2")),
    (
        "StringEqualsIgnoreCase",
        condition("StringEqualsIgnoreCase", "aws:PrincipalArn", ROLE.upper()),
    ),
    (
        "a missing key and a negated operator",
        condition("StringNotEquals", "aws:PrincipalOrgID", "o-1"),
    ),
    ("a missing key and ArnNotLike", condition("ArnNotLike", "aws:SourceArn", "*")),
    (
        "a missing key and IfExists",
        condition("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"),
    ),
    (
        "a negated operator with IfExists",
        condition("ArnNotLikeIfExists", "aws:SourceArn", "*"),
    ),
    ("Null of a missing key", condition("Null", "aws:PrincipalOrgID", "true")),
    ("Null of a key that is there", condition("Null", "aws:PrincipalArn", "false")),
]

DOES_NOT_APPLY = [
    ("another action", {**ALLOW, "Action": "codeartifact:CopyPackageVersions"}),
    ("another service", {**ALLOW, "Action": "s3:*"}),
    (
        "all actions but this one",
        without(ALLOW, "Action", NotAction=["codeartifact:Publish*"]),
    ),
    (
        "a resource in another case",
        {**ALLOW, "Resource": PACKAGE.replace("acme", "ACME")},
    ),
    ("another namespace", {**ALLOW, "Resource": PACKAGE.replace("sca", "qa")}),
    (
        "all resources but this one",
        without(ALLOW, "Resource", NotResource=f"{PACKAGE[:-1]}*"),
    ),
    (
        "another role",
        {**ALLOW, "Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}},
    ),
    (
        "a pattern of roles is no principal",
        {**ALLOW, "Principal": {"AWS": "arn:aws:iam::123456789012:role/*"}},
    ),
    ("a service", {**ALLOW, "Principal": {"Service": "lambda.amazonaws.com"}}),
    ("another account", {**ALLOW, "Principal": {"AWS": "210987654321"}}),
    (
        "ArnLike compares part by part",
        condition("ArnLike", "aws:PrincipalArn", "arn:*:role/ci"),
    ),
    (
        "ArnNotLike",
        condition("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/other", ROLE),
    ),
    (
        "StringEquals has no wildcards",
        condition("StringEquals", "aws:PrincipalArn", "*"),
    ),
    ("StringNotLike", condition("StringNotLike", "aws:PrincipalArn", "*:role/ci")),
    ("a missing key", condition("StringEquals", "aws:PrincipalOrgID", "o-1")),
    ("a missing key and ArnLike", condition("ArnLike", "aws:SourceArn", "*")),
    (
        "IfExists of a key that is there",
        condition("StringEqualsIfExists", "aws:PrincipalAccount", "1"),
    ),
    ("Null of a key that is there", condition("Null", "aws:PrincipalArn", "true")),
    (
        "one of two conditions",
        {
            **ALLOW,
            "Condition": {
                "ArnLike": {"aws:PrincipalArn": ROLE},
                "StringEquals": {"aws:PrincipalAccount": "1"},
            },
        },
    ),
]


def effects(*statements: dict[str, Any]) -> Effects:
    """Evaluate a document of these statements."""
    return find_effects(
        read_statements(json.dumps({"Statement": list(statements)})), REQUEST
    )


@pytest.mark.parametrize(
    "statement", [s for _, s in APPLIES], ids=[name for name, _ in APPLIES]
)
def test_a_statement_applies(statement: dict[str, Any]) -> None:
    assert effects(statement) == Effects(denied=False, allowed=True)
    assert effects({**statement, "Effect": "Deny"}) == Effects(
        denied=True, allowed=False
    )


@pytest.mark.parametrize(
    "statement",
    [s for _, s in DOES_NOT_APPLY],
    ids=[name for name, _ in DOES_NOT_APPLY],
)
def test_a_statement_does_not_apply(statement: dict[str, Any]) -> None:
    assert (
        effects(statement)
        == effects({**statement, "Effect": "Deny"})
        == Effects(denied=False, allowed=False)
    )


@pytest.mark.parametrize("account", ["123456789012", "arn:aws:iam::123456789012:root"])
def test_a_whole_account_is_denied_directly_and_allowed_by_delegation(
    account: str,
) -> None:
    principal = {"Principal": {"AWS": account}}

    assert effects({**DENY, **principal}).denied
    assert effects({**ALLOW, **principal}) == Effects(
        denied=False, allowed=False, delegated=True
    )


def test_a_denial_and_a_permission_are_both_found() -> None:
    assert effects(ALLOW, DENY) == Effects(denied=True, allowed=True)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no Statement"),
        ('{"Statement": [{}]}', "Effect"),
        (
            json.dumps({"Statement": {**ALLOW, "NotAction": "*"}}),
            "either Action or NotAction",
        ),
        (
            json.dumps({"Statement": without(ALLOW, "Resource")}),
            "either Resource or NotResource",
        ),
        (json.dumps({"Statement": {**ALLOW, "NotPrincipal": "*"}}), "NotPrincipal"),
        (
            json.dumps({"Statement": {**ALLOW, "Resource": "${aws:username}"}}),
            "policy variables",
        ),
        (
            json.dumps({"Statement": condition("IpAddress", "aws:SourceIp", "::1")}),
            "IpAddress",
        ),
        (
            json.dumps(
                {"Statement": condition("ForAnyValue:StringLike", "aws:TagKeys", "x")}
            ),
            "ForAnyValue",
        ),
    ],
)
def test_a_document_that_cannot_be_evaluated_is_an_error(
    document: str, problem: str
) -> None:
    with pytest.raises(PolicyError, match=problem):
        read_statements(document)


def test_a_resource_policy_names_principals() -> None:
    require_resource_policy(json.dumps({"Statement": {**ALLOW, "Principal": "*"}}))
    with pytest.raises(PolicyError, match="Principal"):
        require_resource_policy(json.dumps({"Statement": ALLOW}))


def naive(pattern: str, text: str) -> bool:
    """Match by the definition, one character after the other."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return naive(pattern[1:], text) or (bool(text) and naive(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and naive(pattern[1:], text[1:])


@given(st.text("ab*?.[", max_size=8), st.text("ab*?.[\n", max_size=8))
def test_wildcards_match_as_the_naive_definition(pattern: str, text: str) -> None:
    assert matches(pattern, text) == naive(pattern, text)


@given(st.text(max_size=20))
def test_a_text_without_wildcards_matches_itself_only(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")

    assert matches(plain, plain)
    assert not matches(plain, plain + "x")
    assert matches(f"{plain}*", plain + "x")


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        (ROLE, True),
        ("*", True),
        ("arn:aws:iam::123456789012:*", True),
        ("arn:aws:iam:*:*:role/*", True),
        ("arn:aws:iam", True),
        ("arn:aws:sts", False),
        ("arn:aws:iam:*:role/ci", False),
        ("arn:aws:iam::123456789012:role/CI", False),
    ],
)
def test_each_part_of_an_arn_matches_alone(pattern: str, matched: bool) -> None:
    assert matches_arn(pattern, ROLE) == matched


def test_many_stars_are_fast() -> None:
    assert not matches("*a" * 12 + "*b", "a" * 60)
