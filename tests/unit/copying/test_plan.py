"""plan: decisions become copies, grouped by hop and package."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.plan import Copy, Decided, RevisionAttempt, Schedule, make_plan
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from tests.support.samples import MORNING, WIDGET, candidate, decided, delivery, promotion, rules

ALL_KINDS = rules(
    promotion("enforced", "dev -> staging", ["pkg:npm/@acme/*"]),
    promotion("upstream", "dev -> staging", ["pkg:npm/*"], include_from_upstream=True),
    promotion("observed", "dev -> test", mode="observe"),
    promotion("excluding", "dev -> prod", exclude=["pkg:npm/@acme/*"], on_conflict="extend"),
)


def all_decided(*candidates: Candidate) -> list[Decided]:
    return [
        Decided(decision, delivery(f"m{number}"))
        for number, each in enumerate(candidates)
        for decision in decide(each, Evidence(), ALL_KINDS, MORNING)
    ]


def test_a_decision_to_promote_becomes_a_copy_of_that_revision() -> None:
    made = decided()

    assert make_plan([made]) == (
        Copy(
            hop=Hop("dev", "staging"),
            package=WIDGET,
            on_conflict="fail",
            include_from_upstream=False,
            versions=((RevisionAttempt("1.0.0", "r1", (made,)),),),
        ),
    )


HOLD = '[[hold]]\npackage = "pkg:**"\nreason = "freeze"\n'


def test_what_is_rejected_has_no_instruction() -> None:
    assert make_plan([decided(rule_set=rules(promotion(exclude=["pkg:npm/@acme/*"])))]) == ()


@pytest.mark.parametrize("rule_set", [rules(promotion(), HOLD), rules(promotion(soak="24h"))])
def test_what_waits_or_is_held_is_kept_as_a_pending_entry(rule_set: RuleSet) -> None:
    one = decided(rule_set=rule_set)

    assert make_plan([one]) == (Schedule((one,)),)


def test_duplicates_of_what_waits_share_one_entry() -> None:
    soaking = rules(promotion(soak="24h"))
    first, second = decided("m1", rule_set=soaking), decided("m2", rule_set=soaking)

    assert make_plan([first, second]) == (Schedule((first, second)),)


def test_a_manual_promotion_that_nobody_requested_makes_no_entry() -> None:
    assert make_plan([decided(rule_set=rules(promotion(mode="manual")))]) == ()


@pytest.mark.parametrize("keys", [{}, {"soak": "24h"}, {"approval": True}])
def test_what_is_only_observed_has_no_instruction(keys: dict[str, Any]) -> None:
    assert make_plan([decided(rule_set=rules(promotion(mode="observe", **keys)))]) == ()


def test_versions_of_one_package_on_one_hop_are_one_copy() -> None:
    [copy] = make_plan([decided(version=f"1.0.{n}") for n in range(100)])

    assert [revisions[0].version for revisions in copy.versions] == [f"1.0.{n}" for n in range(100)]


def test_the_hundred_and_first_version_begins_another_copy() -> None:
    assert [len(copy.versions) for copy in make_plan(decided(version=f"1.0.{n}") for n in range(201))] == [
        100,
        100,
        1,
    ]


def test_packages_hops_and_options_are_copied_apart() -> None:
    copies = make_plan(all_decided(candidate(), candidate(package=Package("npm", "", "lodash"))))

    assert [
        (copy.hop.destination, copy.package.title, copy.on_conflict, copy.include_from_upstream)
        for copy in copies
    ] == [
        ("staging", "@acme/widget", "fail", False),
        ("staging", "lodash", "fail", True),
        ("prod", "lodash", "extend", False),
    ]


def test_promotions_of_one_hop_with_the_same_options_share_a_copy() -> None:
    rule_set = rules(
        promotion("a", packages=["pkg:npm/@acme/*"]),
        promotion("b", packages=["pkg:npm/@other/*", "pkg:npm/**"]),
    )

    assert len(make_plan([decided(rule_set=rule_set), decided(rule_set=rule_set, version="2.0.0")])) == 1


def test_of_two_revisions_the_one_with_the_higher_sequence_number_comes_first() -> None:
    older, newer = decided(revision="zzz", sequence_number=3), decided(revision="aaa", sequence_number=11)

    for order in ([older, newer], [newer, older]):
        [copy] = make_plan(order)
        assert copy.versions == (
            (RevisionAttempt("1.0.0", "aaa", (newer,)), RevisionAttempt("1.0.0", "zzz", (older,))),
        )


def test_deliveries_of_one_event_are_one_revision_with_the_first_in_the_lead() -> None:
    first, again = decided(message_id="m1", number=2), decided(message_id="m2", number=1)

    [copy] = make_plan([first, again])

    assert copy.versions == ((RevisionAttempt("1.0.0", "r1", (first, again)),),)
    assert copy.versions[0][0].delivery_number == 2


CANDIDATES = st.lists(
    st.builds(
        candidate,
        version=st.integers(0, 140).map(str),
        revision=st.sampled_from(["r1", "r2", "r3"]),
        sequence_number=st.integers(0, 5),
        package=st.sampled_from([WIDGET, Package("npm", "", "lodash"), Package("npm", "acme", "gadget")]),
    ),
    max_size=400,
)


@given(CANDIDATES)
def test_each_revision_that_is_to_be_promoted_is_in_exactly_one_copy(candidates: list[Candidate]) -> None:
    decisions = all_decided(*candidates)
    copies = make_plan(decisions)

    assert all(1 <= len(copy.versions) <= 100 for copy in copies)
    planned = Counter(
        (copy.hop.destination, copy.package, revision.version, revision.revision)
        for copy in copies
        for revisions in copy.versions
        for revision in revisions
    )
    wanted = {
        (each.hop.destination, each.candidate.package, each.candidate.version, each.candidate.revision)
        for each in (one.decision for one in decisions)
        if each.verdict.name == "PROMOTE" and each.promotion.mode == "enforce"
    }
    assert planned == Counter(wanted)


@given(CANDIDATES)
def test_no_copy_names_a_version_twice_and_no_decision_is_lost(candidates: list[Candidate]) -> None:
    decisions = all_decided(*candidates)
    copies = make_plan(decisions)

    kept = Counter()
    for copy in copies:
        names = [{revision.version for revision in revisions} for revisions in copy.versions]
        assert all(len(each) == 1 for each in names)
        assert len(set().union(*names)) == len(names)
        kept.update(
            (each.delivery.message_id, each.decision.hop)
            for revisions in copy.versions
            for revision in revisions
            for each in revision.decided
        )
    carried_out = [
        each for each in decisions if each.decision.promotion.mode == "enforce" and not each.decision.verdict
    ]
    assert kept == Counter((each.delivery.message_id, each.decision.hop) for each in carried_out)
