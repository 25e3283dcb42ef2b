"""The Lambda function: a batch of SQS records, or one bare event, through the pipeline to the reports."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from aws_lambda_powertools.logging import Logger

from promoter.copying.pipeline import run_promotions
from promoter.copying.ports import Repositories
from promoter.copying.rate_limit import InvocationLimits, RateLimiter
from promoter.copying.results import Result, Run
from promoter.intake.event import IgnoredEvent, MalformedEvent, parse_event
from promoter.intake.ports import DeadLetterQueue
from promoter.intake.sqs_batch import MalformedRecord, parse_batch
from promoter.packages.candidate import Arrival
from promoter.reporting.decision_log import log_line, log_record
from promoter.reporting.metrics import emit, measure
from promoter.reporting.notifications import select_notifications
from promoter.reporting.ports import Topic
from promoter.reporting.sns_message import Batch, compose_messages
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import NotificationKind
from promoter.settings import SERVICE, Settings

_NOT_REPEATED: tuple[NotificationKind, ...] = ("promoted", "extended")  # a second delivery finds no change

# json escapes other characters than ASCII; Powertools logs an exception as an object, too
logger = Logger(service=SERVICE, json_serializer=partial(json.dumps, default=str))


class Context(Protocol):
    """The part of Lambda's context object that the function uses."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""
        ...


class NotPromotedError(Exception):
    """A directly invoked event was not promoted. There is no message to retry, so the invocation fails."""


class PromoterFunction:
    """The function with its rules, clients and clocks."""

    def __init__(
        self,
        settings: Settings,
        rule_set: RuleSet,
        repositories: Repositories,
        topic: Topic,
        dead_letters: DeadLetterQueue,
        rate_limiter: RateLimiter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives UTC seconds since the epoch."""
        self._settings = settings
        self._rule_set = rule_set
        self._repositories = repositories
        self._topic = topic
        self._dead_letters = dead_letters
        self._rate_limiter = rate_limiter
        self._clock = clock

    def __call__(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Serve an SQS batch and return the messages to deliver again, or serve one bare event."""
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
        kept = self._forward(batch.malformed)
        run = self._run(batch.arrivals, context)
        kept |= {result.delivery.message_id for result in run.results if not result.is_final}
        kept |= run.crashed.keys()
        counts = {"Malformed": len(batch.malformed), "Ignored": sum(batch.ignored.values())}
        kept |= self._report(run, counts, context)
        if batch.ignored:
            logger.info("ignored", reasons=dict(batch.ignored))
        order = dict.fromkeys(record["messageId"] for record in records)
        return {"batchItemFailures": [{"itemIdentifier": message} for message in order if message in kept]}

    def _serve_bare(self, event: Mapping[str, Any], context: Context) -> dict[str, Any]:
        domain, owner = self._rule_set.domain, self._settings.domain_owner
        parsed = parse_event(json.dumps(event), domain=domain, owner=owner)
        if isinstance(parsed, MalformedEvent):
            self._report(Run([], {}), {"Malformed": 1}, context)
            raise NotPromotedError(f"not an event of CodeArtifact: {parsed.reason}")
        if isinstance(parsed, IgnoredEvent):
            self._report(Run([], {}), {"Ignored": 1}, context)
            return {"decisions": [], "ignored": parsed.reason}
        run = self._run([parsed], context)
        self._report(run, {}, context)
        for error in run.crashed.values():
            raise error
        unfinished = [result for result in run.results if result.failed or not result.is_final]
        if unfinished:
            raise NotPromotedError("; ".join(map(_sentence, unfinished)))
        digest = self._rule_set.digest
        return {"decisions": [log_record(each, digest, context.aws_request_id) for each in run.results]}

    def _run(self, arrivals: Sequence[Arrival], context: Context) -> Run:
        limits = InvocationLimits(self._rate_limiter, context.get_remaining_time_in_millis)
        run = run_promotions(arrivals, self._rule_set, self._clock(), self._repositories, limits)
        for message_id, error in run.crashed.items():
            logger.error("failed to process a record", exc_info=error, messageId=message_id)
        return run

    def _forward(self, malformed: Iterable[MalformedRecord]) -> set[str]:
        """Forward malformed messages to the dead-letter queue. Return the messages that it did not take.

        SQS moves those after `maxReceiveCount`.
        """
        kept = set()
        for each in malformed:
            logger.warning("malformed", messageId=each.message_id, reason=each.reason)
            try:
                self._dead_letters.send(each.body, each.reason)
            except Exception:  # whatever the SDK raises, the message must not be lost
                logger.exception("could not send to the dead-letter queue", messageId=each.message_id)
                kept.add(each.message_id)
        return kept

    def _report(self, run: Run, counts: Mapping[str, int], context: Context) -> set[str]:
        """Log, measure and notify. Return the messages to deliver again because nobody was notified."""
        for result in run.results:
            print(log_line(log_record(result, self._rule_set.digest, context.aws_request_id)))
        with_result = {result.delivery.message_id for result in run.results}
        retried = Counter({"Retried": len(run.crashed.keys() - with_result)})
        for measurements in measure(run.results, self._clock(), retried + Counter(counts)):
            emit(measurements)
        return self._notify(run.results, context)

    def _notify(self, results: Sequence[Result], context: Context) -> set[str]:
        batch = Batch(self._rule_set.domain, self._rule_set.digest, context.aws_request_id, results)
        try:
            for message in compose_messages(batch):
                self._topic.publish(message)
        except Exception:  # whatever the SDK raises, the copies are done
            logger.exception("could not publish to SNS")
            return {
                each.result.delivery.message_id
                for each in select_notifications(results)
                if each.kind not in _NOT_REPEATED
            }
        return set()


def _sentence(result: Result) -> str:
    outcome = result.outcome
    assert outcome is not None  # only results with an outcome can fail
    return f"{result.candidate.purl} {result.promotion.hop}: {outcome.code} {outcome.text}"
