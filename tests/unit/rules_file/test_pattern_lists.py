"""pattern_lists: patterns, and teams that stand for their patterns."""

import pytest

from promoter.packages.patterns import Pattern
from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.pattern_lists import Teams, read_patterns, read_teams
from promoter.rules_file.table_reader import TablePlace

WEB = TablePlace(("promotion", 0), 'promotion "web"')
INHERITED = TablePlace(("promotion", 0), 'promotion "web"', frozenset({"exclude"}))
TEAMS = {
    "payments": {"packages": ["pkg:npm/@payments/*", "/maven/com.acme.payments~"]},
    "web": {"packages": ["pkg:npm/@acme/*"]},
}


def teams() -> Teams:
    return read_teams(TEAMS, Collector())


def texts(patterns: tuple[Pattern, ...]) -> list[str]:
    return [pattern.text for pattern in patterns]


def test_a_team_is_read_with_its_patterns() -> None:
    assert {name: texts(patterns) for name, patterns in teams().items()} == {
        "payments": ["pkg:npm/@payments/*", "/maven/com.acme.payments~"],
        "web": ["pkg:npm/@acme/*"],
    }


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (["pkg:npm/a"], ["pkg:npm/a"]),
        (["web", "pkg:npm/a"], ["pkg:npm/@acme/*", "pkg:npm/a"]),
        (["*"], ["pkg:npm/@payments/*", "/maven/com.acme.payments~", "pkg:npm/@acme/*"]),
        ([], []),
    ],
)
def test_a_team_in_a_list_is_replaced_by_its_patterns(listed: list[str], expected: list[str]) -> None:
    out = Collector()

    assert texts(read_patterns(listed, teams(), WEB, "packages", out)) == expected
    assert out.all == ()


@pytest.mark.parametrize(
    ("name", "known", "message", "hint"),
    [
        ("wbe", TEAMS, 'there is no team "wbe"', 'did you mean "web"?'),
        (
            "lodash",
            TEAMS,
            'there is no team "lodash"',
            'a pattern begins with "pkg:" or "/"; known teams: payments, web',
        ),
        ("lodash", {}, 'there is no team "lodash"', 'a pattern begins with "pkg:" or "/"'),
        ("*", {}, '"*" selects all teams, but there are none', "add [teams], or write a pattern"),
    ],
)
def test_an_unknown_team_is_an_error_with_a_hint(
    name: str, known: dict[str, dict[str, list[str]]], message: str, hint: str
) -> None:
    out = Collector()

    read_patterns([name], read_teams(known, Collector()), WEB, "packages", out)

    [only] = out.all
    assert (only.message, only.hint) == (f'packages of promotion "web": {message}', hint)
    assert (only.path, only.value) == (("promotion", 0, "packages"), name)


@pytest.mark.parametrize("name", ["a:b", "a/b", "*", ""])
def test_a_team_cannot_have_the_name_of_a_pattern(name: str) -> None:
    out = Collector()

    read_teams({name: TEAMS["web"]}, out)

    [only] = out.all
    assert only.message == f'"{name}" cannot be the name of a team'
    assert only.path == ("teams", name)


def test_a_wrong_pattern_is_left_out_and_reported() -> None:
    out = Collector()

    assert texts(read_patterns(["pkg:nmp/a", "pkg:npm/b"], {}, WEB, "exclude", out)) == ["pkg:npm/b"]
    assert [each.message for each in out.all] == [
        'exclude of promotion "web": "pkg:nmp/a" has an unknown type "nmp"'
    ]


def test_a_wrong_pattern_of_the_defaults_is_reported_there_and_once() -> None:
    out = Collector()

    for _ in range(3):
        read_patterns(["pkg:nmp/a"], {}, INHERITED, "exclude", out)

    [only] = out.all
    assert only.path == ("defaults", "exclude")
    assert only.message == 'exclude of [defaults]: "pkg:nmp/a" has an unknown type "nmp"'
