"""Results -> the decision log, and the metrics."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from promoter.copying.results import OutcomeKind, Result
from promoter.rules.conditions import Reason
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import Verdict

NAMESPACE = "PackagePromoter"
SERVICE = "promoter"
_OF_VERDICT = {Verdict.WAIT: "Waiting", Verdict.HOLD: "Held", Verdict.REJECT: "Rejected"}
_OF_OUTCOME = {
    OutcomeKind.COPIED: "Promoted",
    OutcomeKind.UNCHANGED: "Unchanged",
    OutcomeKind.SUPERSEDED: "Superseded",
    OutcomeKind.FAILED: "Failed",
    OutcomeKind.RETRY: "Retried",
}


class Measurements(Struct, frozen=True):
    """The metrics of one set of dimensions besides the service; `seconds` are from publish to promote."""

    dimensions: Mapping[str, str]
    counts: Mapping[str, int]
    seconds: Sequence[float] = ()


def measure(
    results: Iterable[Result], now: float, others: Mapping[str, int] | None = None
) -> list[Measurements]:
    """The metrics of one invocation, nothing that is zero; `others` are counts of what has no decision.

    `now` (UTC seconds since the epoch) is when the copies were done.
    """
    counts: dict[tuple[str, str], Counter[str]] = {("", ""): Counter(others or {})}
    seconds: dict[tuple[str, str], list[float]] = {}
    for result in results:
        name = _metric(result)
        if name is None:
            continue
        counts["", ""][name] += 1
        promotion = ("Promotion", result.decision.promotion.name)
        if name in ("Promoted", "Failed"):
            counts.setdefault(promotion, Counter())[name] += 1
        if name == "Failed" and result.outcome is not None:
            counts.setdefault(("ErrorCode", result.outcome.code), Counter())[name] += 1
        if name == "Promoted":
            for dimension in (("", ""), promotion):
                seconds.setdefault(dimension, []).append(max(0.0, now - result.decision.candidate.since))
    return [
        Measurements(
            {dimension[0]: dimension[1]} if dimension[0] else {}, dict(+count), seconds.get(dimension, ())
        )
        for dimension, count in counts.items()
        if +count
    ]


def log_record(result: Result, rule_set: RuleSet, request_id: str) -> dict[str, Any]:
    """The decision log's record of one result; `decision_of` has the shape of its decision."""
    candidate = result.decision.candidate
    record = {
        "message": "decision",
        "purl": candidate.purl,
        "format": candidate.package.format,
        "namespace": candidate.package.namespace or None,
        "package": candidate.package.name,
        "version": candidate.version,
        "revision": candidate.revision,
        **decision_to_json(result),
        "ruleset": rule_set.digest,
        "cause": candidate.cause,
        "event": candidate.event_id,
        "published": format_time(candidate.since),
        "requestId": request_id,
    }
    if result.duplicate:
        record["duplicate"] = True
    return record


def decision_to_json(result: Result) -> dict[str, Any]:
    """A decision as programs read it: hop, promotion, verdict, reasons and, once carried out, its outcome."""
    decision, outcome = result.decision, result.outcome
    shape: dict[str, Any] = {
        "hop": {"from": decision.promotion.source, "to": decision.promotion.destination},
        "promotion": decision.promotion.name,
        "verdict": decision.verdict.name.lower(),
        "reasons": [reason_to_json(reason) for reason in decision.reasons],
    }
    if decision.until is not None:
        shape["until"] = format_time(decision.until)
    if decision.promotion.mode == "observe":
        shape["observed"] = True
    if outcome is not None:
        shape["outcome"] = outcome.kind.value
        shape |= {key: value for key, value in (("code", outcome.code), ("text", outcome.text)) if value}
        shape |= {"extended": True} if outcome.extended else {}
        if outcome.differences:
            shape["assets"] = [
                {"name": each.name, "source": each.source or None, "destination": each.destination or None}
                for each in outcome.differences
            ]
    return shape


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """A reason as programs read it."""
    return {
        "code": reason.code,
        "met": reason.met,
        "seen": reason.seen,
        "wanted": reason.wanted,
        "text": reason.text,
    }


def format_time(seconds: float) -> str:
    """UTC seconds since the epoch, as RFC 3339."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _metric(result: Result) -> str | None:
    if result.decision.promotion.mode == "observe":
        return "Observed"
    if result.outcome is None:
        return _OF_VERDICT.get(result.decision.verdict)
    if not result.duplicate:
        return _OF_OUTCOME[result.outcome.kind]
    return "Unchanged" if result.outcome.kind in (OutcomeKind.COPIED, OutcomeKind.UNCHANGED) else None
