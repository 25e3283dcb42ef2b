"""What the Lambda function does with an invocation: a batch of the queue's, or one bare event."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from promoter.copying.pipeline import run_promotions
from promoter.copying.ports import Repositories
from promoter.copying.rate_limit import InvocationLimits, RateLimiter
from promoter.copying.results import OutcomeKind, Result, Run
from promoter.intake.event import IgnoredEvent, MalformedEvent, parse_event
from promoter.intake.sqs_batch import MalformedRecord, parse_batch
from promoter.log import logger
from promoter.reporting.decision_log import log_record
from promoter.reporting.metrics import NAMESPACE, Measurements, measure
from promoter.reporting.notifications import select_notifications
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import NotificationKind
from promoter.settings import SERVICE, Settings

if TYPE_CHECKING:
    pass

_DONE: tuple[NotificationKind, ...] = ("promoted", "extended")  # a second delivery would find nothing to tell


class Context(Protocol):
    """What of Lambda's context is used."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""
        ...


class Topic(Protocol):
    """Where notifications go."""

    def publish(self, message: "Message") -> None:
        """Publish a message."""
        ...


class DeadLetterQueue(Protocol):
    """Where messages go that cannot be understood."""

    def set_aside(self, body: str, reason: str) -> None:
        """Send a message's body there."""
        ...


class NotPromotedError(Exception):
    """A bare event that came to nothing; there is no queue to leave it on."""


class PromoterFunction:
    """The promoting function with its rules, clients and clocks."""

    def __init__(
        self,
        settings: Settings,
        rule_set: RuleSet,
        repositories: Repositories,
        topic: Topic,
        dead_letters: DeadLetterQueue,
        pace: RateLimiter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives UTC seconds since the epoch."""
        self._settings = settings
        self._rule_set = rule_set
        self._repositories = repositories
        self._topic = topic
        self._dead_letters = dead_letters
        self._pace = pace
        self._clock = clock

    def __call__(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Serve an SQS batch, answering with what has to come again, or one EventBridge event."""
        if "Records" in event:
            return self._serve_batch(event["Records"], context)
        return self._serve_bare(event, context)

    def _serve_batch(self, records: Sequence[Mapping[str, Any]], context: Context) -> dict[str, Any]:
        batch = parse_batch(
            records,
            queue_arn=self._settings.promotion_queue_arn,
            domain=self._rule_set.domain,
            owner=self._settings.domain_owner,
        )
        kept = self._set_aside(batch.unreadable)
        run = self._run(batch.candidates, context)
        kept |= {result.decision.candidate.message for result in run.results if not result.ended}
        kept |= run.crashed.keys()
        counts = {"Malformed": len(batch.unreadable), "Ignored": sum(batch.ignored.values())}
        kept |= self._report(run, counts, context)
        if batch.ignored:
            logger().info("ignored", reasons=dict(batch.ignored))
        order = dict.fromkeys(record["messageId"] for record in records)  # an identifier is returned once
        return {"batchItemFailures": [{"itemIdentifier": message} for message in order if message in kept]}

    def _serve_bare(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        arrived = parse_event(
            json.dumps(event), domain=self._rule_set.domain, owner=self._settings.domain_owner
        )
        if isinstance(arrived, MalformedEvent):
            self._report(Run([], {}), {"Malformed": 1}, context)
            raise NotPromotedError(f"not an event of CodeArtifact: {arrived.reason}")
        if isinstance(arrived, IgnoredEvent):
            self._report(Run([], {}), {"Ignored": 1}, context)
            return {"decisions": [], "ignored": arrived.reason}
        run = self._run([arrived], context)
        self._report(run, {}, context)
        for error in run.crashed.values():
            raise error
        failed = [result for result in run.results if _came_to_nothing(result)]
        if failed:
            raise NotPromotedError("; ".join(_sentence(result) for result in failed))
        records = (log_record(result, self._rule_set, context.aws_request_id) for result in run.results)
        return {"decisions": list(records)}

    def _run(self, candidates: Sequence[Any], context: Context) -> Run:
        limits = InvocationLimits(self._pace, context.get_remaining_time_in_millis)
        run = run_promotions(candidates, self._rule_set, self._clock(), self._repositories, limits)
        for message, error in run.crashed.items():
            logger().error("a record could not be served", exc_info=error, messageId=message)
        return run

    def _set_aside(self, unreadable: Iterable[MalformedRecord]) -> set[str]:
        """Forward to the dead-letter queue; what could not be forwarded stays, and gets there by itself."""
        kept = set()
        for each in unreadable:
            logger().warning("malformed", messageId=each.message, reason=each.reason)
            try:
                self._dead_letters.set_aside(each.body, each.reason)
            except Exception:  # whatever the SDK raises: the message must not be lost
                logger().exception("the dead-letter queue did not take a message", messageId=each.message)
                kept.add(each.message)
        return kept

    def _report(self, run: Run, counts: Mapping[str, int], context: Context) -> set[str]:
        """Log, measure and tell; the messages that somebody has still to hear of."""
        for result in run.results:
            print(_line(log_record(result, self._rule_set, context.aws_request_id)))
        decided = {result.decision.candidate.message for result in run.results}
        undecided = Counter({"Retried": len(run.crashed.keys() - decided)})
        for measurements in measure(run.results, self._clock(), undecided + Counter(counts)):
            _emit(measurements)
        told = select_notifications(run.results)
        if not told:
            return set()
        from promoter.reporting.sns_message import compose_messages  # most invocations have nothing to say

        try:
            for message in compose_messages(run.results, self._rule_set, context.aws_request_id):
                self._topic.publish(message)
        except Exception:  # whatever the SDK raises: the copies stand
            logger().exception("the topic did not take the message")
            return {
                result.decision.candidate.message
                for kind, result in told
                if kind not in _DONE  # told when the message comes again
            }
        return set()


def _line(record: Mapping[str, Any]) -> str:
    """A record as a line of ASCII; msgspec is fast, and leaves other characters as they are."""
    line = msgspec.json.encode(record)
    return line.decode() if line.isascii() else json.dumps(record)


def _emit(measurements: Measurements) -> None:
    """One EMF blob on standard output, without an API call."""
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=SERVICE)
    for name, value in measurements.dimensions.items():
        metrics.add_dimension(name, value)
    for name, count in measurements.counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    for seconds in measurements.seconds:
        metrics.add_metric("PublishToPromote", MetricUnit.Seconds, seconds)
    if metrics.metric_set:  # at its hundredth value Powertools has flushed by itself
        metrics.flush_metrics()


def _came_to_nothing(result: Result) -> bool:
    return result.outcome is not None and (not result.ended or result.outcome.kind is OutcomeKind.FAILED)


def _sentence(result: Result) -> str:
    assert result.outcome is not None
    hop = f"{result.decision.promotion.source} -> {result.decision.promotion.destination}"
    return f"{result.decision.candidate.purl} {hop}: {result.outcome.code} {result.outcome.text}"
