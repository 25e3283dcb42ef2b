"""reader: a rules file becomes a rule set, or all its mistakes at once."""

import hashlib
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from promoter.rules_file import diagnostics
from promoter.rules_file.diagnostics import Diagnostic, RulesError
from promoter.rules_file.reader import Loaded, digest_of, load
from tests.support.samples import promotion, rules

WHOLE = """\
domain = "acme"

[[promotion]]
name = "web-to-staging"
from = "dev"
to = "staging"
packages = ["pkg:npm/@acme/*", "pkg:npm/acme-*"]
exclude = ["pkg:npm/@acme/internal-*"]
mode = "observe"
on-conflict = "extend"
include-from-upstream = true
notify = ["failed", "promoted"]

[[promotion]]
name = "all-to-prod"
from = "staging"
to = "prod"
packages = ["pkg:**"]
origin = "any"

[[hold]]
package = "pkg:npm/@acme/widget@1.5.0"
to = "prod"
until = 2026-12-01T08:00:00Z
reason = "leaks the session token"
"""


def read(source: str) -> Loaded | tuple[Diagnostic, ...]:
    try:
        return load(source)
    except RulesError as error:
        return error.diagnostics


def errors_of(source: str) -> str:
    with pytest.raises(RulesError) as error:
        load(source)
    return str(error.value)


def test_a_file_has_a_domain_promotions_and_holds() -> None:
    rule_set = load(WHOLE).rule_set

    assert rule_set.domain == "acme"
    assert [each.name for each in rule_set.promotions] == ["web-to-staging", "all-to-prod"]
    assert [each.reason for each in rule_set.holds] == ["leaks the session token"]


def test_promotions_are_grouped_by_source_and_hop_in_the_order_of_the_file() -> None:
    rule_set = rules(
        promotion("a", "dev -> staging"),
        promotion("b", "dev -> test"),
        promotion("c", "staging -> prod"),
        promotion("d", "dev -> staging"),
    )

    names = {
        source: [[each.name for each in hop.promotions] for hop in hops]
        for source, hops in rule_set.hops.items()
    }
    assert names == {"dev": [["a", "d"], ["b"]], "staging": [["c"]]}


def test_a_rule_set_has_the_beginning_of_the_hash_of_its_text() -> None:
    expected = hashlib.sha256(WHOLE.encode()).hexdigest()[:8]

    assert load(WHOLE).rule_set.digest == digest_of(WHOLE) == expected


def test_a_warning_does_not_stop_a_file() -> None:
    loaded = load('domain = "acme"\n' + promotion(packages=["pkg:maven/com.acme.*/*"]))

    assert len(loaded.rule_set.promotions) == 1
    assert [each.severity for each in loaded.warnings] == ["warning"]


def test_locations_of_a_valid_file_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str) -> None:
        pytest.fail("the text was scanned for locations")

    monkeypatch.setattr(diagnostics, "locate", fail)

    assert load(WHOLE).warnings == ()
    assert load('domain = "acme"\n' + promotion(packages=["pkg:maven/com.acme.*/*"])).warnings


def test_all_mistakes_are_reported_at_once_each_with_its_place_and_a_hint() -> None:
    source = """\
domain = "Acme"

[[promotion]]
name = "web"
from = "dev"
to = "dev"
packages = ["pkg:npm/@acme/*", "pkg:nmp/acme-*"]
verions = "^1"
mode = "observ"
notify = ["faild"]

[[promotion]]
name = "web"
from = "dev"
to = "x"
packages = []
on-conflict = true

[[hold]]
package = "pkg:npm/widget"
to = "prd"
reason = "no"
"""

    assert (
        errors_of(source)
        == """\
error: domain "Acme" is not a valid domain name
  --> rules.toml:1:1
   1 | domain = "Acme"
     | ^^^^^^ use 2 to 50 lower-case letters, digits and "-"; begin with a letter
error: promotion "web" promotes from "dev" to itself
  --> rules.toml:6:1
   6 | to = "dev"
     | ^^ name another repository
error: packages of promotion "web": "pkg:nmp/acme-*" has an unknown type "nmp"
  --> rules.toml:7:32
   7 | packages = ["pkg:npm/@acme/*", "pkg:nmp/acme-*"]
     |                                ^^^^^^^^^^^^^^^^ \
known types: cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift
error: unknown key "verions" in promotion "web"
  --> rules.toml:8:1
   8 | verions = "^1"
     | ^^^^^^^ did you mean "versions"?
error: mode "observ" of promotion "web" is not one of enforce, manual, observe
  --> rules.toml:9:1
   9 | mode = "observ"
     | ^^^^ did you mean "observe"?
error: notify "faild" of promotion "web" is not one of approval, extended, failed, promoted, rejected
  --> rules.toml:10:11
   10 | notify = ["faild"]
      |           ^^^^^^^ did you mean "failed"?
error: promotions 1 and 2 are both named "web"
  --> rules.toml:13:1
   13 | name = "web"
      | ^^^^ give each promotion its own name
error: to "x" of promotion "web" is not a valid repository name
  --> rules.toml:15:1
   15 | to = "x"
      | ^^ use 2 to 100 letters, digits, ".", "_" and "-"; begin with a letter or a digit
error: packages of promotion "web" is empty
  --> rules.toml:16:1
   16 | packages = []
      | ^^^^^^^^ list patterns or teams, each as a string
error: on-conflict true of promotion "web" must be a string, not a boolean
  --> rules.toml:17:1
   17 | on-conflict = true
      | ^^^^^^^^^^^
error: to "prd" of hold 1: no promotion goes to this repository
  --> rules.toml:21:1
   21 | to = "prd"
      | ^^ known: dev
11 errors"""
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "",
            'error: the rules file has no "domain"\n  --> rules.toml\n'
            'error: the rules file has no "promotion"\n  --> rules.toml\n2 errors',
        ),
        (
            'domain = "acme"\npromotion = []\n',
            "error: no [[promotion]]: nothing would be promoted\n  add a [[promotion]]\n  --> rules.toml\n1 error",
        ),
    ],
    ids=["empty", "no promotion"],
)
def test_a_file_without_a_promotion_is_an_error(source: str, text: str) -> None:
    assert errors_of(source) == text


def test_an_invalid_toml_text_is_an_error_with_its_line() -> None:
    assert errors_of('domain = "acme"\nmode = observe\n') == (
        "error: not TOML: Invalid value\n  --> rules.toml:2:8\n"
        "   2 | mode = observe\n     |        ^^^^^^^\n1 error"
    )


def test_tables_nested_too_deeply_are_an_error() -> None:
    assert "nested too deeply" in errors_of('domain = "acme"\nx = ' + "[" * 50_000)


def test_a_mistake_in_the_defaults_is_reported_once() -> None:
    tables = [promotion(name, packages=[f"pkg:npm/@{name}/*"]) for name in "abc"]

    message = errors_of("\n".join(['domain = "acme"', '[defaults]\nversions = { npm = "~=1" }', *tables]))

    assert message.count("is not an npm range") == 1
    assert message.endswith("\n1 error")


PIECES = [
    *WHOLE.splitlines(),
    "=",
    '"',
    "'''",
    "[[",
    "]",
    "{",
    "1e400",
    "nan",
    "2026-02-30",
    "\\",
    "#",
    "\x00",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = WHOLE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(PIECES) | st.text(alphabet=string.printable, max_size=6))
        text = text[:start] + piece + text[end:]
    return text


@given(source=mutated() | st.text(max_size=60))
@example(source=WHOLE.replace('"acme"', "[" * 50_000))
@example(source=WHOLE.replace('"acme"', "1" * 5_000))
@example(source=WHOLE.replace('"acme"', "{a." + "b." * 5_000 + "c = 1}"))
def test_any_text_is_a_rule_set_or_a_list_of_mistakes(source: str) -> None:
    assert read(source)


VALUES = st.recursive(
    st.booleans() | st.integers(-5, 5) | st.just('"pkg:npm/*"') | st.just('"dev"') | st.just("2026-01-01"),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
).map(lambda value: str(value).replace("True", "true").replace("False", "false").replace("'", ""))


@given(
    table=st.sampled_from(["promotion", "hold"]),
    values=st.dictionaries(
        st.sampled_from(
            ["name", "from", "to", "packages", "exclude", "mode", "on-conflict", "notify", "until", "reason"]
        ),
        VALUES,
        max_size=6,
    ),
)
def test_any_types_are_a_rule_set_or_a_list_of_mistakes(table: str, values: dict[str, str]) -> None:
    lines = [f"{key} = {value}" for key, value in values.items()]

    assert read("\n".join([WHOLE, f"[[{table}]]", *lines]))
