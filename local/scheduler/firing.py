"""Fires schedules: sends the input of each to its queue when its time has come.

EventBridge Scheduler is exact to a minute and tries again for 24 hours; this fires to the second and tries once.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import json
import threading
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from local.moto_patches.schedules import complete, fire_time, locked_schedules, patch_schedules
from local.scheduler.clock import Clock


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: str
    message: str


class ScheduleRunner:
    """A thread that fires the one-time schedules of one account and region. Only queues can be targets."""

    def __init__(self, clock: Clock, sqs: Any, *, account: str, region: str) -> None:
        self._clock = clock
        self._sqs = sqs
        self._account = account
        self._region = region
        self._changed = threading.Event()
        self._fired = threading.Condition()
        self._stopping = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)

    def start(self) -> None:
        """Start to fire, in a thread."""
        patch_schedules(self._clock, self._changed.set)
        self._clock.on_move(self._changed.set)
        self._thread.start()

    def stop(self) -> None:
        """Stop firing, after the schedule that is being fired."""
        self._stopping = True
        self._changed.set()
        self._thread.join()

    def is_due(self, within: float = 0) -> bool:
        """Return True if a schedule fires within this number of seconds from now."""
        return bool(self._due(within))

    def wait_until_fired(self, timeout: float, within: float = 0) -> None:
        """Wait until every schedule has fired whose time comes within this number of seconds from now.

        Raises:
            TimeoutError: a schedule has not fired after `timeout` seconds.

        """
        until = self._clock.now() + within
        with self._fired:
            if not self._fired.wait_for(lambda: self._error or not self._before(until), timeout):
                raise TimeoutError(f"after {timeout} s these schedules are due: {self._before(until)}")
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._changed.clear()  # before the look, so that no change is lost
                for schedule in self._due():
                    self._fire(schedule)
                self._announce()
                self._changed.wait(self._seconds_until_next())
        except Exception as error:  # a thread cannot raise to its starter; wait_until_fired raises it
            self._error = error
            self._announce()

    def _times(self) -> list[tuple[float, Any]]:
        with locked_schedules(self._account, self._region) as schedules:
            times = [(fire_time(schedule), schedule) for schedule in schedules]
        return sorted(
            ((time, each) for time, each in times if time is not None),
            key=lambda pair: (pair[0], pair[1].name),
        )

    def _due(self, within: float = 0) -> list[Any]:
        return self._before(self._clock.now() + within)

    def _before(self, moment: float) -> list[Any]:
        return [schedule for time, schedule in self._times() if time <= moment]

    def _seconds_until_next(self) -> float | None:
        times = self._times()
        if not times:
            return None
        return min(max(times[0][0] - self._clock.now(), 0), threading.TIMEOUT_MAX)

    def _fire(self, schedule: Any) -> None:
        body = schedule.target.get("Input", "")
        url = self._queue_url(schedule.target["Arn"])
        refusal = self._send(url, body)
        if refusal and "DeadLetterConfig" in schedule.target:
            self._send(
                self._queue_url(schedule.target["DeadLetterConfig"]["Arn"]),
                json.dumps({"MessageBody": body, "QueueUrl": url}),
                ERROR_CODE=refusal.code,
                ERROR_MESSAGE=refusal.message,
                SCHEDULE_ARN=schedule.arn,
                TARGET_ARN=schedule.target["Arn"],
            )
        complete(schedule, self._account, self._region)

    def _send(self, url: str, body: str, **attributes: str) -> _Refusal | None:
        given = {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()}
        try:
            self._sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=given)
        except ClientError as error:
            answer = error.response["Error"]
            return _Refusal(answer["Code"], answer["Message"] or answer["Code"])
        return None

    def _queue_url(self, arn: str) -> str:
        account, name = arn.split(":")[-2:]
        return f"{self._sqs.meta.endpoint_url}/{account}/{name}"

    def _announce(self) -> None:
        with self._fired:
            self._fired.notify_all()
