"""Checks that the pipeline did what the demo promises. Each check returns the problems that it found."""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import LEGACY, TOOLS, UI, WIDGET, End, SampleVersion
from local.demo.timeline import Timeline
from local.display.mailbox import Mail, read_mails
from local.paths import ROOT
from local.stack import NAME, LocalStack

COPIED = ("copied", "unchanged")
METRICS = ("Promoted", "Failed")

Decisions = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a sample is at the end, and what the pipeline said about it."""

    sample: SampleVersion
    end: End
    repositories: tuple[str, ...]

    @property
    def change(self) -> str:
        """What the rules changed, compared with the project's own; empty if nothing."""
        return "" if self.end == self.sample.end else f"{self.sample}: {self.sample.end} -> {self.end}"


def find_endings(stack: LocalStack, samples: Sequence[SampleVersion], decisions: Decisions) -> list[Ending]:
    """Look up where each sample is."""
    endings = []
    for sample in samples:
        found = tuple(name for name in stack.rules.stages if _is_in(stack, name, sample))
        endings.append(Ending(sample, _end(sample, found, stack.rules.stages[-1], decisions), found))
    return endings


def has_decision(sample: SampleVersion, word: str, decisions: Decisions, to: str | None = None) -> bool:
    """Return True if a decision about the version has this verdict or outcome, on a hop to `to` if given."""
    return any(
        word in (record["verdict"], record.get("outcome")) and to in (None, record["hop"]["to"])
        for record in decisions
        if sample.is_subject_of(record)
    )


def check_versions(
    endings: Sequence[Ending], managers: PackageManagers, rules: Path, decisions: Decisions
) -> list[str]:
    """Check that each version is where the rules want it, and nowhere else."""
    with ThreadPoolExecutor(2) as threads:
        each = threads.map(lambda ending: _check_copies(ending, managers, rules, decisions), endings)
        problems = [problem for found in each for problem in found]
    return problems + _check_plan(managers, rules)


def _check_copies(ending: Ending, managers: PackageManagers, rules: Path, decisions: Decisions) -> list[str]:
    """Check each copy: the decision log has it, and the rules do not reject it."""
    sample, problems = ending.sample, []
    for repository in ending.repositories:
        if repository == "dev" or (sample is LEGACY and repository == "prod"):
            continue  # published there
        if not any(has_decision(sample, word, decisions, to=repository) for word in COPIED):
            problems.append(f"{sample} is in {repository}, but the decision log has no copy")
    for repository in ending.repositories:
        arguments = (sample.purl, "--in", repository, "--origin", "internal", "--output", "json")
        answer = managers.promoter("explain", *arguments, "--rules", str(rules), cwd=ROOT, accept=(0, 1))
        problems += [
            f"{sample} is in {each['hop']['to']}, but the rules reject it"
            for each in json.loads(answer)["decisions"]
            if each["verdict"] == "reject" and each["hop"]["to"] in ending.repositories
        ]
    return problems


def _check_plan(managers: PackageManagers, rules: Path) -> list[str]:
    """Check that nothing is left that the rules would promote now."""
    answer = managers.promoter("plan", "--output", "json", "--rules", str(rules), cwd=ROOT, accept=(0, 1))
    return [
        f"{each['purl']} is not in {each['hop']['to']}, but the rules promote it"
        for hop in json.loads(answer)["hops"]
        for each in hop["decisions"]
        if each["verdict"] == "promote" and not each.get("observed")
    ]


def _end(sample: SampleVersion, found: tuple[str, ...], last: str, decisions: Decisions) -> End:
    own = [record for record in decisions if sample.is_subject_of(record)]
    if any(record.get("outcome") == "failed" for record in own):
        return "failed"
    if last in found and any(has_decision(sample, word, own, to=last) for word in COPIED):
        return "promoted"
    ends: dict[str, End] = {"reject": "rejected", "hold": "held", "wait": "waiting", "promote": "observed"}
    newest = {record["hop"]["to"]: record for record in own}
    return next(
        (ends[each["verdict"]] for to, each in newest.items() if to not in found and each["verdict"] in ends),
        "not selected",
    )


def check_notifications(
    stack: LocalStack, timeline: Timeline, inbox: str, endings: Sequence[Ending]
) -> list[str]:
    """Check that people were told of what failed and of what is held, and print a mail of each.

    `inbox` is the URL of a subscribed queue.
    """
    notices = [notice for message in _receive(stack, inbox) for notice in message["notices"]]
    failures = [notice["failedVersions"] for notice in notices if notice["failedVersions"]]
    mails = read_mails(stack.outputs["NotificationTopicArn"])
    held = [each.sample for each in endings if has_decision(each.sample, "hold", timeline.decisions)]
    failed = [each.sample for each in endings if each.end == "failed"]
    problems = [
        f"no mail says that {sample} is {word}"
        for word, samples in (("held", held), ("failed", failed))
        for sample in samples
        if not any(str(sample) in mail.text for mail in mails)
    ]
    problems += [] if failures or not failed else [f"no message reports the failure of {failed[0]}"]
    if problems:
        return problems
    for title, samples in (("when a version begins to be held", held), ("after a failure", failed)):
        if samples:
            _show_mail(timeline, title, next(mail for mail in mails if str(samples[0]) in mail.text))
    if failures:
        timeline.say("the JSON that a subscribed program gets, in the shape of the API's response:")
        timeline.say(_indent(json.dumps({"failedVersions": failures[0]}, indent=2)))
    return []


def _show_mail(timeline: Timeline, title: str, mail: Mail) -> None:
    timeline.say(f"\nthe mail that a subscriber gets {title}:")
    timeline.say(_indent(f"Subject: {mail.subject}\n\n{mail.text}"))


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


def check_installs(
    managers: PackageManagers, timeline: Timeline, directory: Path, endings: Sequence[Ending]
) -> list[str]:
    """Install the promoted packages of npm and PyPI from the last repository, and check their versions."""
    promoted = [each.sample for each in endings if each.end == "promoted"]
    installed: list[tuple[str, SampleVersion, str]] = []
    for sample in promoted:
        if sample in (WIDGET, UI):
            installed.append(
                (f"npm install {sample.name}", sample, _npm_install(managers, directory, sample))
            )
        elif sample is TOOLS:
            installed.append(
                (f"pip install {sample.name}", sample, _pip_install(managers, directory, sample))
            )
    return [problem for each in installed for problem in _check_installed(timeline, *each)]


def _npm_install(managers: PackageManagers, directory: Path, sample: SampleVersion) -> str:
    """Install a package. Return the version that npm has chosen."""
    consumer = directory / f"npm-install-{sample.package}"
    consumer.mkdir()
    managers.npm("prod", "install", sample.name, cwd=consumer)
    manifest = consumer / "node_modules" / sample.name / "package.json"
    return str(json.loads(manifest.read_text())["version"])


def _pip_install(managers: PackageManagers, directory: Path, sample: SampleVersion) -> str:
    """Install a package. Return the version that pip has chosen."""
    site = directory / "site"
    managers.pip("prod", "install", "--quiet", "--target", str(site), sample.package, cwd=directory)
    (metadata,) = site.glob("acme_tools-*.dist-info")
    return metadata.name.removesuffix(".dist-info").split("-")[1]


def check_metrics(stack: LocalStack, timeline: Timeline) -> list[str]:
    """Check that CloudWatch counted as many decisions as the log has."""
    promotions = {record["promotion"] for record in timeline.decisions}
    counted = {name: _sum_of_metric(stack, name, promotions) for name in METRICS}
    logged = Counter(_metric_of(record) for record in timeline.decisions if not record.get("duplicate"))
    line = ", ".join(f"{name} {count:.0f}" for name, count in counted.items())
    correct = counted == {name: logged[name] for name in METRICS}
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
