"""Checks the deployed event rule against what template.yaml asks for. A wrong rule loses events."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from promoter.inspection.ports import RuleDescription


def expected_pattern(parameters: Mapping[str, str], account: str) -> dict[str, Any]:
    """The event pattern of PublishRule. `account` is the stack's; `parameters` are the stack's, too."""
    sources = parameters.get("SourceRepositories", "").split(",")
    answers = parameters.get("EvidenceRepository", "")
    return {
        "source": ["aws.codeartifact"],
        "detail-type": ["CodeArtifact Package Version State Change"],
        "detail": {
            "domainName": [parameters.get("Domain", "")],
            "domainOwner": [parameters.get("DomainOwner") or account],
            "repositoryName": [*(name.strip() for name in sources), *([answers] if answers else [])],
            "packageVersionState": ["Published"],
            "operationType": ["Created", "Updated"],
        },
    }


def find_rule_faults(
    rule: RuleDescription | None, parameters: Mapping[str, str], queue_arn: str
) -> tuple[str, ...]:
    """Each fault of the rule as a sentence. `queue_arn` is that of the promotion queue; None is no rule."""
    if rule is None:
        return ("the rule was deleted, so events are lost",)
    expected = expected_pattern(parameters, _account(queue_arn))
    return (*_state(rule), *_pattern(rule, expected), *_target(rule, queue_arn))


def _account(arn: str) -> str:
    """The account of an ARN; "" if the text is none."""
    return [*arn.split(":"), *[""] * 5][4]


def _state(rule: RuleDescription) -> Iterator[str]:
    if not rule.state.startswith("ENABLED"):
        yield f"the rule is {rule.state}, so events are lost"


def _pattern(rule: RuleDescription, expected: Mapping[str, Any]) -> Iterator[str]:
    found, wanted = _flat(rule.pattern), _flat(expected)
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key) != wanted.get(key):
            yield f"the event pattern has {key} {found.get(key, 'missing')}, wanted {wanted.get(key, 'none')}"


def _target(rule: RuleDescription, queue_arn: str) -> Iterator[str]:
    ours = [each for each in rule.targets if each.arn == queue_arn]
    if not ours:
        others = ", ".join(each.arn for each in rule.targets) or "nothing"
        yield f"the rule sends to {others}, not to {queue_arn}"
    for target in ours:
        if target.transformation:
            yield f"the rule changes events before it sends them: {target.transformation}"


def _flat(pattern: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The values as JSON by their dotted key. The order of alternatives does not matter."""
    flat: dict[str, str] = {}
    for key, value in pattern.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = json.dumps(_ordered(value))
    return flat


def _ordered(value: Any) -> Any:
    return sorted(value, key=json.dumps) if isinstance(value, list) else value
