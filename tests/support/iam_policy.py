"""Evaluates IAM identity policies: the part of IAM's language that the documents use. Anything else is an error.

Source: IAM User Guide, reference_policies_evaluation-logic, reference_policies_elements.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

Statement = Mapping[str, Any]
_PARTS = {"Sid", "Effect", "Action", "Resource", "Condition"}


def allows(
    statements: list[Statement], action: str, resource: str, context: Mapping[str, str] | None = None
) -> bool:
    """True if a statement allows the request and none denies it. `context` has the request's condition keys."""
    effects = {each["Effect"] for each in statements if _applies(each, action, resource, context or {})}
    return effects == {"Allow"}


def _applies(statement: Statement, action: str, resource: str, context: Mapping[str, str]) -> bool:
    if not set(statement) <= _PARTS:
        raise ValueError(f"not evaluated here: {sorted(set(statement) - _PARTS)}")
    actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
    return (
        any(_matches(pattern.lower(), action.lower()) for pattern in actions)
        and any(_matches(pattern, resource) for pattern in resources)
        and all(
            _holds(operator, key, _listed(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], context: Mapping[str, str]) -> bool:
    found = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "StringEquals":
        return found is not None and found in wanted
    if operator in ("StringLike", "ArnLike", "ArnEquals"):
        return found is not None and any(_matches(pattern, found) for pattern in wanted)
    raise ValueError(f"not evaluated here: {operator}")


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(each, re.escape(each)) for each in pattern), re.DOTALL)
