"""mistakes: each with its place in the file, rendered for a person."""

import pytest

from promoter.rules_file.diagnostics import Diagnostic, RulesError, line_of, render

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


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("domain",), 2),
        (("promotion", 0), 4),
        (("promotion", 0, "name"), 5),
        (("promotion", 0, "packages"), 6),
        (("promotion", 0, "exclude"), 10),
        (("promotion", 1), 12),
        (("promotion", 1, "name"), 13),
        (("promotion", 1, "to"), 17),
        (("promotion", 1, "from"), 12),
        (("defaults", "mode"), 20),
        (("promotion", 2, "name"), 0),
        (("nothing",), 0),
        ((), 0),
    ],
)
def test_a_path_is_found_at_its_line_or_at_its_table(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(path, SOURCE) == line


def test_a_table_that_is_written_inline_is_found_at_its_key() -> None:
    assert line_of(("promotion", 0, "name"), 'domain = "a"\npromotion = [{name = 1}]\n') == 2


def test_mistakes_are_rendered_in_the_order_of_the_file_with_a_count() -> None:
    mistakes = [
        Diagnostic(("promotion", 1, "to"), "to is wrong", "mend it"),
        Diagnostic(("promotion", 0, "packages"), "a pattern is wrong", value="pkg:nmp/*"),
        Diagnostic(("domain",), "domain is odd", "look again", warning=True),
        Diagnostic(("promotion", 1), "a key is missing"),
        Diagnostic((), "the whole is wrong", "write another"),
    ]

    assert (
        render(mistakes, SOURCE, "my.toml")
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
      | ^^ mend it
4 errors, 1 warning"""
    )


def test_the_error_carries_the_mistakes_and_reads_as_they_do() -> None:
    mistake = Diagnostic(("domain",), "domain is wrong")

    error = RulesError([mistake], SOURCE, "my.toml")

    assert error.mistakes == (mistake,)
    assert str(error) == render([mistake], SOURCE, "my.toml")
