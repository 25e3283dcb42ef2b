"""evidence: facts are looked up once, only if a promotion needs them, and a failed look-up is no decision."""

from dataclasses import dataclass, field

from promoter.copying.evidence import Known, gather
from promoter.copying.ports import Description
from promoter.copying.results import Deferred, Outcome, OutcomeKind
from promoter.packages.package import Package
from promoter.rules.decision import needed
from promoter.rules.evidence import Evidence, Fact
from promoter.rules.vocabulary import Hop
from promoter.waiting.answers import AnswerVersion
from tests.support.samples import arrival, candidate, promotion, rules

STAGING = Hop("dev", "staging")
DESCRIBED = Description("r1", "Published", 0.0, "external")
THROTTLED = Outcome.retry("ThrottlingException", "Rate exceeded")


@dataclass
class Described:
    """A source that gives one answer and counts the questions."""

    answer: Description | Outcome
    numbers: list[int] = field(default_factory=list)

    def describe(
        self, repository: str, package: Package, version: str, delivery_number: int
    ) -> Description | Outcome:
        self.numbers.append(delivery_number)
        return self.answer

    def newest_answers(
        self, namespace: str, package: str, delivery_number: int
    ) -> list[AnswerVersion] | Outcome:
        raise AssertionError("no promotion asks")

    def statement(
        self, namespace: str, package: str, version: str, delivery_number: int
    ) -> bytes | Outcome | None:
        raise AssertionError("no promotion asks")


def test_nothing_is_looked_up_that_no_promotion_needs() -> None:
    sources = Described(DESCRIBED)

    assert gather(arrival(), needed(candidate(), rules()), sources, Known()) == Evidence()
    assert sources.numbers == []


def test_one_describe_serves_every_hop() -> None:
    sources = Described(DESCRIBED)
    rule_set = rules(promotion("a", origin="external"), promotion("b", "dev -> test", origin="internal"))

    assert gather(arrival(number=2), needed(candidate(), rule_set), sources, Known()) == Evidence("external")
    assert sources.numbers == [2]


def test_a_look_up_that_fails_is_deferred_with_its_outcome() -> None:
    rule_set = rules(promotion(origin="external"))

    assert gather(arrival(), needed(candidate(), rule_set), Described(THROTTLED), Known()) == Deferred(
        THROTTLED
    )


def test_the_status_is_evidence_only_if_it_was_asked_for() -> None:
    archived = Described(Description("r1", "Archived", 0.0, "internal"))
    both = frozenset({Fact.ORIGIN, Fact.STATUS})

    assert gather(arrival(), {STAGING: frozenset({Fact.ORIGIN})}, archived, Known()) == Evidence("internal")
    assert gather(arrival(), {STAGING: both}, archived, Known()) == Evidence("internal", "Archived")


def test_a_published_version_that_the_api_still_shows_as_unfinished_is_tried_again() -> None:
    behind = Described(Description("r1", "Unfinished", 0.0))

    found = gather(arrival(), {STAGING: frozenset({Fact.STATUS})}, behind, Known())

    assert isinstance(found, Deferred)
    assert (found.outcome.kind, found.outcome.is_final) == (OutcomeKind.RETRY, False)
