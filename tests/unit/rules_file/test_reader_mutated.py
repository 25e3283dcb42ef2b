"""reader: any changed rules file is a rule set or a list of mistakes, and these can be printed."""

import json
import re
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import RulesError, line_of, render
from promoter.rules_file.reader import load

WHOLE = """\
#:schema ./rules.schema.json
domain = "acme"
evidence = "evidence"

[defaults]
prereleases = false
notify = ["failed", "approval"]

[teams]
payments = { packages = ["pkg:npm/@payments/*", "/maven/com.acme.payments~"] }
web = { packages = ["pkg:npm/@acme/*", "pkg:npm/acme-*"] }

[[promotion]]
name = "web-to-staging"
from = "dev"
to = "staging"
packages = [
  "web", # a team
  "pkg:pypi/acme-*",
]
exclude = ["pkg:npm/@acme/internal-*"]
versions = { npm = "^1.4 || ^2", pypi = "~=1.4" }
soak = "24h"
on-conflict = "fail"
include-from-upstream = false

[[promotion]]
name = "everything-to-prod"
from = "staging"
to = "prod"
packages = ["pkg:pypi/*", "pkg:maven/com.acme.*/*", "*"]
origin = "internal"
checks = ["sca"]
approval = true
mode = "observe"

[promotion.versions]
maven = "[1.0,2.0)"

[[hold]]
package = "pkg:npm/@acme/widget@1.5.0"
to = "prod"
until = 2026-12-01T08:00:00Z
reason = '''leaks the
session token'''

[[waive]]
package = "pkg:npm/@acme/widget@1.5.1"
conditions = ["soak", "sca"]
until = 2026-12-01T08:00:00Z
reason = "fix"

[[window]]
to = "prod"
allow = "Mon-Thu 08:00-16:00 Europe/Berlin"
"""
TOKENS = re.findall(r"\s+|[A-Za-z0-9_-]+|.", WHOLE)
ODD = [
    "=", '"', "'", '"""', "'''", "[", "]", "[[", "]]", "{", "}", ",", ".", "#", "\n", "\r\n", "\t", "\\", "\x00",
    "1e400", "nan", "-1", "0x10", "2026-02-30", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "true",
    "\u2028", "\x85", "é", "日本", "\U0001f4a9", "\u202e", "a\u0301", "*", "**", "~", "$", "/*", "pkg:**", "pkg:npm/@",
    "%2F", "%00", '"\\u001b[31m"', '"\\uD7FF"', "''", "{}", "[]", "[[]]", "9" * 5000, '"' + "a" * 3000 + '"',
]  # fmt: skip
SCALARS: Any = st.one_of(
    st.none().map(lambda _: "pkg:npm/*"),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["", "dev", "web", "pkg:**", "/npm/a~", "^1", "[1,2)", "0h", "-1h", "9999999999w", "1h" * 50, "gem"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MANY = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(source: str) -> None:
    """Load a text and print the result. Every diagnostic has a message and an existing line."""
    try:
        loaded = load(source)
    except RulesError as error:
        diagnostics, text, errors = error.diagnostics, str(error), True
    else:
        assert isinstance(loaded.rule_set, RuleSet)
        diagnostics, errors = loaded.warnings, False
        text = render(loaded.warnings, source, "rules.toml")
    assert any(each.severity == "error" for each in diagnostics) is errors
    lines = source.count("\n") + 1
    for each in diagnostics:
        assert each.message
        assert 0 <= line_of(each.path, source) <= lines
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)


def toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value)
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
    return str(value)


def test_the_file_is_valid_before_it_is_changed() -> None:
    assert len(load(WHOLE).rule_set.promotions) == 2


@st.composite
def mutated(draw: st.DrawFn) -> str:
    tokens = list(TOKENS)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(tokens) - 1))
        match draw(st.sampled_from(["delete", "swap", "double", "replace", "insert", "cut"])):
            case "delete":
                del tokens[at : at + draw(st.integers(1, 8))]
            case "swap":
                other = draw(st.integers(0, len(tokens) - 1))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case "double":
                tokens[at:at] = tokens[at : at + draw(st.integers(1, 30))]
            case "replace":
                tokens[at] = draw(st.sampled_from(ODD) | st.text(max_size=8))
            case "insert":
                tokens.insert(at, draw(st.sampled_from(ODD) | st.text(max_size=8)))
            case "cut":
                del tokens[at:]
        tokens = tokens or ["\n"]
    return "".join(tokens)


@MANY
@given(source=mutated())
def test_a_changed_file_is_a_rule_set_or_its_mistakes(source: str) -> None:
    check(source)


KEYS = [
    "name", "from", "to", "packages", "exclude", "origin", "versions", "prereleases", "soak", "approval", "mode",
    "on-conflict", "include-from-upstream", "notify", "package", "until", "reason", "domain", "teams", "hold", "",
    "checks", "npm-latest", "evidence", "waive", "window", "allow", "conditions", "from-time",
    "é", "a.b", "verions", "promotion", "defaults",
]  # fmt: skip
PLACES = [(), ("defaults",), ("teams",), ("teams", "web"), ("promotion", 0), ("promotion", 1), ("hold", 0)]
PLACES += [("waive", 0), ("window", 0)]


def put(tree: Any, place: tuple[str | int, ...], key: str, value: Any) -> None:
    """Set a key of the table at this place, if an earlier change has left a table there."""
    for step in place:
        if not isinstance(tree, list if isinstance(step, int) else dict) or not tree:
            return
        tree = tree[min(step, len(tree) - 1)] if isinstance(step, int) else tree.get(step)
    if isinstance(tree, dict):
        tree[key] = value


@MANY
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(KEYS), VALUES), min_size=1, max_size=5
    )
)
def test_a_file_with_values_of_other_types_is_a_rule_set_or_its_mistakes(
    changes: list[tuple[tuple[str | int, ...], str, Any]],
) -> None:
    tree = tomllib.loads(WHOLE)
    tree["hold"][0].pop("until")  # JSON has no times
    for place, key, value in changes:
        put(tree, place, key, value)
    check("\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in tree.items()))


@MANY
@given(source=st.text(max_size=80) | st.text(alphabet="[]{}=\".,#\n' ab1", max_size=80))
@example(source=WHOLE.replace('"acme"', "[" * 50_000))
@example(source=WHOLE.replace('"acme"', "[" * 300 + "]" * 300))
@example(source=WHOLE.replace('"acme"', "{a = " * 200 + "1" + "}" * 200))
@example(source=WHOLE.replace('"acme"', "1" * 5_000))
@example(source=WHOLE.replace('"acme"', "{a." + "b." * 5_000 + "c = 1}"))
@example(source=WHOLE.replace("\n", "\r\n").replace('"dev"', "1"))
@example(source="[" + "a." * 3_000 + "b]\n")
def test_any_text_is_a_rule_set_or_its_mistakes(source: str) -> None:
    check(source)


@pytest.mark.parametrize(
    "text", ["pkg:npm/" + "a" * 100_000, "pkg:npm/" + "a*" * 50_000, "/npm/" + "a-" * 50_000 + "*"]
)
def test_a_very_long_pattern_is_an_error_with_a_short_message(text: str) -> None:
    with pytest.raises(RulesError) as error:
        load(WHOLE.replace("pkg:pypi/acme-*", text))

    assert "longer than 255 characters" in str(error.value)
    assert len(str(error.value)) < 3000
