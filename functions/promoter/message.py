"""Results -> the SNS message that says them, in the form of each protocol.

Sources: SNS API reference, Publish (subject, size, MessageStructure); Amazon Q Developer in chat
applications, custom notifications (the schema that Slack and Teams show).
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from promoter import mail
from promoter.entries import Notice
from promoter.notices import anchor_of, code_of, cure_of, notices
from promoter.outcome import Kind
from promoter.promote import Result
from promoter.report import reason_of
from promoter.rule_set import RuleSet

MOST_BYTES = 262_144  # SNS refuses more unless the topic says otherwise
_SHOWN = 20  # the assets that differ, by version; more are counted

Told = Sequence[tuple[Notice, Result]]


class Message(Struct, frozen=True):
    """A message as SNS takes it, with MessageStructure=json."""

    subject: str
    body: str


def compose(results: Sequence[Result], rule_set: RuleSet, request_id: str) -> list[Message]:
    """The messages that tell these results: none, one, or more where one would be too long."""
    return list(_split(notices(results), results, rule_set, request_id))


def _split(told: Told, results: Sequence[Result], rule_set: RuleSet, request_id: str) -> Iterable[Message]:
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
) -> Message:
    subject = mail.subject(told, rule_set.domain)
    text = mail.text(told, results, rule_set.digest, request_id)
    bodies = {
        "default": _ascii(_document(told, results, rule_set, request_id, most_copied)),
        "email": text,
        "https": _ascii(_chat(told, subject, text)),
    }
    return Message(subject, _ascii(bodies))


def _document(
    told: Told,
    results: Sequence[Result],
    rule_set: RuleSet,
    request_id: str,
    most_copied: int | None,
) -> dict[str, Any]:
    """For programs: both maps in the API's own shape, by promotion and package."""
    groups: dict[tuple[Notice, str, str], list[Result]] = {}
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
    kind: Notice, members: Sequence[Result], results: Sequence[Result], most_copied: int | None
) -> dict[str, Any]:
    first = members[0].decision
    package = first.candidate.package
    copied = [
        each
        for each in results
        if each.outcome
        and each.outcome.kind is Kind.COPIED
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
            each.decision.candidate.version: [reason_of(reason) for reason in each.decision.reasons]
            for each in members
        },
        "next": cure_of(code_of(members[0])),
    }


def _is_failed(result: Result) -> bool:
    return result.outcome is not None and result.outcome.kind is Kind.FAILED


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
    codes = dict.fromkeys(code for _, result in told if (code := code_of(result)))
    return {
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": subject,
            "description": text[:4000],
            "nextSteps": [f"{cure_of(code)} {anchor_of(code)}" for code in list(codes)[:5]],
        },
        "metadata": {
            "threadId": first.decision.candidate.package.purl,
            "summary": subject,
            "eventType": told[0][0],
        },
    }


def _ascii(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
