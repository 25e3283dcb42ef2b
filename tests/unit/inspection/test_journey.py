"""journey: where a version is, and the decision on each hop from there."""

import pytest

from promoter.copying.ports import ApiError
from promoter.copying.results import OutcomeKind
from promoter.inspection.journey import Journey, trace_version
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from tests.support.in_memory_reader import InMemoryReader
from tests.support.in_memory_waiting import InMemoryAnswers
from tests.support.samples import MORNING, WIDGET, promotion, rules

CHAIN = rules(promotion("one"), promotion("two", "staging -> prod"))
HOUR = 3600.0


@pytest.fixture
def domain() -> InMemoryReader:
    return InMemoryReader.of("dev", "staging", "prod")


def trace(domain: InMemoryReader, rule_set: RuleSet = CHAIN, since: float | None = None) -> Journey:
    return trace_version(domain, InMemoryAnswers(), rule_set, WIDGET, "1.0.0", MORNING + HOUR, since)


def test_every_repository_of_the_rules_is_asked_once(domain: InMemoryReader) -> None:
    domain.put("dev")

    journey = trace(domain)

    assert domain.calls == [("find", name, "widget", "1.0.0") for name in ("dev", "staging", "prod")]
    assert list(journey.found) == ["dev"]


def test_a_version_that_is_nowhere_has_no_steps(domain: InMemoryReader) -> None:
    assert trace(domain) == Journey({}, ())


def test_each_repository_that_has_the_version_has_its_steps(domain: InMemoryReader) -> None:
    domain.put("dev")
    domain.put("staging")

    steps = trace(domain).steps

    assert [(str(each.hop), each.arrived, each.verdict) for each in steps] == [
        ("dev -> staging", True, "promote"),
        ("staging -> prod", False, "promote"),
    ]


def test_equal_revisions_are_the_same_version_without_a_look_at_files(domain: InMemoryReader) -> None:
    domain.put("dev", content="aa")
    domain.put("staging", content="bb")

    assert trace(domain).steps[0].arrived
    assert not any(call[0] == "list_assets" for call in domain.calls)


def test_other_revisions_with_the_same_files_are_the_same_version(domain: InMemoryReader) -> None:
    domain.put("dev", revision="r1")
    domain.put("staging", revision="r2")

    assert trace(domain).steps[0].arrived


def test_different_files_are_an_outcome_with_their_hashes(domain: InMemoryReader) -> None:
    domain.put("dev", revision="r1", content="aa")
    domain.put("staging", revision="r2", content="bb")

    outcome = trace(domain).steps[0].outcome

    assert outcome is not None
    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "ALREADY_EXISTS")
    assert [(each.name, each.source, each.destination) for each in outcome.differences] == [
        ("package.tgz", "aa", "bb")
    ]


@pytest.mark.parametrize("status", ["Unfinished", "Unlisted", "Archived", "Disposed"])
def test_a_version_that_is_not_published_is_rejected_as_the_pipeline_rejects_it(
    domain: InMemoryReader, status: str
) -> None:
    domain.put("dev", status=status)

    [step] = trace(domain).steps

    evidence = Evidence("internal", status)
    assert step.decision == decide(step.candidate, evidence, CHAIN, MORNING + HOUR)[0]
    assert (step.verdict, step.decision.decisive_code) == ("reject", "source-status")
    assert step.decision.reasons[-1].text == f"{status} in dev; only Published versions are promoted"


def test_a_published_version_is_still_published(domain: InMemoryReader) -> None:
    domain.put("dev")

    [step] = trace(domain).steps

    assert step.decision is not None
    assert step.decision.reasons[-1].text == "still Published"


@pytest.mark.parametrize("revision", ["r1", "r2"])
def test_a_version_that_was_disposed_in_the_destination_has_not_arrived(
    domain: InMemoryReader, revision: str
) -> None:
    domain.put("dev", revision="r1")
    domain.put("staging", revision=revision, status="Disposed")

    step = trace(domain).steps[0]

    assert step.outcome is not None
    assert (step.arrived, step.passes, step.destination_status) == (False, False, "Disposed")
    assert step.outcome.code == "ALREADY_EXISTS"
    assert step.outcome.text == "the version is Disposed in staging; it is never changed there"


@pytest.mark.parametrize("status", ["Unlisted", "Archived"])
def test_the_same_version_in_another_status_has_arrived(domain: InMemoryReader, status: str) -> None:
    domain.put("dev")
    domain.put("staging", status=status)

    step = trace(domain).steps[0]

    assert (step.arrived, step.destination_status) == (True, status)


@pytest.mark.parametrize("status", ["Unlisted", "Archived"])
def test_added_files_of_a_version_that_is_not_published_there_are_a_conflict_with_its_status(
    domain: InMemoryReader, status: str
) -> None:
    domain.put("dev", revision="r2", wheel="bb")
    domain.put("staging", status=status)

    outcome = trace(domain).steps[0].outcome

    assert outcome is not None
    assert (outcome.only_added, [each.name for each in outcome.differences]) == (False, ["wheel"])
    assert outcome.text == f"the version is {status} in staging; it is never changed there"


def test_files_that_were_only_added_are_told_as_added(domain: InMemoryReader) -> None:
    domain.put("dev", revision="r2", wheel="bb")
    domain.put("staging")

    outcome = trace(domain).steps[0].outcome

    assert outcome is not None
    assert outcome.only_added
    assert outcome.text == "files were added in dev after the version was promoted to staging"


def test_a_version_that_was_disposed_in_the_source_is_rejected_and_not_compared(
    domain: InMemoryReader,
) -> None:
    domain.put("dev", revision="r2", status="Disposed")
    domain.put("staging")

    step = trace(domain).steps[0]

    assert (step.verdict, step.outcome) == ("reject", None)
    assert not any(call[0] == "list_assets" for call in domain.calls)


def test_the_status_does_not_matter_once_the_destination_has_the_version(domain: InMemoryReader) -> None:
    domain.put("dev", status="Archived")
    domain.put("staging")

    assert trace(domain).steps[0].arrived


def test_a_soak_counts_from_published_time_unless_a_time_is_given(domain: InMemoryReader) -> None:
    domain.put("dev", published=MORNING)
    soaking = rules(promotion(soak="2h"))

    assert [each.verdict for each in trace(domain, soaking).steps] == ["wait"]
    assert [each.verdict for each in trace(domain, soaking, MORNING - HOUR).steps] == ["promote"]


def test_the_origin_comes_from_the_repository(domain: InMemoryReader) -> None:
    domain.put("dev", origin="external")
    rule_set = rules(promotion("ours", origin="internal"), promotion("theirs", origin="external"))

    [step] = trace(domain, rule_set).steps

    assert step.decision is not None
    assert (step.decision.promotion.name, step.unsure) == ("theirs", ())


def test_a_repository_that_does_not_exist_is_an_error(domain: InMemoryReader) -> None:
    with pytest.raises(ApiError, match="Repository not found: test"):
        trace(domain, rules(promotion("one", "dev -> test")))
