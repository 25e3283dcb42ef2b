"""decision: the verdict for one version on each hop, with every reason."""

from msgspec.structs import replace

from promoter.packages.package import Package
from promoter.packages.patterns import parse
from promoter.rules.decision import decide, needed, to_look_up
from promoter.rules.evidence import Answer, Evidence, Fact, Question
from promoter.rules.vocabulary import Hop, Verdict
from promoter.rules.waivers import Waiver
from promoter.rules.windows import Window
from promoter.rules_file.opening_hours import read_opening_hours
from tests.support.samples import MORNING, candidate, decision, promotion, rules

STAGING = Hop("dev", "staging")
ORIGIN = frozenset({Fact.ORIGIN})
APPROVAL = Question("approval", STAGING)
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "no"\n'


def test_what_a_promotion_selects_is_promoted() -> None:
    made = decision()

    assert (made.verdict, made.promotion.name, made.reasons) == (Verdict.PROMOTE, "npm-to-staging", ())


def test_what_no_promotion_selects_has_no_decision() -> None:
    assert decide(candidate(package=Package("pypi", "", "gadget")), Evidence(), rules(), MORNING) == ()


def test_what_stands_in_a_repository_that_no_hop_leaves_has_no_decision() -> None:
    assert decide(candidate(repository="prod"), Evidence(), rules(), MORNING) == ()


def test_the_names_of_repositories_are_compared_exactly() -> None:
    assert decide(candidate(repository="DEV"), Evidence(), rules(), MORNING) == ()


def test_what_stands_in_the_destination_has_no_decision_so_that_copies_do_not_loop() -> None:
    assert decide(candidate(repository="staging"), Evidence(), rules(), MORNING) == ()


def test_each_hop_that_leaves_a_repository_is_decided_alone() -> None:
    rule_set = rules(
        promotion("a", "dev -> staging", exclude=["pkg:npm/@acme/*"]),
        promotion("b", "dev -> test"),
        promotion("c", "staging -> prod"),
    )

    decisions = decide(candidate(), Evidence(), rule_set, MORNING)

    assert [(each.promotion.name, each.verdict) for each in decisions] == [
        ("a", Verdict.REJECT),
        ("b", Verdict.PROMOTE),
    ]


def test_the_first_promotion_of_a_hop_that_selects_a_package_decides() -> None:
    rule_set = rules(
        promotion("python", packages=["pkg:pypi/*"]),
        promotion("web", packages=["pkg:npm/@acme/*"]),
        promotion("rest"),
    )

    assert decision(rule_set).promotion.name == "web"


def test_an_exclusion_rejects_and_never_falls_through_to_a_broader_promotion() -> None:
    rule_set = rules(promotion("web", exclude=["pkg:npm/@acme/w*"]), promotion("rest"))

    made = decision(rule_set)

    assert (made.promotion.name, made.verdict) == ("web", Verdict.REJECT)
    assert [(reason.code, reason.met) for reason in made.reasons] == [("exclude", False)]


def test_the_worst_verdict_wins_and_every_reason_is_kept() -> None:
    rule_set = rules(promotion(exclude=["pkg:npm/@acme/w*"]), HOLD, f"{HOLD}until = 2030-01-01T00:00:00Z\n")

    made = decision(rule_set)

    assert made.verdict is Verdict.REJECT
    assert [reason.verdict for reason in made.reasons] == [Verdict.REJECT, Verdict.HOLD, Verdict.WAIT]


def test_what_is_met_is_a_reason_too() -> None:
    made = decision(rules(promotion(exclude=["pkg:npm/@acme/x*"])))

    assert (made.verdict, [reason.met for reason in made.reasons]) == (Verdict.PROMOTE, [True])


def test_a_hold_on_one_hop_leaves_the_others_alone() -> None:
    rule_set = rules(promotion("a"), promotion("b", "dev -> test"), f'{HOLD}to = "test"\n')

    verdicts = [each.verdict for each in decide(candidate(), Evidence(), rule_set, MORNING)]

    assert verdicts == [Verdict.PROMOTE, Verdict.HOLD]


def test_a_version_waits_until_the_last_of_its_holds_has_ended() -> None:
    rule_set = rules(
        promotion(),
        f"{HOLD}until = 2026-01-03T00:00:00Z\n",
        f"{HOLD}until = 2026-01-05T00:00:00Z\n",
        f"{HOLD}until = 2026-01-04T00:00:00Z\n",
    )

    made = decision(rule_set)

    assert (made.verdict, made.until) == (Verdict.WAIT, 1_767_571_200.0)


def test_only_what_waits_has_a_time() -> None:
    held = decision(rules(promotion(), HOLD, f"{HOLD}until = 2030-01-01T00:00:00Z\n"))

    assert (held.verdict, held.until) == (Verdict.HOLD, None)
    assert decision().until is None


def test_a_time_in_the_future_promotes_nothing_early() -> None:
    held = rules(promotion(), f"{HOLD}until = 2026-06-01T00:00:00Z\n")

    assert decision(held, available_since=MORNING + 365 * 86_400).verdict is Verdict.WAIT


def test_the_facts_that_are_needed_end_at_the_first_promotion_that_does_not_select_by_origin() -> None:
    ours, theirs, any_ = (
        promotion("ours", origin="internal"),
        promotion("theirs", origin="external"),
        promotion("any"),
    )

    assert needed(candidate(), rules(ours, theirs, any_)) == {STAGING: frozenset({Fact.ORIGIN})}
    assert needed(candidate(), rules(any_, ours)) == {}
    assert needed(candidate(repository="staging"), rules(ours)) == {}


def test_only_hops_that_select_by_origin_need_it() -> None:
    rule_set = rules(promotion("ours", origin="internal"), promotion("any", "dev -> test"))

    assert list(needed(candidate(), rule_set)) == [STAGING]


def test_the_origin_selects_the_promotion() -> None:
    rule_set = rules(promotion("ours", origin="internal"), promotion("theirs", origin="external"))

    assert decision(rule_set, evidence=Evidence("external")).promotion.name == "theirs"
    assert decide(candidate(), Evidence(), rule_set, MORNING) == ()


def test_a_hold_decides_before_every_other_reason_to_hold() -> None:
    rule_set = rules(promotion(approval=True), HOLD)

    assert decision(rule_set).decisive_code == "hold"
    assert decision(rules(promotion(approval=True))).decisive_code == "approval"
    assert decision().decisive_code is None


def test_an_approval_is_needed_on_the_hop_that_asks_for_it() -> None:
    rule_set = rules(promotion("a", approval=True), promotion("b", "dev -> test"))

    assert needed(candidate(), rule_set) == {STAGING: frozenset({APPROVAL})}
    assert to_look_up(candidate(), rule_set, MORNING) == needed(candidate(), rule_set)


def test_nothing_is_looked_up_for_a_hop_that_rejects_without_it() -> None:
    rule_set = rules(
        promotion("a", approval=True, versions="^2"), promotion("b", "dev -> test", approval=True)
    )

    assert to_look_up(candidate(), rule_set, MORNING).keys() == {Hop("dev", "test")}
    rejected, held = decide(candidate(), Evidence(), rule_set, MORNING)
    assert (rejected.verdict, held.verdict) == (Verdict.REJECT, Verdict.HOLD)
    assert [reason.text for reason in rejected.reasons if reason.code == "approval"] == ["not looked up"]


def test_a_version_that_waits_or_is_held_is_looked_up_all_the_same() -> None:
    rule_set = rules(promotion(approval=True, soak="24h"), HOLD)

    assert to_look_up(candidate(), rule_set, MORNING) == {STAGING: frozenset({APPROVAL})}


def test_the_origin_is_looked_up_wherever_it_selects_and_other_needs_where_it_may_matter() -> None:
    ours = promotion("ours", origin="internal", approval=True, versions="^2")
    any_ = promotion("any", mode="manual")

    assert to_look_up(candidate(), rules(ours), MORNING) == {STAGING: ORIGIN}
    assert to_look_up(candidate(), rules(ours, any_), MORNING) == {STAGING: ORIGIN | {APPROVAL}}
    assert to_look_up(candidate("2.0.0"), rules(ours), MORNING) == {STAGING: ORIGIN | {APPROVAL}}


def test_a_promotion_asks_for_answers_if_a_person_has_to_agree() -> None:
    asks = [
        rules(promotion(**keys)).promotions[0].asks_for_answers
        for keys in ({"approval": True}, {"mode": "manual"}, {"soak": "24h"})
    ]

    assert asks == [True, True, False]


def waived(*conditions: str) -> Waiver:
    return Waiver(parse("pkg:npm/@acme/widget"), frozenset(conditions), "urgent", MORNING + 3600)


def test_a_waived_reason_stays_and_does_not_count() -> None:
    rule_set = replace(rules(promotion(soak="24h", approval=True)), waivers=(waived("soak", "approval"),))
    evidence = Evidence(answers={APPROVAL: Answer("PASSED", promotion="npm-to-staging")})

    made = decision(rule_set, evidence=evidence)

    assert (made.verdict, made.until, made.decisive_code) == (Verdict.PROMOTE, None, None)
    assert [(each.code, each.met, each.verdict, each.counts) for each in made.reasons] == [
        ("soak", False, Verdict.WAIT, False),
        ("approval", True, Verdict.PROMOTE, True),
    ]
    assert decision(rule_set).verdict is Verdict.HOLD  # an approval is never waived


def test_a_waived_reason_neither_decides_nor_has_a_time() -> None:
    held = f"{HOLD}until = 2026-01-02T06:00:00Z\n"
    rule_set = replace(
        rules(promotion(soak="24h", versions="^2"), held), waivers=(waived("soak", "versions"),)
    )

    made = decision(rule_set)

    assert (made.verdict, made.decisive_code, made.until) == (Verdict.WAIT, "hold", 1_767_333_600.0)


def test_a_waiver_of_a_rejection_has_the_answers_looked_up() -> None:
    rule_set = replace(rules(promotion(approval=True, versions="^2")), waivers=(waived("versions"),))

    assert to_look_up(candidate(), rule_set, MORNING) == {STAGING: frozenset({APPROVAL})}
    assert to_look_up(candidate(), rule_set, MORNING + 3600) == {}


def test_a_version_waits_until_the_last_of_its_windows_opens() -> None:
    texts = ("Mon-Sun 06:00-20:00 UTC", "Mon-Sun 08:00-20:00 UTC", "Mon-Sun 00:00-24:00 UTC")
    windows = tuple(Window(read_opening_hours(text), text, "dev") for text in texts)
    rule_set = replace(rules(), windows=(*windows, replace(windows[0], source="staging")))

    made = decision(rule_set)

    assert (made.verdict, made.decisive_code, made.until) == (Verdict.WAIT, "window", 1_767_340_800.0)
    assert [(each.code, each.met) for each in made.reasons] == [("window", False)] * 2 + [("window", True)]
    assert decision(rule_set, now=1_767_340_800.0).verdict is Verdict.PROMOTE
