"""Answers the check and the approval that a sample waits for, as a program and a person do."""

import json
import shlex
from pathlib import Path
from typing import Any

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import RELEASE
from local.demo.timeline import Timeline
from local.paths import ROOT
from local.stack import LocalStack

CHECKER = Path("examples", "size_check.py")
PURL = f"pkg:generic/{RELEASE.name}@{RELEASE.version}"


class Answerer:
    """The checker of examples/, with the event rule of docs/checks.md, and a person who approves."""

    def __init__(self, stack: LocalStack, managers: PackageManagers, timeline: Timeline, rules: Path) -> None:
        """Create the event rule and its queue. The promotions to answer for are those in the file `rules`."""
        self._sqs = stack.client("sqs")
        self._managers = managers
        self._timeline = timeline
        self._rules = rules
        self._queue = str(self._sqs.create_queue(QueueName="size-check")["QueueUrl"])
        reply = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        pattern = {
            "source": ["aws.codeartifact"],
            "detail-type": ["CodeArtifact Package Version State Change"],
            "detail": {"packageName": [RELEASE.package], "packageVersionState": ["Published"]},
        }
        events = stack.client("events")
        events.put_rule(Name="size-check", EventPattern=json.dumps(pattern))
        events.put_targets(
            Rule="size-check", Targets=[{"Id": "queue", "Arn": reply["Attributes"]["QueueArn"]}]
        )

    def answer(self) -> None:
        """Answer what the release is held for, on every hop where it is held."""
        for record in _held(self._timeline.decisions):
            codes = {reason["code"] for reason in record["reasons"] if not reason["met"]}
            if "check" in codes:
                self._check(record["hop"]["from"])
            if codes & {"approval", "manual"}:
                self._approve(record["promotion"])

    def _check(self, repository: str) -> None:
        for event in self._receive():
            if event["detail"]["repositoryName"] == repository:
                self._timeline.say(f"        $ python {CHECKER} < event.json")
                answer = self._managers.python(str(CHECKER), cwd=ROOT, given=json.dumps(event))
                self._timeline.say(f"        {answer.strip()}")

    def _approve(self, promotion: str) -> None:
        command = ("approve", PURL, "--promotion", promotion, "--reason", "release 12")
        self._timeline.say(f"        $ promoter {shlex.join(command)}")
        self._managers.promoter(*command, "--rules", str(self._rules), cwd=ROOT)

    def _receive(self) -> list[dict[str, Any]]:
        """The events that the rule has sent."""
        events: list[dict[str, Any]] = []
        while found := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            events += [json.loads(each["Body"]) for each in found]
        return events


def _held(decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest decision of each hop where the release is held."""
    newest = {record["promotion"]: record for record in decisions if RELEASE.is_subject_of(record)}
    return [record for record in newest.values() if record["verdict"] == "hold"]
