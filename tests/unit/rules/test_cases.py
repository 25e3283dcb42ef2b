"""Cases as data: the decisions of rules about a version, in tests/cases/*.toml. A new case needs no Python.

A file has named rules in `[rules]`, and cases. A case names its `rules` (if there are several) and its `version`, a
Package URL. It may set `repository`, `revision`, `origin`, `since`, `now`, and `answers` by namespace: "none", a
result, a table of an answer's fields, or a table with the `problem` of an answer that cannot be used. An approval
names the promotion that asks, unless its table names another one. A case expects one decision: `verdict`, the codes
of the reasons that are `met`, `unmet` and `waived`, and optionally `promotion`, `until` and the `texts` of reasons.
Or it expects the list of all `decisions`, each with its `to`. `[load]` has the expected result of loading, by rules'
name.
"""

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from promoter.packages.candidate import Candidate
from promoter.packages.package import FORMATS
from promoter.packages.patterns import parse_package
from promoter.rules.decision import Decision, decide
from promoter.rules.evidence import Answer, Evidence, Question, UnusableAnswer
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.reader import load
from tests.support.paths import ROOT

FILES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "tests" / "cases").glob("*.toml"))
}
CASES = [(name, case) for name, file in FILES.items() for case in file["case"]]
RULES = [(file, name) for file in FILES for name in FILES[file]["rules"]]
EXPECTED = {"promotion", "verdict", "met", "unmet", "waived", "until", "texts"}
KNOWN = {
    "name",
    "rules",
    "version",
    "repository",
    "revision",
    "origin",
    "since",
    "now",
    "answers",
    "decisions",
}
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def rules_of(file: str, case: dict[str, Any]) -> str:
    texts = FILES[file]["rules"]
    [only] = [case["rules"]] if "rules" in case else texts
    return str(texts[only])


def candidate_of(case: dict[str, Any]) -> Candidate:
    package, version = parse_package(case["version"])
    since = case.get("since", case.get("now", NOON)).timestamp()
    return Candidate(
        package=package,
        version=version,
        revision=case.get("revision", "r1"),
        repository=case.get("repository", "dev"),
        available_since=since,
    )


def evidence_of(case: dict[str, Any], rule_set: RuleSet) -> Evidence:
    given = case.get("answers", {})
    answers = {
        question: answer_of(given[question.namespace], promotion.name)
        for promotion in rule_set.promotions
        for question in promotion.needs
        if isinstance(question, Question) and question.namespace in given
    }
    assert {question.namespace for question in answers} == set(given)
    return Evidence(origin=case.get("origin"), answers=answers)


def answer_of(given: str | dict[str, str], promotion: str) -> Answer | UnusableAnswer | None:
    if given == "none":
        return None
    fields: dict[str, Any] = {"result": given} if isinstance(given, str) else given
    if "problem" in fields:
        return UnusableAnswer("20260101T000000.000Z", fields["problem"])
    return Answer(**{"promotion": promotion, "version": "20260101T000000.000Z", **fields})


def shape_of(decision: Decision, wanted: dict[str, Any]) -> dict[str, Any]:
    """The parts of a decision that a case names; always the verdict and the reasons."""
    until = decision.until
    shape = {
        "to": decision.promotion.destination,
        "promotion": decision.promotion.name,
        "verdict": decision.verdict.name.lower(),
        "met": [reason.code for reason in decision.reasons if reason.met],
        "unmet": [reason.code for reason in decision.reasons if not reason.met and reason.counts],
        "waived": [reason.code for reason in decision.reasons if not reason.counts],
        "until": None if until is None else datetime.fromtimestamp(until, UTC),
        "texts": {
            reason.code: reason.text for reason in decision.reasons if reason.code in wanted.get("texts", {})
        },
    }
    asked = {"verdict", "met", "unmet", "waived", "until"} | wanted.keys()
    return {key: value for key, value in shape.items() if key in asked}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_rules_decide(file: str, case: dict[str, Any]) -> None:
    rule_set = load(rules_of(file, case)).rule_set
    now = case.get("now", NOON).timestamp()

    decisions = decide(candidate_of(case), evidence_of(case, rule_set), rule_set, now)

    own = {key: value for key, value in case.items() if key not in KNOWN}
    wanted = case.get("decisions", [own])
    assert [shape_of(decision, each) for decision, each in zip(decisions, wanted, strict=False)] == [
        {"until": None, "waived": []} | each for each in wanted
    ]
    assert len(decisions) == len(wanted)


@pytest.mark.parametrize(("file", "name"), RULES, ids=[f"{file}: {name}" for file, name in RULES])
def test_the_rules_of_the_cases_load_with_the_warnings_that_they_expect(file: str, name: str) -> None:
    expected = FILES[file].get("load", {}).get(name, {})
    text = FILES[file]["rules"][name]

    loaded = load(text)

    assert [warning.message for warning in loaded.warnings] == expected.get("warnings", [])
    assert len(loaded.rule_set.promotions) == expected.get("promotions", len(loaded.rule_set.promotions))
    assert len(text.splitlines()) < expected.get("under-lines", 10**6)
    assert len(tomllib.loads(text).get("teams", {})) >= expected.get("teams", 0)


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_case_has_only_keys_that_the_test_reads(file: str, case: dict[str, Any]) -> None:
    assert case.keys() <= KNOWN | EXPECTED
    assert ("verdict" in case) != ("decisions" in case)


def test_every_rules_text_has_cases_and_every_name_is_unique() -> None:
    for file in FILES.values():
        names = [case["name"] for case in file["case"]]
        used = {case.get("rules", next(iter(file["rules"]))) for case in file["case"]}
        assert len(names) == len(set(names))
        assert used == file["rules"].keys()


def test_there_are_cases_of_every_format_with_every_condition_met_and_unmet() -> None:
    both = {"exclude", "versions", "prerelease", "soak"}
    for format_ in FORMATS:
        cases = FILES[format_]["case"]
        assert both <= {code for case in cases for code in case.get("met", [])}
        assert both | {"approval", "manual", "hold"} <= {
            code for case in cases for code in case.get("unmet", [])
        }
