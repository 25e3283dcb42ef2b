"""rules: a rules file becomes a rule set, or all its mistakes at once."""

import hashlib
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from promoter.rules.conditions import NoPrerelease
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import Diagnostic, RulesError
from promoter.rules_file.reader import load
from promoter.versions import RangeError
from tests.support.samples import MORNING, candidate, promotion, rules

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


def loaded(source: str) -> RuleSet | tuple[Diagnostic, ...]:
    try:
        return load(source)
    except RulesError as error:
        return error.mistakes


def refused(source: str) -> str:
    with pytest.raises(RulesError) as error:
        load(source)
    return str(error.value)


def test_every_key_of_a_promotion_is_read() -> None:
    web = load(WHOLE).promotions[0]

    assert (web.name, web.source, web.destination) == ("web-to-staging", "dev", "staging")
    assert [pattern.text for pattern in web.packages] == ["pkg:npm/@acme/*", "pkg:npm/acme-*"]
    assert len(web.conditions) == 2
    assert (web.mode, web.on_conflict, web.include_from_upstream) == ("observe", "extend", True)
    assert web.notify == {"failed", "promoted"}


def test_what_a_promotion_leaves_out_is_the_safe_choice() -> None:
    everything = load(WHOLE).promotions[1]

    assert everything.conditions == (NoPrerelease(),)
    assert (everything.mode, everything.on_conflict, everything.include_from_upstream) == (
        "enforce",
        "fail",
        False,
    )
    assert everything.notify == {"failed", "approval", "extended"}


def test_a_hold_is_read_with_its_hop_and_its_end() -> None:
    [hold] = load(WHOLE).holds

    assert (hold.source, hold.destination, hold.reason) == (None, "prod", "leaks the session token")
    assert hold.until == 1_796_112_000.0


def test_promotions_are_grouped_by_the_hops_that_leave_a_repository_in_the_order_of_the_file() -> None:
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


def test_a_rule_set_carries_the_beginning_of_its_texts_hash() -> None:
    assert load(WHOLE).digest == hashlib.sha256(WHOLE.encode()).hexdigest()[:8]


def test_all_mistakes_are_reported_at_once_each_with_place_value_and_mend() -> None:
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
        refused(source)
        == """\
error: domain "Acme" cannot be the name of a domain
  --> rules.toml:1:1
   1 | domain = "Acme"
     | ^^^^^^
error: promotion "web" promotes from "dev" to itself
  --> rules.toml:6:1
   6 | to = "dev"
     | ^^
error: packages of promotion "web": "pkg:nmp/acme-*" has an unknown type "nmp"; \
one of cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift
  --> rules.toml:7:32
   7 | packages = ["pkg:npm/@acme/*", "pkg:nmp/acme-*"]
     |                                ^^^^^^^^^^^^^^^^
error: unknown key "verions" in promotion "web"
  --> rules.toml:8:1
   8 | verions = "^1"
     | ^^^^^^^ did you mean "versions"?
error: mode "observ" of promotion "web" is not one of enforce, observe, manual
  --> rules.toml:9:1
   9 | mode = "observ"
     | ^^^^ did you mean "observe"?
error: notify "faild" of promotion "web" is not one of failed, approval, extended, promoted, rejected
  --> rules.toml:10:11
   10 | notify = ["faild"]
      |           ^^^^^^^ did you mean "failed"?
error: promotions 1 and 2 are both "web"
  --> rules.toml:13:1
   13 | name = "web"
      | ^^^^ a name stands for one promotion
error: to "x" of promotion "web" cannot be the name of a repository
  --> rules.toml:15:1
   15 | to = "x"
      | ^^
error: packages of promotion "web" is empty
  --> rules.toml:16:1
   16 | packages = []
      | ^^^^^^^^ name a pattern or a team
error: on-conflict true of promotion "web" has to be a string, not true or false
  --> rules.toml:17:1
   17 | on-conflict = true
      | ^^^^^^^^^^^
error: to "prd" of hold 1: no promotion goes to it
  --> rules.toml:21:1
   21 | to = "prd"
      | ^^ known: dev
11 errors"""
    )


def test_a_cycle_is_printed_with_its_promotions() -> None:
    source = "\n".join(
        [
            'domain = "acme"',
            promotion("up", "dev -> staging"),
            promotion("on", "staging -> prod"),
            promotion("back", "prod -> dev"),
            promotion("aside", "dev -> test"),
        ]
    )

    text = refused(source)

    assert "a cycle: " in text
    for name, hop in (("up", "dev -> staging"), ("on", "staging -> prod"), ("back", "prod -> dev")):
        assert f"{name} ({hop})" in text
    assert "aside (" not in text
    assert "what is copied would come back for ever" in text


def test_two_promotions_that_lead_to_each_other_are_a_cycle() -> None:
    tables = (promotion("up", "dev -> staging"), promotion("down", "staging -> dev"))

    assert "a cycle: " in refused("\n".join(['domain = "acme"', *tables]))


@pytest.mark.parametrize(("other", "same"), [("my.repo", True), ("my_repo", True), ("my-repo2", False)])
def test_repositories_that_would_be_one_logical_id_are_refused(other: str, same: bool) -> None:
    source = "\n".join(
        ['domain = "acme"', promotion("a", "dev -> my-repo"), promotion("b", f"dev -> {other}")]
    )

    if same:
        assert f'repositories "my-repo" and "{other}" have the same logical id in the template' in refused(
            source
        )
    else:
        assert len(load(source).promotions) == 2


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
            "error: no [[promotion]]: nothing would ever be promoted\n  --> rules.toml\n1 error",
        ),
    ],
    ids=["empty", "no promotion"],
)
def test_a_file_without_a_promotion_is_refused(source: str, text: str) -> None:
    assert refused(source) == text


def test_one_table_where_an_array_of_tables_belongs_is_refused() -> None:
    assert refused('domain = "acme"\n[promotion]\nname = "a"\n') == (
        "error: promotion of the rules file has to be an array, not a table\n"
        "  --> rules.toml:2:1\n   2 | [promotion]\n     | ^ a promotion begins with [[promotion]]\n1 error"
    )


def test_what_is_not_toml_is_refused_at_its_line() -> None:
    text = refused('domain = "acme"\nmode = observe\n')

    assert text == (
        "error: not TOML: Invalid value\n  --> rules.toml:2:8\n"
        "   2 | mode = observe\n     |        ^^^^^^^\n1 error"
    )


@pytest.mark.parametrize("key", ["name", "from", "to", "packages"])
def test_a_promotion_without_a_required_key_is_refused(key: str) -> None:
    lines = [line for line in promotion("web").splitlines() if not line.startswith(f"{key} =")]

    text = refused("\n".join(['domain = "acme"', *lines]))

    title = "promotion 1" if key == "name" else 'promotion "web"'
    assert text.startswith(f'error: {title} has no "{key}"\n  --> rules.toml:2:1\n')


@pytest.mark.parametrize("until", ["2026-12-01T08:00:00", "2026-12-01", '"tomorrow"', "1"])
def test_a_hold_ends_at_a_moment_with_an_offset(until: str) -> None:
    source = WHOLE.replace("2026-12-01T08:00:00Z", until)

    assert "until " in refused(source)


@pytest.mark.parametrize("key", ["from", "to"])
def test_a_hold_names_only_repositories_of_the_rules(key: str) -> None:
    source = WHOLE.replace('to = "prod"\nuntil', f'{key} = "produktion"\nuntil')

    assert f'{key} "produktion" of hold 1: no promotion goes {key} it' in refused(source)


HEAD = 'domain = "acme"\n'
HELD = 'packages = ["pkg:npm/a"]\n[[hold]]\npackage = "pkg:npm/a"\nreason = "x"\n'
WEB = '[[promotion]]\nname = "web"\nfrom = "dev"\nto = "staging"\n'


@pytest.mark.parametrize(
    ("source", "text", "place", "mend"),
    [
        (
            HEAD + '[teams]\nweb = ["pkg:npm/@acme/*"]\n' + WEB + 'packages = ["web"]\n',
            'team "web" has to be a table',
            "3:1",
            "write web = { packages = [...] }",
        ),
        (
            HEAD + '[teams.web]\npackages = [\n  "pkg:npm/a", # "pkg:nmp/b"\n  "pkg:nmp/b",\n]\n'
            + WEB + 'packages = ["web"]\n',
            'packages of team "web": "pkg:nmp/b" has an unknown type "nmp"',
            "5:3",
            "",
        ),
        (
            HEAD + "[defaults]\nexclude = ['pkg:nmp/b']\n" + WEB + 'packages = ["pkg:npm/a"]\n',
            'exclude of [defaults]: "pkg:nmp/b" has an unknown type "nmp"',
            "3:12",
            "",
        ),
        (
            HEAD + 'defaults = { soak = "-1h" }\n' + WEB + 'packages = ["pkg:npm/a"]\n',
            'soak "-1h" of [defaults] is not a duration',
            "2:14",
            'write a number and a unit: "24h", "7d", "30m"',
        ),
        (
            HEAD + 'promotion = [{ name = "web", from = "dev", to = "staging", packages = ["pkg:npm/a"], x = 1 }]\n',
            'unknown key "x" in promotion "web"',
            "2:86",
            "known: approval, exclude, from,",
        ),
        (
            HEAD + WEB + 'packages = ["pkg:npm/a", "pkg:pypi/a"]\nversions = "^1.4"\n',
            'versions "^1.4" is not a PEP 440 specifier, and "web" also selects pypi',
            "7:12",
            'write  versions = { npm = "^1.4", pypi = "~=1.4" }',
        ),
        (
            HEAD + WEB + 'packages = ["pkg:npm/a", "pkg:pypi/a"]\n[promotion.versions]\nnpm = "^1"\npypi = "^1"\n',
            'versions "^1" of promotion "web" is not a PEP 440 specifier, which pypi packages need',
            "9:8",
            'write ">=1,<2"',
        ),
        (
            HEAD + WEB + 'packages = ["pkg:gem/a"]\nversions.gem = "1"\n',
            'versions "gem" of promotion "web" is not one of npm, pypi',
            "7:10",
            'did you mean "ruby"?',
        ),
        (
            HEAD + WEB + 'packages = "pkg:npm/a"\n',
            'packages "pkg:npm/a" of promotion "web" has to be an array, not a string',
            "6:1",
            'write packages = ["pkg:npm/a"]',
        ),
        (
            HEAD + WEB + 'packages = ["@acme/widget"]\n',
            'packages of promotion "web": "@acme/widget" is not a Package URL; write pkg:npm/@acme/widget',
            "6:13",
            "",
        ),
        (
            HEAD + WEB + 'packages = ["com.acme:core"]\n',
            '"com.acme:core" is not a Package URL; write pkg:maven/com.acme/core',
            "6:13",
            "",
        ),
        (
            HEAD + WEB + 'packages = ["pkg:npm/a", "wbe"]\n',
            'packages of promotion "web": no team "wbe"',
            "6:26",
            "a pattern begins with pkg: or /",
        ),
        (
            HEAD + WEB + 'packages = ["*"]\n',
            'packages of promotion "web": "*" means all teams, and there are none',
            "6:13",
            "",
        ),
        (
            HEAD + WEB + 'packages = ["pkg:npm/a"]\nsoak = "4000d"\n',
            'soak "4000d" of promotion "web" is longer than ten years',
            "7:1",
            "",
        ),
        (
            HEAD + WEB.replace('"web"', '"wéb"') + 'packages = ["pkg:npm/a"]\n',
            'name "wéb" of promotion "wéb" has other characters than it may have',
            "3:1",
            "letters, digits, blanks and punctuation of ASCII",
        ),
        (
            HEAD + WEB + HELD + 'until = 2026-12-01T08:00:00\n',
            "until 2026-12-01T08:00:00 of hold 1 is not a moment: a date, a time and its zone",
            "10:1",
            "write a date and a time with its zone: 2027-01-31T08:00:00Z",
        ),
        (
            HEAD + WEB + HELD + 'until = 9999-12-31T23:00:00-02:00\n',
            "until of hold 1 is outside of the calendar",
            "10:1",
            "",
        ),
        (
            HEAD + WEB + 'packages = ["pkg:npm/a"]\n[hold]\npackage = "pkg:npm/a"\n',
            "hold of the rules file has to be an array, not a table",
            "7:1",
            "a hold begins with [[hold]]",
        ),
        (
            HEAD + '"\\u0070romotion" = [1]\n',
            "promotion has to be an array of tables",
            "2:21",
            "each begins with [[promotion]]",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_at_its_own_place_with_its_mend(
    source: str, text: str, place: str, mend: str
) -> None:
    message = refused(source)

    assert f"{text}" in message.splitlines()[0]
    assert message.splitlines()[1] == f"  --> rules.toml:{place}"
    assert mend in message.splitlines()[3]
    assert message.endswith("\n1 error")


def test_a_mistake_in_the_defaults_is_told_once_however_many_inherit_it() -> None:
    tables = [promotion(name, packages=[f"pkg:npm/@{name}/*"]) for name in "abc"]

    message = refused("\n".join([HEAD, '[defaults]\nversions = { npm = "~=1" }', *tables]))

    assert message.count("is not an npm range") == 1


def test_a_hold_on_a_hop_that_no_promotion_makes_is_refused() -> None:
    source = WHOLE.replace('to = "prod"\nuntil', 'from = "dev"\nto = "prod"\nuntil')

    message = refused(source)

    assert "hold 1: no promotion goes from dev to prod" in message
    assert "known: dev -> staging, staging -> prod" in message


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    message = refused(HEAD + WEB + 'packages = ["pkg:npm/\\u001b[31m\\u202e\\n"]\n')

    assert "\x1b" not in message
    assert "\u202e" not in message
    assert len(message.splitlines()) == 5


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
def test_whatever_the_text_it_is_a_rule_set_or_a_list_of_mistakes(source: str) -> None:
    assert loaded(source)


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
def test_whatever_the_types_it_is_a_rule_set_or_a_list_of_mistakes(
    table: str, values: dict[str, str]
) -> None:
    lines = [f"{key} = {value}" for key, value in values.items()]

    assert loaded("\n".join([WHOLE, f"[[{table}]]", *lines]))


@pytest.mark.parametrize("versions", ['{ npm = "^1.4", cargo = ">=1, <3" }', '"^1.4"'])
def test_a_checked_file_gives_the_same_rule_set(versions: str) -> None:
    table = promotion(packages=["pkg:npm/acme-*", "pkg:cargo/acme-*"])
    text = f'domain = "acme"\n{table}versions = {versions}\n'

    assert load(text, checked="4f1c9e00").promotions == load(text).promotions


def test_the_ranges_of_a_checked_file_are_parsed_when_they_are_needed() -> None:
    text = f'domain = "acme"\n{promotion(versions="not a range")}'
    with pytest.raises(RulesError, match="not a range"):
        load(text)

    [only] = load(text, checked="4f1c9e00").promotions  # a file that nobody should have stamped

    [condition] = only.conditions
    with pytest.raises(RangeError):
        condition.check(candidate(), MORNING)
