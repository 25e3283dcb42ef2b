"""comparison: the decisions about a case, compared with the expected ones."""

import pytest

from promoter.cases.comparison import Difference, run_case
from tests.support.samples import promotion, rules
from tests.unit.cases.support import read_one

HOP = "dev -> staging"
TWO_HOPS = rules(promotion("a"), promotion("b", "dev -> test", exclude=["pkg:npm/@acme/*"]))
PASSED = 'answers = { check-sca = "PASSED" }'
OLD = "since = 2026-01-01T00:00:00Z"


def differences(*lines: str) -> list[Difference]:
    return list(run_case(read_one(*lines)).differences)


def test_a_case_passes_if_everything_that_it_expects_is_so() -> None:
    result = run_case(
        read_one(
            PASSED,
            'verdict = "wait"',
            'promotion = "to-staging"',
            'met = ["check-sca", "versions"]',
            'unmet = ["soak"]',
            "waived = []",
            "until = 2026-01-02T13:00:00Z",
            'texts = { soak = "0s of 1h" }',
        )
    )

    assert result.passes
    assert [each.promotion.name for each in result.decisions] == ["to-staging"]


def test_what_is_not_named_is_not_compared() -> None:
    assert differences(PASSED, OLD) == []


@pytest.mark.parametrize(
    ("line", "part", "expected", "got"),
    [
        ('verdict = "wait"', "verdict", "wait", "promote"),
        ('promotion = "to-prod"', "promotion", "to-prod", "to-staging"),
        ('met = ["versions"]', "met", "versions", "check-sca, soak, versions"),
        ("met = []", "met", "none", "check-sca, soak, versions"),
        ('unmet = ["soak"]', "unmet", "soak", "none"),
        ('waived = ["soak"]', "waived", "soak", "none"),
        ("until = 2026-01-02T13:00:00Z", "until", "2026-01-02T13:00:00Z", "none"),
        ('texts = { soak = "1h" }', "text of soak", "1h", "36h of 1h"),
        ('texts = { hold = "x" }', "text of hold", "x", "none"),
    ],
)
def test_each_part_is_compared(line: str, part: str, expected: str, got: str) -> None:
    assert differences(PASSED, OLD, line) == [Difference(HOP, part, expected, got)]


def test_a_version_that_is_not_selected_has_no_decision() -> None:
    assert differences('repository = "prod"', 'verdict = "not-selected"') == []
    assert differences('repository = "prod"', 'verdict = "hold"') == [
        Difference("", "verdict", "hold", "not-selected")
    ]
    assert differences(PASSED, OLD, 'verdict = "not-selected"') == [
        Difference(HOP, "verdict", "not-selected", "promote")
    ]


def test_a_case_of_several_decisions_names_one_of_them_or_all() -> None:
    one = read_one(rule_set=TWO_HOPS)
    named = read_one('to = "test"', 'verdict = "reject"', rule_set=TWO_HOPS)
    both = '{ to = "test", verdict = "reject" }, { to = "staging", verdict = "promote" }'

    assert run_case(one).differences == (
        Difference("", "decisions", 'one; name its hop with "to"', "2: dev -> staging, dev -> test"),
    )
    assert run_case(named).passes
    assert run_case(read_one(f"decisions = [{both}]", rule_set=TWO_HOPS)).passes


def test_a_decision_that_the_list_does_not_have_is_a_difference() -> None:
    case = read_one('decisions = [{ to = "staging", verdict = "promote" }]', rule_set=TWO_HOPS)

    assert run_case(case).differences == (Difference("dev -> test", "verdict", "no decision", "reject"),)
