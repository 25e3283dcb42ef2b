"""Reports of one invocation: decision log, metrics and notifications."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from promoter.copying.results import Result, Run
from promoter.reporting.decision_log import log_line, log_record
from promoter.reporting.metrics import emit, measure
from promoter.reporting.notifications import select_notifications
from promoter.reporting.place import Place
from promoter.reporting.ports import Logger, Topic
from promoter.reporting.sns_message import Batch, compose_messages
from promoter.rules.vocabulary import NotificationKind

_NOT_REPEATED: tuple[NotificationKind, ...] = ("promoted", "extended")  # a second delivery finds no change


class Reports(Struct, frozen=True):
    """Writes the reports of one invocation. `ruleset` is the digest of the rules."""

    domain: str
    ruleset: str
    request_id: str
    topic: Topic
    logger: Logger
    place: Place = Place()

    def publish(self, run: Run, counts: Mapping[str, int], now: float) -> set[str]:
        """Log, measure and notify. Return the messages to deliver again because nobody was notified.

        `counts` counts what has no result. `now` (UTC seconds since the epoch) is when the copies were done.
        """
        for result in run.results:
            print(log_line(self.record(result)))
        with_result = {result.delivery.message_id for result in run.results}
        retried = Counter({"Retried": len(run.crashed.keys() - with_result)})
        for measurements in measure(run.results, now, retried + Counter(counts)):
            emit(measurements)
        return self._notify(run, now)

    def record(self, result: Result) -> dict[str, Any]:
        """The record of a result in the decision log."""
        return log_record(result, self.ruleset, self.request_id)

    def _notify(self, run: Run, now: float) -> set[str]:
        batch = Batch(
            self.domain, self.ruleset, self.request_id, run.results, run.bad_answers, self.place, now
        )
        try:
            for message in compose_messages(batch):
                self.topic.publish(message)
        except Exception:  # whatever the SDK raises, the copies are done
            self.logger.exception("could not publish to SNS")
            return {each.delivery.message_id for each in run.bad_answers} | {
                each.result.delivery.message_id
                for each in select_notifications(run.results)
                if each.kind not in _NOT_REPEATED
            }
        return set()
