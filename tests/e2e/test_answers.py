"""Answers in the deployed stack, published by a program that knows docs/checks.md and nothing of the promoter."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator_support.codeartifact_calls import list_versions, publish_generic
from emulator_support.queues import subscribe_queue, take_messages
from local.stack import LocalStack

DAY = 86_400
RULES = """
domain = "acme"
evidence = "evidence"

[[promotion]]
name = "models"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/checked"]
checks = ["sca", "qa"]

[[promotion]]
name = "releases"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/release"]
approval = "payments"
soak = "2d"

[[promotion]]
name = "on-request"
from = "dev"
to = "staging"
packages = ["pkg:generic/acme/wanted"]
mode = "manual"
"""

Answer = Callable[..., None]


@pytest.fixture(scope="module")
def log() -> list[str]:
    """The lines of the function's log."""
    return []


@pytest.fixture(scope="module")
def stack(log: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    rules = tmp_path_factory.mktemp("rules") / "rules.toml"
    rules.write_text(RULES)
    with LocalStack.start(rules_file=rules, retry_after=0, on_log=log.append) as stack:
        stack.create_repositories()
        yield stack


@pytest.fixture(scope="module")
def ca(stack: LocalStack) -> Any:
    return stack.client("codeartifact")


@pytest.fixture(scope="module")
def inbox(stack: LocalStack) -> str:
    return subscribe_queue(stack.client("sqs"), stack.client("sns"), stack.outputs["NotificationTopicArn"])


@pytest.fixture
def answer(stack: LocalStack, ca: Any) -> Answer:
    """Publish an answer about a version of a generic package in dev, as any program can."""

    def publish(
        package: str, version: str, revision: str, namespace: str, moment: str, **predicate: str
    ) -> None:
        purl = f"pkg:generic/acme/{package}@{version}"
        subject = hashlib.sha256(f"{purl}\n{revision}".encode()).hexdigest()[:20]
        name = re.sub(r"[^A-Za-z0-9._-]", "-", f"generic.acme.{package}.{version}")[:225] + f".{subject}"
        if namespace.startswith("approval"):
            name += "-" + hashlib.sha256(b"dev\nstaging").hexdigest()[:8]
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": purl, "digest": {"codeartifact-revision": revision}}],
            "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
            "predicate": {"result": "PASSED", "configuration": [], **predicate},
        }
        publish_generic(
            ca,
            f"20260102T{moment}.000Z",
            json.dumps(statement).encode(),
            to="evidence",
            asset="statement.json",
            namespace=namespace,
            package=name,
        )
        stack.wait_until_idle()

    return publish


def publish(stack: LocalStack, ca: Any, package: str, version: str) -> str:
    """Publish a version to dev. Return its revision."""
    revision = publish_generic(ca, version, version.encode(), package=package)["versionRevision"]
    stack.wait_until_idle()
    return str(revision)


def entries(stack: LocalStack) -> list[str]:
    group = stack.outputs["ScheduleGroupName"]
    return [each["Name"] for each in stack.client("scheduler").list_schedules(GroupName=group)["Schedules"]]


def in_staging(ca: Any, package: str) -> set[str]:
    return list_versions(ca, "staging", package=package)


def test_a_version_is_promoted_when_its_last_check_has_passed(
    stack: LocalStack, ca: Any, answer: Answer
) -> None:
    revision = publish(stack, ca, "checked", "1.0")
    assert len(entries(stack)) == 1

    answer("checked", "1.0", revision, "check-sca", "010000")
    assert in_staging(ca, "checked") == set()
    answer("checked", "1.0", revision, "check-qa", "020000")

    assert in_staging(ca, "checked") == {"1.0"}
    assert entries(stack) == []


def test_a_check_that_failed_rejects_until_a_newer_answer_passes(
    stack: LocalStack, ca: Any, answer: Answer
) -> None:
    revision = publish(stack, ca, "checked", "2.0")
    answer("checked", "2.0", revision, "check-sca", "010000")

    answer("checked", "2.0", revision, "check-qa", "020000", result="FAILED", reason="broken")
    assert "2.0" not in in_staging(ca, "checked")
    answer(
        "checked", "2.0", revision, "check-qa", "010000", result="PASSED"
    )  # a lower version, but published later

    assert "2.0" in in_staging(ca, "checked")


def test_an_answer_that_was_archived_no_longer_counts_and_an_older_one_never_does(
    stack: LocalStack, ca: Any, answer: Answer
) -> None:
    revision = publish(stack, ca, "checked", "3.0")
    answer("checked", "3.0", revision, "check-sca", "010000")
    packages = ca.list_packages(domain="acme", repository="evidence", format="generic", namespace="check-sca")
    [package] = [each["package"] for each in packages["packages"] if ".3.0." in each["package"]]
    ca.update_package_versions_status(
        domain="acme",
        repository="evidence",
        format="generic",
        namespace="check-sca",
        package=package,
        versions=["20260102T010000.000Z"],
        targetStatus="Archived",
    )

    answer("checked", "3.0", revision, "check-qa", "020000")

    assert "3.0" not in in_staging(ca, "checked")


def test_an_approval_does_not_shorten_the_soak(stack: LocalStack, ca: Any, answer: Answer) -> None:
    revision = publish(stack, ca, "release", "1.0")

    answer("release", "1.0", revision, "approval-payments", "010000", promotion="releases")
    assert in_staging(ca, "release") == set()
    stack.clock.advance(DAY)
    stack.wait_until_idle()
    assert in_staging(ca, "release") == set()
    stack.clock.advance(DAY + 5)
    stack.wait_until_idle()

    assert in_staging(ca, "release") == {"1.0"}


def test_an_approval_under_another_name_counts_nothing(stack: LocalStack, ca: Any, answer: Answer) -> None:
    revision = publish(stack, ca, "release", "2.0")
    stack.clock.advance(3 * DAY)

    answer("release", "2.0", revision, "approval", "010000", promotion="releases")
    stack.wait_until_idle()

    assert "2.0" not in in_staging(ca, "release")


def test_a_manual_promotion_waits_for_its_request_without_an_entry(
    stack: LocalStack, ca: Any, answer: Answer
) -> None:
    before = set(entries(stack))
    revision = publish(stack, ca, "wanted", "1.0")
    assert set(entries(stack)) <= before
    assert in_staging(ca, "wanted") == set()

    answer("wanted", "1.0", revision, "approval", "010000", promotion="on-request")

    assert in_staging(ca, "wanted") == {"1.0"}


def test_a_version_that_was_archived_meanwhile_is_not_promoted(
    stack: LocalStack, ca: Any, answer: Answer
) -> None:
    revision = publish(stack, ca, "wanted", "2.0")
    archive_wanted(ca, "2.0")

    answer("wanted", "2.0", revision, "approval", "010000", promotion="on-request")

    assert "2.0" not in in_staging(ca, "wanted")


def archive_wanted(ca: Any, version: str) -> None:
    ca.update_package_versions_status(
        domain="acme",
        repository="dev",
        format="generic",
        namespace="acme",
        package="wanted",
        versions=[version],
        targetStatus="Archived",
    )


def test_people_are_told_once_when_a_hold_begins_and_of_an_answer_that_cannot_be_used(
    stack: LocalStack, ca: Any, answer: Answer, inbox: str
) -> None:
    sqs = stack.client("sqs")
    take_messages(sqs, inbox)
    revision = publish(stack, ca, "checked", "4.0")
    answer("checked", "4.0", revision, "check-sca", "010000")
    answer("checked", "4.0", revision, "check-qa", "020000", result="maybe")

    subjects = [json.loads(each["Body"])["Subject"] for each in take_messages(sqs, inbox)]

    assert subjects == [
        "[acme] 1 held: acme/checked 4.0 -> staging",
        "[acme] 1 answer cannot be used: check-qa",
    ]


def test_what_nobody_answers_for_is_reminded_every_week_and_ends_after_91_days(
    stack: LocalStack, ca: Any, answer: Answer, inbox: str, log: list[str]
) -> None:
    sqs = stack.client("sqs")
    revision = publish(stack, ca, "checked", "5.0")
    take_messages(sqs, inbox)
    reminders = []
    for _ in range(13):
        stack.clock.advance(7 * DAY)
        stack.wait_until_idle()
        reminders += [json.loads(each["Body"])["Subject"] for each in take_messages(sqs, inbox)]
    ended = [
        line for line in map(json.loads, log) if line.get("outcome") == "expired" and line["version"] == "5.0"
    ]

    assert sum("checked 5.0" in each or "more" in each for each in reminders) >= 12
    assert len(ended) == 1
    assert entries(stack) == []

    answer("checked", "5.0", revision, "check-sca", "010000")
    answer("checked", "5.0", revision, "check-qa", "020000")

    assert "5.0" in in_staging(ca, "checked")
