"""Results -> metrics, and metrics -> Embedded Metric Format by Powertools."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from msgspec import Struct

from promoter.copying.results import OutcomeKind, Result
from promoter.reporting.ports import NAMESPACE
from promoter.rules.vocabulary import ReasonCode, Verdict

_BY_VERDICT = {Verdict.WAIT: "Waiting", Verdict.HOLD: "Held"}
_BY_OUTCOME = {
    OutcomeKind.COPIED: "Promoted",
    OutcomeKind.FAILED: "Failed",
    OutcomeKind.RETRY: "Retried",
}
_WAITS = frozenset(
    {
        ReasonCode.SOAK,
        ReasonCode.WINDOW,
        ReasonCode.CHECK,
        ReasonCode.APPROVAL,
        ReasonCode.MANUAL,
        ReasonCode.HOLD,
    }
)

Dimension = tuple[str, str]  # name and value; ("", "") is none besides the service
_ALL: Dimension = ("", "")


class Measurements(Struct, frozen=True):
    """The metrics of one set of dimensions besides the service. `seconds` are from publish to promote."""

    dimensions: Mapping[str, str]
    counts: Mapping[str, int]
    seconds: Sequence[float] = ()


def measure(
    results: Iterable[Result], now: float, others: Mapping[str, int] | None = None
) -> list[Measurements]:
    """The metrics of one invocation, without zeros. `others` counts what has no result.

    `now` (UTC seconds since the epoch) is when the copies were done.
    """
    counts: dict[Dimension, Counter[str]] = {_ALL: Counter(others or {})}
    seconds: list[float] = []
    for result in results:
        for name, dimension in _series(result):
            counts.setdefault(dimension, Counter())[name] += 1
        if _counts_in_latency(result):
            seconds.append(max(0.0, now - result.candidate.available_since))
    return [
        Measurements(
            {dimension[0]: dimension[1]} if dimension != _ALL else {},
            +count,
            seconds if dimension == _ALL else (),
        )
        for dimension, count in counts.items()
        if +count or (dimension == _ALL and seconds)
    ]


def emit(measurements: Measurements) -> None:
    """Print one EMF blob to standard output, without an API call.

    Powertools takes the service from POWERTOOLS_SERVICE_NAME.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    for name, value in measurements.dimensions.items():
        metrics.add_dimension(name, value)
    for name, count in measurements.counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    for seconds in measurements.seconds:
        metrics.add_metric("PublishToPromote", MetricUnit.Seconds, seconds)
    if metrics.metric_set:  # Powertools flushes at every hundredth value
        metrics.flush_metrics()


def _series(result: Result) -> list[tuple[str, Dimension]]:
    """The metrics that count a result, each with its dimension. Every series costs money each month."""
    name = _metric(result)
    promotion = ("Promotion", result.promotion.name)
    if name == "Promoted":
        return [(name, promotion)]
    if name == "Failed":
        return [(name, _ALL), (name, promotion)]
    return [(name, _ALL)] if name else []


def _metric(result: Result) -> str:
    """The name of the metric that counts a result, or ""."""
    if result.promotion.mode == "observe" or result.duplicate:
        return ""
    if result.outcome is not None:
        return _BY_OUTCOME.get(result.outcome.kind, "")
    return _BY_VERDICT.get(result.decision.verdict, "") if result.decision else ""


def _counts_in_latency(result: Result) -> bool:
    """True if the version was copied and its promotion never makes versions wait."""
    reasons = result.decision.reasons if result.decision else ()
    waited = any(reason.code in _WAITS for reason in reasons)
    return result.copied and not result.duplicate and not waited
