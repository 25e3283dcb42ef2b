"""Validates requests against the constraints of the service's model. botocore's clients do not check them."""

import re
import unicodedata
from typing import Any

from .exceptions import ValidationException

# the model's patterns are Java's; Python has no class \P{C}
UNPRINTABLE = re.compile(r"\\P\{C\}[*+]?|\[\\P\{C\}\\s\][*+]?")


def validate(shape: Any, value: Any, name: str = "request") -> None:
    """Raise ValidationException for the first invalid member."""
    if shape.type_name == "structure":
        _validate_structure(shape, value, name)
    elif shape.type_name == "list":
        _require(
            _within(shape, len(value)),
            name,
            f"has {len(value)} items, must have {_limits(shape)}",
        )
        for item in value:
            validate(shape.member, item, name)
    elif shape.type_name == "map":
        for key, item in value.items():
            validate(shape.key, key, name)
            validate(shape.value, item, name)
    elif shape.type_name == "string":
        _validate_string(shape, value, name)
    elif shape.type_name in ("integer", "long"):
        _require(_within(shape, value), name, f"is {value}, must be {_limits(shape)}")


def _validate_structure(shape: Any, value: dict[str, Any], name: str) -> None:
    for member in shape.required_members:
        # an empty body is an empty asset
        if shape.members[member].type_name != "blob":
            _require(member in value, member, f"is missing in {name}")
    for member, item in value.items():
        validate(shape.members[member], item, member)


def _validate_string(shape: Any, value: str, name: str) -> None:
    allowed: list[str] | None = shape.metadata.get("enum")
    if allowed is not None:
        _require(
            value in allowed, name, f"is {value!r}, must be one of {', '.join(allowed)}"
        )
        return
    _require(
        _within(shape, len(value)),
        name,
        f"has {len(value)} characters, must have {_limits(shape)}",
    )
    pattern = shape.metadata.get("pattern")
    if pattern:
        _require(_matches(pattern, value), name, f"is {value!r}, must match {pattern}")


def _matches(pattern: str, value: str) -> bool:
    if UNPRINTABLE.fullmatch(pattern):
        spaces = "\\s" in pattern
        return all(
            (spaces and character.isspace())
            or not unicodedata.category(character).startswith("C")
            for character in value
        )
    # patterns of package groups have other Java classes; the emulator has no package groups
    return "\\p{" in pattern or re.fullmatch(pattern, value) is not None


def _within(shape: Any, size: int) -> bool:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    return (least is None or size >= least) and (most is None or size <= most)


def _limits(shape: Any) -> str:
    return f"{shape.metadata.get('min', 0)} to {shape.metadata.get('max')}"


def _require(condition: bool, name: str, problem: str) -> None:
    if not condition:
        raise ValidationException(
            f"Invalid value: {name} {problem}", "FIELD_VALIDATION_FAILED"
        )
