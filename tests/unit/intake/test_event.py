"""event: what arrives becomes a candidate, or the reason to leave it."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from promoter.intake.event import IgnoredEvent, MalformedEvent, Scope, parse_event
from promoter.packages.candidate import Arrival, Candidate, Delivery
from promoter.packages.package import Package
from promoter.times import format_time
from tests.support.samples import DOMAIN, MORNING, OWNER, event, without

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
DEEP = "[" * 200_000


def arrived(body: Any) -> Arrival | IgnoredEvent | MalformedEvent:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return parse_event(text, Scope(DOMAIN, OWNER))


def test_a_published_version_becomes_a_candidate() -> None:
    assert arrived(event("1.10", packageVersionRevision="nQj+/=", sequenceNumber=7)) == Arrival(
        Candidate(
            package=Package("npm", "acme", "widget"),
            version="1.10",
            revision="nQj+/=",
            repository="dev",
            available_since=MORNING,
            sequence_number=7,
        ),
        Delivery(event_id="e1", deduplication_id="d1"),
    )


@pytest.mark.parametrize("operation", ["Created", "Updated", "Restored"])
def test_what_is_published_counts_whatever_the_operation(operation: str) -> None:
    """Maven announces a finished version as Updated; the vendor may add operations."""
    assert isinstance(arrived(event(operationType=operation)), Arrival)


@pytest.mark.parametrize("shape", [event(packageNamespace=None), event(packageNamespace="")])
def test_no_namespace_may_be_null_or_empty(shape: dict[str, Any]) -> None:
    read_ = arrived(shape)

    assert isinstance(read_, Arrival)
    assert read_.candidate.package == Package("npm", "", "widget")


def test_no_namespace_may_be_missing() -> None:
    assert arrived(without(event(), "packageNamespace")) == arrived(event(packageNamespace=None))


def test_fields_that_the_vendor_adds_or_had_not_yet_do_not_matter() -> None:
    older = without(event(), "repositoryAdministrator", "eventDeduplicationId", "changes", "region")

    assert arrived({**older, "traceHeader": {"a": 1}}) == arrived(event(eventDeduplicationId=None))


@pytest.mark.parametrize("spelling", [True, "true", "false", None, 1])
def test_booleans_of_the_changes_may_be_spelled_in_any_way(spelling: Any) -> None:
    changes = {"assetsAdded": 1, "metadataUpdated": spelling, "statusChanged": spelling}

    assert arrived(event(changes=changes)) == arrived(event())


@pytest.mark.parametrize(
    ("shape", "reason", "text"),
    [
        (
            {**event(), "source": "aws.s3"},
            "other-event",
            "'CodeArtifact Package Version State Change' of 'aws.s3'",
        ),
        (
            {**event(), "detail-type": "Goshawk Repository State Change"},
            "other-event",
            "'Goshawk Repository State Change' of 'aws.codeartifact'",
        ),
        (event(domainName="other"), "other-domain", "domain 'other' of '123456789012'"),
        (event(domainOwner="000000000000"), "other-domain", "domain 'acme' of '000000000000'"),
        (event(packageFormat="conda"), "unknown-format", "format 'conda'"),
        (event(operationType="Deleted"), "deleted", "the version was deleted"),
        (event(packageVersionState="Unfinished"), "not-published", "the version is 'Unfinished'"),
        (event(packageVersionState="Unlisted"), "not-published", "the version is 'Unlisted'"),
        (event(packageVersionState="Archived"), "not-published", "the version is 'Archived'"),
        (event(packageVersionState="Disposed"), "not-published", "the version is 'Disposed'"),
    ],
)
def test_what_is_none_of_our_business_is_ignored(shape: dict[str, Any], reason: str, text: str) -> None:
    assert arrived(shape) == IgnoredEvent(reason, text)


def test_a_deletion_is_ignored_whatever_state_and_revision_it_names() -> None:
    deleted = event(operationType="Deleted", packageVersionState="Deleted")

    assert arrived(without(deleted, "packageVersionRevision")) == IgnoredEvent(
        "deleted", "the version was deleted"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "Input data was truncated"),
        ("widget 1.0.0 was published", "JSON is malformed: invalid character (byte 0)"),
        ('{"source":', "Input data was truncated"),
        ([event()], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
        ({}, "Object missing required field `source`"),
        (without(event(), "detail"), "Expected `object`, got `null`"),
        ({**event(), "source": 1}, "Expected `str`, got `int` - at `$.source`"),
        ({**event(), "detail": []}, "Expected `object`, got `array`"),
        (without(event(), "time"), "Object missing required field `time`"),
        (event(time="yesterday"), "Invalid RFC3339 encoded datetime - at `$.time`"),
        (event(time=1767323045), "Expected `datetime | null`, got `int` - at `$.time`"),
        (
            event(time="2026-01-02T03:04:05"),
            "Expected `datetime` with a timezone component - at `$.time`",
        ),
        (without(event(), "packageVersion"), "Object missing required field `packageVersion`"),
        (event(packageVersion=1.1), "Expected `str`, got `float` - at `$.detail.packageVersion`"),
        (event(sequenceNumber="1"), "Expected `int`, got `str` - at `$.detail.sequenceNumber`"),
        (
            without(event(), "packageVersionRevision"),
            "Object missing required field `packageVersionRevision` - at `$.detail`",
        ),
        (
            event(packageFormat="maven", packageNamespace=None),
            "maven without a namespace - at `$.detail.packageNamespace`",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) > 30 else "",
)
def test_what_cannot_be_understood_says_where_and_why(body: Any, reason: str) -> None:
    assert arrived(body) == MalformedEvent(reason)


@pytest.mark.parametrize(
    "key", ["packageName", "packageVersion", "packageNamespace", "packageVersionRevision"]
)
@pytest.mark.parametrize("hostile", ["a b", "a\nb", "a\u2028b", "\t", "x" * 256])
def test_names_that_the_api_does_not_allow_are_malformed(key: str, hostile: str) -> None:
    assert isinstance(arrived(event(**{key: hostile})), MalformedEvent)


@pytest.mark.parametrize("key", ["packageName", "packageVersion", "packageNamespace"])
@pytest.mark.parametrize("hostile", ["a/b", "a#b"])
def test_separators_within_names_are_malformed(key: str, hostile: str) -> None:
    assert isinstance(arrived(event(**{key: hostile})), MalformedEvent)


LIMITS = {  # API reference: the fewest and the most characters
    "packageName": (1, 255),
    "packageVersion": (1, 255),
    "packageNamespace": (0, 255),
    "packageVersionRevision": (1, 50),
    "repositoryName": (2, 100),
}


@pytest.mark.parametrize(("key", "fewest", "most"), [(key, *limits) for key, limits in LIMITS.items()])
def test_names_have_exactly_the_lengths_that_the_api_allows(key: str, fewest: int, most: int) -> None:
    for length in (fewest, most):
        assert isinstance(arrived(event(**{key: "x" * length})), Arrival)
    for length in (fewest - 1, most + 1):
        wrong = "x" * length
        assert length < 0 or isinstance(arrived(event(**{key: wrong})), MalformedEvent)


@pytest.mark.parametrize("repository", ["", "d", "dev/../prod", "dev prod", "-dev", "x" * 101])
def test_repositories_that_cannot_be_are_malformed(repository: str) -> None:
    assert isinstance(arrived(event(repositoryName=repository)), MalformedEvent)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_has_no_utc_is_malformed(time: str) -> None:
    assert isinstance(arrived(event(time=time)), MalformedEvent)


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        f'{{"source": {DEEP}',
        f'{{"unknown": {DEEP}',
        json.dumps(event()).replace('"npm"', DEEP, 1),
        json.dumps({**event(), "detail": 1}).replace('"detail": 1', f'"detail": {DEEP}'),
    ],
    ids=["alone", "in a known field", "in an unknown field", "in the detail", "as the detail"],
)
def test_nesting_without_end_is_malformed(body: str) -> None:
    assert isinstance(arrived(body), MalformedEvent)


@given(body=st.binary(max_size=300) | st.text(max_size=300))
@example(body="\ud800")
def test_whatever_bytes_arrive_are_read_or_refused(body: str | bytes) -> None:
    assert isinstance(arrived(body), IgnoredEvent | MalformedEvent)


@given(
    envelope=st.dictionaries(st.sampled_from(sorted(event())), ANYTHING, max_size=2),
    detail=st.dictionaries(st.sampled_from(sorted(event()["detail"])), ANYTHING, max_size=3),
)
def test_whatever_the_fields_hold_they_are_read_or_refused(
    envelope: dict[str, Any], detail: dict[str, Any]
) -> None:
    assert isinstance(arrived({**event(**detail), **envelope}), Arrival | IgnoredEvent | MalformedEvent)


@given(time=st.datetimes(timezones=st.timezones()).map(lambda each: each.isoformat()))
def test_every_time_that_is_read_can_be_written(time: str) -> None:
    read_ = arrived(event(time=time))

    assert isinstance(read_, MalformedEvent) or format_time(read_.candidate.available_since).endswith("Z")
