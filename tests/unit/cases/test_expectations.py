"""expectations: the expected decisions of a case."""

import pytest

from promoter.cases.case import Expected
from tests.unit.cases.support import case_text, mistakes, read_one


def test_a_case_expects_one_decision() -> None:
    case = read_one('verdict = "wait"', 'unmet = ["soak"]', "until = 1970-01-01T00:00:09Z")

    assert case.expected == (Expected("wait", unmet=("soak",), until=9),)
    assert not case.is_complete


def test_a_case_expects_all_decisions() -> None:
    case = read_one('decisions = [{ to = "staging", verdict = "hold", met = ["check-sca"] }]')

    assert case.expected == (Expected("hold", "staging", met=("check-sca",)),)
    assert case.is_complete


@pytest.mark.parametrize(
    ("lines", "problem", "fix"),
    [
        (['to = "prod"'], 'no promotion goes from dev to "prod"', "known: staging"),
        (['repository = "prod"', 'to = "dev"'], 'no promotion goes from prod to "dev"', "starts in prod"),
        (['promotion = "to-stagin"'], 'promotion "to-stagin" of case "one" is not', 'mean "to-staging"'),
        (['unmet = ["soaked"]'], 'unmet of case "one": there is no condition "soaked"', 'mean "soak"'),
        (['met = ["check"]'], 'there is no condition "check"', 'did you mean "check-sca"?'),
        (['texts = { sok = "x" }'], 'there is no condition "sok"', 'did you mean "soak"?'),
        (['verdict = "promoted"'], 'verdict "promoted" of case "one" is not', 'did you mean "promote"?'),
        (["decisions = []"], 'decisions of case "one" is empty', ""),
        (["decisions = [1]"], 'each value in decisions of case "one" must be a table', ""),
        (['decisions = [{ verdict = "hold" }]'], 'decision 1 of case "one" has no "to"', "the destination"),
        (['decisions = [{ to = "staging" }]'], 'decision 1 of case "one" has no "verdict"', "write verdict"),
        (
            ['decisions = [{ to = "staging", verdict = "hold" }]', 'met = ["soak"]'],
            'case "one" has decisions, so it cannot have met itself',
            "move these keys into decisions",
        ),
    ],
)
def test_a_wrong_expectation_names_the_fix(lines: list[str], problem: str, fix: str) -> None:
    found = mistakes(case_text(*lines))

    assert problem in found
    assert fix in found


def test_a_case_without_a_verdict_is_an_error() -> None:
    found = mistakes(case_text().replace('verdict = "promote"\n', ""))

    assert 'case "one" has no "verdict"' in found
