"""table_reader: the keys of a TOML table become the values of a struct."""

from promoter.rules_file.diagnostics import Collector
from promoter.rules_file.file_format import HoldEntry, PromotionEntry, RulesFile
from promoter.rules_file.table_reader import (
    TablePlace,
    read_array_of_tables,
    read_fields,
    read_teams_table,
)

HOLD = TablePlace(("hold", 0), "hold 1")
WEB = TablePlace(("promotion", 0), 'promotion "web"')


def test_valid_values_are_read_beside_wrong_ones() -> None:
    out = Collector()

    values = read_fields({"package": "pkg:npm/a", "reason": 3, "too": "prod"}, HoldEntry, HOLD, out)

    assert values == {"package": "pkg:npm/a"}
    assert [(each.path, each.message, each.hint) for each in out.all] == [
        (("hold", 0, "too"), 'unknown key "too" in hold 1', 'did you mean "to"?'),
        (("hold", 0, "reason"), "reason 3 of hold 1 must be a string, not an integer", ""),
    ]


def test_values_have_the_names_of_the_fields() -> None:
    out = Collector()

    values = read_fields({"from": "dev", "on-conflict": "extend"}, PromotionEntry, WEB, out, complete=False)

    assert values == {"from_": "dev", "on_conflict": "extend"}
    assert out.all == ()


def test_a_missing_key_is_an_error_unless_it_is_given() -> None:
    own = {"name": "web", "from": "dev", "to": "staging"}
    missing, given = Collector(), Collector()

    read_fields(own, PromotionEntry, WEB, missing)
    read_fields(own, PromotionEntry, WEB, given, given={"packages": ("pkg:npm/a",)})

    assert [each.message for each in missing.all] == ['promotion "web" has no "packages"']
    assert given.all == ()


def test_the_file_itself_has_a_title_in_messages() -> None:
    out = Collector()

    read_fields({"domian": "acme"}, RulesFile, TablePlace((), ""), out)

    assert [(each.message, each.hint) for each in out.all] == [
        ('unknown key "domian" in the rules file', 'did you mean "domain"?'),
        ('the rules file has no "domain"', ""),
        ('the rules file has no "promotion"', ""),
    ]


def test_what_is_not_a_table_has_no_values_and_no_further_errors() -> None:
    out = Collector()

    assert read_fields(None, HoldEntry, HOLD, out) == {}
    assert out.all == ()


def test_an_inherited_key_is_located_in_the_defaults() -> None:
    place = TablePlace(("promotion", 0), 'promotion "web"', frozenset({"soak"}))

    assert (place.path_of("soak"), place.owner_of("soak")) == (("defaults", "soak"), "[defaults]")
    assert (place.path_of("mode"), place.owner_of("mode")) == (("promotion", 0, "mode"), 'promotion "web"')


def test_an_element_that_is_not_a_table_is_none() -> None:
    out = Collector()

    assert read_array_of_tables({"hold": [{"package": "x"}, 3]}, "hold", out) == [{"package": "x"}, None]
    assert [(each.path, each.message) for each in out.all] == [
        (("hold", 1), "hold must be an array of tables")
    ]


def test_a_team_that_is_not_a_table_is_none() -> None:
    out = Collector()

    assert read_teams_table({"teams": {"web": {"packages": []}, "ops": []}}, out) == {
        "web": {"packages": []},
        "ops": None,
    }
    assert [(each.path, each.hint) for each in out.all] == [
        (("teams", "ops"), "write ops = { packages = [...] }")
    ]


def test_tables_that_are_not_there_are_none_at_all() -> None:
    out = Collector()

    assert read_array_of_tables({}, "promotion", out) == []
    assert read_teams_table({}, out) == {}
    assert read_array_of_tables({"promotion": 3}, "promotion", out) == []
    assert read_teams_table({"teams": 3}, out) == {}
    assert [each.message for each in out.all] == [
        "promotion 3 must be an array, not an integer",
        "teams 3 must be a table, not an integer",
    ]
