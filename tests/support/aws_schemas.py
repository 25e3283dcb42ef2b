"""AWS's own descriptions, as cfn-lint ships them: IAM's actions, and the permissions of each CloudFormation handler."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint.data

_DATA = Path(cfnlint.data.__path__[0])
IAM: dict[str, Any] = json.loads((_DATA / "AdditionalSpecs" / "Policies.json").read_text("utf-8"))


@cache
def schema(type_: str) -> dict[str, Any]:
    """The schema of a resource type in us-east-1."""
    names = json.loads((_DATA / "schemas" / "providers" / "us-east-1.json").read_text("utf-8"))
    file = _DATA / "schemas" / "resources" / f"{names[type_]}.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def handler_permissions(type_: str, *handlers: str) -> set[str]:
    """What CloudFormation calls with the deployer's permissions in these handlers of a type."""
    found = schema(type_)["handlers"]
    return {each for handler in handlers if handler in found for each in found[handler]["permissions"]}


def exists(action: str) -> bool:
    """True if IAM has this action."""
    service, name = action.split(":")
    return name.lower() in {each.lower() for each in IAM[service]["Actions"]}
