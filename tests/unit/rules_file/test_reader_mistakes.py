"""reader: planted mistakes, each with its message, its place and a hint."""

import pytest

from promoter.rules_file.diagnostics import RulesError, placed
from promoter.rules_file.reader import load

HEAD = 'domain = "acme"\n'
WEB = '[[promotion]]\nname = "web"\nfrom = "dev"\nto = "staging"\n'
HELD = 'packages = ["pkg:npm/a"]\n[[hold]]\npackage = "pkg:npm/a"\nreason = "x"\n'
MISTAKES = [  # source, message, line and column, hint
    (
        HEAD + '[teams]\nweb = ["pkg:npm/@acme/*"]\n' + WEB + 'packages = ["web"]\n',
        'team "web" must be a table',
        (3, 1),
        "write web = { packages = [...] }",
    ),
    (
        HEAD + '[teams]\n"a:b" = { packages = ["pkg:npm/a"] }\n' + WEB + 'packages = ["pkg:npm/a"]\n',
        '"a:b" cannot be the name of a team',
        (3, 1),
        'use a name without ":" and "/", other than "*"',
    ),
    (
        HEAD + "teams = 3\n" + WEB + 'packages = ["pkg:npm/a"]\n',
        "teams 3 must be a table, not an integer",
        (2, 1),
        "",
    ),
    (
        HEAD + '[teams.web]\npackages = [\n  "pkg:npm/a", # "pkg:nmp/b"\n  "pkg:nmp/b",\n]\n'
        + WEB + 'packages = ["web"]\n',
        'packages of team "web": "pkg:nmp/b" has an unknown type "nmp"',
        (5, 3),
        "known types: cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift",
    ),
    (
        HEAD + "[defaults]\nexclude = ['pkg:nmp/b']\n" + WEB + 'packages = ["pkg:npm/a"]\n',
        'exclude of [defaults]: "pkg:nmp/b" has an unknown type "nmp"',
        (3, 12),
        "known types: cargo, gem, generic, maven, npm, nuget, pypi, ruby, swift",
    ),
    (
        HEAD + 'defaults = { soak = "-1h" }\n' + WEB + 'packages = ["pkg:npm/a"]\n',
        'soak "-1h" of [defaults] is not a duration',
        (2, 14),
        'write numbers with units: "24h", "7d", "1d12h"',
    ),
    (
        HEAD + '[defaults]\nversions = "^1"\n' + WEB + 'packages = ["pkg:npm/a"]\n',
        "versions of [defaults] must be a table by format",
        (3, 12),
        'write versions = { npm = "^1" }',
    ),
    (
        HEAD + 'promotion = [{ name = "web", from = "dev", to = "staging", packages = ["pkg:npm/a"], x = 1 }]\n',
        'unknown key "x" in promotion "web"',
        (2, 86),
        "known: approval, checks, exclude, from, include-from-upstream, mode, name, notify, "
        "npm-latest, on-conflict, origin, packages, prereleases, soak, to, versions",
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a", "pkg:pypi/a"]\nversions = "^1.4"\n',
        'versions "^1.4" is not a PEP 440 specifier, and "web" also selects pypi',
        (7, 12),
        'write  versions = { npm = "^1.4", pypi = "~=1.4" }',
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a", "pkg:pypi/a"]\n[promotion.versions]\nnpm = "^1"\npypi = "^1"\n',
        'versions "^1" of promotion "web" is not a PEP 440 specifier; pypi packages need one',
        (9, 8),
        'write ">=1,<2"',
    ),
    (
        HEAD + WEB + 'packages = ["pkg:gem/a"]\nversions.rubygems = "1"\n',
        'versions "rubygems" of promotion "web" is not one of cargo, gem, generic, maven, npm, nuget, pypi, ruby, '
        "swift",
        (7, 10),
        'did you mean "ruby"?',
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a"]\nversions.npm = 1\n',
        'each value in versions of promotion "web" must be a string, not an integer',
        (7, 10),
        "",
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a"]\nversions = ""\n',
        'versions of promotion "web": a range cannot be empty',
        (7, 1),
        "leave it out to allow every version",
    ),
    (
        HEAD + WEB + 'packages = "pkg:npm/a"\n',
        'packages "pkg:npm/a" of promotion "web" must be an array, not a string',
        (6, 1),
        'write packages = ["pkg:npm/a"]',
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a", 3]\n',
        'each value in packages of promotion "web" must be a string, not an integer',
        (6, 26),
        "list patterns or teams, each as a string",
    ),
    (
        HEAD + WEB + 'packages = ["@acme/widget"]\n',
        'packages of promotion "web": "@acme/widget" is not a Package URL',
        (6, 13),
        "write pkg:npm/@acme/widget",
    ),
    (
        HEAD + WEB + 'packages = ["com.acme:core"]\n',
        'packages of promotion "web": "com.acme:core" is not a Package URL',
        (6, 13),
        "write pkg:maven/com.acme/core",
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a", "wbe"]\n',
        'packages of promotion "web": there is no team "wbe"',
        (6, 26),
        'a pattern begins with "pkg:" or "/"',
    ),
    (
        HEAD + WEB + 'packages = ["*"]\n',
        'packages of promotion "web": "*" selects all teams, but there are none',
        (6, 13),
        "add [teams], or write a pattern",
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a"]\nsoak = "4000d"\n',
        'soak "4000d" of promotion "web" is longer than ten years',
        (7, 1),
        "",
    ),
    (
        HEAD + WEB.replace('"web"', '"wéb"') + 'packages = ["pkg:npm/a"]\n',
        'name "wéb" of promotion "wéb" has characters that are not allowed',
        (3, 1),
        "use letters, digits, spaces and punctuation of ASCII; no space at either end",
    ),
    (
        HEAD + WEB + HELD + "until = 2026-12-01T08:00:00\n",
        "until 2026-12-01T08:00:00 of hold 1 is not a date and a time with a zone",
        (10, 1),
        "write a date and a time with its zone: 2027-01-31T08:00:00Z",
    ),
    (
        HEAD + WEB + HELD + "until = 9999-12-31T23:00:00-02:00\n",
        "until of hold 1 is outside the calendar",
        (10, 1),
        "",
    ),
    (
        HEAD + WEB + HELD.replace("pkg:npm/a\"\nreason", "pkg:npm/a@1 2\"\nreason"),
        "package of hold 1: \"pkg:npm/a@1 2\" matches no package: no name or version contains ' '",
        (8, 11),
        "write pkg:npm/a@1.5.0, pkg:npm/a@1.5.* or pkg:npm/a@>=1.4 <2.0",
    ),
    (
        HEAD + WEB + 'packages = ["pkg:npm/a"]\n[hold]\npackage = "pkg:npm/a"\n',
        "hold must be an array, not a table",
        (7, 1),
        "begin each hold with [[hold]]",
    ),
    (
        HEAD + '[promotion]\nname = "a"\n',
        "promotion must be an array, not a table",
        (2, 1),
        "begin each promotion with [[promotion]]",
    ),
    (
        HEAD + '"\\u0070romotion" = [1]\n',
        "promotion must be an array of tables",
        (2, 21),
        "begin each with [[promotion]]",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "message", "place", "hint"), MISTAKES, ids=[mistake[1][:60] for mistake in MISTAKES]
)
def test_a_mistake_is_reported_once_at_its_place_with_a_hint(
    source: str, message: str, place: tuple[int, int], hint: str
) -> None:
    with pytest.raises(RulesError) as error:
        load(source)

    [only] = placed(error.value.diagnostics, source)
    assert (only.message, only.hint, (only.line, only.column)) == (message, hint, place)


@pytest.mark.parametrize(
    ("source", "message", "place", "hint"), MISTAKES, ids=[mistake[1][:60] for mistake in MISTAKES]
)
def test_a_mistake_is_printed_with_its_line_a_caret_and_its_hint(
    source: str, message: str, place: tuple[int, int], hint: str
) -> None:
    with pytest.raises(RulesError) as error:
        load(source)

    head, where, line, caret, count = str(error.value).splitlines()
    assert head == f"error: {message}"
    assert where == f"  --> rules.toml:{place[0]}:{place[1]}"
    assert line.endswith(f" | {source.splitlines()[place[0] - 1]}")
    assert caret.index("^") == line.index("|") + 1 + place[1]
    assert caret.endswith(f"^ {hint}".rstrip())
    assert count == "1 error"


@pytest.mark.parametrize("key", ["name", "from", "to", "packages"])
def test_a_promotion_without_a_required_key_is_an_error(key: str) -> None:
    lines = [line for line in (WEB + 'packages = ["pkg:npm/a"]').splitlines() if not line.startswith(key)]

    with pytest.raises(RulesError) as error:
        load("\n".join([HEAD, *lines]))

    title = "promotion 1" if key == "name" else 'promotion "web"'
    assert str(error.value).startswith(f'error: {title} has no "{key}"\n  --> rules.toml:3:1\n')


@pytest.mark.parametrize("key", ["package", "reason"])
def test_a_hold_without_a_required_key_is_an_error(key: str) -> None:
    hold = [line for line in ('package = "pkg:npm/a"', 'reason = "x"') if not line.startswith(key)]

    with pytest.raises(RulesError) as error:
        load("\n".join([HEAD + WEB + 'packages = ["pkg:npm/a"]', "[[hold]]", *hold]))

    assert str(error.value).startswith(f'error: hold 1 has no "{key}"\n  --> rules.toml:7:1\n')


def test_what_a_terminal_would_interpret_is_escaped() -> None:
    source = HEAD + WEB + 'packages = ["pkg:npm/\\u001b[31m\\u202e\\n"]\n'

    with pytest.raises(RulesError) as error:
        load(source)

    message = str(error.value)
    assert "\x1b" not in message
    assert "\u202e" not in message
    assert len(message.splitlines()) == 5
