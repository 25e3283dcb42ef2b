"""What a container is told of the local AWS, and what it finds there."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import sam_local, seed
from local.stack import Stack
from tests.support.translated_template import ROOT


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack.start() as started:
        started.create_repositories()
        seed.seed()
        yield started


def sample(name: str) -> Any:
    return json.loads((ROOT / "events" / name).read_text("utf-8"))


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "events").glob("*-published.json")))
def test_what_an_event_announces_is_there_at_its_revision(stack: Stack, file: str) -> None:
    detail = sample(file)["detail"]
    namespace = {"namespace": detail["packageNamespace"]} if detail["packageNamespace"] else {}
    found = stack.client("codeartifact").describe_package_version(
        domain=detail["domainName"],
        repository=detail["repositoryName"],
        format=detail["packageFormat"],
        package=detail["packageName"],
        packageVersion=detail["packageVersion"],
        **namespace,
    )["packageVersion"]
    assert (found["revision"], found["status"]) == (detail["packageVersionRevision"], "Published")


def test_it_is_not_announced_again(stack: Stack) -> None:
    stack.settle()

    assert stack.client("codeartifact").list_packages(domain="acme", repository="staging")["packages"] == []


def test_every_variable_of_the_deployment_is_told_with_an_address_that_a_container_reaches(
    stack: Stack, tmp_path: Path
) -> None:
    sam_local.write(stack, "172.17.0.1", tmp_path / "local" / "env.json")

    told = json.loads((tmp_path / "local" / "env.json").read_text())["PromoteFunction"]
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs["PromoteFunctionName"]
    )
    assert told.keys() == function["Environment"]["Variables"].keys() | {"AWS_ENDPOINT_URL"}
    assert told["AWS_ENDPOINT_URL"] == f"http://172.17.0.1:{stack.port}"
    assert told["NOTIFICATION_TOPIC_ARN"] == stack.outputs["NotificationTopicArn"]
    assert "127.0.0.1" not in json.dumps(told)


def test_the_queue_of_the_sample_is_the_one_that_is_served(stack: Stack) -> None:
    sources = {record["eventSourceARN"] for record in sample("sqs-batch.json")["Records"]}

    assert {sam_local.variables(stack, None)["PROMOTION_QUEUE_ARN"]} == sources


def test_docker_desktop_reaches_loopback_by_its_own_name_for_the_host(stack: Stack) -> None:
    endpoint = sam_local.variables(stack, None)["AWS_ENDPOINT_URL"]

    assert endpoint == f"http://host.docker.internal:{stack.port}"


def test_where_no_engine_runs_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sam_local.sys, "platform", "linux")
    monkeypatch.setattr(sam_local, "BRIDGE", "nosuchbridge0")

    with pytest.raises(sam_local.NoBridgeError, match="is the Docker engine running"):
        sam_local.bridge_address()


def test_without_an_engine_the_target_says_so_in_one_line_and_fails(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nexit 1\n")
    docker.chmod(0o755)
    done = subprocess.run(
        ["make", "--old-file", ".venv/.installed", "test-container"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    assert said == ["no Docker engine answers, and containers need one"]
