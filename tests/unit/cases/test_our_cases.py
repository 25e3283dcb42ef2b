"""The cases in tests/cases/*.toml, run as `promoter test` runs them. A new case needs no Python."""

import tomllib
from typing import Any

import pytest

from promoter.cases.case import Case
from promoter.cases.comparison import run_case
from promoter.cases.reader import CaseFile
from promoter.packages.package import FORMATS
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load
from tests.support.paths import ROOT

FILES = {
    path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "cases").glob("*.toml"))
}
TREES: dict[str, dict[str, Any]] = {name: tomllib.loads(text) for name, text in FILES.items()}
RULES = [(file, name) for file, tree in TREES.items() for name in tree["rules"]]


def no_rules() -> RuleSet:
    raise AssertionError("each of these files has rules of its own")


CASES: list[tuple[str, Case]] = [
    (file, case) for file, text in FILES.items() for case in CaseFile(text, f"{file}.toml").read(no_rules)
]


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case.name}" for file, case in CASES])
def test_rules_decide(file: str, case: Case) -> None:
    assert run_case(case).differences == ()


@pytest.mark.parametrize("file", FILES)
def test_a_case_expects_every_reason_of_every_decision(file: str) -> None:
    for case in TREES[file]["case"]:
        for expected in case.get("decisions", [case]):
            if expected["verdict"] != "not-selected":
                assert {"met", "unmet"} <= expected.keys(), case["name"]
                assert (expected["verdict"] == "wait") == ("until" in expected), case["name"]


@pytest.mark.parametrize(("file", "name"), RULES, ids=[f"{file}: {name}" for file, name in RULES])
def test_the_rules_of_the_cases_load_without_warnings(file: str, name: str) -> None:
    assert load(TREES[file]["rules"][name]).warnings == ()


def test_every_rules_text_has_cases() -> None:
    for tree in TREES.values():
        assert {case.get("rules", next(iter(tree["rules"]))) for case in tree["case"]} == tree["rules"].keys()


def test_there_are_cases_of_every_format_with_every_condition_met_and_unmet() -> None:
    both = {"exclude", "versions", "prerelease", "soak"}
    for format_ in FORMATS:
        cases = TREES[format_]["case"]
        assert both <= {code for case in cases for code in case.get("met", [])}
        assert both | {"approval", "manual", "hold"} <= {
            code for case in cases for code in case.get("unmet", [])
        }


def test_forty_teams_need_five_promotions_in_less_than_a_hundred_lines() -> None:
    text = TREES["forty-teams"]["rules"]["forty"]
    assert len(text.splitlines()) < 100
    assert len(tomllib.loads(text)["teams"]) >= 40
    assert len(load(text).rule_set.promotions) == 5
