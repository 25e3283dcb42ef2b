"""EventBridge events -> arrivals of candidates, and announcements of answers.

Source of the event's form: User Guide, service-event-format-example.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from promoter.packages.candidate import Arrival, Candidate, Cause, Delivery
from promoter.packages.package import FORMATS, NAMESPACED, Package

SOURCE = "aws.codeartifact"
DETAIL_TYPE = "CodeArtifact Package Version State Change"

# API reference: the patterns of package, namespace, version, revision and repository
_Name = Annotated[str, Meta(max_length=255, pattern=r"\A[^#/\s]+\Z")]
_Namespace = Annotated[str, Meta(max_length=255, pattern=r"\A[^#/\s]*\Z")]
_Revision = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"\A\S+\Z")]
_Repository = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._\-]{1,99}\Z")]
_Moment = Annotated[datetime, Meta(tz=True)]


class Scope(Struct, frozen=True):
    """The domain that is served, its owner, and its repository of answers ("" if there is none)."""

    domain: str
    owner: str
    evidence: str = ""


class IgnoredEvent(Struct, frozen=True):
    """An event that the pipeline does not serve. `reason` is a stable code."""

    reason: str
    text: str


class MalformedEvent(Struct, frozen=True):
    """A text that is not an event of CodeArtifact. `reason` names the place and what is wrong there."""

    reason: str


class AnswerEvent(Struct, frozen=True):
    """A generic package version that was published in the evidence repository."""

    namespace: str
    package: str
    version: str
    delivery: Delivery = Delivery()


class _Origin(Struct, forbid_unknown_fields=True):
    """Our own part of an event that a pending entry sends."""

    to: _Repository
    cause: Literal["entry"]


class _Envelope(Struct):
    source: str
    detail_type: str = msgspec.field(name="detail-type")
    detail: msgspec.Raw = msgspec.Raw(b"null")
    time: _Moment | None = None
    id: str = ""
    promoter: _Origin | None = None


class _Detail(Struct, rename="camel"):
    # `changes` is ignored: CopyPackageVersions detects by itself when there is nothing to copy
    domain_name: str
    domain_owner: str
    repository_name: _Repository
    package_format: str
    package_name: _Name
    package_version: _Name
    package_version_state: str
    operation_type: str
    sequence_number: int
    package_version_revision: _Revision | None = None  # not documented for deletions
    package_namespace: _Namespace | None = None  # null, "" and missing mean the same
    event_deduplication_id: str | None = None


Parsed = Arrival | AnswerEvent | IgnoredEvent | MalformedEvent

_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_decode_detail = msgspec.json.Decoder(_Detail).decode


def parse_event(body: str | bytes, scope: Scope) -> Parsed:
    """Parse one EventBridge event, given as JSON text. Events of other domains or owners are ignored."""
    envelope = None
    try:
        envelope = _decode_envelope(body)
        if envelope.source != SOURCE or envelope.detail_type != DETAIL_TYPE:
            return IgnoredEvent("other-event", f"{envelope.detail_type!r} of {envelope.source!r}")
        detail = _decode_detail(envelope.detail)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        place = "`$.detail." if envelope is not None else "`$."
        return MalformedEvent(str(error).replace("`$.", place))
    return _reason_to_ignore(detail, scope) or _understood(envelope, detail, scope.evidence)


def _reason_to_ignore(detail: _Detail, scope: Scope) -> IgnoredEvent | None:
    if (detail.domain_name, detail.domain_owner) != (scope.domain, scope.owner):
        return IgnoredEvent("other-domain", f"domain {detail.domain_name!r} of {detail.domain_owner!r}")
    if detail.package_format not in FORMATS:  # AWS may add formats; no rule can name them
        return IgnoredEvent("unknown-format", f"format {detail.package_format!r}")
    if detail.operation_type == "Deleted":
        return IgnoredEvent("deleted", "the version was deleted")
    if detail.package_version_state != "Published":
        return IgnoredEvent("not-published", f"the version is {detail.package_version_state!r}")
    return None


def _understood(envelope: _Envelope, detail: _Detail, evidence: str) -> Parsed:
    if not evidence or detail.repository_name != evidence:
        return _arrival(envelope, detail)
    if detail.package_format != "generic":
        return IgnoredEvent("not-an-answer", f"a {detail.package_format} package in {evidence}")
    namespace = detail.package_namespace or ""
    delivery = _delivery(envelope, detail, "answer")
    return AnswerEvent(namespace, detail.package_name, detail.package_version, delivery)


def _arrival(envelope: _Envelope, detail: _Detail) -> Arrival | MalformedEvent:
    namespace = detail.package_namespace or ""
    if envelope.time is None:
        return MalformedEvent("Object missing required field `time`")
    try:
        available_since = envelope.time.astimezone(UTC).timestamp()
    except OverflowError:  # the first and last hours of the calendar
        return MalformedEvent("a time that has no UTC - at `$.time`")
    if detail.package_version_revision is None:
        return MalformedEvent("Object missing required field `packageVersionRevision` - at `$.detail`")
    if not namespace and detail.package_format in NAMESPACED:
        return MalformedEvent(f"{detail.package_format} without a namespace - at `$.detail.packageNamespace`")
    candidate = Candidate(
        package=Package(detail.package_format, namespace, detail.package_name),
        version=detail.package_version,
        revision=detail.package_version_revision,
        repository=detail.repository_name,
        available_since=available_since,
        sequence_number=detail.sequence_number,
    )
    origin = envelope.promoter
    if origin is None:
        return Arrival(candidate, _delivery(envelope, detail, "event"))
    return Arrival(candidate, _delivery(envelope, detail, origin.cause), origin.to)


def _delivery(envelope: _Envelope, detail: _Detail, cause: Cause) -> Delivery:
    return Delivery(event_id=envelope.id, cause=cause, deduplication_id=detail.event_deduplication_id or "")
