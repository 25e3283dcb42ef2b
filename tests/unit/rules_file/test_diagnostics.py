"""diagnostics: errors and warnings, each with its place in the file, printed for people."""

import pytest

from promoter.rules_file.diagnostics import (
    Collector,
    Diagnostic,
    RulesError,
    error,
    line_of,
    placed,
    render,
    syntax_error,
    warning,
)

SOURCE = """\
# the rules
domain = "acme"

[[promotion]]
name = "a"
packages = [
  "pkg:npm/*", # a comment with name = "x"
  "pkg:nmp/*",
]
exclude = ["pkg:npm/[x"]

[[promotion]] # the second
"name" = "b"
text = '''
name = "not a key"
'''
to = "x"

[defaults]
mode = "observe"
"""


DIAGNOSTICS = [
    error(("promotion", 1, "to"), "to is wrong", "fix it"),
    error(("promotion", 0, "packages"), "a pattern is wrong", value="pkg:nmp/*"),
    warning(("domain",), "domain is odd", "look again"),
    error(("promotion", 1), "a key is missing"),
    error((), "the whole is wrong", "write another"),
]


def test_diagnostics_are_printed_in_the_order_of_the_file_with_their_number() -> None:
    assert (
        render(DIAGNOSTICS, SOURCE, "my.toml")
        == """\
error: the whole is wrong
  write another
  --> my.toml
warning: domain is odd
  --> my.toml:2:1
   2 | domain = "acme"
     | ^^^^^^ look again
error: a pattern is wrong
  --> my.toml:8:3
   8 |   "pkg:nmp/*",
     |   ^^^^^^^^^^^
error: a key is missing
  --> my.toml:12:1
   12 | [[promotion]] # the second
      | ^^^^^^^^^^^^^
error: to is wrong
  --> my.toml:17:1
   17 | to = "x"
      | ^^ fix it
4 errors, 1 warning"""
    )


def test_diagnostics_get_line_and_column_and_are_sorted_by_them() -> None:
    assert [(each.line, each.column) for each in placed(DIAGNOSTICS, SOURCE)] == [
        (0, 0),
        (2, 1),
        (8, 3),
        (12, 1),
        (17, 1),
    ]


def test_a_line_that_is_known_is_kept() -> None:
    known = Diagnostic("error", "wrong", path=("domain",), line=7, column=2)

    assert placed([known], SOURCE) == [known]


def test_the_line_of_a_table_or_a_key_can_be_looked_up() -> None:
    assert line_of(("promotion", 1), SOURCE) == 12
    assert line_of(("promotion", 2), SOURCE) == 0


def test_a_collector_keeps_an_equal_diagnostic_once() -> None:
    out = Collector()

    out.add(error(("domain",), "wrong"), warning(("domain",), "odd"))
    out.add(error(("domain",), "wrong"))

    assert out.all == (error(("domain",), "wrong"), warning(("domain",), "odd"))


def test_a_collector_knows_if_it_has_an_error() -> None:
    out = Collector()
    assert not out.has_errors

    out.add(warning((), "odd"))
    assert not out.has_errors

    out.add(error((), "wrong"))
    assert out.has_errors


def test_a_rules_error_has_its_diagnostics_and_prints_them() -> None:
    wrong = RulesError(DIAGNOSTICS, SOURCE, "my.toml")

    assert wrong.diagnostics == tuple(DIAGNOSTICS)
    assert str(wrong) == render(DIAGNOSTICS, SOURCE, "my.toml")


def test_an_error_of_the_toml_parser_keeps_its_place() -> None:
    found = syntax_error(ValueError("Invalid value (at line 2, column 8)"), "a\nb\n")

    assert (found.message, found.line, found.column) == ("not TOML: Invalid value", 2, 8)


def test_an_error_of_the_toml_parser_without_a_place_is_at_the_end() -> None:
    found = syntax_error(ValueError("Invalid value (at end of document)"), "a\nb\n")

    assert (found.line, found.column) == (2, 0)


def test_mistakes_of_one_kind_are_folded_in_text_and_all_counted() -> None:
    text = "".join(f'[[promotion]]\nexlude{number} = ["x"]\n' for number in range(42))
    found = [
        error(("promotion", number), f'unknown key "exlude{number}" in promotion "p{number}"')
        for number in range(42)
    ]

    shown = render([*found, error((), 'the rules file has no "domain"')], text, "rules.toml")

    assert shown.count("unknown key") == 3
    assert "  and 39 more like this\n" in shown
    assert 'the rules file has no "domain"' in shown
    assert shown.endswith("\n43 errors")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_mistakes_are_shown_one_by_one(count: int) -> None:
    found = [error((), f'unknown key "{number}"') for number in range(count)]

    assert "more" not in render(found, "", "rules.toml")
