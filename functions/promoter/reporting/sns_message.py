"""Notifications -> SNS messages, with a text for each protocol.

Source: SNS API reference, Publish (subject, size, MessageStructure).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from promoter.copying.results import NPM_LATEST, BadAnswer, Outcome, OutcomeKind, Result
from promoter.reporting import email
from promoter.reporting.chat import chat_notification
from promoter.reporting.decision_log import difference_to_json, reason_to_json
from promoter.reporting.next_steps import decisive_code, next_step
from promoter.reporting.notifications import Notification, select_notifications
from promoter.reporting.place import Place
from promoter.rules.vocabulary import NotificationKind

MAX_BYTES = 262_144  # SNS refuses more unless the topic says otherwise
_MAX_SHOWN = 20  # assets of a version, and copied versions of a message that is too long; the rest is counted


class SnsMessage(Struct, frozen=True):
    """A message as SNS takes it, with MessageStructure=json."""

    subject: str
    body: str


class Batch(Struct, frozen=True):
    """The contents of a message: the results of an invocation, and where and when (UTC seconds) they come from."""

    domain: str
    ruleset: str
    request_id: str
    results: Sequence[Result]
    bad_answers: Sequence[BadAnswer] = ()
    place: Place = Place()
    now: float = 0.0


def compose_messages(batch: Batch) -> list[SnsMessage]:
    """The messages about these results: none, one, or several where one would be too long."""
    notifications = select_notifications(batch.results)
    if not notifications and batch.bad_answers:
        return [_message(notifications, batch)]
    return list(_split(notifications, batch))


def _split(notifications: Sequence[Notification], batch: Batch) -> Iterator[SnsMessage]:
    if not notifications:
        return
    message = _message(notifications, batch)
    if len(message.body) > MAX_BYTES:  # first shorten the list of copied versions, then halve the message
        message = _message(notifications, batch, max_copied=_MAX_SHOWN)
    if len(message.body) <= MAX_BYTES or len(notifications) == 1:
        yield message
        return
    middle = len(notifications) // 2
    yield from _split(notifications[:middle], batch)
    yield from _split(notifications[middle:], batch)


def _message(
    notifications: Sequence[Notification], batch: Batch, max_copied: int | None = None
) -> SnsMessage:
    subject = email.subject(notifications, batch.domain, batch.bad_answers)
    letter = email.Letter(
        notifications,
        batch.results,
        batch.domain,
        batch.ruleset,
        batch.request_id,
        batch.place,
        batch.now,
        batch.bad_answers,
    )
    text = email.text(letter)
    bodies = {
        "default": _ascii(_document(notifications, batch, max_copied)),
        "email": text,
        "https": _ascii(chat_notification(notifications, subject, text, batch.place)),
    }
    return SnsMessage(subject, _ascii(bodies))


def _document(notifications: Sequence[Notification], batch: Batch, max_copied: int | None) -> dict[str, Any]:
    """The message for programs, by promotion and package, with both maps in the API's own shape."""
    groups: dict[tuple[NotificationKind, str, str], list[Result]] = {}
    for each in notifications:
        key = (each.kind, each.result.promotion.name, each.result.candidate.package.purl)
        groups.setdefault(key, []).append(each.result)
    return {
        "domain": batch.domain,
        "ruleset": batch.ruleset,
        "requestId": batch.request_id,
        "notices": [
            _entry(kind, members, batch.results, max_copied) for (kind, _, _), members in groups.items()
        ],
        **_bad_answers(batch.bad_answers),
    }


def _bad_answers(bad_answers: Sequence[BadAnswer]) -> dict[str, Any]:
    """Answers that cannot be used, if there are any."""
    shown = [
        {
            "namespace": each.namespace,
            "package": each.package,
            "version": each.version,
            "problem": each.problem,
        }
        for each in bad_answers
    ]
    return {"badAnswers": shown} if shown else {}


def _entry(
    kind: NotificationKind, members: Sequence[Result], results: Sequence[Result], max_copied: int | None
) -> dict[str, Any]:
    first = members[0]
    package, hop = first.candidate.package, first.promotion.hop
    return {
        "kind": kind,
        "promotion": first.promotion.name,
        "hop": {"from": hop.source, "to": hop.destination},
        "package": {
            "purl": package.purl,
            "format": package.format,
            "namespace": package.namespace or None,
            "name": package.name,
        },
        "failedVersions": {each.candidate.version: _failure(each) for each in members if each.failed},
        **_successful(first, results, max_copied),
        **_texts("untaggedVersions", members, lambda outcome: outcome.code == NPM_LATEST),
        **_texts("expiredVersions", members, lambda outcome: outcome.kind is OutcomeKind.EXPIRED),
        "reasons": {
            each.candidate.version: [reason_to_json(reason) for reason in each.decision.reasons]
            for each in members
            if each.decision
        },
        "next": next_step(decisive_code(first)),
    }


def _successful(first: Result, results: Sequence[Result], max_copied: int | None) -> dict[str, Any]:
    """successfulVersions of the same promotion and package, and how many were left out."""
    copied = [
        each
        for each in results
        if each.copied
        and each.promotion.name == first.promotion.name
        and each.candidate.package == first.candidate.package
    ]
    shown = {
        each.candidate.version: {"revision": each.outcome.revision, "status": each.outcome.status}
        for each in copied[:max_copied]
        if each.outcome
    }
    omitted = len(copied) - len(copied[:max_copied])
    return {"successfulVersions": shown, **({"successfulVersionsOmitted": omitted} if omitted else {})}


def _texts(key: str, members: Sequence[Result], chosen: Callable[[Outcome], bool]) -> dict[str, Any]:
    """The versions with such an outcome and its sentence, under this key, if there are any."""
    outcomes = {each.candidate.version: each.outcome for each in members}
    shown = {
        version: outcome.text
        for version, outcome in outcomes.items()
        if outcome is not None and chosen(outcome)
    }
    return {key: shown} if shown else {}


def _failure(result: Result) -> dict[str, Any]:
    outcome = result.outcome
    assert outcome is not None  # only results that failed are asked
    entry: dict[str, Any] = {"errorCode": outcome.code, "errorMessage": outcome.text}
    if outcome.differences:
        entry["assets"] = [difference_to_json(each) for each in outcome.differences[:_MAX_SHOWN]]
        entry["assetsOmitted"] = max(0, len(outcome.differences) - _MAX_SHOWN)
    return entry


def _ascii(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
