"""The local AWS on this machine, and SAM's commands that use it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deploy.build import architecture
from emulator_support.codeartifact_calls import list_versions
from local import sam_local
from local.clients import make_client
from tests.support.local_process import running_local_aws
from tests.support.paths import ROOT
from tests.support.ports import free_port

BINARIES = Path(sys.executable).parent


def user() -> dict[str, str]:
    """Return the environment of a user with AWS credentials. SAM pulls the image only if it is missing."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
    variables |= {
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    image = ["docker", "image", "inspect", f"public.ecr.aws/lambda/python:3.13-{architecture('host')}"]
    exists = subprocess.run(image, capture_output=True, check=False).returncode == 0
    # the first container after the engine's start may take longer than SAM's 20 seconds
    sam = {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": "120"}
    return variables | sam | ({"SAM_SKIP_PULL_IMAGE": "1"} if exists else {})


@dataclass(frozen=True)
class Local:
    """A local AWS: its endpoint, and the function's environment variables."""

    url: str
    variables: Mapping[str, str]

    def client(self, service: str) -> Any:
        return make_client(service, self.url)

    def stop_delivering(self) -> None:
        """Remove the rule's targets, so that only the containers promote versions."""
        events = self.client("events")
        for rule in events.list_rules()["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            events.remove_targets(Rule=rule["Name"], Ids=[target["Id"] for target in targets])

    def versions(self, repository: str, **package: str) -> set[str]:
        return list_versions(self.client("codeartifact"), repository, **{"namespace": None, **package})


@pytest.fixture(scope="session")
def local() -> Iterator[Local]:
    """A local AWS that containers reach, whose own pipeline promotes nothing."""
    with running_local_aws({**user(), "CONTAINERS": "1"}) as process:
        variables = json.loads(sam_local.VARIABLES_FILE.read_text("utf-8"))["PromoteFunction"]
        local = Local(process.url, variables)
        local.stop_delivering()
        yield local


def sam(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BINARIES / "sam", *arguments], cwd=ROOT, env=user(), capture_output=True, text=True, check=False
    )


@dataclass(frozen=True)
class Lambda:
    """A running `sam local start-lambda`."""

    url: str

    def invoke(self, event: Any, directory: Path) -> Any:
        """Invoke the function with the AWS CLI. Return its answer."""
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
        lines = [process.stderr.readline()]
        while "Running on" not in lines[-1]:
            assert lines[-1], "".join(lines)
            lines.append(process.stderr.readline())
        Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would block the process
        yield Lambda(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
