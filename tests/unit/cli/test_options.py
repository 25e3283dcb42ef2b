"""options: times and files as people name them."""

import io
import os
import sys
from pathlib import Path

import click
import pytest

from promoter.cli.app import COMMANDS, app
from promoter.cli.errors import BadUsage
from promoter.cli.options import TimeType, profile_option, read_rules, read_text
from tests.support.command_line import promoter
from tests.support.samples import promotion, rules_text


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


def test_a_missing_rules_file_has_another_fix_than_another_file(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match=r"rules\.toml; `promoter init` writes one, --rules names another$"):
        read_rules(tmp_path / "rules.toml")
    with pytest.raises(BadUsage, match=r"there is no file \S+event\.json; check its name$"):
        read_text(tmp_path / "event.json")


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(
        BadUsage, match=r"rules\.toml is not UTF-8 \(byte 0xFF at line 1, column 1\); save the file as UTF-8$"
    ):
        read_text(tmp_path / "rules.toml")
    with pytest.raises(BadUsage, match=r" is a directory; name a file$"):
        read_text(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", ""),
        ("validate", "--rules", ""),
        ("explain", "pkg:npm/a@1", "--in", "dev", "--rules", ""),
        ("graph", "--rules="),
        ("parameters", "--rules="),
        ("init", "--domain", "acme", "--rules="),
    ],
)
def test_an_empty_name_of_a_file_is_one_sentence(arguments: tuple[str, ...]) -> None:
    ran = promoter(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "the name of the rules file is empty; name a file, such as functions/rules.toml\n"


def test_rules_with_errors_are_bad_usage_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('domain = "Acme"\nother = 1\n')

    with pytest.raises(BadUsage) as raised:
        read_rules(file)
    assert str(raised.value).count("error: ") >= 2


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rules_text(promotion())
    for arguments in (
        ("validate", "-"),
        ("graph", "--rules", "-"),
        ("explain", "pkg:npm/a@1", "--in", "dev", "--rules=-"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

        ran = promoter(*arguments)

        assert (ran.code in (0, 1), ran.err) == (True, "")


def test_standard_input_cannot_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rules_text(promotion()).encode())))

    ran = promoter("explain", "-", "--rules", "-")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "two arguments are -, but standard input can be read only once; name a file for one\n"


def test_a_region_is_used_until_the_command_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    @click.command()
    @profile_option
    def command(profile: str | None) -> None:
        seen.append((os.environ.get("AWS_REGION"), profile))

    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    command.main(["--region", "us-gov-west-1", "--profile", "me"], standalone_mode=False)
    monkeypatch.delenv("AWS_REGION")
    command.main(["--region", "eu-north-1"], standalone_mode=False)

    assert seen == [("us-gov-west-1", "me"), ("eu-north-1", None)]
    assert "AWS_REGION" not in os.environ


@pytest.mark.parametrize("region", ["", "Ireland", "eu_west_1", "eu-west"])
def test_what_cannot_be_a_region_is_refused(region: str) -> None:
    ran = promoter("plan", "--region", region)

    assert (ran.code, ran.err) == (
        2,
        f'--region "{region}" is not an AWS region; write one such as eu-west-1\n',
    )


def test_one_option_has_one_name_in_all_commands() -> None:
    named: dict[str, set[str]] = {}
    for name in (name for group in COMMANDS.values() for name in group):
        command = app.get_command(click.Context(app), name)
        assert command is not None
        named[name] = {
            option for each in command.params if isinstance(each, click.Option) for option in each.opts
        }

    every = set().union(*named.values())
    assert not every & {"--owner", "--account", "--file", "--json", "--format-output"}
    for name, options in named.items():
        assert ("--profile" in options) == ("--region" in options), name
        assert "--profile" in options or "--domain-owner" not in options, name
    assert {name for name, options in named.items() if "--output" not in options} == {
        "graph",
        "init",
        "schema",
    }
