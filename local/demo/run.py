"""Runs the demo: starts the local AWS, publishes samples, watches the pipeline and checks its results.

It ends without input, and exits with 0 only if every check succeeded.
"""

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from rich.console import Console

from local.demo.answers import answer_release
from local.demo.package_managers import CommandFailedError, PackageManagers
from local.demo.publisher import Publisher
from local.demo.sample_packages import SampleVersion
from local.demo.timeline import Timeline
from local.demo.verification import (
    check_installs,
    check_metrics,
    check_notifications,
    check_versions,
    has_decision,
    has_ended,
)
from local.lambda_runtime.execution_environment import InitError
from local.paths import FUNCTIONS, ROOT
from local.stack import LocalStack

TIMEOUT = 60  # seconds until the last decision
READ_OPERATIONS = {
    "DescribePackageVersion",
    "ListPackageVersionAssets",
    "ListPackageVersions",
    "ListPackages",
}


def main() -> int:
    """Run the demo. Return the exit code."""
    rules_file = Path(os.environ.get("RULES_FILE") or FUNCTIONS / "rules.toml").resolve()
    timeline = Timeline(Console(highlight=False), rules_file)
    npm = shutil.which("npm") is not None
    if not npm:
        timeline.say("npm is not on the PATH: the demo skips the npm packages")
    try:
        with tempfile.TemporaryDirectory(prefix="promoter-demo-") as directory:
            problems = _run(timeline, rules_file, Path(directory), npm=npm)
    except (InitError, CommandFailedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return _conclude(timeline, rules_file, problems)


def _run(timeline: Timeline, rules_file: Path, directory: Path, *, npm: bool) -> list[str]:
    """Run everything. Return the problems that the checks found."""
    parameters = {"NotificationEmail": "platform@example.com"}
    with (
        _log_file() as log_file,
        LocalStack.start(
            rules_file=rules_file,
            parameters=parameters,
            retry_after=2,
            on_log=lambda line: _keep(line, timeline, log_file),
        ) as stack,
    ):
        stack.create_repositories()
        _introduce(stack, timeline)
        home = directory / "home"
        home.mkdir()
        managers = PackageManagers(
            home, stack.client_environment(), stack.client("codeartifact"), stack.rules.domain
        )
        publisher = Publisher(managers, timeline, directory, stack.rules.domain, npm=npm)
        inbox = _subscribe_queue(stack)
        publisher.publish_conflict()
        stack.server.calls.clear()
        timeline.restart()
        samples = publisher.publish_samples()
        problems = answer_release(managers, timeline, rules_file)
        problems += _wait_for_pipeline(stack, timeline, samples)
        calls = Counter(stack.server.calls)  # before the checks make calls of their own
        problems += check_versions(stack, samples, timeline.decisions)
        problems += check_notifications(stack, timeline, inbox)
        timeline.say("")
        problems += check_installs(managers, timeline, directory, npm=npm)
        problems += check_metrics(stack, timeline)
        _sum_up(timeline, samples, calls)
        return problems


def _log_file() -> AbstractContextManager[TextIO | None]:
    """The file that LOG_FILE names, for `promoter replay --log`; None if it names none."""
    name = os.environ.get("LOG_FILE")
    return Path(name).open("w", encoding="utf-8") if name else nullcontext()


def _keep(line: str, timeline: Timeline, log_file: TextIO | None) -> None:
    timeline.log(line)
    if log_file is not None:
        log_file.write(f"{line}\n")


def _introduce(stack: LocalStack, timeline: Timeline) -> None:
    address, rules = stack.url.removeprefix("http://"), stack.rules
    timeline.say(
        f"local AWS on {address}, template.yaml deployed ({len(stack.resources)} resources), "
        f"domain {rules.domain}: {' -> '.join(rules.stages)}"
    )


def _subscribe_queue(stack: LocalStack) -> str:
    """Subscribe a new queue to the notification topic. Return the queue's URL."""
    sqs, sns = stack.client("sqs"), stack.client("sns")
    url = str(sqs.create_queue(QueueName="inbox")["QueueUrl"])
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    topic = stack.outputs["NotificationTopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
    return url


def _wait_for_pipeline(stack: LocalStack, timeline: Timeline, samples: Sequence[SampleVersion]) -> list[str]:
    """Wait until each version has its last decision and the queue is empty."""
    timeline.wait_for_decisions(
        lambda decisions: all(has_ended(sample, decisions) for sample in samples), TIMEOUT
    )
    try:
        stack.wait_until_idle(TIMEOUT)
    except TimeoutError as error:
        return [str(error)]
    return []


def _sum_up(timeline: Timeline, samples: Sequence[SampleVersion], calls: Counter[str]) -> None:
    decisions = timeline.decisions
    promoted = sum(has_decision(sample, "copied", decisions, to="prod") for sample in samples)
    rejected = sum(record["verdict"] == "reject" for record in decisions)
    failed = sum(record.get("outcome") == "failed" for record in decisions)
    reads = sum(calls[name] for name in READ_OPERATIONS)
    timeline.say(
        f"\n{len(samples)} published, {promoted} promoted, {rejected} rejected, {failed} failed | "
        f"{calls['CopyPackageVersions']} CopyPackageVersions, {reads} reads | {timeline.seconds:.0f} s"
    )


def _conclude(timeline: Timeline, rules_file: Path, problems: Sequence[str]) -> int:
    name = rules_file.relative_to(ROOT) if rules_file.is_relative_to(ROOT) else rules_file
    if problems:
        timeline.say("\nThe results differ from those of the project's own rules:")
        for problem in problems:
            timeline.say(f"  {problem}")
        timeline.say(f"If you changed {name}, this may be your change at work. If not, it is a bug.")
        return 1
    lines = enumerate(rules_file.read_text(encoding="utf-8").splitlines(), 1)
    number = next((number for number, line in lines if line.startswith("exclude")), 1)
    timeline.say(
        f"Next: edit {name}:{number}, run `make demo` again and watch the decision change. "
        "Or: `make local`, and publish your own."
    )
    return 0
