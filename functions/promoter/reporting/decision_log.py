"""Results -> lines of the decision log, in JSON."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from promoter.copying.results import AssetDifference, Outcome, Result
from promoter.rules.decision import Decision
from promoter.rules.evidence import Answer, UnusableAnswer
from promoter.rules.reasons import Reason
from promoter.times import format_time

DEFERRED = "deferred"  # stands for a verdict if the evidence could not be looked up


_ANSWER_FIELDS = ("result", "reason", "by", "url", "promotion", "version")


def log_line(record: Mapping[str, Any]) -> str:
    """A record as one line of ASCII. msgspec is fast, but does not escape other characters."""
    line = msgspec.json.encode(record)
    return line.decode() if line.isascii() else json.dumps(record)


def log_record(result: Result, ruleset: str, request_id: str) -> dict[str, Any]:
    """The record of one result. `ruleset` is the digest of the rules."""
    candidate, delivery = result.candidate, result.delivery
    record = {
        "message": "decision",
        "purl": candidate.purl,
        "format": candidate.package.format,
        "namespace": candidate.package.namespace or None,
        "package": candidate.package.name,
        "version": candidate.version,
        "revision": candidate.revision,
        **result_to_json(result),
        **(_evidence_to_json(result.decision) if result.decision else {}),
        "ruleset": ruleset,
        "cause": delivery.cause,
        "event": delivery.event_id,
        "published": format_time(candidate.available_since),
        "requestId": request_id,
    }
    if delivery.deduplication_id:
        record["eventDeduplicationId"] = delivery.deduplication_id
    if result.duplicate:
        record["duplicate"] = True
    return record


def result_to_json(result: Result) -> dict[str, Any]:
    """The hop, the promotion, the decision and the outcome."""
    hop = result.promotion.hop
    json_: dict[str, Any] = {
        "hop": {"from": hop.source, "to": hop.destination},
        "promotion": result.promotion.name,
        **(_decision_to_json(result.decision) if result.decision else {"verdict": DEFERRED, "reasons": []}),
    }
    if result.promotion.mode == "observe":
        json_["observed"] = True
    if result.pending is not None:
        json_ |= {"entry": result.pending.name, "fires": format_time(result.pending.fires)}
    return json_ | (_outcome_to_json(result.outcome) if result.outcome else {})


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """One reason."""
    json_: dict[str, Any] = {
        "code": reason.code,
        "met": reason.met,
        "seen": reason.seen,
        "wanted": reason.wanted,
        "text": reason.text,
    }
    if reason.name:
        json_["name"] = reason.name
    if reason.waived is not None:
        json_["waived"] = {"reason": reason.waived.reason, "until": format_time(reason.waived.until)}
    return json_


def difference_to_json(difference: AssetDifference) -> dict[str, Any]:
    """One asset that differs; null where it is missing."""
    return {
        "name": difference.name,
        "source": difference.source or None,
        "destination": difference.destination or None,
    }


def _decision_to_json(decision: Decision) -> dict[str, Any]:
    json_: dict[str, Any] = {
        "verdict": decision.verdict.name.lower(),
        "reasons": [reason_to_json(reason) for reason in decision.reasons],
    }
    if decision.until is not None:
        json_["until"] = format_time(decision.until)
    return json_


def _evidence_to_json(decision: Decision) -> dict[str, Any]:
    """When it was decided, and what was looked up: enough to decide it again."""
    evidence = decision.evidence
    json_: dict[str, Any] = {"decided": format_time(decision.now)}
    if evidence.origin is not None:
        json_["origin"] = evidence.origin
    if evidence.status is not None:
        json_["status"] = evidence.status
    answers = {
        question.namespace: _answer_to_json(answer)
        for question, answer in evidence.answers.items()
        if question.hop in (None, decision.hop)
    }
    return json_ | ({"answers": answers} if answers else {})


def _answer_to_json(answer: Answer | UnusableAnswer | None) -> dict[str, Any] | None:
    """One answer; None if nobody has answered."""
    if answer is None:
        return None
    if isinstance(answer, UnusableAnswer):
        return {"version": answer.version, "problem": answer.problem}
    json_ = {name: value for name in _ANSWER_FIELDS if (value := getattr(answer, name))}
    if answer.published is not None:
        json_["published"] = format_time(answer.published)
    return json_


def _outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    json_: dict[str, Any] = {"outcome": outcome.kind.value}
    json_ |= {key: value for key, value in (("code", outcome.code), ("text", outcome.text)) if value}
    if outcome.extended:
        json_["extended"] = True
    if outcome.differences:
        json_["assets"] = [difference_to_json(each) for each in outcome.differences]
    return json_
