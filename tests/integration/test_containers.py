"""The local AWS as `sam local` uses it: the variables, the sample versions, and the Docker engine."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import sam_local
from local.seed import seed_sample_versions
from local.stack import LocalStack
from tests.support.paths import EVENTS, ROOT


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack.start() as started:
        started.create_repositories()
        seed_sample_versions()
        yield started


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


@pytest.mark.parametrize("file", sorted(path.name for path in EVENTS.glob("*-published.json")))
def test_each_sample_version_exists_at_its_revision(stack: LocalStack, file: str) -> None:
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


def test_sample_versions_are_not_promoted_by_themselves(stack: LocalStack) -> None:
    stack.wait_until_idle()

    assert stack.client("codeartifact").list_packages(domain="acme", repository="staging")["packages"] == []


def test_the_file_has_all_variables_with_an_address_that_a_container_reaches(
    stack: LocalStack, tmp_path: Path
) -> None:
    sam_local.write_variables(stack, "172.17.0.1", tmp_path / "local" / "env.json")

    written = json.loads((tmp_path / "local" / "env.json").read_text())["PromoteFunction"]
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs["PromoteFunctionName"]
    )
    assert written.keys() == function["Environment"]["Variables"].keys() | {"AWS_ENDPOINT_URL"}
    assert written["AWS_ENDPOINT_URL"] == f"http://172.17.0.1:{stack.port}"
    assert written["NOTIFICATION_TOPIC_ARN"] == stack.outputs["NotificationTopicArn"]
    assert "127.0.0.1" not in json.dumps(written)


def test_the_function_accepts_the_queue_of_the_sample_batch(stack: LocalStack) -> None:
    sources = {record["eventSourceARN"] for record in sample("sqs-batch.json")["Records"]}

    assert {sam_local.container_variables(stack, None)["PROMOTION_QUEUE_ARN"]} == sources


def test_docker_desktop_uses_its_own_name_for_the_host(stack: LocalStack) -> None:
    endpoint = sam_local.container_variables(stack, None)["AWS_ENDPOINT_URL"]

    assert endpoint == f"http://host.docker.internal:{stack.port}"


def test_a_missing_docker_network_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sam_local.sys, "platform", "linux")
    monkeypatch.setattr(sam_local, "BRIDGE", "nosuchbridge0")

    with pytest.raises(sam_local.NoBridgeError, match="is the Docker engine running"):
        sam_local.bridge_address()


def test_without_an_engine_make_test_container_fails_with_one_line(tmp_path: Path) -> None:
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
    printed = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    assert printed == ["no Docker engine answers, and containers need one"]
