"""Faults of events on request: loss, duplicates, delay, a wrong order, and missing or odd members."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

EventFaultKind = Literal[
    "lose", "duplicate", "delay", "reorder", "no-namespace", "string-booleans"
]
KINDS: tuple[str, ...] = get_args(EventFaultKind)
AMOUNTS: Mapping[str, float] = {"duplicate": 2, "reorder": 2, "delay": 1.0}
"""The default amounts: deliveries of a duplicate, events to reorder, seconds of a delay."""
Event = dict[str, Any]


@dataclass
class EventFault:
    """A fault of the next events about some packages or versions."""

    kind: EventFaultKind
    amount: float = 0
    """The deliveries of a duplicate, the number of events to reorder, or the seconds of a delay."""
    times: int | None = 1
    """How often the fault occurs; None means always."""
    where: Mapping[str, str] = field(default_factory=dict)
    """The members of `detail` that an event must have, for example `{"packageName": "widget"}`."""
    held: list[Event] = field(default_factory=list)
    """The events that wait for their turn."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"there is no fault {self.kind!r}, only {', '.join(KINDS)}"
            )
        self.amount = self.amount or AMOUNTS.get(self.kind, 0)

    def is_about(self, event: Event) -> bool:
        """Return True if the fault occurs in this event."""
        detail = event["detail"]
        is_due = self.times is None or self.times > 0
        return is_due and all(
            detail.get(key) == value for key, value in self.where.items()
        )

    def use(self) -> None:
        """Count one occurrence."""
        if self.times is not None:
            self.times -= 1


@dataclass(frozen=True)
class DueEvent:
    """An event to deliver, and the seconds until then."""

    event: Event
    delay: float = 0


class EventFaults:
    """The faults of the events that one account's domains send."""

    def __init__(self) -> None:
        self._faults: list[EventFault] = []

    def add(self, fault: EventFault) -> None:
        """Let a fault occur from now on."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults. Events that wait for their turn are lost."""
        self._faults.clear()

    def apply(self, event: Event) -> list[DueEvent]:
        """Return what is delivered instead of an event: nothing, the event, several, or earlier ones."""
        due = [DueEvent(event)]
        for fault in self._faults:
            due = [each for one in due for each in _apply(fault, one)]
        return due


def _apply(fault: EventFault, due: DueEvent) -> Iterator[DueEvent]:
    if not fault.is_about(due.event):
        yield due
    elif fault.kind == "reorder":
        yield from _reorder(fault, due)
    else:
        fault.use()
        yield from _change(fault, due)


def _change(fault: EventFault, due: DueEvent) -> Iterator[DueEvent]:
    if fault.kind == "duplicate":
        yield from [due] * int(fault.amount)
    elif fault.kind == "delay":
        yield DueEvent(due.event, due.delay + fault.amount)
    elif fault.kind != "lose":
        yield DueEvent(_altered(fault.kind, due.event), due.delay)


def _reorder(fault: EventFault, due: DueEvent) -> Iterator[DueEvent]:
    """Keep the event until enough have come, then yield all, the newest first."""
    fault.held.append(due.event)
    if len(fault.held) >= fault.amount:
        fault.use()
        yield from [DueEvent(event, due.delay) for event in reversed(fault.held)]
        fault.held.clear()


def _altered(kind: str, event: Event) -> Event:
    altered = deepcopy(event)
    detail = altered["detail"]
    if kind == "no-namespace":
        del detail["packageNamespace"]
    else:
        detail["changes"] = with_string_booleans(detail["changes"])
    return altered


def with_string_booleans(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `detail.changes` with `"true"` instead of `true`, as one recorded event has it."""
    return {
        name: json.dumps(value) if isinstance(value, bool) else value
        for name, value in changes.items()
    }
