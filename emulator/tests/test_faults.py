"""Faults of calls and of single versions on request, before or after the effect of a call."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from emulator_support.codeartifact_calls import MODEL, copy, outcome, publish_generic
from emulator_support.emulated_aws import Aws
from moto_codeartifact.faults import DROPPED


@pytest.fixture
def once(aws: Aws, ca: Any) -> Any:
    """A client that does not retry."""
    return aws.client("codeartifact", retries={"total_max_attempts": 1})


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 403),
        ("ConflictException", 409),
        ("InternalServerException", 500),
        ("ResourceNotFoundException", 404),
        ("ServiceQuotaExceededException", 402),
        ("ThrottlingException", 429),
        ("ValidationException", 400),
    ],
)
def test_an_injected_error_is_typed_and_occurs_once(
    aws: Aws, once: Any, code: str, status: int
) -> None:
    publish_generic(once, "1.0")
    aws.backend.inject("CopyPackageVersions", code, message="On demand")

    with pytest.raises(getattr(once.exceptions, code)) as error:
        copy(once, "1.0")

    assert error.value.response["Error"]["Message"] == "On demand"
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert outcome(copy(once, "1.0")) == ({"1.0": "Published"}, {})


def test_throttling_says_when_to_try_again(aws: Aws, once: Any) -> None:
    aws.backend.inject("DescribeDomain", "ThrottlingException")

    with pytest.raises(once.exceptions.ThrottlingException) as error:
        once.describe_domain(domain="acme")

    assert error.value.response["retryAfterSeconds"] == 1


def test_an_error_after_the_effect_keeps_the_effect(aws: Aws, once: Any) -> None:
    publish_generic(once, "1.0")
    aws.backend.inject(
        "CopyPackageVersions", "InternalServerException", after_effect=True
    )

    with pytest.raises(once.exceptions.InternalServerException):
        copy(once, "1.0")

    assert outcome(copy(once, "1.0")) == ({}, {})


def test_an_error_before_the_effect_prevents_the_effect(aws: Aws, once: Any) -> None:
    publish_generic(once, "1.0")
    aws.backend.inject("CopyPackageVersions", "InternalServerException")

    with pytest.raises(once.exceptions.InternalServerException):
        copy(once, "1.0")

    with pytest.raises(once.exceptions.ResourceNotFoundException):
        once.list_package_versions(**MODEL, repository="staging")


def test_only_the_named_operation_fails_and_only_the_given_times(
    aws: Aws, once: Any
) -> None:
    aws.backend.inject("DescribeDomain", "AccessDeniedException", times=2)

    assert once.list_domains()["domains"][0]["name"] == "acme"
    for _ in range(2):
        with pytest.raises(once.exceptions.AccessDeniedException):
            once.describe_domain(domain="acme")
    assert once.describe_domain(domain="acme")["domain"]["name"] == "acme"


def test_boto3_retries_a_server_error(aws: Aws, ca: Any) -> None:
    aws.backend.inject("DescribeDomain", "InternalServerException")

    assert ca.describe_domain(domain="acme")["ResponseMetadata"]["RetryAttempts"] == 1


def test_an_answer_is_dropped_after_the_work_was_done(aws: Aws, once: Any) -> None:
    publish_generic(once, "1.0")
    aws.backend.faults.fail_call("CopyPackageVersions", DROPPED, after_effect=True)

    with pytest.raises(ConnectionClosedError):
        copy(once, "1.0")

    assert outcome(copy(once, "1.0")) == ({}, {})


def test_a_dropped_connection_is_retried(aws: Aws, ca: Any) -> None:
    aws.backend.faults.fail_call("DescribeDomain", DROPPED)

    answer = ca.describe_domain(domain="acme")

    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize("code", ["NOT_ALLOWED", "MISMATCHED_STATUS", "ALREADY_EXISTS"])
def test_one_version_of_a_copy_fails_with_a_code_and_the_others_are_skipped(
    aws: Aws, ca: Any, code: str
) -> None:
    for version in ("1", "2"):
        publish_generic(ca, version)
    aws.backend.faults.fail_version(
        "CopyPackageVersions", "2", code, message="On demand"
    )

    _, failed = outcome(copy(ca, "1", "2"))

    assert failed == {
        "1": ("SKIPPED", "Version 1 was skipped"),
        "2": (code, "On demand"),
    }
    assert outcome(copy(ca, "1", "2"))[1] == {}


def test_one_version_fails_alone_if_calls_are_not_atomic(aws: Aws, ca: Any) -> None:
    aws.backend.settings = replace(aws.backend.settings, all_or_nothing=False)
    for version in ("1", "2"):
        publish_generic(ca, version)
    aws.backend.faults.fail_version("CopyPackageVersions", "2", "NOT_ALLOWED")

    copied, failed = outcome(copy(ca, "1", "2"))

    assert (copied.keys(), failed.keys()) == ({"1"}, {"2"})


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("update_package_versions_status", {"targetStatus": "Archived"}),
        ("dispose_package_versions", {}),
        ("delete_package_versions", {}),
    ],
)
def test_one_version_fails_in_every_operation_on_versions(
    aws: Aws, ca: Any, operation: str, parameters: dict[str, str]
) -> None:
    publish_generic(ca, "1")
    name = operation.title().replace("_", "")
    aws.backend.faults.fail_version(name, "1", "NOT_ALLOWED")
    call = getattr(ca, operation)
    package = {**MODEL, "repository": "dev", "versions": ["1"], **parameters}

    failed = [set(outcome(call(**package))[1]) for _ in range(2)]

    assert failed == [{"1"}, set()]
