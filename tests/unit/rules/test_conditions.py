"""conditions: what a promotion requires, each answering with a reason."""

from promoter.packages.patterns import parse
from promoter.rules.conditions import NotExcluded
from promoter.rules.evidence import Evidence
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import Verdict
from tests.support.samples import MORNING, candidate


def test_verdicts_are_ordered_from_best_to_worst() -> None:
    assert list(Verdict) == sorted(Verdict)
    assert [verdict.name for verdict in Verdict] == ["PROMOTE", "WAIT", "HOLD", "REJECT"]


def test_what_is_not_excluded_is_met() -> None:
    condition = NotExcluded((parse("pkg:npm/@acme/internal-*"),))

    assert condition.check(candidate(), Evidence(), MORNING) == Reason(
        "exclude", True, "not excluded", "not excluded", "not excluded"
    )


def test_what_is_excluded_is_rejected_with_the_pattern_that_does_it() -> None:
    condition = NotExcluded((parse("pkg:pypi/*"), parse("pkg:npm/@acme/w*")))

    assert condition.check(candidate(), Evidence(), MORNING) == Reason(
        code="exclude",
        met=False,
        seen="pkg:npm/@acme/w*",
        wanted="not excluded",
        text='exclude "pkg:npm/@acme/w*"',
        verdict=Verdict.REJECT,
    )
