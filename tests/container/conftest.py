"""The local AWS on this machine, and SAM's own commands against it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deploy.build import architecture
from local import clients, sam_local

ROOT = Path(__file__).parents[2]
BINARIES = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def user() -> dict[str, str]:
    """The environment of a user with credentials of their own, who pulls no image that is there already."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
    mine |= {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    image = ["docker", "image", "inspect", f"public.ecr.aws/lambda/python:3.13-{architecture('host')}"]
    there = subprocess.run(image, capture_output=True, check=False).returncode == 0
    # the first container of an engine that has just started may take longer than SAM's own 20 seconds
    patient = {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": "120"}
    return mine | patient | ({"SAM_SKIP_PULL_IMAGE": "1"} if there else {})


@dataclass(frozen=True)
class Local:
    """`make local CONTAINERS=1` in another terminal: its endpoint, and what the function is told."""

    url: str
    told: Mapping[str, str]

    def client(self, service: str) -> Any:
        return clients.client(service, self.url)

    def stop_delivering(self) -> None:
        """Take the queue off the rule, so that nothing is promoted but by the containers."""
        events = self.client("events")
        for rule in events.list_rules()["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            events.remove_targets(Rule=rule["Name"], Ids=[target["Id"] for target in targets])

    def versions(self, repository: str, **package: str) -> set[str]:
        codeartifact = self.client("codeartifact")
        try:
            answer = codeartifact.list_package_versions(domain="acme", repository=repository, **package)
        except codeartifact.exceptions.ResourceNotFoundException:
            return set()
        return {each["version"] for each in answer["versions"]}


@pytest.fixture(scope="session")
def local() -> Iterator[Local]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "local.stack"],
        cwd=ROOT,
        env={**user(), "PORT": str(port), "CONTAINERS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        said = [process.stdout.readline()]
        while "Decisions follow" not in said[-1]:
            assert said[-1], "".join(said)
            said.append(process.stdout.readline())
        told = json.loads(sam_local.FILE.read_text("utf-8"))["PromoteFunction"]
        found = Local(f"http://127.0.0.1:{port}", told)
        found.stop_delivering()
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def sam(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BINARIES / "sam", *arguments], cwd=ROOT, env=user(), capture_output=True, text=True, check=False
    )


@dataclass(frozen=True)
class Lambda:
    """`sam local start-lambda` in another terminal."""

    url: str

    def invoke(self, event: Any, directory: Path) -> Any:
        """Call the function with the AWS CLI, as people do; its answer."""
        (directory / "event.json").write_text(json.dumps(event))
        done = subprocess.run(
            [
                *(BINARIES / "aws", "lambda", "invoke", "--function-name", "PromoteFunction"),
                *("--endpoint-url", self.url, "--cli-read-timeout", "120"),
                *("--payload", "file://event.json", "answer.json"),
            ],
            cwd=directory,
            env={**user(), "HOME": str(directory)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads((directory / "answer.json").read_text())


@pytest.fixture(scope="session")
def started(local: Local) -> Iterator[Lambda]:
    port = free_port()
    process = subprocess.Popen(
        [BINARIES / "sam", "local", "start-lambda", "--port", str(port)],
        cwd=ROOT,
        env={**user(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        said = [process.stderr.readline()]
        while "Running on" not in said[-1]:
            assert said[-1], "".join(said)
            said.append(process.stderr.readline())
        Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
        yield Lambda(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
