"""`promoter test`: users' own cases, from the command line."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import promoter
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules_text

CASE = """[[case]]
name = "a widget soaks"
version = "pkg:npm/@acme/widget@1.0.0"
verdict = "wait"
unmet = ["soak"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with rules and a case about them."""
    (tmp_path / "rules.toml").write_text(rules_text(promotion(soak="1h")))
    (tmp_path / "rules.cases.toml").write_text(CASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_cases_beside_the_rules_run(folder: Path) -> None:
    ran = promoter("test", "--rules", "rules.toml")

    assert (ran.code, ran.lines) == (0, ["1 passed, 0 failed"])


def test_a_case_that_fails_shows_its_line_the_difference_and_every_reason(folder: Path) -> None:
    (folder / "rules.toml").write_text(rules_text(promotion(versions="^1", exclude=["pkg:npm/left-pad"])))

    ran = promoter("test", "--rules", "rules.toml")

    assert ran.code == 1
    assert ran.lines == [
        'FAILED  rules.cases.toml:1  "a widget soaks"',
        "  @acme/widget 1.0.0 in dev",
        "  !  dev -> staging  verdict  expected wait; got promote",
        "  !  dev -> staging  unmet    expected soak; got none",
        "  dev -> staging   npm-to-staging  PROMOTE",
        "    ok  exclude   not excluded",
        "    ok  versions  1.0.0 in ^1",
        "0 passed, 1 failed",
    ]


def test_json_has_the_same(folder: Path) -> None:
    (folder / "rules.toml").write_text(rules_text(promotion()))

    ran = promoter("test", "--rules", "rules.toml", "--output", "json")

    found = json.loads(ran.out)
    [failed] = found["failed"]
    assert (ran.code, found["passed"]) == (1, 0)
    assert (failed["file"], failed["line"], failed["name"]) == ("rules.cases.toml", 1, "a widget soaks")
    assert failed["differences"][0] == {
        "hop": "dev -> staging",
        "part": "verdict",
        "expected": "wait",
        "got": "promote",
    }
    assert failed["decisions"][0]["verdict"] == "promote"


def test_several_files_and_a_directory_run_together(folder: Path) -> None:
    (folder / "more").mkdir()
    for name in ("a.toml", "b.toml"):
        (folder / "more" / name).write_text(CASE)

    ran = promoter("test", "more", "rules.cases.toml", "--rules", "rules.toml")

    assert (ran.code, ran.lines) == (0, ["3 passed, 0 failed"])


def test_the_mistakes_of_all_files_are_reported_and_nothing_runs(folder: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (folder / name).write_text(CASE.replace("unmet", "unmett"))

    ran = promoter("test", "a.toml", "rules.cases.toml", "b.toml", "--rules", "rules.toml")

    assert (ran.code, ran.out) == (2, "")
    assert [line for line in ran.err.splitlines() if "-->" in line] == [
        "  --> a.toml:5:1",
        "  --> b.toml:5:1",
    ]
    assert 'did you mean "unmet"?' in ran.err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["none.toml"], "there is no file none.toml; write your cases there"),
        (["empty"], "empty has no *.toml; write a case file"),
        (["--rules", "other.toml"], "there is no file other.cases.toml"),
        (["rules.cases.toml", "--rules", "other.toml"], "there is no file other.toml"),
    ],
)
def test_a_missing_file_is_bad_usage(folder: Path, arguments: list[str], text: str) -> None:
    (folder / "empty").mkdir()

    ran = promoter("test", *arguments)

    assert ran.code == 2
    assert text in ran.err


def test_the_rules_of_the_repository_pass_their_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert promoter("test").code == 0
    assert promoter("test", "--rules", "docs/example-rules.toml").code == 0
