"""Properties of decisions, whatever the rules, the answers and the time are."""

from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from promoter.packages.candidate import Candidate
from promoter.rules.decision import Decision, decide, needed, to_look_up
from promoter.rules.evidence import Answer, Evidence, Question, UnusableAnswer
from promoter.rules.reasons import Reason
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Verdict
from promoter.rules.waivers import Waiver
from promoter.times import format_time
from tests.support.samples import MORNING, candidate, promotion, rules

DAY = 86_400
WINDOWS = ["Mon-Fri 08:00-16:00 Europe/Berlin", "Fri-Mon 22:00-06:00 America/New_York", "Sun 02:10-02:20 UTC"]
TIMES = st.integers(-40, 40).map(lambda hours: MORNING + hours * 3600) | st.floats(
    MORNING - DAY, MORNING + 9 * DAY
)


@st.composite
def keys(draw: st.DrawFn) -> dict[str, Any]:
    """The requirements of a promotion."""
    given = {
        "soak": draw(st.sampled_from(["0h", "90s", "24h", "7d"])),
        "versions": draw(st.sampled_from(["^1", "^2"])),
        "prereleases": draw(st.booleans()),
        "checks": draw(st.lists(st.sampled_from(["sca", "qa"]), unique=True)),
        "approval": draw(st.sampled_from([False, True, "leads"])),
        "mode": draw(st.sampled_from(["enforce", "manual"])),
        "exclude": draw(st.sampled_from([[], ["pkg:npm/@acme/x*"], ["pkg:npm/@acme/w*"]])),
        "origin": draw(st.sampled_from(["any", "internal", "external"])),
    }
    return {key: value for key, value in given.items() if draw(st.booleans())}


def hold(until: float | None, begins: float | None) -> str:
    times = {"until": until, "from-time": begins}
    lines = [f"{key} = {format_time(int(value))}" for key, value in times.items() if value is not None]
    return "\n".join(['[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "no"', *lines, ""])


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    tables = [promotion("first", **draw(keys())), promotion("second", "dev -> test", **draw(keys()))]
    tables += [
        f'[[window]]\nallow = "{text}"\n' for text in draw(st.lists(st.sampled_from(WINDOWS), max_size=2))
    ]
    for _ in range(draw(st.integers(0, 2))):
        until = draw(st.none() | st.floats(MORNING + 60, MORNING + 9 * DAY))
        tables.append(hold(until, draw(st.none() | st.floats(MORNING - DAY, MORNING))))
    return _load(*tables)


@cache
def _load(*tables: str) -> RuleSet:
    return rules(*tables)


ANSWERS = st.one_of(
    st.none(),
    st.builds(UnusableAnswer, st.just("v"), st.just("it is malformed")),
    st.builds(
        Answer,
        st.sampled_from(["PASSED", "WARNED", "FAILED"]),
        promotion=st.sampled_from(["first", "second", ""]),
    ),
)


@st.composite
def evidences(draw: st.DrawFn, rule_set: RuleSet) -> Evidence:
    questions = {need for each in rule_set.promotions for need in each.needs if isinstance(need, Question)}
    looked_up = [each for each in sorted(questions, key=str) if draw(st.booleans())]
    status = draw(st.sampled_from([None, "Published", "Archived"]))
    origin = draw(st.sampled_from([None, "internal", "external"]))
    return Evidence(origin, status, {question: draw(ANSWERS) for question in looked_up})


@st.composite
def waivers(draw: st.DrawFn) -> tuple[Waiver, ...]:
    names = ["soak", "window", "versions", "prerelease", "sca", "qa"]
    pattern = rules().promotions[0].packages[0]
    found = st.builds(
        Waiver,
        st.just(pattern),
        st.frozensets(st.sampled_from(names), min_size=1),
        st.just("urgent"),
        st.floats(MORNING - DAY, MORNING + 9 * DAY),
    )
    return tuple(draw(st.lists(found, max_size=2)))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Candidate, Evidence, RuleSet, float]:
    rule_set = draw(rule_sets())
    version = draw(st.sampled_from(["1.0.0", "2.0.0", "1.0.0-rc.1"]))
    made = candidate(version, available_since=draw(TIMES))
    return made, draw(evidences(rule_set)), replace(rule_set, waivers=draw(waivers())), draw(TIMES)


def counting(decision: Decision) -> list[Reason]:
    return [reason for reason in decision.reasons if reason.counts]


def without_waivers(reasons: tuple[Reason, ...]) -> list[Reason]:
    return [replace(reason, waived=None) for reason in reasons]


@given(situations())
def test_to_decide_is_pure(situation: tuple[Candidate, Evidence, RuleSet, float]) -> None:
    one, evidence, rule_set, now = situation
    before = deepcopy((one, evidence))

    assert decide(one, evidence, rule_set, now) == decide(one, evidence, rule_set, now)
    assert (one, evidence) == before


@given(situations())
def test_the_worst_reason_that_counts_decides(situation: tuple[Candidate, Evidence, RuleSet, float]) -> None:
    for decision in decide(*situation):
        reasons = counting(decision)
        assert decision.verdict is max((each.verdict for each in reasons), default=Verdict.PROMOTE)
        assert all(reason.met is (reason.verdict is Verdict.PROMOTE) for reason in decision.reasons)
        assert (decision.verdict is Verdict.PROMOTE) is all(reason.met for reason in reasons)
        assert (decision.decisive_code is None) is (decision.verdict is Verdict.PROMOTE)


@given(situations())
def test_a_wait_ends_later_than_now_and_nothing_promotes_before(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    still = replace(one, available_since=min(one.available_since, now))  # as a pending entry has it
    lasting = replace(rule_set, waivers=tuple(replace(each, until=1e12) for each in rule_set.waivers))
    for decision in decide(still, evidence, lasting, now):
        assert (decision.until is not None) is (decision.verdict is Verdict.WAIT)
        if decision.until is None:
            continue
        assert decision.until > now
        for part in range(10):
            between = now + (decision.until - now) * part / 10
            again = {each.hop: each for each in decide(still, evidence, lasting, between)}[decision.hop]
            assert between >= decision.until or again.verdict is not Verdict.PROMOTE


@given(situations())
def test_a_version_that_is_decided_again_at_each_end_does_not_wait_for_ever(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    windows = rule_set.windows[:1]  # two windows may never be open together
    lasting = replace(rule_set, windows=windows, waivers=())
    still = replace(one, available_since=min(one.available_since, now))
    for position, decision in enumerate(decide(still, evidence, lasting, now)):
        until, steps = decision.until, 0
        while until is not None:
            until = decide(still, evidence, lasting, until)[position].until
            steps += 1
            assert steps < 10


@given(situations())
def test_a_waiver_changes_no_other_reason(situation: tuple[Candidate, Evidence, RuleSet, float]) -> None:
    one, evidence, rule_set, now = situation

    waived = decide(one, evidence, rule_set, now)
    plain = decide(one, evidence, replace(rule_set, waivers=()), now)

    assert [without_waivers(each.reasons) for each in waived] == [list(each.reasons) for each in plain]
    for with_, without in zip(waived, plain, strict=True):
        assert with_.verdict <= without.verdict
        assert {each.code for each in with_.reasons if not each.counts} <= {
            "soak", "window", "versions", "prerelease", "check",
        }  # fmt: skip
        assert all(not each.met for each in with_.reasons if not each.counts)


@given(situations())
def test_a_waiver_that_has_ended_changes_nothing(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    ended = tuple(replace(each, until=now) for each in rule_set.waivers)

    assert decide(one, evidence, replace(rule_set, waivers=ended), now) == decide(
        one, evidence, replace(rule_set, waivers=()), now
    )


@given(situations())
def test_no_answer_that_is_missing_unusable_or_for_another_promotion_is_a_yes(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    for decision in decide(one, evidence, replace(rule_set, waivers=()), now):
        asked = {need for need in decision.promotion.needs if isinstance(need, Question)}
        for question in asked:
            answer = evidence.answers.get(question)
            good = isinstance(answer, Answer) and answer.result != "FAILED"
            named = question.hop is None or (
                isinstance(answer, Answer) and answer.promotion == decision.promotion.name
            )
            assert (good and named) or decision.verdict >= Verdict.HOLD


@given(situations())
def test_what_is_not_looked_up_changes_no_verdict(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    wanted = to_look_up(one, rule_set, now)
    needs = needed(one, rule_set)

    assert wanted.keys() <= needs.keys()
    assert all(asked <= needs[hop] for hop, asked in wanted.items())
    everything = {each.hop: each for each in decide(one, replace(evidence, status=None), rule_set, now)}
    for hop, decision in everything.items():
        asked = wanted.get(hop, frozenset())
        answers = {question: answer for question, answer in evidence.answers.items() if question in asked}
        origin = evidence.origin if "origin" in asked else None
        [less] = [
            each for each in decide(one, Evidence(origin, None, answers), rule_set, now) if each.hop == hop
        ]
        assert less.verdict is decision.verdict
