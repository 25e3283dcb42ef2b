"""The JSON Schema of the rules file, for editors: draft-07, made from the structs of `file_format`.

It finds unknown keys, wrong types and values that are not among a key's choices. Only `reader.load` finds mistakes in
patterns and ranges, and mistakes that concern several tables.
"""

import json
from typing import Any, get_args

import msgspec

from promoter.rules_file.file_format import (
    HoldEntry,
    PromotionEntry,
    Requirements,
    RulesFile,
    TeamEntry,
    VersionsKey,
    WaiveEntry,
    WindowEntry,
)

_Schema = dict[str, Any]
_DEFINITIONS = "#/definitions/{name}"


def rules_schema() -> _Schema:
    """The schema of the whole file."""
    structs = [RulesFile, PromotionEntry, Requirements, TeamEntry, HoldEntry, WaiveEntry, WindowEntry]
    _, components = msgspec.json.schema_components(structs, ref_template=_DEFINITIONS)
    definitions = {name: _closed(_without_null(schema)) for name, schema in components.items()}
    for name in ("PromotionEntry", "Requirements"):
        _name_formats(definitions[name]["properties"]["versions"])
    whole = definitions.pop("RulesFile")
    _refer(whole["properties"])
    _leave_packages_to_the_defaults(whole, definitions)
    _table_by_format_only(definitions["Requirements"]["properties"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **whole,
        "title": "Promotion rules",
        "definitions": definitions,
    }


def text() -> str:
    """The schema as the text of a file."""
    return json.dumps(rules_schema(), indent=2) + "\n"


def _closed(schema: _Schema) -> _Schema:
    """Forbid other keys in a table."""
    return {**schema, "additionalProperties": False}


def _without_null(value: Any) -> Any:
    """Remove null as a choice and as a default: TOML has no such value."""
    if isinstance(value, list):
        return [_without_null(each) for each in value if each != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    cleaned = {key: _without_null(each) for key, each in value.items() if (key, each) != ("default", None)}
    choices = cleaned.get("anyOf", ())
    return {**choices[0], **_all_but_choices(cleaned)} if len(choices) == 1 else cleaned


def _all_but_choices(schema: _Schema) -> _Schema:
    return {key: value for key, value in schema.items() if key != "anyOf"}


def _name_formats(versions: _Schema) -> None:
    """Name the keys of the table by format, so that an editor can suggest them."""
    table = versions["anyOf"][1]
    table["properties"] = {format_: {"type": "string"} for format_ in get_args(VersionsKey)}
    table["additionalProperties"] = False


def _table_by_format_only(defaults: _Schema) -> None:
    """Allow no single range in `[defaults]`, which is for promotions of several formats."""
    versions = defaults["versions"]
    examples = [each for each in versions["examples"] if isinstance(each, dict)]
    defaults["versions"] = {**versions["anyOf"][1], **_all_but_choices(versions), "examples": examples}


def _refer(properties: _Schema) -> None:
    """Refer from the keys of the file to the schemas of their tables."""
    tables = {"promotion": PromotionEntry, "hold": HoldEntry, "waive": WaiveEntry, "window": WindowEntry}
    for key, entry in tables.items():
        properties[key]["items"] = {"$ref": f"#/definitions/{entry.__name__}"}
    properties["promotion"]["minItems"] = 1
    properties["defaults"] = {"$ref": "#/definitions/Requirements"}
    names = {"pattern": r"^(?!\*$)[^:/]*$"}  # other names would mean patterns, or all teams
    properties["teams"] |= {
        "additionalProperties": {"$ref": "#/definitions/TeamEntry"},
        "propertyNames": names,
    }


def _leave_packages_to_the_defaults(whole: _Schema, definitions: dict[str, _Schema]) -> None:
    """Require `packages` in each promotion, unless `[defaults]` has it."""
    del definitions["Requirements"]["required"]
    definitions["PromotionEntry"]["required"].remove("packages")
    whole["if"] = {"properties": {"defaults": {"required": ["packages"]}}, "required": ["defaults"]}
    whole["else"] = {"properties": {"promotion": {"items": {"required": ["packages"]}}}}
