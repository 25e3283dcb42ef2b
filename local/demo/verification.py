"""Checks that the pipeline did what the demo promises. Each check returns the problems that it found."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.demo.mailbox import read_mails
from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import LEGACY, RELEASE, TOOLS, UI, WIDGET, SampleVersion
from local.demo.timeline import Timeline
from local.stack import NAME, LocalStack

REPOSITORIES = ("dev", "staging", "prod")
EXPECTED_REPOSITORIES = {
    "promoted": REPOSITORIES,
    "failed": REPOSITORIES,  # prod had a version with different files from the start
    "rejected": ("dev",),
}
EXPECTED_DECISION = {"promoted": "copied", "failed": "failed", "rejected": "reject"}
METRICS = ("Promoted", "Failed")

Decisions = Sequence[dict[str, Any]]


def has_ended(sample: SampleVersion, decisions: Decisions) -> bool:
    """Return True if no further decision about the version will come, whatever its result."""
    return any(
        record["verdict"] == "reject"
        or record.get("outcome") == "failed"
        or (record["hop"]["to"] == "prod" and record.get("outcome") in ("copied", "unchanged"))
        for record in decisions
        if sample.is_subject_of(record)
    )


def has_decision(sample: SampleVersion, word: str, decisions: Decisions, to: str | None = None) -> bool:
    """Return True if a decision about the version has this verdict or outcome, on a hop to `to` if given."""
    return any(
        word in (record["verdict"], record.get("outcome")) and to in (None, record["hop"]["to"])
        for record in decisions
        if sample.is_subject_of(record)
    )


def check_versions(stack: LocalStack, samples: Sequence[SampleVersion], decisions: Decisions) -> list[str]:
    """Check that each version is in the expected repositories only, and has the expected decision."""
    problems = []
    for sample in samples:
        expected = EXPECTED_REPOSITORIES[sample.end]
        found = tuple(repository for repository in REPOSITORIES if _is_in(stack, repository, sample))
        if found != expected:
            problems.append(f"{sample} is in {', '.join(found)}; expected: {', '.join(expected)}")
        word = EXPECTED_DECISION[sample.end]
        if not has_decision(sample, word, decisions):
            problems.append(f"{sample}: the decision log has no {word!r}")
    return problems


def check_notifications(stack: LocalStack, timeline: Timeline, inbox: str) -> list[str]:
    """Check that people were told of the failure and of the approval, and print both. `inbox` is a queue URL."""
    notices = [notice for message in _receive(stack, inbox) for notice in message["notices"]]
    failures = [notice["failedVersions"] for notice in notices if notice["failedVersions"]]
    mails = read_mails(stack.outputs["NotificationTopicArn"])
    failed = [mail for mail in mails if str(LEGACY) in mail.text]
    held = [mail for mail in mails if str(RELEASE) in mail.text]
    problems = [] if failures and failed else [f"no message reports the failure of {LEGACY}"]
    problems += [] if len(held) == 1 else [f"{len(held)} messages say that {RELEASE} is held, not one"]
    if problems:
        return problems
    for title, mail in (("when a version begins to be held", held[0]), ("after a failure", failed[0])):
        timeline.say(f"\nthe mail that a subscriber gets {title}:")
        timeline.say(_indent(f"Subject: {mail.subject}\n\n{mail.text}"))
    timeline.say("the JSON that a subscribed program gets, in the shape of the API's response:")
    timeline.say(_indent(json.dumps({"failedVersions": failures[0]}, indent=2)))
    return []


def _receive(stack: LocalStack, inbox: str) -> list[Any]:
    """Every message in a queue."""
    messages: list[Any] = []
    while (
        received := stack.client("sqs")
        .receive_message(QueueUrl=inbox, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        messages += [json.loads(json.loads(each["Body"])["Message"]) for each in received]
    return messages


def check_installs(managers: PackageManagers, timeline: Timeline, directory: Path, *, npm: bool) -> list[str]:
    """Install the promoted packages from prod, and check their versions."""
    installed: list[tuple[str, SampleVersion, str]] = []
    if npm:
        consumer = directory / "npm-install"
        consumer.mkdir()
        managers.npm("prod", "install", WIDGET.name, UI.name, cwd=consumer)
        for sample in (WIDGET, UI):
            manifest = consumer / "node_modules" / sample.name / "package.json"
            version = json.loads(manifest.read_text())["version"]
            installed.append((f"npm install {sample.name}", sample, version))
    site = directory / "site"
    managers.pip("prod", "install", "--quiet", "--target", str(site), TOOLS.package, cwd=directory)
    (metadata,) = site.glob("acme_tools-*.dist-info")
    version = metadata.name.removesuffix(".dist-info").split("-")[1]
    installed.append((f"pip install {TOOLS.name}", TOOLS, version))
    return [problem for each in installed for problem in _check_installed(timeline, *each)]


def check_metrics(stack: LocalStack, timeline: Timeline) -> list[str]:
    """Check that CloudWatch counted as many decisions as the log has."""
    promotions = {record["promotion"] for record in timeline.decisions}
    counted = {name: _sum_of_metric(stack, name, promotions) for name in METRICS}
    logged = Counter(_metric_of(record) for record in timeline.decisions if not record.get("duplicate"))
    line = ", ".join(f"{name} {count:.0f}" for name, count in counted.items())
    correct = counted == {name: logged[name] for name in METRICS} and counted["Promoted"] > 0
    timeline.say(f"  {'ok' if correct else 'NO'} CloudWatch PackagePromoter: {line}", "ok")
    return [] if correct else [f"CloudWatch counted {line}; the decision log has {dict(logged)}"]


def _is_in(stack: LocalStack, repository: str, sample: SampleVersion) -> bool:
    codeartifact = stack.client("codeartifact")
    namespace = {"namespace": sample.namespace} if sample.namespace else {}
    try:
        codeartifact.describe_package_version(
            domain=stack.rules.domain,
            repository=repository,
            format=sample.format,
            package=sample.package,
            packageVersion=sample.version,
            **namespace,
        )
    except codeartifact.exceptions.ResourceNotFoundException:
        return False
    return True


def _check_installed(timeline: Timeline, command: str, sample: SampleVersion, version: str) -> list[str]:
    correct = version == sample.version
    timeline.say(f"  {'ok' if correct else 'NO'} {command:<28} from prod -> {version}", "ok")
    return [] if correct else [f"{command} installed {version}; expected: {sample.version}"]


def _sum_of_metric(stack: LocalStack, name: str, promotions: set[str]) -> float:
    """Sum a metric over the promotions of the stack."""
    cloudwatch, now = stack.client("cloudwatch"), datetime.now(UTC)
    total = 0.0
    for promotion in promotions:
        reply = cloudwatch.get_metric_statistics(
            Namespace="PackagePromoter",
            MetricName=name,
            Dimensions=[{"Name": "service", "Value": NAME}, {"Name": "Promotion", "Value": promotion}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(hours=1),
            Period=3600,
            Statistics=["Sum"],
        )
        total += sum(point["Sum"] for point in reply["Datapoints"])
    return total


def _metric_of(record: dict[str, Any]) -> str:
    names = {"copied": "Promoted", "failed": "Failed"}
    return names.get(record.get("outcome", record["verdict"]), "")


def _indent(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
