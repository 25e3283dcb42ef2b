"""Makes moto's EventBridge Scheduler refuse what AWS refuses, and makes it safe for several threads.

Needed with moto 5.2.5: it accepts any name, an `at()` in the past, and a group that exists already, which loses
its schedules; it answers 500 for an unknown group; the conflict of a taken name is HTTP 400; a list shows the
expression of each schedule, orders them by their creation, and cannot continue when the next one was deleted.
It never fires a schedule: `local.scheduler` does. `rate()` and `cron()` are accepted and never fire.
"""

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import JsonRESTError
from moto.scheduler.exceptions import ScheduleExists, ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, scheduler_backends

from local.moto_patches.replaceable_resource import Place, ReplaceableResource
from local.scheduler.clock import Clock

_NAME = re.compile(r"[0-9a-zA-Z-_.]{1,64}")
_ONCE = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")
_SUMMARY = ("Arn", "Name", "GroupName", "State", "Target", "CreationDate", "LastModificationDate")
_PAGE = 100  # schedules
_lock = threading.RLock()
_original = {
    name: getattr(EventBridgeSchedulerBackend, name)
    for name in (
        "create_schedule",
        "update_schedule",
        "delete_schedule",
        "create_schedule_group",
        "delete_schedule_group",
    )
}
_original_to_dict = Schedule.to_dict


class GroupExistsError(JsonRESTError):
    """The name of the group is taken."""

    code = 409

    def __init__(self, name: str) -> None:
        super().__init__("ConflictException", f"Schedule group {name} already exists.")


class ScheduleGroup(ReplaceableResource, CloudFormationModel):
    """AWS::Scheduler::ScheduleGroup: a group that is deleted with all its schedules. The physical id is its name."""

    TYPE = "AWS::Scheduler::ScheduleGroup"
    NAME_PROPERTY = "Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Return True if Fn::GetAtt knows the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return the ARN, the only attribute."""
        return str(_backend(self.place).get_schedule_group(self.physical_resource_id).arn)

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Create the group."""
        _backend(place).create_schedule_group(name, properties.get("Tags", []))
        return name

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Delete the group and its schedules."""
        _backend(place).delete_schedule_group(physical_id)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource: Any, *_: Any, **__: Any) -> Any:
        """Keep the group: a replacement would lose its schedules."""
        return original_resource


def patch_schedules(clock: Clock, on_change: Callable[[], None]) -> None:
    """Replace the methods. A second call replaces the clock and the function that each change calls."""
    backend = EventBridgeSchedulerBackend
    ScheduleExists.code = 409
    Schedule.to_dict = _to_dict
    backend.list_schedules = _list_schedules
    backend.create_schedule_group = _create_group
    backend.delete_schedule = _with_lock(_original["delete_schedule"])
    backend.delete_schedule_group = _delete_group
    for name in ("create_schedule", "update_schedule"):
        setattr(backend, name, _checked(_original[name], clock, on_change))


def fire_time(schedule: Any) -> float | None:
    """Return the time when a one-time schedule fires, in UTC seconds; None if it does not fire (again).

    Raises:
        ValidationException: the expression is `at()`, but not of a time.

    """
    if schedule.state != "ENABLED" or getattr(schedule, "fired", False):
        return None
    return _parse(schedule.schedule_expression, schedule.schedule_expression_timezone)


@contextmanager
def locked_schedules(account: str, region: str) -> Iterator[list[Any]]:
    """Give all schedules of an account and region. Nobody else changes them meanwhile."""
    with _lock:
        groups = scheduler_backends[account][region].schedule_groups.values()
        yield [schedule for group in groups for schedule in group.schedules.values()]


def complete(schedule: Any, account: str, region: str) -> None:
    """Delete a schedule that has fired if it says so; otherwise it stays and does not fire again."""
    with _lock:
        schedule.fired = True
        group = scheduler_backends[account][region].schedule_groups.get(schedule.group_name)
        is_there = group is not None and group.schedules.get(schedule.name) is schedule
        if is_there and schedule.action_after_completion == "DELETE":
            group.delete_schedule(schedule.name)


def _backend(place: Place) -> Any:
    return scheduler_backends[place.account][place.region]


def _parse(expression: str, zone: str | None) -> float | None:
    if not expression.startswith("at("):
        return None
    found = _ONCE.fullmatch(expression)
    try:
        moment = datetime.fromisoformat(found[1]) if found else None
        local = moment.replace(tzinfo=ZoneInfo(zone or "UTC")) if moment else None
    except (ValueError, KeyError):  # no such day, no such zone
        local = None
    if local is None:
        raise ValidationException(f"Invalid Schedule Expression {expression}.")
    return local.astimezone(UTC).timestamp()


def _with_lock(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        with _lock:
            return method(*args, **kwargs)

    return call


def _checked(method: Callable[..., Any], clock: Clock, on_change: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(backend: Any, **arguments: Any) -> Any:
        _require_name(arguments["name"])
        moment = _parse(arguments["schedule_expression"], arguments["schedule_expression_timezone"])
        if moment is not None and moment < clock.now():
            raise ValidationException(
                f"Invalid Schedule Expression {arguments['schedule_expression']}. The time is in the past."
            )
        with _lock:
            backend.get_schedule_group(arguments["group_name"])  # refuses one that does not exist
            schedule = method(backend, **arguments)
        on_change()
        return schedule

    return call


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValidationException(
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$ and have at most 64 characters"
        )


def _to_dict(schedule: Any, short: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = _original_to_dict(schedule, short)
    return {name: shown[name] for name in _SUMMARY} if short else shown


def _list_schedules(
    backend: Any,
    group_names: list[str] | None,
    state: str | None,
    name_prefix: str | None = None,
    *,
    max_results: int | None = None,
    next_token: str | None = None,
) -> tuple[list[Any], str | None]:
    """Return a page and the token of the next one: the group and name of the last schedule of this page."""
    with _lock:
        groups = [backend.get_schedule_group(name) for name in group_names or backend.schedule_groups]
        found = {
            f"{group.name}/{schedule.name}": schedule
            for group in groups
            for schedule in group.schedules.values()
            if schedule.name.startswith(name_prefix or "") and state in (None, schedule.state)
        }
    rest = sorted(key for key in found if key > (next_token or ""))
    page = rest[: max_results or _PAGE]
    return [found[key] for key in page], page[-1] if len(page) < len(rest) else None


def _create_group(backend: Any, name: str, tags: list[dict[str, str]]) -> Any:
    _require_name(name)
    with _lock:
        if name in backend.schedule_groups:
            raise GroupExistsError(name)
        return _original["create_schedule_group"](backend, name, tags)


def _delete_group(backend: Any, name: str | None) -> None:
    if name == "default":
        raise ValidationException("The default schedule group cannot be deleted.")
    with _lock:
        backend.get_schedule_group(name)
        _original["delete_schedule_group"](backend, name)
