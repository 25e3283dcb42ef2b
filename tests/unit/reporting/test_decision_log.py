"""decision_log: results become lines of the log."""

import json

from promoter.copying.results import AssetDifference, Outcome, OutcomeKind, Result
from promoter.packages.package import Package
from promoter.reporting.decision_log import log_record
from tests.support.samples import candidate, delivery, promotion, result, rules

RULES = rules(promotion("to-staging", exclude=["pkg:npm/@acme/internal-*"]))
HOLD = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "freeze"\n'
WAIVER = (
    '[[waive]]\npackage = "pkg:npm/@acme/*"\nconditions = ["soak"]\nreason = "fix"\n'
    "until = 2026-12-01T08:00:00Z\n"
)


def test_a_quiet_promotion_leaves_this_record() -> None:
    copied = result(Outcome(OutcomeKind.COPIED, revision="r9", status="Published"), RULES)

    assert log_record(copied, RULES.digest, "7d0e") == {
        "message": "decision",
        "purl": "pkg:npm/%40acme/widget@1.0.0",
        "format": "npm",
        "namespace": "acme",
        "package": "widget",
        "version": "1.0.0",
        "revision": "r1",
        "hop": {"from": "dev", "to": "staging"},
        "promotion": "to-staging",
        "verdict": "promote",
        "reasons": [
            {
                "code": "exclude",
                "met": True,
                "seen": "not excluded",
                "wanted": "not excluded",
                "text": "not excluded",
            }
        ],
        "outcome": "copied",
        "decided": "2026-01-02T03:04:05Z",
        "ruleset": RULES.digest,
        "cause": "event",
        "event": "e1",
        "published": "2026-01-02T03:04:05Z",
        "requestId": "7d0e",
    }


def test_a_failure_leaves_its_code_its_text_and_the_assets() -> None:
    outcome = Outcome(
        OutcomeKind.FAILED,
        "ALREADY_EXISTS",
        "other contents",
        differences=(AssetDifference("a.jar", "", "1a"),),
    )

    record = log_record(result(outcome, RULES), RULES.digest, "7d0e")

    assert {key: record[key] for key in ("outcome", "code", "text", "assets")} == {
        "outcome": "failed",
        "code": "ALREADY_EXISTS",
        "text": "other contents",
        "assets": [{"name": "a.jar", "source": None, "destination": "1a"}],
    }


def test_what_waits_leaves_its_end_and_what_is_observed_says_so() -> None:
    waiting = rules(promotion(mode="observe"), f"{HOLD}until = 2030-01-01T00:00:00Z")

    record = log_record(result(rule_set=waiting), waiting.digest, "7d0e")

    assert (record["verdict"], record["until"], record["observed"]) == (
        "wait",
        "2030-01-01T00:00:00Z",
        True,
    )
    assert "outcome" not in record


def test_extending_and_other_deliveries_are_marked() -> None:
    again = result(Outcome(OutcomeKind.COPIED, extended=True), RULES, duplicate=True)

    record = log_record(again, RULES.digest, "7d0e")

    assert (record["extended"], record["duplicate"]) == (True, True)


def test_names_are_data_and_cannot_break_the_line() -> None:
    hostile = result(Outcome(OutcomeKind.FAILED, "X", "\r\n{}\u2028"), RULES, version="1\x1b[31m\u0085\u2029")

    line = json.dumps(log_record(hostile, RULES.digest, "7d0e"))

    assert line.isprintable()
    assert line.isascii()


def test_a_version_whose_evidence_could_not_be_looked_up_is_deferred_and_never_promoted() -> None:
    rule_set = rules(promotion("external", origin="external", soak="24h"))
    denied = Outcome(OutcomeKind.RETRY, "AccessDeniedException", "not authorized", is_final=False)
    deferred = Result(candidate(), rule_set.promotions[0], delivery(), outcome=denied)

    record = log_record(deferred, rule_set.digest, "7d0e")

    assert (record["verdict"], record["reasons"], record["outcome"], record["code"]) == (
        "deferred",
        [],
        "retry",
        "AccessDeniedException",
    )


def test_a_package_without_a_namespace_has_null() -> None:
    record = log_record(result(package=Package("npm", "", "lodash"), rule_set=rules()), "d", "r")

    assert (record["namespace"], record["purl"]) == (None, "pkg:npm/lodash@1.0.0")


def test_a_reason_has_the_value_seen_and_the_value_wanted() -> None:
    soaking = rules(promotion(soak="24h"))

    [record] = [log_record(result(rule_set=soaking), "d", "r")]

    [soak] = [each for each in record["reasons"] if each["code"] == "soak"]
    assert (soak["met"], soak["seen"] != soak["wanted"], "24h" in soak["wanted"]) == (False, True, True)


def test_a_waived_reason_keeps_its_result_and_has_its_waiver() -> None:
    waived = rules(promotion(soak="24h"), WAIVER)

    record = log_record(result(rule_set=waived), waived.digest, "7d0e")

    assert record["verdict"] == "promote"
    assert record["reasons"] == [
        {
            "code": "soak",
            "met": False,
            "seen": "0s",
            "wanted": "24h",
            "text": "0s of 24h",
            "waived": {"reason": "fix", "until": "2026-12-01T08:00:00Z"},
        }
    ]


def test_a_reason_of_a_check_has_its_name() -> None:
    asking = rules(promotion(checks=["sca"]))

    [reason] = log_record(result(rule_set=asking), asking.digest, "7d0e")["reasons"]

    assert (reason["code"], reason["name"], reason["text"]) == ("check", "sca", "sca: not looked up")
