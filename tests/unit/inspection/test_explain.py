"""explain: the decision on every hop that leaves a version's repository."""

import pytest
from msgspec.structs import replace

from promoter.copying.results import AssetDifference, Outcome, OutcomeKind
from promoter.inspection.explain import Step, explain_hops, step_to_json
from promoter.packages.package import Package
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from tests.support.samples import MORNING, candidate, promotion, rules

UNCHANGED = Outcome(OutcomeKind.UNCHANGED)
DIFFERS = Outcome(
    OutcomeKind.FAILED, "ALREADY_EXISTS", "exists", differences=(AssetDifference("a", "1", "2"),)
)


def explained(rule_set: RuleSet, evidence: Evidence | None = None) -> tuple[Step, ...]:
    return explain_hops(candidate(), evidence or Evidence(), rule_set, MORNING)


def step(rule_set: RuleSet | None = None, outcome: Outcome | None = None) -> Step:
    [only] = explained(rule_set or rules())
    return Step(only.hop, only.candidate, only.decision, outcome=outcome)


def test_each_hop_that_leaves_the_repository_has_a_step() -> None:
    rule_set = rules(
        promotion("a"),
        promotion("b", "dev -> test", packages=["pkg:pypi/x"]),
        promotion("c", "staging -> prod"),
    )

    steps = explained(rule_set)

    assert [(each.hop, each.verdict) for each in steps] == [
        (Hop("dev", "staging"), "promote"),
        (Hop("dev", "test"), "not-selected"),
    ]


def test_a_repository_that_no_hop_leaves_has_no_steps() -> None:
    assert explain_hops(candidate(repository="prod"), Evidence(), rules(), MORNING) == ()


def test_promotions_after_the_one_that_decides_are_later() -> None:
    rule_set = rules(promotion("first"), promotion("second"), promotion("other", packages=["pkg:pypi/x"]))

    [only] = explained(rule_set)

    assert only.decision is not None
    assert only.decision.promotion.name == "first"
    assert [each.name for each in only.later] == ["second"]


@pytest.mark.parametrize(
    ("origin", "decides", "unsure"),
    [
        (None, "rest", ["ours", "theirs"]),
        ("internal", "ours", []),
        ("external", "theirs", []),
    ],
)
def test_promotions_by_origin_are_unsure_only_if_the_origin_is_unknown(
    origin: str | None, decides: str, unsure: list[str]
) -> None:
    rule_set = rules(
        promotion("ours", origin="internal"),
        promotion("theirs", origin="external"),
        promotion("rest"),
        promotion("last", origin="internal"),
    )

    [only] = explained(rule_set, Evidence(origin))  # type: ignore[arg-type]

    assert only.decision is not None
    assert only.decision.promotion.name == decides
    assert [each.name for each in only.unsure] == unsure


def test_every_promotion_by_origin_is_unsure_if_none_decides() -> None:
    [only] = explained(rules(promotion("ours", origin="internal"), promotion("theirs", origin="external")))

    assert (only.decision, [each.name for each in only.unsure]) == (None, ["ours", "theirs"])


@pytest.mark.parametrize(
    ("rule_set", "outcome", "passes"),
    [
        (rules(), None, True),
        (rules(promotion(mode="observe")), None, True),
        (rules(promotion(soak="1h")), None, False),
        (rules(promotion(exclude=["pkg:npm/@acme/*"])), None, False),
        (rules(promotion(exclude=["pkg:npm/@acme/*"])), UNCHANGED, True),
        (rules(), DIFFERS, False),
    ],
)
def test_a_step_passes_if_the_version_is_promoted_or_nothing_is_in_its_way(
    rule_set: RuleSet, outcome: Outcome | None, passes: bool
) -> None:
    assert step(rule_set, outcome).passes is passes


def test_a_step_that_no_promotion_selects_does_not_pass() -> None:
    [only] = explain_hops(candidate(package=Package("pypi", "", "x")), Evidence(), rules(), MORNING)

    assert (only.verdict, only.passes) == ("not-selected", False)


def test_arrived_and_diverged_come_from_the_outcome() -> None:
    found = [
        (each.arrived, each.diverged) for each in (step(), step(outcome=UNCHANGED), step(outcome=DIFFERS))
    ]

    assert found == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize(("status", "passes"), [("Published", True), ("Unlisted", True), ("Archived", False)])
def test_a_version_that_is_archived_in_the_destination_does_not_pass(status: str, passes: bool) -> None:
    arrived = replace(step(outcome=UNCHANGED), destination_status=status)

    assert (arrived.arrived, arrived.passes) == (True, passes)


def test_json_has_the_status_in_the_destination() -> None:
    json_ = step_to_json(replace(step(outcome=UNCHANGED), destination_status="Unlisted"))

    assert json_["destinationStatus"] == "Unlisted"


def test_json_has_the_shape_of_the_decision_log() -> None:
    assert step_to_json(step(outcome=UNCHANGED)) == {
        "hop": {"from": "dev", "to": "staging"},
        "promotion": "npm-to-staging",
        "verdict": "promote",
        "reasons": [],
        "outcome": "unchanged",
        "purl": "pkg:npm/%40acme/widget@1.0.0",
    }


def test_json_of_a_version_that_is_not_selected_has_no_promotion() -> None:
    assert step_to_json(Step(Hop("dev", "staging"), candidate(), None)) == {
        "hop": {"from": "dev", "to": "staging"},
        "promotion": None,
        "verdict": "not-selected",
        "reasons": [],
        "purl": "pkg:npm/%40acme/widget@1.0.0",
    }
