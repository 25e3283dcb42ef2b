"""options: times and files as people name them."""

from pathlib import Path

import click
import pytest

from promoter.cli.errors import BadUsage
from promoter.cli.options import TimeType, read_rules, read_text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-01-02T03:04:05Z", 1_767_323_045.0),
        ("2026-01-02T04:04:05+01:00", 1_767_323_045.0),
        ("2026-01-02T03:04:05", 1_767_323_045.0),
        ("2026-01-02", 1_767_312_000.0),
    ],
)
def test_a_time_is_in_iso_8601_and_utc_without_a_zone(text: str, seconds: float) -> None:
    assert TimeType().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "20260102T"])
def test_any_other_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write 2026-01-02T03:04:05Z"):
        TimeType().convert(text, None, None)


@pytest.mark.parametrize("text", ["1969-12-31", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_time_that_calculations_would_overflow_with_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="before 1970 or after 2999"):
        TimeType().convert(text, None, None)


def test_a_missing_rules_file_has_a_hint_and_another_file_has_none(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match=r"rules\.toml; `promoter init` writes one, --rules names another$"):
        read_rules(tmp_path / "rules.toml")
    with pytest.raises(BadUsage, match=r"there is no file \S+event\.json$"):
        read_text(tmp_path / "event.json")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(
        BadUsage, match=r"rules\.toml is not UTF-8 \(byte 1 is 0xFF\); save the file as UTF-8$"
    ):
        read_text(tmp_path / "rules.toml")
    with pytest.raises(BadUsage, match=r" is a directory; name a file$"):
        read_text(tmp_path)


def test_rules_with_errors_are_bad_usage_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('domain = "Acme"\nother = 1\n')

    with pytest.raises(BadUsage) as raised:
        read_rules(file)
    assert str(raised.value).count("error: ") >= 2
