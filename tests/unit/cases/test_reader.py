"""reader: the text of a case file becomes cases, or all its mistakes at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.cases.reader import CaseFile, CaseFileError
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import RulesError
from tests.unit.cases.support import INSIDE, RULES, case_text, mistakes, read


def test_cases_are_about_the_rules_beside_them() -> None:
    [case] = read(case_text())

    assert case.rule_set is RULES
    assert (case.name, case.line) == ("one", 1)


def test_cases_of_a_file_with_rules_are_about_these() -> None:
    [case] = read(INSIDE + case_text())

    assert case.rule_set.digest != RULES.digest


def test_the_rules_beside_a_file_with_rules_are_not_read() -> None:
    def fail() -> RuleSet:
        raise RulesError([], "", "rules.toml")

    assert len(CaseFile(INSIDE + case_text(), "a.toml").read(fail)) == 1


def test_all_mistakes_are_reported_with_their_line_and_a_fix() -> None:
    text = case_text('repositry = "dev"') + case_text('repository = "stagin"', name="two")

    assert mistakes(text) == (
        'error: unknown key "repositry" in case "one"\n'
        "  --> rules.cases.toml:6:1\n"
        '   6 | repositry = "dev"\n'
        '     | ^^^^^^^^^ did you mean "repository"?\n'
        'error: no promotion starts or ends in repository "stagin" of case "two"\n'
        "  --> rules.cases.toml:11:1\n"
        '   11 | repository = "stagin"\n'
        '      | ^^^^^^^^^^ did you mean "staging"?\n'
        "2 errors"
    )


def test_a_mistake_in_rules_inside_the_file_has_its_line_in_the_file() -> None:
    text = INSIDE.replace('soak = "2h"', 'soak = "2x"') + case_text()
    line = text.split("\n").index('soak = "2x"') + 1

    found = mistakes(text)

    assert found.startswith('error: rules "npm": soak "2x" of promotion "npm-to-staging" is not a duration\n')
    assert f'--> rules.cases.toml:{line}:1\n   {line} | soak = "2x"' in found
    assert found.endswith("\n1 error")


def test_two_cases_cannot_have_one_name() -> None:
    found = mistakes(case_text() + case_text())

    assert found.startswith('error: two cases have the name "one"; the first is at line 1\n')
    assert "give it another name" in found


@pytest.mark.parametrize("text", ["", "# nothing\n", "case = []\n"])
def test_a_file_without_a_case_is_an_error(text: str) -> None:
    assert "there is no [[case]]" in mistakes(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[case]\n", "not TOML"),
        ("case = 1\n", "case 1 must be an array, not an integer"),
        ("case = [1]\n", "case must be an array of tables"),
        ("rules = 1\n" + case_text(), "rules 1 of the case file must be a table, not an integer"),
        ("[rules]\nnpm = 1\n" + case_text(), "each value in rules of the case file must be a string"),
        ("rule = 1\n" + case_text(), 'unknown key "rule" in the case file'),
        ("x = " + "[" * 10_000, "nested too deeply"),
        ("x = " + "1" * 10_000, "not TOML"),
    ],
)
def test_a_file_of_another_shape_says_so(text: str, problem: str) -> None:
    found = mistakes(text)

    assert problem in found
    assert found.endswith("\n1 error")


@given(st.text(alphabet="[]case=\"'\n{}.,1-: vrdictpomne", max_size=80))
def test_any_text_is_cases_or_mistakes(text: str) -> None:
    found: object = None
    try:
        found = read(text)
    except CaseFileError as wrong:
        found = str(wrong)
    assert found
