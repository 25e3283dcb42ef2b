"""examples/size_check.py and the command of docs/checks.md, on packages that real clients have published."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from emulator_support.codeartifact_calls import create_repositories, publish_generic
from emulator_support.emulated_aws import REGION, Aws
from emulator_support.event_listener import ReceiveEvents, listen
from emulator_support.package_managers import Shell, npm_package, wheel
from moto_codeartifact.server import Server, start_server
from promoter.aws.codeartifact import CodeArtifactReader
from promoter.aws.evidence_repository import EvidenceRepository
from promoter.inspection.live_evidence import look_up
from promoter.packages.candidate import Candidate
from promoter.packages.package import Package
from promoter.rules.decision import Decision, decide
from promoter.rules.vocabulary import Verdict
from promoter.waiting.names import answer_package
from tests.support.paths import ROOT
from tests.support.samples import promotion, rules
from tests.unit.docs.test_checks import block

CHECKED = rules(
    promotion(packages=["pkg:npm/@acme/*", "pkg:pypi/acme-*", "pkg:generic/acme/*"], checks=["size"])
)
WIDGET = Package("npm", "acme", "widget")
GADGET = Package("pypi", "", "acme-gadget")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as server:
        yield server
    BackendDict.reset()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def ca(server: Server) -> Any:
    BackendDict.reset()
    client = Aws(server.url).client("codeartifact")
    create_repositories(client)
    return client


@pytest.fixture
def shell(tmp_path: Path, server: Server, ca: Any) -> Shell:
    return Shell(tmp_path, server)


@pytest.fixture
def receive_events(server: Server, ca: Any) -> ReceiveEvents:
    aws = Aws(server.url)
    return listen(aws.client("sqs"), aws.client("events"))


def run_checker(event: dict[str, Any], server: Server, limit: int | None = None) -> str:
    """Run the example for one event. Return its output."""
    changed = "" if limit is None else f"size_check.LIMIT = {limit}; "
    code = f"import json, sys, size_check; {changed}print(size_check.handler(json.load(sys.stdin)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(event),
        cwd=ROOT / "examples",
        env={**os.environ, "AWS_ENDPOINT_URL": server.url, "AWS_DEFAULT_REGION": REGION},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def decided(ca: Any, package: Package, version: str) -> Decision:
    """The decision about a version in dev, by the answers that are there."""
    described = CodeArtifactReader(ca, "acme").describe("dev", package, version)
    candidate = Candidate(package, version, described.revision, "dev", described.published)
    answers = EvidenceRepository(ca, "acme", None, "evidence")
    found = look_up(candidate, described, CHECKED, answers, described.published)
    assert found.unread == ()
    [decision] = decide(candidate, found.evidence, CHECKED, described.published)
    return decision


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_a_package_of_npm_passes_and_is_promoted(
    shell: Shell, ca: Any, receive_events: ReceiveEvents, tmp_path: Path
) -> None:
    shell.login("npm")
    shell.run("npm", "publish", cwd=npm_package(tmp_path / "p", "@acme/widget", "1.5.0"))
    [event] = receive_events()
    assert decided(ca, WIDGET, "1.5.0").verdict is Verdict.HOLD

    assert run_checker(event, shell.server).startswith("PASSED: pkg:npm/%40acme/widget@1.5.0 has ")

    decision = decided(ca, WIDGET, "1.5.0")
    assert decision.verdict is Verdict.PROMOTE
    assert any("of 50000000 bytes" in reason.text for reason in decision.reasons)


def test_a_wheel_that_is_too_large_is_rejected_with_the_reason_of_the_answer(
    shell: Shell, ca: Any, receive_events: ReceiveEvents, tmp_path: Path
) -> None:
    shell.login("twine")
    file = wheel(tmp_path, "Acme_Gadget", "1.0+local.1")
    shell.run("twine", "upload", "--non-interactive", "-r", "codeartifact", str(file))
    [event] = receive_events()

    run_checker(event, shell.server, limit=10)

    decision = decided(ca, GADGET, "1.0+local.1")
    assert decision.verdict is Verdict.REJECT
    assert any("FAILED" in reason.text and "of 10 bytes" in reason.text for reason in decision.reasons)


@pytest.mark.parametrize("version", ["1.0", "1:2~a%b", "ü", "v" * 255])
def test_names_that_need_escaping_are_found_again(
    server: Server, ca: Any, receive_events: ReceiveEvents, version: str
) -> None:
    publish_generic(ca, version)
    [event] = receive_events()

    run_checker(event, server)

    assert decided(ca, Package("generic", "acme", "model"), version).verdict is Verdict.PROMOTE


def test_an_event_of_an_older_revision_is_not_answered(
    server: Server, ca: Any, receive_events: ReceiveEvents
) -> None:
    publish_generic(ca, "1.0")
    [event] = receive_events()
    event["detail"]["packageVersionRevision"] = "older"

    assert "another revision" in run_checker(event, server)

    assert ca.list_packages(domain="acme", repository="evidence")["packages"] == []


def test_the_command_of_the_page_answers(shell: Shell, ca: Any) -> None:
    revision = publish_generic(ca, "1.0")["versionRevision"]
    named = f"PURL=pkg:generic/acme/model@1.0 REVISION={revision} READABLE=generic.acme.model.1.0"
    command = block("sh", "SUBJECT=").replace("check-sca", "check-size")

    shell.run("bash", "-c", f"set -eu; export {named}\n{command}")

    candidate = Candidate(Package("generic", "acme", "model"), "1.0", revision, "dev", 0)
    listed = ca.list_packages(domain="acme", repository="evidence")["packages"]
    assert [each["package"] for each in listed] == [answer_package(candidate)]
    assert decided(ca, candidate.package, "1.0").verdict is Verdict.PROMOTE
