"""json_schema: it finds every mistake of structure, and nothing that loading allows."""

import copy
import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promoter.rules_file import json_schema
from promoter.rules_file.diagnostics import RulesError
from promoter.rules_file.reader import load

FUNCTIONS = Path(__file__).parents[3] / "functions"
VALIDATOR = jsonschema.Draft7Validator(
    json_schema.rules_schema(), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
)

WHOLE: dict[str, Any] = {
    "domain": "acme",
    "defaults": {"prereleases": True, "versions": {"npm": "^1"}, "notify": ["failed"]},
    "teams": {"web": {"packages": ["pkg:npm/@acme/*"]}},
    "promotion": [
        {
            "name": "web-to-staging",
            "from": "dev",
            "to": "staging",
            "packages": ["web", "pkg:pypi/acme-*"],
            "exclude": ["pkg:npm/@acme/internal-*"],
            "versions": {"npm": "^1.4 || ^2", "pypi": "~=1.4"},
            "soak": "1d12h",
            "on-conflict": "extend",
            "include-from-upstream": True,
        },
        {
            "name": "all-to-prod",
            "from": "staging",
            "to": "prod",
            "packages": ["*"],
            "origin": "internal",
            "versions": "^1",
            "approval": True,
            "mode": "observe",
        },
    ],
    "hold": [
        {
            "package": "pkg:npm/@acme/widget@1.5.0",
            "from": "dev",
            "to": "staging",
            "until": datetime(2026, 12, 1, 8, tzinfo=UTC),
            "reason": "leaks the session token",
        }
    ],
}


def toml(document: dict[str, Any]) -> str:
    """The document as TOML, its tables inline."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in document.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def as_json(value: Any) -> Any:
    """Convert a TOML document to JSON: times become strings."""
    return json.loads(json.dumps(value, default=lambda time: time.isoformat()))


def refused_by_schema(document: dict[str, Any]) -> bool:
    return not VALIDATOR.is_valid(as_json(document))


def refused_by_load(document: dict[str, Any]) -> bool:
    try:
        load(toml(document))
    except RulesError:
        return True
    return False


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The whole document with another value at a path."""
    document = copy.deepcopy(WHOLE)
    at(document, path[:-1])[path[-1]] = value
    return document


def without(*path: str | int) -> dict[str, Any]:
    document = copy.deepcopy(WHOLE)
    del at(document, path[:-1])[path[-1]]
    return document


def test_the_schema_is_valid_draft_07() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema.rules_schema())


def test_the_committed_schema_is_up_to_date() -> None:
    committed = (FUNCTIONS / "rules.schema.json").read_text("utf-8")
    assert committed == json_schema.text(), "run: promoter schema > functions/rules.schema.json"


def test_the_shipped_rules_are_valid_and_name_the_schema() -> None:
    source = (FUNCTIONS / "rules.toml").read_text("utf-8")
    assert source.startswith("#:schema ./rules.schema.json\n")
    assert list(VALIDATOR.iter_errors(as_json(tomllib.loads(source)))) == []


def test_a_file_with_every_key_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(as_json(WHOLE))) == []
    assert not refused_by_load(WHOLE)


def test_every_table_forbids_other_keys_and_describes_its_keys() -> None:
    document = json_schema.rules_schema()
    tables = [document, *document["definitions"].values()]
    assert [table["additionalProperties"] for table in tables] == [False] * 5
    keys = {name: key for table in tables[1:] for name, key in table["properties"].items()}
    assert {name for name, key in keys.items() if "description" not in key} == set()


def test_defaults_have_the_keys_of_a_promotion_except_name_and_repositories() -> None:
    definitions = json_schema.rules_schema()["definitions"]
    own, shared = definitions["PromotionEntry"]["properties"], definitions["Requirements"]["properties"]
    assert own.keys() - shared.keys() == {"name", "from", "to"}
    assert shared.keys() <= own.keys()


def test_packages_may_come_from_the_defaults() -> None:
    document = without("promotion", 0, "packages")
    assert refused_by_schema(document)
    document["defaults"]["packages"] = ["pkg:npm/@acme/*", "pkg:pypi/acme-*"]
    assert not refused_by_schema(document)
    assert not refused_by_load(document)


def paths(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, each in inner for path in paths(each, (*here, key)))]


PATHS = paths(WHOLE)[1:]
TABLES = [path for path in paths(WHOLE) if isinstance(at(WHOLE, path), dict) and path[-1:] != ("teams",)]
REQUIRED = [
    ("domain",),
    ("promotion",),
    ("promotion", 0, "name"),
    ("promotion", 0, "from"),
    ("promotion", 1, "to"),
    ("promotion", 1, "packages"),
    ("teams", "web", "packages"),
    ("hold", 0, "package"),
    ("hold", 0, "reason"),
]


@pytest.mark.parametrize("path", TABLES, ids=str)
def test_schema_and_loader_refuse_an_unknown_key(path: tuple[str | int, ...]) -> None:
    document = changed((*path, "exlude"), "x")
    assert refused_by_schema(document)
    assert refused_by_load(document)


@pytest.mark.parametrize("path", REQUIRED, ids=str)
def test_schema_and_loader_refuse_a_missing_key(path: tuple[str | int, ...]) -> None:
    document = without(*path)
    assert refused_by_schema(document)
    assert refused_by_load(document)


@pytest.mark.parametrize("path", PATHS, ids=str)
@pytest.mark.parametrize("value", [1, 1.5], ids=str)
def test_schema_and_loader_refuse_a_number_anywhere(path: tuple[str | int, ...], value: float) -> None:
    document = changed(path, value)
    assert refused_by_schema(document)
    assert refused_by_load(document)


WRONG = [
    (("domain",), "Acme"),
    (("domain",), "acme\n"),
    (("promotion",), []),
    (("promotion",), {"name": "a"}),
    (("promotion", 0, "name"), ""),
    (("promotion", 0, "name"), "n" * 101),
    (("promotion", 0, "from"), "de v"),
    (("promotion", 0, "from"), "dev\n"),
    (("promotion", 0, "packages"), []),
    (("promotion", 0, "packages"), "pkg:npm/@acme/*"),
    (("promotion", 0, "mode"), "observ"),
    (("promotion", 0, "origin"), "ours"),
    (("promotion", 0, "soak"), "a day"),
    (("promotion", 0, "soak"), "24h\n"),
    (("promotion", 0, "soak"), "9" * 5000 + "d"),  # more digits than Python reads
    (("promotion", 0, "soak"), "9999w" * 6),
    (("promotion", 0, "prereleases"), "true"),
    (("promotion", 0, "versions"), ["^1"]),
    (("promotion", 0, "versions"), {"rpm": "1"}),
    (("promotion", 0, "versions"), {"npm": ["^1"]}),
    (("promotion", 0, "notify"), ["faild"]),
    (("promotion", 0, "on-conflict"), True),
    (("defaults", "name"), "a"),
    (("defaults", "from"), "dev"),
    (("defaults", "versions"), "^1"),
    (("teams", "a:b"), {"packages": ["pkg:npm/@acme/*"]}),
    (("teams", "a/b"), {"packages": ["pkg:npm/@acme/*"]}),
    (("teams", "*"), {"packages": ["pkg:npm/@acme/*"]}),
    (("teams", "web"), ["pkg:npm/@acme/*"]),
    (("hold",), {"package": "pkg:**", "reason": "no"}),
    (("hold", 0, "reason"), ""),
    (("hold", 0, "until"), "tomorrow"),
    (("hold", 0, "until"), datetime(2026, 12, 1, 8)),  # noqa: DTZ001  without a zone
    (("hold", 0, "until"), date(2026, 12, 1)),
]


@pytest.mark.parametrize(("path", "value"), WRONG, ids=lambda each: str(each)[:60])
def test_schema_and_loader_refuse_a_mistake_of_structure(path: tuple[str | int, ...], value: Any) -> None:
    document = changed(path, value)
    assert refused_by_schema(document)
    assert refused_by_load(document)


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=12),
    st.sampled_from(["web", "*", "^1", "24h", "observe", "internal", "any", "fail", "failed", "dev", "prod"]),
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(),
    st.dates(),
)
KEYS = st.sampled_from(
    sorted({str(path[-1]) for path in PATHS} | {"exlude", "a:b", "*", "notify", "on-conflict"})
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The whole document with up to three values changed, added or removed."""
    document = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(paths(document)))
        place = at(document, path[:-1])
        action = draw(st.sampled_from(["change", "add", "remove"])) if path else "add"
        if action == "add" and isinstance(at(document, path), dict):
            at(document, path)[draw(KEYS)] = draw(VALUES)
        elif action == "change" or (action == "add" and path):
            place[path[-1]] = draw(VALUES)
        elif action == "remove":
            del place[path[-1]]
    return document


@settings(max_examples=500)
@given(mutated())
@example(changed(("hold", 0, "until"), "2026-12-01T08:00:00Z"))
def test_the_loader_refuses_what_the_schema_refuses(document: dict[str, Any]) -> None:
    assert refused_by_load(document) or not refused_by_schema(document)
