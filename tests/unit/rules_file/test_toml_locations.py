"""toml_locations: the places of tables, keys and strings in a TOML text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.rules_file.toml_locations import locate

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
exclude = ["pkg:npm/inherited"]

[teams]
web = { packages = ["pkg:npm/team"] }
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("domain",), (2, 1)),
        (("promotion", 0), (4, 1)),
        (("promotion", 0, "name"), (5, 1)),
        (("promotion", 0, "packages"), (6, 1)),
        (("promotion", 0, "packages", 1), (8, 3)),
        (("promotion", 0, "exclude"), (10, 1)),
        (("promotion", 1), (12, 1)),
        (("promotion", 1, "name"), (13, 1)),
        (("promotion", 1, "to"), (17, 1)),
        (("defaults", "mode"), (20, 1)),
        (("teams", "web"), (24, 1)),
        (("teams", "web", "packages"), (24, 9)),
    ],
)
def test_a_path_is_found_at_its_line_and_column(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert locate(SOURCE).find(path) == place


def test_a_key_that_is_missing_is_found_at_its_table() -> None:
    assert locate(SOURCE).find(("promotion", 1, "from")) == (12, 1)
    assert locate(SOURCE).find(("promotion", 0, "packages", 7)) == (6, 1)


@pytest.mark.parametrize("path", [("promotion", 2, "name"), ("nothing",), ()])
def test_a_path_that_is_not_in_the_text_is_unknown(path: tuple[str | int, ...]) -> None:
    assert locate(SOURCE).find(path) == (0, 0)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("pkg:nmp/*", (8, 3)),
        ("pkg:npm/inherited", (21, 12)),
        ("pkg:npm/team", (24, 21)),
        ("pkg:npm/elsewhere", (6, 1)),
    ],
)
def test_a_string_is_found_in_its_key_or_where_it_is_inherited_from(
    value: str, place: tuple[int, int]
) -> None:
    assert locate(SOURCE).find(("promotion", 0, "packages"), value) == place


def test_an_inline_table_is_found_at_its_key() -> None:
    inline = locate('domain = "a"\npromotion = [{name = 1}]\n')

    assert inline.find(("promotion", 0, "name")) == (2, 15)
    assert inline.find(("promotion", 0)) == (2, 14)


@given(st.text(max_size=60) | st.text(alphabet="[]{}=\".,#\n' ab1", max_size=60))
def test_any_text_can_be_scanned(source: str) -> None:
    line, column = locate(source).find(("a", 0, "b"), "1")

    assert 0 <= line <= source.count("\n") + 1
    assert 0 <= column <= len(source)
