"""The operators of conditions (IAM User Guide: reference_policies_elements_condition_operators)."""

from collections.abc import Callable, Mapping

from .wildcards import matches, matches_arn

IF_EXISTS = "IfExists"

Compare = Callable[[str, str], bool]


def _equals(wanted: str, found: str) -> bool:
    return wanted == found


def _equals_ignoring_case(wanted: str, found: str) -> bool:
    return wanted.casefold() == found.casefold()


# ArnEquals takes wildcards, too
POSITIVE: Mapping[str, Compare] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringLike": matches,
    "ArnEquals": matches_arn,
    "ArnLike": matches_arn,
    "Bool": _equals_ignoring_case,
}
NEGATED: Mapping[str, Compare] = {
    "StringNotEquals": _equals,
    "StringNotEqualsIgnoreCase": _equals_ignoring_case,
    "StringNotLike": matches,
    "ArnNotEquals": matches_arn,
    "ArnNotLike": matches_arn,
}


def is_known(operator: str) -> bool:
    """Return True if `condition_holds` evaluates the operator."""
    return (
        operator == "Null"
        or operator.removesuffix(IF_EXISTS) in POSITIVE.keys() | NEGATED.keys()
    )


def condition_holds(operator: str, wanted: list[str], found: str | None) -> bool:
    """Return True if the value of a key fulfils the condition. `found` is None if the request has no such key.

    A missing key fulfils a negated operator, and every operator with `IfExists`.
    """
    values = [str(each) for each in wanted]
    if operator == "Null":
        return any(_equals_ignoring_case(each, str(found is None)) for each in values)
    name = operator.removesuffix(IF_EXISTS)
    if found is None:
        return name in NEGATED or name != operator
    compare = {**POSITIVE, **NEGATED}[name]
    return any(compare(each, found) for each in values) != (name in NEGATED)
