"""Runs the demo: starts the local AWS, publishes samples, watches the pipeline and checks its results.

It ends without input. The exit code is 0 if everything is as the rules say, also if you have changed the rules.
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

from local.demo.answers import Answerer
from local.demo.installation import check_installs
from local.demo.package_managers import CommandFailedError, PackageManagers
from local.demo.publisher import Publisher
from local.demo.sample_packages import LEGACY
from local.demo.timeline import Timeline
from local.demo.verification import (
    Ending,
    check_metrics,
    check_notifications,
    check_versions,
    find_endings,
)
from local.lambda_runtime.execution_environment import InitError
from local.paths import FUNCTIONS, ROOT
from local.stack import LocalStack

TIMEOUT = 60  # seconds until the last decision
LONGEST_WAIT = 10  # seconds; the demo does not wait for the end of a longer soak
INTERRUPTED = 130  # the exit code of a program that Ctrl-C has ended
READ_OPERATIONS = {
    "DescribePackageVersion",
    "GetPackageVersionAsset",
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
            endings, problems = _run(timeline, rules_file, Path(directory), npm=npm)
    except (InitError, CommandFailedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: the local AWS is stopped, and nothing of it is left", file=sys.stderr)
        return INTERRUPTED
    return _conclude(timeline, rules_file, endings, problems)


def _run(
    timeline: Timeline, rules_file: Path, directory: Path, *, npm: bool
) -> tuple[list[Ending], list[str]]:
    """Run everything. Return how the samples ended, and the problems that the checks found."""
    with (
        _log_file() as log_file,
        LocalStack.start(
            rules_file=rules_file, retry_after=2, on_log=lambda line: _keep(line, timeline, log_file)
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
        answerer = Answerer(stack, managers, timeline, rules_file)
        inbox = _subscribe_queue(stack)
        publisher.publish_conflict()
        stack.server.calls.clear()
        timeline.restart()
        samples = publisher.publish_samples()
        problems = _wait_for_pipeline(stack, timeline, answerer)
        seconds, calls = (
            timeline.seconds,
            Counter(stack.server.calls),
        )  # before the checks call AWS themselves
        endings = find_endings(stack, samples, timeline.decisions)
        problems += check_versions(endings, managers, rules_file, timeline.decisions)
        problems += check_notifications(stack, timeline, inbox, endings)
        timeline.say("")
        problems += check_installs(managers, timeline, directory, endings)
        problems += check_metrics(stack, timeline)
        _sum_up(timeline, endings, calls, seconds)
        return endings, problems


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


def _wait_for_pipeline(stack: LocalStack, timeline: Timeline, answerer: Answerer) -> list[str]:
    """Answer what is held, and wait until nothing moves. Return the problem, if there is no end."""
    try:
        stack.wait_until_idle(TIMEOUT)
        answerer.answer()
        stack.wait_until_idle(TIMEOUT, within=LONGEST_WAIT)
    except TimeoutError as error:
        return [str(error)]
    finally:
        timeline.show_rest()
    return []


def _sum_up(timeline: Timeline, endings: Sequence[Ending], calls: Counter[str], seconds: float) -> None:
    ends = Counter(each.end for each in endings)
    copies = sum(record.get("outcome") == "copied" for record in timeline.decisions)
    reads = sum(calls[name] for name in READ_OPERATIONS)
    timeline.say(
        f"\n{len(endings)} versions published to dev: "
        + ", ".join(f"{count} {end}{' to prod' if end == 'promoted' else ''}" for end, count in ends.items())
    )
    timeline.say(
        f"copies to staging and prod: {copies}, calls of CopyPackageVersions: {calls['CopyPackageVersions']}, "
        f"reads: {reads}, {seconds:.0f} s; {LEGACY} was in prod before, with other files"
    )


def _conclude(
    timeline: Timeline, rules_file: Path, endings: Sequence[Ending], problems: Sequence[str]
) -> int:
    name = rules_file.relative_to(ROOT) if rules_file.is_relative_to(ROOT) else rules_file
    changes = [each.change for each in endings if each.change]
    if changes:
        timeline.say(f"\nchanged by your rules ({name}):")
    for change in changes:
        timeline.say(f"  {change}")
    if problems:
        timeline.say("\nWhat happened is not what the rules say. This is a bug:")
        for problem in problems:
            timeline.say(f"  {problem}")
        return 1
    lines = enumerate(rules_file.read_text("utf-8-sig").splitlines(), 1)
    number = next((number for number, line in lines if line.startswith("exclude")), 1)
    timeline.say(
        f"Next: edit {name}:{number}, run `make demo` again and watch the decision change. "
        "Or: `make local`, and publish your own."
    )
    return 0
