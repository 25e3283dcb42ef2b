"""The template as CloudFormation gets it, for the tests that hold it to something."""

import json
from functools import cache
from typing import Any

from local.cloudformation import translate
from tests.support.paths import TEMPLATE

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd"
OPERATORS = f"arn:aws:iam::{ACCOUNT}:role/operators"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
# every condition that a deployment may meet
EVERYTHING = {
    "KmsKeyArn": KEY,
    "RedrivePrincipalArn": OPERATORS,
    "NotificationEmail": "a@example.com",
    "PermissionsBoundaryArn": BOUNDARY,
    "DenyDirectInvocation": "true",
    "EvidenceRepository": "answers",
    "NpmLatestRepositories": "prod",
}

Resources = dict[str, Any]


def text() -> str:
    """The template; the tests that plant faults put another one here."""
    return TEMPLATE.read_text("utf-8")


def translated(
    sources: str = "dev,staging", destinations: str = "staging,prod", **parameters: str
) -> dict[str, Any]:
    repositories = {"SourceRepositories": sources, "DestinationRepositories": destinations}
    given = {"Domain": "acme", **repositories, **parameters}
    found: dict[str, Any] = json.loads(_translated(text(), tuple(sorted(given.items()))))
    return found


def resources(
    sources: str = "dev,staging", destinations: str = "staging,prod", **parameters: str
) -> Resources:
    """The resources that are created; none whose condition is false."""
    template = translated(sources, destinations, **parameters)
    conditions = template["Conditions"]
    return {
        name: each
        for name, each in template["Resources"].items()
        if "Condition" not in each or _holds(conditions[each["Condition"]])
    }


def deployed(**parameters: str) -> dict[str, Any]:
    """The template without what its conditions leave out."""
    template = translated(**parameters)
    conditions = template["Conditions"]
    outputs = {
        name: each
        for name, each in template["Outputs"].items()
        if "Condition" not in each or _holds(conditions[each["Condition"]])
    }
    return template | {"Resources": resources(**parameters), "Outputs": outputs}


def properties(logical_id: str, **parameters: str) -> dict[str, Any]:
    found: dict[str, Any] = resources(**parameters)[logical_id]["Properties"]
    return found


def of_type(type_: str, **parameters: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by logical id."""
    every = resources(**parameters)
    return {name: each["Properties"] for name, each in every.items() if each["Type"] == type_}


def statements(logical_id: str, **parameters: str) -> list[dict[str, Any]]:
    """The statements in the policy of a queue or topic."""
    found: list[dict[str, Any]] = properties(logical_id, **parameters)["PolicyDocument"]["Statement"]
    return found


def granted(every: Resources, role: str = "PromoteRole") -> list[dict[str, Any]]:
    """Each statement of a role, wherever it is attached."""
    inline = every[role]["Properties"]["Policies"]
    attached = [
        each["Properties"]
        for each in every.values()
        if each["Type"] == "AWS::IAM::Policy" and {"Ref": role} in each["Properties"]["Roles"]
    ]
    return [statement for policy in inline + attached for statement in policy["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


@cache
def _translated(template: str, parameters: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(translate(template, dict(parameters), stack="s"))


def _holds(condition: dict[str, Any]) -> bool:
    """The conditions that depend on parameters alone."""
    if "Fn::Not" in condition:
        return not _holds(condition["Fn::Not"][0])
    one, other = condition["Fn::Equals"]
    return bool(one == other)
