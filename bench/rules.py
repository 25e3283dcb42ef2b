"""Measure what rules cost: `python -m bench.rules`. Exits 1 beyond a goal, except that of the batch.

- Load 10,000 promotions.
- Decide one event with 1,000 promotions, against 10. Patterns begin with literal text.
- Match a pattern with 60 stars, against one with 2, on a name of 255 characters.
- Run a batch of 10 events through the function: decode, decide by 1,000 promotions, decision log, metrics. Against
  Powertools' batch processor, logger and metrics, which decide nothing.
"""

import contextlib
import gc
import io
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from bench.samples import OWNER, QUEUE, Context, record, rules
from promoter.aws.sns import Topic
from promoter.aws.sqs import DeadLetterQueue, PromotionQueue
from promoter.copying.pipeline import Clients
from promoter.copying.rate_limit import RateLimiter
from promoter.lambda_function import Ports, PromoterFunction
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.packages.patterns import parse, path_of
from promoter.rules.decision import decide
from promoter.rules.evidence import Evidence
from promoter.rules_file.reader import load
from promoter.settings import Settings

ROUNDS = 41
NOT_REACHED_YET = "batch"  # a goal for later; it does not fail the run
LOAD, MORE_RULES, STARS, BATCH = 2.0, 4.0, 3.0, 0.40  # goals: seconds, then ratios


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Return the CPU seconds of `times` calls."""
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start


def ratio(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """Compare the times of two calls: the median over rounds in which they take turns."""
    seconds(one, times), seconds(other, times)
    return median(seconds(one, times) / seconds(other, times) for _ in range(ROUNDS))


def load_time() -> float:
    """Return the seconds to load 10,000 promotions."""
    text = rules(10_000)
    return min(seconds(lambda: load(text)) for _ in range(2))


def more_rules() -> float:
    """Decide an event that the last promotion selects: 1,000 promotions against 10."""
    many, few = load(rules(1_000)).rule_set, load(rules(10)).rule_set

    def candidate(name: str) -> Candidate:
        return Candidate(Package("npm", "", name), "1.2.3", "r1", "dev", 0.0)

    last_of_many, last_of_few, nothing = candidate("team999-core"), candidate("team9-core"), Evidence()
    assert decide(last_of_many, nothing, many, 0.0)[0].promotion.name == "team999"
    assert decide(last_of_few, nothing, few, 0.0)[0].promotion.name == "team9"
    return ratio(
        lambda: decide(last_of_many, nothing, many, 0.0), lambda: decide(last_of_few, nothing, few, 0.0), 300
    )


def more_stars() -> float:
    """Match 60 stars against 2, on a name that fits and on one that nearly fits."""
    many, few = parse("pkg:npm/a" + "*a" * 60 + "*c"), parse("pkg:npm/a*a*c")
    path = path_of(Package("npm", "", "a" * 254 + "c"))
    near = path_of(Package("npm", "", "a" * 128 + "b" * 126 + "c"))
    assert few.matches(path)
    return ratio(
        lambda: (many.matches(path), many.matches(near)), lambda: (few.matches(path), few.matches(near)), 500
    )


def whole_batch() -> float:
    """Run a batch of 10 events through the function with 1,000 promotions, against Powertools without any."""
    event = {"Records": [npm_record(number) for number in range(10)]}
    function, stream = observing_function(), io.StringIO()
    usual = powertools_function(stream)

    def ours() -> object:
        stream.seek(0)
        return function(event, Context())

    def theirs() -> object:
        stream.seek(0)
        return usual(event)

    gc.collect()
    gc.freeze()  # objects that stay are not collected in either
    with contextlib.redirect_stdout(stream):
        answers = ours(), theirs()
        found = ratio(ours, theirs, 20)
    assert answers == ({"batchItemFailures": []}, {"batchItemFailures": []})
    assert stream.getvalue().count('"promote"') >= 10
    return found


def npm_record(number: int) -> dict[str, Any]:
    """Build the SQS record of an event, each for another package and promotion."""
    return record(
        f"m{number}",
        packageFormat="npm",
        packageName=f"team{number * 100}-core",
        packageVersion=f"{number * 100 % 9 + 1}.2.3",
    )


def observing_function() -> PromoterFunction:
    """Make our function with 1,000 promotions that are observed, so that nothing is called."""
    return PromoterFunction(
        Settings(OWNER, "", QUEUE, "", 0, __file__),  # type: ignore[arg-type]  # no file is read
        load(rules(1_000, "observe")).rule_set,
        Ports(
            Clients(None, None, None),  # type: ignore[arg-type]  # nothing is called
            PromotionQueue(None, ""),
            DeadLetterQueue(None, ""),
            Topic(None, ""),
        ),
        RateLimiter(0, time.monotonic, time.sleep),
    )


def powertools_function(stream: io.StringIO) -> Callable[[dict[str, Any]], object]:
    """Put Powertools' batch processor, logger and metrics together as its documentation does; no rules."""
    logger, metrics = Logger(service="usual", stream=stream), Metrics(namespace="Usual", service="usual")
    processor = BatchProcessor(event_type=EventType.SQS)

    def serve(record: SQSRecord) -> None:
        event = EventBridgeEvent(record.json_body)
        metrics.add_metric(name="Seen", unit=MetricUnit.Count, value=1)
        logger.info("decision", extra=log_fields(event))

    @metrics.log_metrics
    def handler(event: dict[str, Any], context: Context) -> object:
        return process_partial_response(
            event=event,
            record_handler=serve,
            processor=processor,
            context=context,  # type: ignore[arg-type]
        )

    return lambda event: handler(event, Context())


def log_fields(event: EventBridgeEvent) -> dict[str, Any]:
    """Collect as many fields as our decision log has."""
    detail = event.detail
    return {
        "purl": f"pkg:npm/{detail['packageName']}@{detail['packageVersion']}",
        "format": detail["packageFormat"],
        "namespace": detail.get("packageNamespace"),
        "package": detail["packageName"],
        "version": detail["packageVersion"],
        "revision": detail["packageVersionRevision"],
        "hop": {"from": detail["repositoryName"], "to": "staging"},
        "verdict": "promote",
        "cause": "event",
        "event": event.get_id,
        "published": event.time,
    }


def main() -> int:
    """Measure, print, and return the exit code."""
    measured = (
        ("load", load_time(), LOAD, "s    10,000 promotions"),
        ("more rules", more_rules(), MORE_RULES, "x    one event: 1,000 promotions against 10"),
        ("stars", more_stars(), STARS, "x    255 characters: 60 stars against 2"),
        (
            "batch",
            whole_batch(),
            BATCH,
            "x    10 events by 1,000 promotions against Powertools without rules",
        ),
    )
    for name, found, goal, unit in measured:
        print(f"{name:<11} {found:5.2f} (goal: {goal:.2f}) {unit}{'' if found <= goal else '   not reached'}")
    return 0 if all(found <= goal for name, found, goal, _ in measured if name != NOT_REACHED_YET) else 1


if __name__ == "__main__":
    sys.exit(main())
