"""Evaluates policy documents (IAM User Guide: reference_policies_elements, reference_policies_evaluation-logic).

Policy variables, sets of values (`ForAnyValue:`), NotPrincipal, and operators on numbers, dates and addresses
are not evaluated: a document with one of them is an error, so that no test believes it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .conditions import condition_holds, is_known
from .wildcards import matches_any

Statement = Mapping[str, Any]

ACCOUNT = re.compile(r"\d{12}|arn:[^:]+:iam::\d{12}:root")
PARTS = {
    "Sid",
    "Effect",
    "Principal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}


class PolicyError(ValueError):
    """The document is malformed, or has an element that is not evaluated here."""


@dataclass(frozen=True, kw_only=True)
class PolicyRequest:
    """The request that a policy is about."""

    action: str
    """With the service: `codeartifact:PublishPackageVersion`."""
    resource: str
    arns: frozenset[str]
    """The ARNs of the principal: of the user, or of the role and of its session."""
    account: str
    """The account of the principal."""
    context: Mapping[str, str]
    """The condition keys, in lower case."""


@dataclass(frozen=True)
class Effects:
    """The effects of the statements that apply to a request."""

    denied: bool
    allowed: bool
    delegated: bool = False
    """True if a resource policy allows the request for the whole account of the principal."""


@lru_cache(maxsize=256)
def read_statements(document: str) -> tuple[Statement, ...]:
    """Parse a document.

    Raises:
        PolicyError: it is malformed, or it has an element that is not evaluated here.

    """
    try:
        policy = json.loads(document)
    except ValueError as error:
        raise PolicyError(f"the policy is not JSON: {error}") from None
    if not isinstance(policy, dict) or "Statement" not in policy:
        raise PolicyError("the policy has no Statement")
    statements = tuple(listed(policy["Statement"]))
    for statement in statements:
        _require_statement(statement)
    return statements


def require_resource_policy(document: str) -> None:
    """Raise PolicyError unless the document can be a resource policy."""
    for statement in read_statements(document):
        if "Principal" not in statement:
            raise PolicyError("a statement of a resource policy has a Principal")


def _require_statement(statement: Any) -> None:
    if not isinstance(statement, dict) or statement.get("Effect") not in (
        "Allow",
        "Deny",
    ):
        raise PolicyError("a statement has an Effect, Allow or Deny")
    unknown = statement.keys() - PARTS
    if unknown:
        raise PolicyError(f"not evaluated here: {', '.join(sorted(unknown))}")
    for part in ("Action", "Resource"):
        if (part in statement) == (f"Not{part}" in statement):
            raise PolicyError(f"a statement has either {part} or Not{part}")
    if "${" in json.dumps(statement):
        raise PolicyError("not evaluated here: policy variables")
    unknown = {
        operator
        for operator in statement.get("Condition", {})
        if not is_known(operator)
    }
    if unknown:
        raise PolicyError(f"not evaluated here: {', '.join(sorted(unknown))}")


def find_effects(statements: Iterable[Statement], request: PolicyRequest) -> Effects:
    """Return the effects of those statements that apply to the request."""
    applying = [statement for statement in statements if _applies(statement, request)]
    allowing = [statement for statement in applying if statement["Effect"] == "Allow"]
    direct = [
        statement for statement in allowing if names_principal(statement, request)
    ]
    return Effects(
        denied=len(allowing) < len(applying),
        allowed=bool(direct),
        delegated=len(direct) < len(allowing),
    )


def _applies(statement: Statement, request: PolicyRequest) -> bool:
    return (
        (names_principal(statement, request) or _names_account(statement, request))
        and _selects(statement, "Action", request.action.lower(), lower=True)
        and _selects(statement, "Resource", request.resource)
        and all(
            condition_holds(operator, listed(wanted), request.context.get(key.lower()))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _selects(
    statement: Statement, part: str, value: str, *, lower: bool = False
) -> bool:
    negated = f"Not{part}" in statement
    patterns = listed(statement[f"Not{part}" if negated else part])
    return (
        matches_any([each.lower() if lower else each for each in patterns], value)
        != negated
    )


def _principals(statement: Statement) -> list[str]:
    """Return the principals that are no services. An identity policy applies to whom it is attached to."""
    principal = statement.get("Principal", "*")
    return (
        listed(principal.get("AWS", []))
        if isinstance(principal, dict)
        else listed(principal)
    )


def names_principal(statement: Statement, request: PolicyRequest) -> bool:
    """Return True if the statement names the principal itself, or everybody."""
    return any(each == "*" or each in request.arns for each in _principals(statement))


def _names_account(statement: Statement, request: PolicyRequest) -> bool:
    return any(
        ACCOUNT.fullmatch(each) is not None and request.account in each
        for each in _principals(statement)
    )


def listed(value: Any) -> list[Any]:
    """Return a list as it is and anything else as the list of it."""
    return value if isinstance(value, list) else [value]
