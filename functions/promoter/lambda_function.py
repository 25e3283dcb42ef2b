"""The Lambda function: a batch of SQS records, or one bare event, through the pipeline to the reports."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from aws_lambda_powertools.logging import Logger
from msgspec import Struct

from promoter.copying.pending_entries import WaitSettings
from promoter.copying.pipeline import Clients, Pipeline
from promoter.copying.rate_limit import InvocationLimits, RateLimiter
from promoter.copying.redelivery import redelivery_delays
from promoter.copying.results import Result, Run
from promoter.copying.settling import settle
from promoter.intake.event import AnswerEvent, IgnoredEvent, MalformedEvent, Scope, parse_event
from promoter.intake.ports import DeadLetterQueue, PromotionQueue
from promoter.intake.sqs_batch import MalformedRecord, parse_batch
from promoter.packages.candidate import Arrival
from promoter.reporting.place import Place
from promoter.reporting.ports import Topic
from promoter.reporting.reports import Reports
from promoter.rules.rule_set import RuleSet
from promoter.settings import Settings
from promoter.times import whole_milliseconds
from promoter.waiting.entries import EventOrigin

# json escapes other characters than ASCII; Powertools logs an exception as an object, too
logger = Logger(json_serializer=partial(json.dumps, default=str))


class Context(Protocol):
    """The part of Lambda's context object that the function uses."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""
        ...


class BareEventError(Exception):
    """A deployed function was invoked with a bare event, which could claim any time."""


class NotPromotedError(Exception):
    """A directly invoked event was not promoted. There is no message to retry, so the invocation fails."""


class Ports(Struct, frozen=True):
    """Everything that the function talks to."""

    clients: Clients
    queue: PromotionQueue
    dead_letters: DeadLetterQueue
    topic: Topic


class PromoterFunction:
    """The function with its rules, ports and clocks."""

    def __init__(
        self,
        settings: Settings,
        rule_set: RuleSet,
        ports: Ports,
        rate_limiter: RateLimiter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives UTC seconds since the epoch."""
        self._settings = settings
        self._rule_set = rule_set
        self._ports = ports
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._scope = Scope(rule_set.domain, settings.domain_owner, rule_set.evidence)

    def __call__(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Serve an SQS batch and return the messages to deliver again, or serve one bare event."""
        if "Records" in event:
            return self._serve_batch(event["Records"], context)
        return self._serve_bare(event, context)

    def _serve_batch(self, records: Sequence[Mapping[str, Any]], context: Context) -> dict[str, Any]:
        batch = parse_batch(records, queue_arn=self._settings.promotion_queue_arn, scope=self._scope)
        settled = settle(batch.arrivals, self._rule_set, self._settings.settle_seconds, self._clock())
        run = self._run(settled.ready, batch.answers, context)
        not_forwarded = self._forward(batch.malformed)
        counts = {"Malformed": len(batch.malformed)}
        kept = run.unfinished | self._reports(context).publish(run, counts, self._clock())
        deliveries = [*(each.delivery for each in settled.ready), *(each.delivery for each in batch.answers)]
        self._return_later(redelivery_delays(deliveries, run, kept, settled.settling))
        if batch.ignored or settled.settling:
            logger.info("counts", ignored=dict(batch.ignored), settling=len(settled.settling))
        kept |= not_forwarded
        kept |= {arrival.delivery.message_id for arrival, _ in settled.settling}
        order = dict.fromkeys(record["messageId"] for record in records)
        return {"batchItemFailures": [{"itemIdentifier": message} for message in order if message in kept]}

    def _serve_bare(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        if not self._settings.sam_local:
            raise BareEventError("a deployed function only serves its queue; bare events are for `sam local`")
        parsed = parse_event(json.dumps(event), self._scope)
        reports = self._reports(context)
        if isinstance(parsed, MalformedEvent):
            reports.publish(Run([], {}), {"Malformed": 1}, self._clock())
            raise NotPromotedError(f"not an event of CodeArtifact: {parsed.reason}")
        if isinstance(parsed, IgnoredEvent):
            return {"decisions": [], "ignored": parsed.reason}
        arrivals, answers = ([parsed], []) if isinstance(parsed, Arrival) else ([], [parsed])
        run = self._run(arrivals, answers, context)
        reports.publish(run, {}, self._clock())
        _raise_unfinished(run)
        return {"decisions": [reports.record(each) for each in run.results]}

    def _run(self, arrivals: Sequence[Arrival], answers: Sequence[AnswerEvent], context: Context) -> Run:
        limits = InvocationLimits(self._rate_limiter, context.get_remaining_time_in_millis)
        settings = self._settings
        origin = EventOrigin(self._rule_set.domain, settings.domain_owner, settings.region)
        waits = WaitSettings(origin, settings.minimum_wait_seconds)
        now = whole_milliseconds(self._clock())
        pipeline = Pipeline(self._rule_set, now, self._ports.clients, limits, waits)
        run = pipeline.run(arrivals, answers)
        for message_id, error in run.crashed.items():
            logger.error("failed to process a record", exc_info=error, messageId=message_id)
        for message_id, outcome in run.postponed.items():
            logger.warning("answer not read", messageId=message_id, code=outcome.code, text=outcome.text)
        if run.not_deleted:
            logger.warning("pending entries are left over; each fires once and ends", entries=run.not_deleted)
        return run

    def _reports(self, context: Context) -> Reports:
        rule_set = self._rule_set
        request_id = context.aws_request_id
        return Reports(
            rule_set.domain, rule_set.digest, request_id, self._ports.topic, logger, _place(self._settings)
        )

    def _forward(self, malformed: Iterable[MalformedRecord]) -> set[str]:
        """Forward malformed messages to the dead-letter queue. Return the messages that it did not take.

        SQS moves those after `maxReceiveCount`.
        """
        kept = set()
        for each in malformed:
            logger.warning("malformed", messageId=each.message_id, reason=each.reason)
            try:
                self._ports.dead_letters.send(each.body, each.reason)
            except Exception:  # whatever the SDK raises, the message must not be lost
                logger.exception("could not send to the dead-letter queue", messageId=each.message_id)
                kept.add(each.message_id)
        return kept

    def _return_later(self, delays: Mapping[str, int]) -> None:
        """Let messages come back after their delays. Where that fails, the queue's time-out brings them back."""
        if not delays:
            return
        try:
            failures = self._ports.queue.return_later(delays)
        except Exception as error:  # whatever the SDK raises, the messages stay on the queue
            failures = [repr(error)]
        if failures:
            logger.warning("could not change the visibility of messages", failures=failures)


def _place(settings: Settings) -> Place:
    return Place(settings.region, settings.account, settings.stack, settings.domain_owner, settings.docs_url)


def _raise_unfinished(run: Run) -> None:
    """Raise what stays undone: there is no message that could come again."""
    for error in run.crashed.values():
        raise error
    sentences = [_sentence(each) for each in run.results if each.failed or not each.is_final]
    sentences += [f"the answer was not read: {each.code} {each.text}" for each in run.postponed.values()]
    if sentences:
        raise NotPromotedError("; ".join(sentences))


def _sentence(result: Result) -> str:
    outcome = result.outcome
    assert outcome is not None  # only results with an outcome can fail
    return f"{result.candidate.purl} {result.promotion.hop}: {outcome.code} {outcome.text}"
