"""Results -> metrics, and metrics -> Embedded Metric Format by Powertools."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from msgspec import Struct

from promoter.copying.results import OutcomeKind, Result
from promoter.rules.vocabulary import Verdict
from promoter.settings import SERVICE

NAMESPACE = "PackagePromoter"
_BY_VERDICT = {Verdict.WAIT: "Waiting", Verdict.HOLD: "Held", Verdict.REJECT: "Rejected"}
_BY_OUTCOME = {
    OutcomeKind.COPIED: "Promoted",
    OutcomeKind.UNCHANGED: "Unchanged",
    OutcomeKind.SUPERSEDED: "Superseded",
    OutcomeKind.FAILED: "Failed",
    OutcomeKind.RETRY: "Retried",
}

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
    seconds: dict[Dimension, list[float]] = {}
    counted = ((each, name, dimension) for each in results for name, dimension in _series(each))
    for result, name, dimension in counted:
        counts.setdefault(dimension, Counter())[name] += 1
        if name == "Promoted":
            seconds.setdefault(dimension, []).append(max(0.0, now - result.candidate.available_since))
    return [
        Measurements(
            {dimension[0]: dimension[1]} if dimension != _ALL else {}, +count, seconds.get(dimension, ())
        )
        for dimension, count in counts.items()
        if +count
    ]


def emit(measurements: Measurements) -> None:
    """Print one EMF blob to standard output, without an API call."""
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=SERVICE)
    for name, value in measurements.dimensions.items():
        metrics.add_dimension(name, value)
    for name, count in measurements.counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    for seconds in measurements.seconds:
        metrics.add_metric("PublishToPromote", MetricUnit.Seconds, seconds)
    if metrics.metric_set:  # Powertools flushes at every hundredth value
        metrics.flush_metrics()


def _series(result: Result) -> list[tuple[str, Dimension]]:
    """The metrics that count a result, each with its dimension."""
    name = _metric(result)
    if not name:
        return []
    dimensions = [_ALL]
    if name in ("Promoted", "Failed"):
        dimensions.append(("Promotion", result.promotion.name))
    if name == "Failed" and result.outcome is not None:
        dimensions.append(("ErrorCode", result.outcome.code))
    return [(name, dimension) for dimension in dimensions]


def _metric(result: Result) -> str:
    """The name of the metric that counts a result, or ""."""
    if result.promotion.mode == "observe":
        return "Observed"
    if result.outcome is None:
        return _BY_VERDICT.get(result.decision.verdict, "") if result.decision else ""
    if not result.duplicate:
        return _BY_OUTCOME[result.outcome.kind]
    same = result.outcome.kind in (OutcomeKind.COPIED, OutcomeKind.UNCHANGED)
    return "Unchanged" if same else ""
