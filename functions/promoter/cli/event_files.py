"""The versions that a JSON file names: an event, queue messages, our notification, a line of our decision log."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from promoter.cli.errors import BadUsage
from promoter.intake.event import IgnoredEvent, MalformedEvent, Scope, parse_event
from promoter.packages.candidate import Arrival, Candidate
from promoter.packages.package import Package

_LISTS = ("Records", "Messages", "notices")  # Lambda's batch, `aws sqs receive-message`, our notification
_ENVELOPES = ("Sns", "body", "Body", "Message", "default")  # each has the rest as an object or as text


class SkippedEvent(Struct, frozen=True):
    """An event that the pipeline does not decide about, and why."""

    event_id: str
    text: str


class _Hop(Struct):
    source: str = msgspec.field(name="from")


class _Notification(Struct, rename="camel"):
    """The parts that are needed of an entry of our notification (see `reporting.sns_message`)."""

    hop: _Hop
    package: dict[str, str | None]
    failed_versions: dict[str, Any] = {}
    reasons: dict[str, Any] = {}


class _LogLine(Struct, rename="camel"):
    """The parts that are needed of a line of the decision log (see `reporting.decision_log`)."""

    hop: _Hop
    format: str
    package: str
    version: str
    revision: str
    namespace: str | None = None
    published: datetime | None = None


def parse_event_file(text: str, file: str, domain: str, now: float) -> list[Candidate | SkippedEvent]:
    """The versions in the order of the file; raises BadUsage if there are none.

    A version without a time is available since `now` (UTC seconds since the epoch).
    """
    try:
        found = list(_find(json.loads(text), domain, now))
    except (ValueError, RecursionError) as error:
        raise BadUsage(f"{file} is not JSON: {error}") from None
    if not found:
        raise BadUsage(
            f"{file} has no package version; use an EventBridge event, queue messages or a notification, "
            "or write the version: promoter explain pkg:npm/@acme/widget@1.5.0"
        )
    return found


def _find(value: Any, domain: str, now: float) -> Iterator[Candidate | SkippedEvent]:
    if isinstance(value, list):
        for each in value:
            yield from _find(each, domain, now)
    if not isinstance(value, dict):
        return
    if "detail-type" in value:
        yield _event(value, domain)
    elif "version" in value and "hop" in value:
        yield from _of_log_line(value, now)
    elif "hop" in value:
        yield from _of_notification(value, now)
    else:
        for key in (*_LISTS, *_ENVELOPES):
            yield from _find(_content(value.get(key)), domain, now)


def _content(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _event(value: dict[str, Any], domain: str) -> Candidate | SkippedEvent:
    detail = value.get("detail")
    owner = detail.get("domainOwner") if isinstance(detail, dict) else None
    parsed = parse_event(json.dumps(value), Scope(domain, str(owner)))
    event_id = str(value.get("id", ""))
    if isinstance(parsed, IgnoredEvent):
        return SkippedEvent(event_id, f"{parsed.reason}: {parsed.text}; the pipeline ignores such events")
    if isinstance(parsed, MalformedEvent):
        return SkippedEvent(
            event_id, f"malformed: {parsed.reason}; the pipeline sends it to the dead-letter queue"
        )
    assert isinstance(parsed, Arrival)  # only the evidence repository, which is not given, has answers
    return parsed.candidate


def _of_log_line(value: dict[str, Any], now: float) -> Iterator[Candidate]:
    try:
        line = msgspec.convert(value, _LogLine)
        since = line.published.astimezone(UTC).timestamp() if line.published else now
    except (msgspec.ValidationError, OverflowError):  # the first and last hours of the calendar
        return
    package = Package(line.format, line.namespace or "", line.package)
    yield Candidate(package, line.version, line.revision, line.hop.source, since)


def _of_notification(value: dict[str, Any], now: float) -> Iterator[Candidate]:
    try:
        notification = msgspec.convert(value, _Notification)
        namespace = notification.package.get("namespace") or ""
        package = msgspec.convert({**notification.package, "namespace": namespace}, Package)
    except msgspec.ValidationError:
        return
    for version in dict.fromkeys((*notification.failed_versions, *notification.reasons)):
        yield Candidate(package, version, "", notification.hop.source, now)
