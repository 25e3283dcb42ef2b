"""evidence: facts are looked up once, only if a promotion needs them, and a failed look-up is no decision."""

from dataclasses import dataclass, field

import pytest

from promoter.copying.evidence import gather
from promoter.copying.ports import Description
from promoter.copying.results import Deferred, Outcome
from promoter.packages.candidate import Candidate
from promoter.rules.decision import needed
from promoter.rules.evidence import Evidence
from tests.support.samples import candidate, promotion, rules

DESCRIBED = Description("r1", "Published", 0.0, "external")
THROTTLED = Deferred(Outcome.retry("ThrottlingException", "Rate exceeded"))


@dataclass
class Described:
    """A source that gives one answer and counts the questions."""

    answer: Description | Deferred
    receive_counts: list[int] = field(default_factory=list)

    def describe(self, candidate: Candidate, receive_count: int) -> Description | Deferred:
        self.receive_counts.append(receive_count)
        return self.answer


def test_nothing_is_looked_up_that_no_promotion_needs() -> None:
    sources = Described(DESCRIBED)

    assert gather(candidate(), needed(candidate(), rules()), sources) == Evidence()
    assert sources.receive_counts == []


def test_one_describe_serves_every_hop() -> None:
    sources = Described(DESCRIBED)
    rule_set = rules(promotion("a", origin="external"), promotion("b", "dev -> test", origin="internal"))

    assert gather(candidate(), needed(candidate(), rule_set), sources, 2) == Evidence("external")
    assert sources.receive_counts == [2]


@pytest.mark.parametrize("deferred", [THROTTLED])
def test_a_look_up_that_fails_is_deferred_with_its_outcome(deferred: Deferred) -> None:
    rule_set = rules(promotion(origin="external"))

    assert gather(candidate(), needed(candidate(), rule_set), Described(deferred)) == deferred
