"""Checks the resource policy of the evidence repository: is it missing, or weaker than it has to be?

The check asks the policy about principals that it must deny. A statement that the check does not understand
counts as if it were not there: it may deny less than it seems to.
"""

import fnmatch
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from promoter.waiting.evidence_policy import CHANGES, PUBLISH, EvidenceRepository

NEGATED = frozenset({"ArnNotLike", "ArnNotEquals", "StringNotLike"})
PARTS = frozenset(
    {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
STRANGER = "role/not-named-in-any-policy"

Statement = Mapping[str, Any]


def check_policy(place: EvidenceRepository, namespaces: Collection[str], document: str | None) -> list[str]:
    """Return one sentence for each weakness, for the namespaces that the rules ask; none if all is well.

    `document` is the repository's policy as JSON, or None if it has none.
    """
    if document is None:
        return [
            f"{place.repository} has no permissions policy: whoever may publish there can answer every check"
        ]
    denying = _denying_statements(document)
    return [*_open_namespaces(place, namespaces, denying), *_open_to_named(place, namespaces, denying)]


def _denying_statements(document: str) -> list[Statement]:
    try:
        found = json.loads(document)["Statement"]
    except (ValueError, TypeError, KeyError):
        return []
    return [each for each in _listed(found) if isinstance(each, dict) and _denies_everybody(each)]


def _denies_everybody(statement: Statement) -> bool:
    everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return statement.get("Effect") == "Deny" and everybody and statement.keys() <= PARTS


def _open_namespaces(
    place: EvidenceRepository, namespaces: Collection[str], denying: list[Statement]
) -> Iterator[str]:
    strangers = [f"arn:{place.partition}:iam::{place.account}:{each}" for each in (STRANGER, "root")]
    for namespace in sorted(namespaces):
        package = place.package_arn(f"generic/{namespace}/a-package")
        if not _all_denied(denying, [PUBLISH], [package], strangers):
            yield f"the policy of {place.repository} lets principals that it does not name answer {namespace}"


def _open_to_named(
    place: EvidenceRepository, namespaces: Collection[str], denying: list[Statement]
) -> Iterator[str]:
    """Yield what even the principals that the policy names must not do."""
    everybody = [f"arn:{place.partition}:iam::{place.account}:{STRANGER}", *_named(denying)]
    others = [place.package_arn(rest) for rest in _other_packages(namespaces)]
    if not _all_denied(denying, [PUBLISH], others, everybody):
        yield f"the policy of {place.repository} lets somebody publish packages that are no answers"
    answers = [place.package_arn(f"generic/{each}/a-package") for each in sorted(namespaces)] + others
    for action in CHANGES:
        if not _all_denied(denying, [action], answers, everybody):
            yield f"the policy of {place.repository} lets somebody call {action.partition(':')[2]}"


def _other_packages(namespaces: Collection[str]) -> list[str]:
    """Return packages in no namespace of an answer, with names as close to one as a wildcard may reach."""
    close = {f"{each}-x" for each in namespaces} - set(namespaces)
    return ["generic/no-answer/a-package", "npm//a-package", *(f"generic/{each}/a" for each in sorted(close))]


def _named(denying: list[Statement]) -> list[str]:
    arns = [arn for each in denying for _, found in _conditions(each) for arn in found]
    return [arn.replace("*", "x").replace("?", "x") for arn in arns]


def _all_denied(
    denying: list[Statement], actions: Iterable[str], resources: Collection[str], arns: Collection[str]
) -> bool:
    return all(
        any(_denies(statement, action, resource, arn) for statement in denying)
        for action in actions
        for resource in resources
        for arn in arns
    )


def _denies(statement: Statement, action: str, resource: str, arn: str) -> bool:
    return (
        _selects(statement, "Action", action.lower(), lower=True)
        and _selects(statement, "Resource", resource, lower=False)
        and all(operator in NEGATED for operator, _ in _conditions(statement))
        and not any(_matches(pattern, arn) for _, patterns in _conditions(statement) for pattern in patterns)
    )


def _conditions(statement: Statement) -> list[tuple[str, list[str]]]:
    """Return operators and values. A condition on another key has an operator that nothing knows."""
    return [
        (operator if key.lower() == "aws:principalarn" else f"{operator} of {key}", _listed(values))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    ]


def _selects(statement: Statement, part: str, value: str, *, lower: bool) -> bool:
    negated = f"Not{part}" in statement
    patterns = [str(each) for each in _listed(statement.get(f"Not{part}" if negated else part, []))]
    return any(_matches(each.lower() if lower else each, value) for each in patterns) != negated


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # in file patterns "[" is special, too
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
