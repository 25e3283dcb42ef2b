"""The check of the evidence repository's policy."""

import json
from typing import Any

import pytest

from promoter.inspection.evidence_policy_check import check_policy
from promoter.waiting.evidence_policy import EvidenceRepository, write_policy

PLACE = EvidenceRepository(domain="acme", account="123456789012", region="eu-west-1", repository="evidence")
ROLE = "arn:aws:iam::123456789012:role/"
NAMESPACES = ("approval", "check-sca")
PRINCIPALS = {"approval": [f"{ROLE}lead*"], "check-sca": [f"{ROLE}sca"]}

OPEN = "the policy of evidence lets principals that it does not name answer {}"
OTHERS = "the policy of evidence lets somebody publish packages that are no answers"
CHANGES = "the policy of evidence lets somebody call {}"
ALL_CHANGES = [
    CHANGES.format(operation)
    for operation in (
        "CopyPackageVersions",
        "UpdatePackageVersionsStatus",
        "DisposePackageVersions",
        "DeletePackageVersions",
        "DeletePackage",
    )
]
EVERYTHING = [OPEN.format("approval"), OPEN.format("check-sca"), OTHERS, *ALL_CHANGES]


def statements() -> Any:
    """Return the statements of the policy: approvals, the check, other packages, changes."""
    return json.loads(write_policy(PLACE, PRINCIPALS))["Statement"]


def problems(found: list[Any]) -> list[str]:
    """Check a policy of these statements."""
    return check_policy(PLACE, NAMESPACES, json.dumps({"Version": "2012-10-17", "Statement": found}))


def test_the_policy_that_the_promoter_writes_is_strong_enough() -> None:
    assert check_policy(PLACE, NAMESPACES, write_policy(PLACE, PRINCIPALS)) == []


def test_a_missing_policy_is_a_problem() -> None:
    [problem] = check_policy(PLACE, NAMESPACES, None)

    assert problem.startswith("evidence has no permissions policy")


@pytest.mark.parametrize("document", ["{", "[]", "{}", '{"Statement": []}', '{"Statement": "x"}'])
def test_a_policy_that_denies_nothing_has_every_problem(document: str) -> None:
    assert check_policy(PLACE, NAMESPACES, document) == EVERYTHING


def test_a_namespace_that_the_rules_ask_but_the_policy_does_not_know_takes_no_answers() -> None:
    assert check_policy(PLACE, [*NAMESPACES, "check-qa"], write_policy(PLACE, PRINCIPALS)) == []


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (0, [OPEN.format("approval")]),
        (1, [OPEN.format("check-sca")]),
        (2, [OTHERS]),
        (3, ALL_CHANGES),
    ],
)
def test_a_statement_that_is_missing_is_found(left_out: int, expected: list[str]) -> None:
    found = statements()
    del found[left_out]

    assert problems(found) == expected


@pytest.mark.parametrize(
    "weaker",
    [
        {"Principal": {"AWS": "123456789012"}},
        {"Effect": "Allow"},
        {"NotPrincipal": {"AWS": f"{ROLE}sca"}},
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": f"{ROLE}*"}}},
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:root"]}}},
        {"Condition": {"ArnLike": {"aws:PrincipalArn": f"{ROLE}sca"}}},
        {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}},
        {"Resource": "arn:aws:codeartifact:eu-west-1:123456789012:package/acme/dev/generic/check-sca/*"},
        {"Action": "codeartifact:Copy*"},
    ],
)
def test_a_weaker_statement_about_a_namespace_is_found(weaker: dict[str, Any]) -> None:
    found = statements()
    found[1] = {**found[1], **weaker}

    assert OPEN.format("check-sca") in problems(found)


def test_a_denial_that_reaches_only_part_of_the_packages_is_found() -> None:
    found = statements()
    found[2]["NotResource"] = PLACE.package_arn("generic/check-*")

    assert problems(found) == [OTHERS]


@pytest.mark.parametrize("exempt", [f"{ROLE}administrator", f"{ROLE}sca"])
def test_an_exception_for_changes_is_found(exempt: str) -> None:
    found = statements()
    found[3]["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": exempt}}

    assert problems(found) == ALL_CHANGES


def test_one_change_that_is_not_denied_is_found() -> None:
    found = statements()
    found[3]["Action"].remove("codeartifact:DeletePackage")

    assert problems(found) == ALL_CHANGES[-1:]


def test_a_policy_in_other_words_is_strong_enough() -> None:
    found = statements()
    found[3] = {
        "Sid": "NobodyChangesAnswers",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "NotAction": ["codeartifact:Publish*", "codeartifact:Get*", "codeartifact:List*"],
        "Resource": [PLACE.package_arn("*"), "arn:aws:codeartifact:*:*:repository/acme/evidence"],
    }

    assert problems([*found, {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]) == []
