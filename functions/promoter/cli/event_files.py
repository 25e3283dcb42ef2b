"""The versions that a file speaks of: an event, records of a queue, our own notification, a line of our log."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from promoter.cli.errors import BadUsage
from promoter.intake.event import IgnoredEvent, MalformedEvent
from promoter.intake.event import parse_event as read_event
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package

_LISTS = ("Records", "Messages", "notices")  # Lambda's batch, `aws sqs receive-message`, our notification
_WITHIN = ("Sns", "body", "Body", "Message", "default")  # what wraps something else, as an object or as text


class SkippedEvent(Struct, frozen=True):
    """An event about which nothing is decided, and why."""

    event_id: str
    text: str


class _Ends(Struct):
    source: str = msgspec.field(name="from")


class _Notice(Struct, rename="camel"):
    """An entry of our notification (see `promoter.message`), as far as it is needed."""

    hop: _Ends
    package: dict[str, str | None]
    failed_versions: dict[str, Any] = {}
    reasons: dict[str, Any] = {}


class _LogLine(Struct, rename="camel"):
    """A line of the decision log (see `promoter.report`), as far as it is needed."""

    hop: _Ends
    format: str
    package: str
    version: str
    revision: str
    namespace: str | None = None
    published: datetime | None = None


def read(text: str, file: str, domain: str, now: float) -> list[Candidate | SkippedEvent]:
    """The versions, in the order of the file; raises BadUsage where there is none.

    `now` (UTC seconds since the epoch) is since when a version stands there that comes without a time.
    """
    try:
        found = list(_find(json.loads(text), domain, now))
    except (ValueError, RecursionError) as error:
        raise BadUsage(f"{file} is not JSON: {error}") from None
    if not found:
        raise BadUsage(
            f"{file} names no package version; give it an EventBridge event, records of the queue, or a "
            "notification, or name the version: promoter explain pkg:npm/@acme/widget@1.5.0"
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
    elif "hop" in value:
        yield from _of_ours(value, now)
    else:
        for key in (*_LISTS, *_WITHIN):
            yield from _find(_unwrapped(value.get(key)), domain, now)


def _unwrapped(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _event(value: dict[str, Any], domain: str) -> Candidate | SkippedEvent:
    detail = value.get("detail")
    owner = detail.get("domainOwner") if isinstance(detail, dict) else None
    arrived = read_event(json.dumps(value), domain=domain, owner=str(owner))
    if isinstance(arrived, Candidate):
        return arrived
    name = str(value.get("id", ""))
    if isinstance(arrived, IgnoredEvent):
        return SkippedEvent(
            name, f"{arrived.reason}: {arrived.text}; the pipeline leaves such an event alone"
        )
    assert isinstance(arrived, MalformedEvent)
    return SkippedEvent(name, f"malformed: {arrived.reason}; the pipeline sends it to the dead-letter queue")


def _of_ours(value: dict[str, Any], now: float) -> Iterator[Candidate]:
    try:
        if "version" in value:
            line = msgspec.convert(value, _LogLine)
            package = Package(line.format, line.namespace or "", line.package)
            since = line.published.astimezone(UTC).timestamp() if line.published else now
            yield Candidate(package, line.version, line.revision, line.hop.source, since)
            return
        notice = msgspec.convert(value, _Notice)
        package = msgspec.convert(
            {**notice.package, "namespace": notice.package.get("namespace") or ""}, Package
        )
    except (msgspec.ValidationError, OverflowError):  # the first and the last hours of the calendar
        return
    for version in dict.fromkeys((*notice.failed_versions, *notice.reasons)):
        yield Candidate(package, version, "", notice.hop.source, now)
