"""`promoter plan`: what it asks for, and how it says what it found."""

from pathlib import Path

import pytest

from promoter.cli.plan import shape_of, show
from promoter.copying.results import AssetDifference, Outcome, OutcomeKind, Result
from promoter.inspection.comparison import Comparison, filters_of
from promoter.rules.rule_set import RuleSet
from tests.support.commands import run
from tests.support.samples import decision, promotion, rules

RULES = Path(__file__).parents[3] / "functions" / "rules.toml"


def comparison(*rule_sets: RuleSet, differs: bool = False, **counts: int) -> Comparison:
    """One version is missing for each rule set; the first may differ, too."""
    decisions = tuple(decision(each, version=f"1.{n}.0") for n, each in enumerate(rule_sets))
    difference = AssetDifference("package.tgz", "1a" * 32, "")
    outcome = Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", "exists", differences=(difference,))
    diverged = (Result(decision(version="0.9.0"), outcome),) if differs else ()
    (hop,) = rules().hops["dev"]
    return Comparison(hop, decisions, diverged, counts.get("present", 0), counts.get("uncompared", 0))


EVERY = (
    rules(promotion(exclude=["pkg:npm/@acme/w*"])),
    rules(promotion(approval=True)),
    rules(promotion(soak="24h")),
    rules(),
    rules(promotion(mode="observe")),
)


class TestFilters:
    @pytest.mark.parametrize(
        ("prefixes", "filters"),
        [
            ([""], [("", "", "")]),
            (["npm/"], [("npm", "", "")]),
            (["npm/acme/"], [("npm", "acme", "")]),
            (["npm//acme-"], [("npm", "", "acme-")]),
            (["maven/com.acme"], [("maven", "com.acme", "")]),
            (["npm/acme/widget", "npm/acme/", "npm/acme/ui"], [("npm", "acme", "")]),
            (["pypi//a", "npm/acme/", "", "npm/"], [("", "", "")]),
            (["npm/a/x", "npm/b/"], [("npm", "a", "x"), ("npm", "b", "")]),
        ],
    )
    def test_are_the_fewest_that_find_all(
        self, prefixes: list[str], filters: list[tuple[str, str, str]]
    ) -> None:
        assert filters_of(prefixes) == filters

    def test_too_many_of_them_become_the_formats(self) -> None:
        prefixes = [f"npm/scope-{number}/" for number in range(101)] + ["pypi//acme-"]
        assert filters_of(prefixes) == [("npm", "", ""), ("pypi", "", "")]


class TestText:
    def test_has_the_counts_and_a_line_for_each_version_with_its_reason(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        show(comparison(*EVERY, differs=True, present=7))
        head, *lines = capsys.readouterr().out.splitlines()
        assert head == (
            "dev -> staging   1 copy now, 1 only observed, 1 wait, 1 need a person, 1 rejected; "
            "5 of 12 never promoted, 1 with other bytes downstream"
        )
        assert lines == [
            "  +  npm  @acme/widget 1.3.0",
            "  +  npm  @acme/widget 1.4.0  only observed",
            "  ?  npm  @acme/widget 1.2.0  soak: 0m of 24h",
            "  ?  npm  @acme/widget 1.1.0  approval: none yet",
            '  x  npm  @acme/widget 1.0.0  exclude "pkg:npm/@acme/w*"',
            "  !  npm  @acme/widget 0.9.0  package.tgz: staging has none, dev 1a1a1a1a..",
        ]

    def test_of_a_hop_in_step_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(comparison(present=3))
        assert capsys.readouterr().out == "dev -> staging   nothing to copy; 0 of 3 never promoted\n"

    def test_of_a_hop_that_selects_nothing_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(comparison())
        assert capsys.readouterr().out == "dev -> staging   nothing to copy; nothing is selected\n"

    def test_says_what_was_not_compared(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(comparison(present=3, uncompared=2))
        assert "2 more have other revisions there and were not compared; --compare" in capsys.readouterr().out


class TestShape:
    def test_has_decisions_as_the_log_and_what_differs(self) -> None:
        shape = shape_of(comparison(EVERY[2], differs=True, present=7, uncompared=1))
        assert shape["hop"] == {"from": "dev", "to": "staging"}
        (only,) = shape["decisions"]
        assert (only["verdict"], only["until"]) == ("wait", "2026-01-03T03:04:05Z")
        assert (only["purl"], only["revision"]) == ("pkg:npm/%40acme/widget@1.0.0", "r1")
        assert shape["diverged"] == [
            {
                "purl": "pkg:npm/%40acme/widget@0.9.0",
                "revision": "r1",
                "assets": [{"name": "package.tgz", "source": "1a" * 32, "destination": None}],
            }
        ]
        assert (shape["present"], shape["notCompared"]) == (7, 1)


class TestPasses:
    @pytest.mark.parametrize(
        ("rule_set", "passes"), [(EVERY[0], False), *((each, True) for each in EVERY[1:])]
    )
    def test_unless_something_is_rejected(self, rule_set: RuleSet, passes: bool) -> None:
        assert comparison(rule_set).passes is passes

    def test_or_differs(self) -> None:
        assert not comparison(differs=True).passes


class TestMistakes:
    def test_an_unknown_promotion_is_answered_with_the_known(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran = run(capsys, "plan", "--promotion", "web", "--rules", RULES)
        assert ran.code == 2
        assert ran.err.startswith('there is no promotion "web"; the rules have web-to-staging, ')

    def test_a_bad_pattern_is_said_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        ran = run(capsys, "plan", "--package", "pkg:nmp/x", "--rules", RULES)
        assert ran.code == 2
        assert 'unknown type "nmp"' in ran.err
