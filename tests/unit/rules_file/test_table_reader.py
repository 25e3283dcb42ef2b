"""tables: a TOML table becomes a struct's values, and each of its mistakes is kept."""

from promoter.rules_file.file_format import HoldEntry, PromotionEntry
from promoter.rules_file.table_reader import Tables


def test_what_could_be_read_is_there_beside_what_could_not() -> None:
    tables = Tables()

    values = tables.fields(
        {"package": "pkg:npm/a", "reason": 3, "too": "prod"}, HoldEntry, ("hold", 0), "hold 1"
    )

    assert values == {"package": "pkg:npm/a"}
    assert [(each.path, each.mend) for each in tables.mistakes] == [
        (("hold", 0, "too"), 'did you mean "to"?'),
        (("hold", 0, "reason"), ""),
    ]


def test_a_key_that_is_given_elsewhere_need_not_be_there() -> None:
    tables = Tables()
    own = {"name": "web", "from": "dev", "to": "staging"}

    tables.fields(own, PromotionEntry, ("promotion", 0), "web", given={"packages": ("pkg:npm/a",)})

    assert tables.mistakes == []


def test_where_no_table_stands_is_remembered() -> None:
    tables = Tables()

    found = tables.tables({"promotion": [{"name": "web"}, 3]}, "promotion")

    assert found == {0: {"name": "web"}, 1: {}}
    assert tables.no_tables == {("promotion", 1)}
