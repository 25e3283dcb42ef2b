"""Checks the JSON types of a request's body against the service's model, before moto converts them."""

import json
from collections.abc import Mapping
from typing import Any

from .exceptions import ValidationException

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
}
BOOLEANS = ("true", "false")


def require_types(shape: Any, body: bytes, query: Mapping[str, str]) -> None:
    """Raise ValidationException unless the body and the query parameters have the types of the model."""
    for name, member in shape.members.items():
        if member.serialization.get("location") == "querystring":
            _require_query_type(
                member, name, query.get(member.serialization.get("name", name))
            )
    if "payload" not in shape.serialization:
        _require_members(shape, _read_object(body), "the body")


def _require_query_type(shape: Any, name: str, value: str | None) -> None:
    if value is None:
        return
    if shape.type_name == "boolean" and value.lower() not in BOOLEANS:
        raise _parse_error(f"{name} is {value!r}, must be true or false")
    digits = value.removeprefix("-")
    if shape.type_name in ("integer", "long") and not (
        digits.isascii() and digits.isdigit()
    ):
        raise _parse_error(f"{name} is {value!r}, must be an integer")


def _read_object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise _parse_error("the body is not JSON") from None
    if not isinstance(document, dict):
        raise _parse_error("the body is not a JSON object")
    return document


def _require_members(shape: Any, value: dict[str, Any], where: str) -> None:
    for name, member in shape.members.items():
        found = value.get(member.serialization.get("name", name))
        if member.serialization.get("location") is None and found is not None:
            _require_type(member, found, f"{name} in {where}")


def _has_type(value: Any, name: str) -> bool:
    # a boolean of Python is an integer, too
    return isinstance(value, PYTHON_TYPES.get(name, (object,))) and isinstance(
        value, bool
    ) == (name == "boolean")


def _require_type(shape: Any, value: Any, where: str) -> None:
    if not _has_type(value, shape.type_name):
        raise _parse_error(
            f"{where} is {json.dumps(value)[:80]}, must be of type {shape.type_name}"
        )
    if shape.type_name == "structure":
        _require_members(shape, value, where)
    elif shape.type_name == "list":
        for item in value:
            _require_type(shape.member, item, where)
    elif shape.type_name == "map":
        for item in value.values():
            _require_type(shape.value, item, where)


def _parse_error(problem: str) -> ValidationException:
    return ValidationException(
        f"The request cannot be parsed: {problem}", "CANNOT_PARSE"
    )
