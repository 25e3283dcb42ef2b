"""Results -> the SNS message that says them, in the form of each protocol.

Sources: SNS API reference, Publish (subject, size, MessageStructure); Amazon Q Developer in chat
applications, custom notifications (the schema that Slack and Teams show).
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from promoter.copying.results import OutcomeKind, Result
from promoter.reporting import email
from promoter.reporting.decision_log import reason_to_json
from promoter.reporting.next_steps import decisive_code, docs_link, next_step
from promoter.reporting.notifications import select_notifications
from promoter.rules.rule_set import RuleSet
from promoter.rules.vocabulary import NotificationKind

MOST_BYTES = 262_144  # SNS refuses more unless the topic says otherwise
_SHOWN = 20  # the assets that differ, by version; more are counted

Told = Sequence[tuple[NotificationKind, Result]]


class SnsMessage(Struct, frozen=True):
    """A message as SNS takes it, with MessageStructure=json."""

    subject: str
    body: str


def compose_messages(results: Sequence[Result], rule_set: RuleSet, request_id: str) -> list[SnsMessage]:
    """The messages that tell these results: none, one, or more where one would be too long."""
    return list(_split(select_notifications(results), results, rule_set, request_id))


def _split(told: Told, results: Sequence[Result], rule_set: RuleSet, request_id: str) -> Iterable[SnsMessage]:
    if not told:
        return
    message = _message(told, results, rule_set, request_id)
    if len(message.body) > MOST_BYTES:  # first what went well, then in halves
        message = _message(told, results, rule_set, request_id, most_copied=_SHOWN)
    if len(message.body) <= MOST_BYTES or len(told) == 1:
        yield message
        return
    for half in (told[: len(told) // 2], told[len(told) // 2 :]):
        yield from _split(half, results, rule_set, request_id)


def _message(
    told: Told,
    results: Sequence[Result],
    rule_set: RuleSet,
    request_id: str,
    most_copied: int | None = None,
) -> SnsMessage:
    subject = email.subject(told, rule_set.domain)
    text = email.text(told, results, rule_set.digest, request_id)
    bodies = {
        "default": _ascii(_document(told, results, rule_set, request_id, most_copied)),
        "email": text,
        "https": _ascii(_chat(told, subject, text)),
    }
    return SnsMessage(subject, _ascii(bodies))


def _document(
    told: Told,
    results: Sequence[Result],
    rule_set: RuleSet,
    request_id: str,
    most_copied: int | None,
) -> dict[str, Any]:
    """For programs: both maps in the API's own shape, by promotion and package."""
    groups: dict[tuple[NotificationKind, str, str], list[Result]] = {}
    for kind, result in told:
        key = (kind, result.decision.promotion.name, result.decision.candidate.package.purl)
        groups.setdefault(key, []).append(result)
    return {
        "domain": rule_set.domain,
        "ruleset": rule_set.digest,
        "requestId": request_id,
        "notices": [_entry(kind, members, results, most_copied) for (kind, _, _), members in groups.items()],
    }


def _entry(
    kind: NotificationKind, members: Sequence[Result], results: Sequence[Result], most_copied: int | None
) -> dict[str, Any]:
    first = members[0].decision
    package = first.candidate.package
    copied = [
        each
        for each in results
        if each.outcome
        and each.outcome.kind is OutcomeKind.COPIED
        and each.decision.promotion is first.promotion
        and each.decision.candidate.package == package
    ]
    omitted = len(copied) - len(copied[:most_copied])
    return {
        "kind": kind,
        "promotion": first.promotion.name,
        "hop": {"from": first.promotion.source, "to": first.promotion.destination},
        "package": {
            "purl": package.purl,
            "format": package.format,
            "namespace": package.namespace or None,
            "name": package.name,
        },
        "failedVersions": {
            each.decision.candidate.version: _failed(each) for each in members if _is_failed(each)
        },
        "successfulVersions": {
            each.decision.candidate.version: {
                "revision": each.outcome.revision,
                "status": each.outcome.status,
            }
            for each in copied[:most_copied]
            if each.outcome
        },
        **({"successfulVersionsOmitted": omitted} if omitted else {}),
        "reasons": {
            each.decision.candidate.version: [reason_to_json(reason) for reason in each.decision.reasons]
            for each in members
        },
        "next": next_step(decisive_code(members[0])),
    }


def _is_failed(result: Result) -> bool:
    return result.outcome is not None and result.outcome.kind is OutcomeKind.FAILED


def _failed(result: Result) -> dict[str, Any]:
    assert result.outcome is not None
    outcome = result.outcome
    entry: dict[str, Any] = {"errorCode": outcome.code, "errorMessage": outcome.text}
    if outcome.differences:
        entry["assets"] = [
            {"name": each.name, "source": each.source or None, "destination": each.destination or None}
            for each in outcome.differences[:_SHOWN]
        ]
        entry["assetsOmitted"] = max(0, len(outcome.differences) - _SHOWN)
    return entry


def _chat(told: Told, subject: str, text: str) -> dict[str, Any]:
    first = told[0][1]
    codes = dict.fromkeys(code for _, result in told if (code := decisive_code(result)))
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": subject,
            "description": text[:4000],
            "nextSteps": [f"{next_step(code)} {docs_link(code)}" for code in list(codes)[:5]],
        },
        "metadata": {
            "threadId": first.decision.candidate.package.purl,
            "summary": subject,
            "eventType": told[0][0],
        },
    }


def _ascii(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
