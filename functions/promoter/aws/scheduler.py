"""EventBridge Scheduler: the group of pending entries."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from promoter.aws.errors import api_errors
from promoter.copying.ports import ApiError
from promoter.inspection.ports import ListedEntry
from promoter.waiting.entries import Entry


class ScheduleTarget(Struct, frozen=True):
    """The group of the entries, the queue that they send to, and the role and dead-letter queue for it."""

    group: str
    queue_arn: str
    role_arn: str
    dead_letter_queue_arn: str


class ScheduleReader:
    """Reads the entries of one group. Every method raises ApiError."""

    def __init__(self, client: Any, group: str) -> None:
        """`client` is the SDK's client of EventBridge Scheduler."""
        self._client = client
        self._group = group

    def listed(self, prefix: str = "") -> list[ListedEntry]:
        """The entries whose names begin with a text. Source: Scheduler API reference, ListSchedules."""
        found: list[ListedEntry] = []
        parameters = {"GroupName": self._group} | ({"NamePrefix": prefix} if prefix else {})
        while True:
            with api_errors():
                answer = self._client.list_schedules(**parameters)
            found += [
                ListedEntry(each["Name"], each["CreationDate"].timestamp()) for each in answer["Schedules"]
            ]
            if not answer.get("NextToken"):
                return found
            parameters["NextToken"] = answer["NextToken"]

    def names(self, prefix: str) -> list[str]:
        """The names of the entries that begin with a text."""
        return [each.name for each in self.listed(prefix)]

    def input_of(self, name: str) -> str | None:
        """The message that an entry sends, None if it is gone. Source: Scheduler API reference, GetSchedule."""
        try:
            with api_errors():
                answer = self._client.get_schedule(GroupName=self._group, Name=name)
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return str(answer["Target"].get("Input", ""))


class Schedules(ScheduleReader):
    """Reads, creates and deletes the entries of one group. Every method raises ApiError."""

    def __init__(self, client: Any, target: ScheduleTarget) -> None:
        """`client` is the SDK's client of EventBridge Scheduler."""
        super().__init__(client, target.group)
        self._target = target

    def create(self, entry: Entry) -> bool:
        """Create an entry that fires once. Return False if its name is taken.

        Source: Scheduler API reference, CreateSchedule.
        """
        moment = datetime.fromtimestamp(entry.fires, UTC)
        try:
            with api_errors():
                self._client.create_schedule(
                    Name=entry.name,
                    GroupName=self._target.group,
                    ScheduleExpression=f"at({moment:%Y-%m-%dT%H:%M:%S})",
                    ScheduleExpressionTimezone="UTC",
                    FlexibleTimeWindow={"Mode": "OFF"},
                    ActionAfterCompletion="DELETE",
                    Target={
                        "Arn": self._target.queue_arn,
                        "RoleArn": self._target.role_arn,
                        "Input": entry.input,
                        "DeadLetterConfig": {"Arn": self._target.dead_letter_queue_arn},
                    },
                )
        except ApiError as error:
            if error.code == "ConflictException":
                return False
            raise
        return True

    def delete(self, name: str) -> None:
        """Delete an entry; one that is gone is fine. Source: Scheduler API reference, DeleteSchedule."""
        try:
            with api_errors():
                self._client.delete_schedule(GroupName=self._target.group, Name=name)
        except ApiError as error:
            if error.code != "ResourceNotFoundException":
                raise
