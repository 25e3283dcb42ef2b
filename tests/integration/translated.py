"""The template as CloudFormation gets it, for the tests that hold it to something."""

from pathlib import Path
from typing import Any

from local.cloudformation import translate

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template.yaml"
ACCOUNT = "123456789012"

Resources = dict[str, Any]


def translated(
    sources: str = "dev,staging", destinations: str = "staging,prod", **parameters: str
) -> dict[str, Any]:
    repositories = {"SourceRepositories": sources, "DestinationRepositories": destinations}
    return translate(TEMPLATE.read_text("utf-8"), {"Domain": "acme", **repositories, **parameters}, stack="s")


def resources(
    sources: str = "dev,staging", destinations: str = "staging,prod", **parameters: str
) -> Resources:
    found: Resources = translated(sources, destinations, **parameters)["Resources"]
    return found


def properties(logical_id: str, **parameters: str) -> dict[str, Any]:
    found: dict[str, Any] = resources(**parameters)[logical_id]["Properties"]
    return found


def statements(logical_id: str, **parameters: str) -> list[dict[str, Any]]:
    """What a queue's policy says."""
    found: list[dict[str, Any]] = properties(logical_id, **parameters)["PolicyDocument"]["Statement"]
    return found


def granted(every: Resources) -> list[dict[str, Any]]:
    """Each statement of the function's role, wherever it is attached."""
    inline = every["PromoteRole"]["Properties"]["Policies"]
    attached = [each["Properties"] for each in every.values() if each["Type"] == "AWS::IAM::Policy"]
    return [statement for policy in inline + attached for statement in policy["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
