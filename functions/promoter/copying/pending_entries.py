"""Pending entries within the limits of one invocation."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from msgspec import Struct

from promoter.copying.calls import CallLimits
from promoter.copying.plan import Decided
from promoter.copying.ports import Limits, Schedules
from promoter.copying.results import EXPIRED, Outcome, OutcomeKind, Pending
from promoter.packages.candidate import Candidate
from promoter.rules.vocabulary import Hop, Verdict
from promoter.waiting.entries import EXPIRY_SECONDS, EventOrigin, fires_later, has_expired, make_entry
from promoter.waiting.names import entry_prefix


class WaitSettings(Struct, frozen=True):
    """How entries are made. An entry fires `minimum_seconds` ahead or later."""

    origin: EventOrigin
    minimum_seconds: float


class PendingEntries:
    """Creates, finds and deletes pending entries. `failures` has what could not be deleted, and why."""

    def __init__(self, schedules: Schedules, limits: Limits, settings: WaitSettings, now: float) -> None:
        """`now` is in UTC seconds since the epoch."""
        self.failures: list[str] = []
        self._schedules = schedules
        self._call_limits = CallLimits(limits, "Scheduler")
        self._settings = settings
        self._now = now

    def create(self, decided: Decided) -> Pending | Outcome:
        """Keep a decision as an entry, or return the outcome of a call that was not made or failed.

        Where answers are awaited, the entries that fire later than the new one are deleted after it was created.
        """
        decision, number = decided.decision, decided.delivery.number
        if self._is_last(decided):
            days = EXPIRY_SECONDS // 86_400
            return Outcome(OutcomeKind.EXPIRED, EXPIRED, f"nobody released it within {days} days")
        found = self._found(decided)
        if isinstance(found, Outcome):
            return found
        settings = self._settings
        entry = make_entry(
            decision, decided.delivery.event_id, settings.origin, self._now, settings.minimum_seconds
        )
        created = self._call_limits.make(partial(self._schedules.create, entry), number)
        if isinstance(created, Outcome):
            return created
        self.delete(name for name in found if fires_later(name, entry.fires))
        return Pending(entry.name, entry.fires, _begins(decided, known=bool(found), created=created))

    def find(self, candidate: Candidate, hop: Hop, delivery_number: int) -> list[str] | Outcome:
        """The names of the entries about one revision on one hop."""
        prefix = entry_prefix(candidate, hop)
        return self._call_limits.make(partial(self._schedules.names, prefix), delivery_number)

    def event_time(self, names: Iterable[str], delivery_number: int) -> float | Outcome | None:
        """The earliest time of these entries' events, in UTC seconds since the epoch; None if there is none."""
        times: list[float] = []
        for name in names:
            text = self._call_limits.make(partial(self._schedules.input_of, name), delivery_number)
            if isinstance(text, Outcome):
                return text
            if text is not None:
                times.append(datetime.fromisoformat(json.loads(text)["time"]).timestamp())
        return min(times, default=None)

    def delete(self, names: Iterable[str]) -> None:
        """Delete entries. One that is left over fires once and ends."""
        for name in names:
            outcome = self._call_limits.make(partial(self._schedules.delete, name), 1)
            if isinstance(outcome, Outcome):
                self.failures.append(f"{name}: {outcome.code} {outcome.text}")

    def _is_last(self, decided: Decided) -> bool:
        """True for the reminder of a version that nobody has answered for."""
        held = decided.decision.verdict is Verdict.HOLD and decided.delivery.cause == "entry"
        return held and has_expired(decided.decision.candidate, self._now)

    def _found(self, decided: Decided) -> list[str] | Outcome:
        if decided.entries or not decided.decision.promotion.asks_for_answers:
            return list(decided.entries)
        return self.find(decided.decision.candidate, decided.decision.hop, decided.delivery.number)


def _begins(decided: Decided, *, known: bool, created: bool) -> bool:
    """True if people are told that the version is held: when the hold begins, and with each reminder.

    A repeated delivery may follow one whose notification failed.
    """
    delivery = decided.delivery
    if decided.decision.verdict is not Verdict.HOLD:
        return False
    if delivery.number > 1:
        return True
    return created and (not known or delivery.cause == "entry")
