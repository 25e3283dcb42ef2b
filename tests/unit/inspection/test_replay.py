"""replay: recorded decisions are decided again under other rules."""

from typing import Any

from hypothesis import given

from promoter.copying.results import Result
from promoter.inspection.recorded import NOT_DECIDED, OLDER, Recorded, parse_line
from promoter.inspection.replay import Missing, Replay, is_same
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.reporting.decision_log import log_line, log_record
from promoter.rules.decision import Decision, decide
from promoter.rules.evidence import Answer, Evidence, Question
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Hop
from promoter.times import whole_milliseconds
from tests.support.samples import MORNING, candidate, delivery, promotion, rules
from tests.unit.rules.test_properties import situations

NOTHING = Evidence()
SOAKING = rules(promotion(soak="24h"))
HOUR = 3600.0


def line_of(decision: Decision, rule_set: RuleSet) -> bytes:
    return log_line(log_record(Result.of(decision, delivery()), rule_set.digest, "7d0e")).encode()


def recorded_lines(
    rule_set: RuleSet, evidence: Evidence = NOTHING, now: float = MORNING, **changes: Any
) -> list[bytes]:
    decisions = decide(candidate(**changes), evidence, rule_set, now)
    return [line_of(each, rule_set) for each in decisions]


def replayed(lines: list[bytes], rule_set: RuleSet) -> Replay:
    replay = Replay(rule_set)
    replay.add(lines)
    return replay


def test_the_same_rules_change_nothing() -> None:
    replay = replayed(recorded_lines(SOAKING) + recorded_lines(SOAKING, now=MORNING + 30 * HOUR), SOAKING)

    assert (replay.total, replay.same, replay.other_reasons, replay.changes) == (2, 2, 0, {})
    assert replay.rulesets == {SOAKING.digest: 2}
    assert replay.failures == {}


def test_a_longer_soak_makes_a_promoted_version_wait() -> None:
    replay = replayed(
        recorded_lines(SOAKING, now=MORNING + 30 * HOUR) + recorded_lines(SOAKING),
        rules(promotion(soak="48h")),
    )

    [change] = replay.changes.values()
    assert (change.recorded.verdict, change.verdict) == ("promote", "wait")
    assert [each.text for each in change.reasons] == ["30h of 48h"]
    assert (replay.same, replay.other_reasons) == (0, 1)  # the one that waited waits longer


def test_a_version_counts_once_on_each_hop_with_its_last_decision() -> None:
    both = rules(promotion("a"), promotion("b", "dev -> test"))
    other = rules(
        promotion("a", exclude=["pkg:npm/**"]), promotion("b", "dev -> test", exclude=["pkg:npm/**"])
    )

    replay = replayed(recorded_lines(both) * 3, other)

    assert (replay.total, len(replay.changes)) == (6, 2)
    assert {each.verdict for each in replay.changes.values()} == {"reject"}


def test_what_the_rules_no_longer_select_has_no_decision() -> None:
    replay = replayed(recorded_lines(rules()), rules(promotion(packages=["pkg:npm/@other/*"])))

    [change] = replay.changes.values()
    assert (change.verdict, change.decision, change.reasons) == ("not-selected", None, [])


def test_a_hop_that_is_gone_selects_nothing_and_a_new_hop_is_named() -> None:
    replay = replayed(recorded_lines(rules()), rules(promotion("new", "dev -> test")))

    assert [each.verdict for each in replay.changes.values()] == ["not-selected"]
    assert [each.hop for each in replay.new_hops] == [Hop("dev", "test")]


def test_another_promotion_with_the_same_verdict_only_has_other_reasons() -> None:
    replay = replayed(recorded_lines(rules(promotion("old"))), rules(promotion("new")))

    assert (replay.same, replay.other_reasons, len(replay.changes)) == (0, 1, 0)


def test_the_wording_of_a_reason_does_not_count() -> None:
    [line] = recorded_lines(SOAKING)

    assert replayed([line.replace(b"0s of 24h", b"0 seconds")], SOAKING).same == 1


def test_an_answer_that_was_not_looked_up_cannot_be_decided_again() -> None:
    asking = rules(promotion(checks=["sca"], approval=True))

    replay = replayed(recorded_lines(rules()), asking)

    assert replay.failures == {"the answer to check sca and approval was not looked up": 1}
    assert (replay.total, replay.same, replay.changes) == (1, 0, {})


def test_what_is_rejected_anyway_needs_no_answer() -> None:
    rejecting = rules(promotion(checks=["sca"], versions="^2"))

    [change] = replayed(recorded_lines(rules()), rejecting).changes.values()

    assert change.verdict == "reject"


def test_an_answer_of_the_log_is_used_again() -> None:
    one, two = rules(promotion(checks=["sca"])), rules(promotion(checks=["sca"], soak="1h"))
    passed = Evidence(None, None, {Question("check-sca"): Answer("PASSED")})

    [change] = replayed(recorded_lines(one, passed), two).changes.values()

    assert (change.recorded.verdict, change.verdict) == ("promote", "wait")


def test_an_origin_that_was_not_looked_up_cannot_be_decided_again() -> None:
    by_origin = rules(promotion("ours", origin="internal"), promotion("rest"))

    replay = replayed(recorded_lines(rules()), by_origin)

    assert replay.failures == {"the origin of the package was not looked up": 1}


def test_an_origin_of_the_log_selects_again() -> None:
    by_origin = rules(promotion("theirs", origin="external", soak="1h"), promotion("rest"))

    found = replayed(recorded_lines(by_origin, Evidence("external")), by_origin)

    assert (found.same, found.failures) == (1, {})


def test_what_cannot_be_decided_again_is_counted_by_reason() -> None:
    [line] = recorded_lines(rules())
    deferred = line.replace(b'"verdict":"promote"', b'"verdict":"deferred"')
    older = line.replace(b'"decided"', b'"at"')

    replay = replayed([line, deferred, older, line[:-9], b"REPORT RequestId: 7d0e", b""], rules())

    assert (replay.total, replay.same) == (4, 1)
    assert replay.failures == {NOT_DECIDED: 1, OLDER: 1, "the line is cut off": 1}


def test_packages_are_told_apart_by_format_and_namespace() -> None:
    npm_only = rules(promotion(packages=["pkg:npm/widget"]))
    every = rules(promotion(packages=["pkg:**"]))
    lines = [
        line
        for package in (
            Package("npm", "", "widget"),
            Package("pypi", "", "widget"),
            Package("npm", "a", "widget"),
        )
        for line in recorded_lines(every, package=package)
    ]

    assert [each.recorded.format for each in replayed(lines, npm_only).changes.values()] == ["pypi", "npm"]


@given(situations())
def test_every_decision_is_the_same_when_the_same_rules_decide_it_again(
    situation: tuple[Candidate, Evidence, RuleSet, float],
) -> None:
    one, evidence, rule_set, now = situation
    exact = Candidate(
        one.package, one.version, one.revision, one.repository, whole_milliseconds(one.available_since)
    )
    for decision in decide(exact, evidence, rule_set, whole_milliseconds(now)):
        recorded = parse_line(line_of(decision, rule_set))
        assert isinstance(recorded, Recorded)
        assert recorded.decided is not None
        again = Replay(rule_set).decide_again(recorded, recorded.decided)
        if isinstance(again, Missing):
            continue
        assert again is not None
        assert is_same(recorded, again)
        assert again.reasons == decision.reasons
