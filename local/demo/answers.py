"""Answers the check and the approval that a sample waits for, as a program and a person do."""

import shlex
from pathlib import Path

from local.demo.package_managers import PackageManagers
from local.demo.sample_packages import RELEASE
from local.demo.timeline import Timeline
from local.demo.verification import has_decision
from local.paths import ROOT

PURL = f"pkg:generic/{RELEASE.name}@{RELEASE.version}"
COMMANDS = (
    ("answer", PURL, "--check", "size", "--result", "passed", "--reason", "small enough"),
    ("approve", PURL, "--promotion", "releases-to-prod", "--reason", "release 12"),
)
TIMEOUT = 20  # seconds until the version is held


def answer_release(managers: PackageManagers, timeline: Timeline, rules_file: Path) -> list[str]:
    """Answer when the release is held. Return the problems, if it is not."""
    held = timeline.wait_for_decisions(
        lambda decisions: has_decision(RELEASE, "hold", decisions, to="prod"), TIMEOUT
    )
    if not held:
        return [f"{RELEASE} is not held for its answers"]
    for command in COMMANDS:
        timeline.say(f"        $ promoter {shlex.join(command)}")
        managers.promoter(*command, "--rules", str(rules_file), cwd=ROOT)
    return []
